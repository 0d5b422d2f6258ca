"""gRPC: generic handlers over the table of methods, and StreamingPull."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import grpc
from google.pubsub_v1.types import StreamingPullRequest, StreamingPullResponse

from infra.local.pubsub.errors import PubSubError
from infra.local.pubsub.rpcs import UNARY_RPCS, Rpc
from infra.local.pubsub.service import Service
from infra.local.pubsub.streaming import streaming_pull

PACKAGE = "google.pubsub.v1"
MAX_REQUEST_BYTES = 20 * 1024 * 1024
_MAX_CONCURRENT_RPCS = 128  # each waiting pull and each stream holds a thread

_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
    # Google's clients ping idle streams every 30 s, which gRPC would take for abuse.
    ("grpc.http2.max_ping_strikes", 0),
]


def grpc_server(service: Service) -> grpc.Server:
    """Return a server of all methods that is bound to no address yet."""
    server = grpc.server(
        ThreadPoolExecutor(_MAX_CONCURRENT_RPCS, thread_name_prefix="grpc"),
        options=_OPTIONS,
        maximum_concurrent_rpcs=_MAX_CONCURRENT_RPCS,
    )
    handlers: dict[str, dict[str, grpc.RpcMethodHandler[Any, Any]]] = {}
    for rpc in UNARY_RPCS:
        handlers.setdefault(rpc.service, {})[rpc.name] = _unary_handler(service, rpc)
    handlers["Subscriber"]["StreamingPull"] = _streaming_pull_handler(service)
    for name, methods in handlers.items():
        handler = grpc.method_handlers_generic_handler(f"{PACKAGE}.{name}", methods)
        server.add_generic_rpc_handlers((handler,))
    return server


def _unary_handler(service: Service, rpc: Rpc) -> "grpc.RpcMethodHandler[Any, Any]":
    def handle(request: object, context: grpc.ServicerContext) -> object:
        try:
            return rpc.call(service, request, context.is_active)
        except PubSubError as error:
            _abort(context, error)

    return grpc.unary_unary_rpc_method_handler(handle, rpc.request.deserialize, _serialize)


def _streaming_pull_handler(service: Service) -> "grpc.RpcMethodHandler[Any, Any]":
    def handle(
        requests: Iterator[StreamingPullRequest], context: grpc.ServicerContext
    ) -> Iterator[StreamingPullResponse]:
        try:
            yield from streaming_pull(service, requests, context.is_active)
        except PubSubError as error:
            _abort(context, error)

    deserialize: Callable[[bytes], StreamingPullRequest] = StreamingPullRequest.deserialize
    return grpc.stream_stream_rpc_method_handler(handle, deserialize, _serialize)


def _serialize(answer: Any) -> bytes:  # noqa: ANN401 - any of google-cloud-pubsub's message types
    return b"" if answer is None else bytes(type(answer).serialize(answer))


def _abort(context: grpc.ServicerContext, error: PubSubError) -> NoReturn:
    context.abort(error.code, error.message)
