"""Whether a server is ready: each probe asks once, for a second at most."""

import socket
from collections.abc import Callable
from http import HTTPStatus

import grpc
import requests
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from tensorflow_serving.apis import get_model_status_pb2, model_service_pb2_grpc

from infra.local.clients import insecure_channel

TIMEOUT_SECONDS = 1.0


def listens(address: str) -> bool:
    """Return whether somebody accepts connections at `address`."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_SECONDS).close()
    except OSError:
        return False
    return True


def http_probe(address: str, path: str = "/") -> Callable[[], bool]:
    """Return a probe for an HTTP server: any answer that is no server error will do."""

    def is_ready() -> bool:
        if not listens(address):
            return False
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between this machine and itself
            try:
                status = session.get(f"http://{address}{path}", timeout=TIMEOUT_SECONDS).status_code
            except requests.RequestException:
                return False
        return status < HTTPStatus.INTERNAL_SERVER_ERROR

    return is_ready


def pubsub_probe(address: str, project: str) -> Callable[[], bool]:
    """Return a probe for a Pub/Sub emulator: it lists its topics."""

    def is_ready() -> bool:
        if not listens(address):
            return False
        with insecure_channel(address) as channel:
            client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
            try:
                client.list_topics(project=f"projects/{project}", timeout=TIMEOUT_SECONDS, retry=None)
            except Exception:  # noqa: BLE001 - whatever it is, it is not ready
                return False
        return True

    return is_ready


def serving_probe(address: str, model: str, version: int | None = None) -> Callable[[], bool]:
    """Return a probe for TensorFlow Serving, or its stand-in: this version of the model, or any, answers."""
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = model
    if version is not None:
        request.model_spec.version.value = version

    def is_ready() -> bool:
        if not listens(address):
            return False
        with insecure_channel(address) as channel:
            try:
                status = model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(
                    request, timeout=TIMEOUT_SECONDS
                )
            except grpc.RpcError:
                return False
        available = get_model_status_pb2.ModelVersionStatus.State.AVAILABLE
        return bool(available in (version.state for version in status.model_version_status))

    return is_ready
