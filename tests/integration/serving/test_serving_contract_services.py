"""What every TensorFlow Serving says of its models and its health: run against a real one and ours."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow.core.framework import types_pb2
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2

from tests.integration.serving.asking import (
    ask,
    metadata_request,
    predict_request,
    refusal,
    scores_of,
    served_version,
    status_request,
)

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
AVAILABLE = get_model_status_pb2.ModelVersionStatus.AVAILABLE


def test_metadata(channel: grpc.Channel) -> None:
    """The default signature takes images [?,28,28,1] and gives scores [?,C], both float."""
    response = ask(channel, metadata_request())
    assert (response.model_spec.name, response.model_spec.version.value) == (
        "digits",
        served_version(channel),
    )
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    signature = signatures.signature_def["serving_default"]
    assert signature.method_name == "tensorflow/serving/predict"
    assert {name: sizes(info) for name, info in signature.inputs.items()} == {"images": [-1, 28, 28, 1]}
    ((name, scores),) = signature.outputs.items()
    assert name == "scores"
    assert sizes(scores) == [-1, scores_of(ask(channel, predict_request())).shape[1]]
    assert signature.inputs["images"].dtype == scores.dtype == types_pb2.DT_FLOAT


def sizes(info: Any) -> list[int]:  # noqa: ANN401 - a generated message
    """Return the shape of a TensorInfo."""
    return [dimension.size for dimension in info.tensor_shape.dim]


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        (lambda r: r.ClearField("model_spec"), INVALID, "Missing ModelSpec"),
        (
            lambda r: r.ClearField("metadata_field"),
            INVALID,
            "GetModelMetadataRequest must specify at least one metadata_field",
        ),
        (lambda r: r.metadata_field.append("x"), INVALID, "Metadata field x is not supported"),
        (
            lambda r: setattr(r.model_spec, "name", "nope"),
            NOT_FOUND,
            "Servable not found for request: Latest(nope)",
        ),
    ],
)
def test_metadata_refuses(
    channel: grpc.Channel, change: Callable[[Any], object], code: grpc.StatusCode, text: str
) -> None:
    """Metadata of what is not there is refused."""
    request = metadata_request()
    change(request)
    assert refusal(channel, request) == (code, text)


def test_status(channel: grpc.Channel) -> None:
    """The served version is AVAILABLE, by itself and among all, without an error."""
    request = status_request()
    request.model_spec.version.value = served_version(channel)
    (status,) = ask(channel, request).model_version_status
    assert status.version == request.model_spec.version.value
    assert status.state == AVAILABLE
    assert (status.status.error_code, status.status.error_message) == (0, "")


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        (lambda r: r.ClearField("model_spec"), INVALID, "Missing ModelSpec"),
        (
            lambda r: setattr(r.model_spec, "name", "nope"),
            NOT_FOUND,
            "Could not find any versions of model nope",
        ),
        (
            lambda r: setattr(r.model_spec.version, "value", 99),
            NOT_FOUND,
            "Could not find version 99 of model digits",
        ),
    ],
)
def test_status_refuses(
    channel: grpc.Channel, change: Callable[[Any], object], code: grpc.StatusCode, text: str
) -> None:
    """The state of what is not there is refused."""
    request = status_request()
    change(request)
    assert refusal(channel, request) == (code, text)


@pytest.mark.parametrize("service", ["", "ModelService", "PredictionService"])
def test_health(channel: grpc.Channel, service: str) -> None:
    """Server and services are SERVING (a real server: with --enable_grpc_healthcheck_service)."""
    request = health_pb2.HealthCheckRequest(service=service)
    response = health_pb2_grpc.HealthStub(channel).Check(request, timeout=10)
    assert response.status == health_pb2.HealthCheckResponse.SERVING


def test_health_of_an_unknown_service(channel: grpc.Channel) -> None:
    """A service goes by its short name; by any other it is not found."""
    request = health_pb2.HealthCheckRequest(service="tensorflow.serving.PredictionService")
    with pytest.raises(grpc.RpcError) as error:
        health_pb2_grpc.HealthStub(channel).Check(request, timeout=10)
    assert error.value.code() is NOT_FOUND
