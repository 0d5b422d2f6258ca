"""Puts services, health and faults together behind one local port."""

from collections.abc import Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

from serving.standin.catalogue import Catalogue
from serving.standin.services import ModelService, PredictionService

# By these names, and by the empty one, TensorFlow Serving registers itself with the health service.
HEALTH_SERVICES = ("ModelService", "PredictionService")
THREADS = 64
GRACE_SECONDS = 2
UNLIMITED = -1


@contextmanager
def running_server(
    catalogue: Catalogue, port: int = 0, interceptors: Sequence[grpc.ServerInterceptor] = ()
) -> Iterator[str]:
    """Serve `catalogue` at 127.0.0.1 on `port`, or on a free one for 0, and give the address `host:port`.

    Raises:
        RuntimeError: The port is in use.
    """
    server = grpc.server(
        futures.ThreadPoolExecutor(THREADS, thread_name_prefix="request"),
        interceptors=list(interceptors),
        options=[
            ("grpc.so_reuseport", 0),
            ("grpc.max_receive_message_length", UNLIMITED),
            ("grpc.max_send_message_length", UNLIMITED),
        ],
    )
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(PredictionService(catalogue), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(ModelService(catalogue), server)
    status = health.HealthServicer()
    for name in HEALTH_SERVICES:
        status.set(name, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(status, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield f"127.0.0.1:{bound}"
    finally:
        status.enter_graceful_shutdown()
        server.stop(GRACE_SECONDS).wait()
