"""A Pub/Sub server that takes messages, or refuses them, as a test says."""

import time
from collections.abc import Callable, Iterator
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
    faulty = FaultyPubSub("", list(answers))
    with publish_server(faulty.publish) as faulty.address:
        yield faulty


@contextmanager
def publish_server(
    publish: Callable[[types.PublishRequest, grpc.ServicerContext], types.PublishResponse],
) -> Iterator[str]:
    """Serve `publish`, and no other method of Pub/Sub, on a free port; gives `host:port`."""
    server = grpc.server(ThreadPoolExecutor(16))
    port = server.add_insecure_port("127.0.0.1:0")
    method = grpc.unary_unary_rpc_method_handler(
        publish,
        request_deserializer=types.PublishRequest.deserialize,
        response_serializer=types.PublishResponse.serialize,
    )
    handler = grpc.method_handlers_generic_handler("google.pubsub.v1.Publisher", {"Publish": method})
    server.add_generic_rpc_handlers((handler,))
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=None).wait()
