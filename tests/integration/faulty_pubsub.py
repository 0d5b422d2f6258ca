"""A Pub/Sub server that takes messages, or refuses them, as a test says."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from google.pubsub_v1 import types


@dataclass
class FaultyPubSub:
    """Answers publish requests in order; when nothing is left to be told, it takes them.

    Attributes:
        address: `host:port`.
        answers: What to do: refuse with a status, say nothing for so many seconds, or take the message (OK).
        requests: Every request that came.
    """

    address: str
    answers: list[grpc.StatusCode | float]
    requests: list[types.PublishRequest] = field(default_factory=list)

    def publish(self, request: types.PublishRequest, context: grpc.ServicerContext) -> types.PublishResponse:
        """Answer one request."""
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else grpc.StatusCode.OK
        if isinstance(answer, float):
            time.sleep(answer)
        elif answer is not grpc.StatusCode.OK:
            context.abort(answer, f"told to answer {answer.name}")
        return types.PublishResponse(message_ids=[str(len(self.requests))] * len(request.messages))


@contextmanager
def faulty_pubsub(*answers: grpc.StatusCode | float) -> Iterator[FaultyPubSub]:
    """Serve `answers` on a free port."""
    server = grpc.server(ThreadPoolExecutor(16))
    faulty = FaultyPubSub(f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}", list(answers))
    method = grpc.unary_unary_rpc_method_handler(
        faulty.publish,
        request_deserializer=types.PublishRequest.deserialize,
        response_serializer=types.PublishResponse.serialize,
    )
    handler = grpc.method_handlers_generic_handler("google.pubsub.v1.Publisher", {"Publish": method})
    server.add_generic_rpc_handlers((handler,))
    server.start()
    try:
        yield faulty
    finally:
        server.stop(grace=None).wait()
