"""Requests to TensorFlow Serving, as the contract tests make them: right ones, to be spoilt in one place."""

from typing import Any

import grpc
import numpy as np
import numpy.typing as npt
import pytest
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

Images = npt.NDArray[np.float32]
TIMEOUT_SECONDS = 30


def some_images(count: int, seed: int = 0) -> Images:
    """Return a batch of noise."""
    return np.random.default_rng(seed).random((count, 28, 28, 1), np.float32)


def tensor(shape: tuple[int, ...], dtype: int = types_pb2.DT_FLOAT, **data: object) -> tensor_pb2.TensorProto:
    """Build a tensor of any shape and type around `data`."""
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in shape]
    return tensor_pb2.TensorProto(
        dtype=dtype, tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=dimensions), **data
    )


def content(images: npt.NDArray[Any], dtype: int = types_pb2.DT_FLOAT) -> tensor_pb2.TensorProto:
    """Return images as a tensor with its values in tensor_content."""
    return tensor(images.shape, dtype, tensor_content=images.tobytes())


def predict_request(images: tensor_pb2.TensorProto | None = None) -> predict_pb2.PredictRequest:
    """Return a request for the latest version; for one glyph, if no tensor is given."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "digits"
    request.inputs["images"].CopyFrom(content(some_images(1)) if images is None else images)
    return request


def metadata_request() -> get_model_metadata_pb2.GetModelMetadataRequest:
    """Return a request for the signatures of the latest version."""
    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = "digits"
    return request


def status_request() -> get_model_status_pb2.GetModelStatusRequest:
    """Return a request for the states of all versions."""
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "digits"
    return request


def ask(channel: grpc.Channel, request: Any) -> Any:  # noqa: ANN401 - one of three kinds, generated without types
    """Send a request to the method that it is for, and return the response; raises RpcError."""
    prediction = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    methods = {
        "PredictRequest": prediction.Predict,
        "GetModelMetadataRequest": prediction.GetModelMetadata,
        "GetModelStatusRequest": model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus,
    }
    return methods[request.DESCRIPTOR.name](request, timeout=TIMEOUT_SECONDS)


def refusal(channel: grpc.Channel, request: Any) -> tuple[grpc.StatusCode, str]:  # noqa: ANN401 - see ask
    """Return the status code and text with which a request is refused."""
    with pytest.raises(grpc.RpcError) as error:
        ask(channel, request)
    return error.value.code(), error.value.details() or ""


def scores_of(response: predict_pb2.PredictResponse) -> Images:
    """Return the scores as `[N, C]`, whichever field they are in."""
    output = response.outputs["scores"]
    shape = [dimension.size for dimension in output.tensor_shape.dim]
    if output.tensor_content:
        return np.frombuffer(output.tensor_content, np.float32).reshape(shape)
    return np.asarray(output.float_val, np.float32).reshape(shape)


def served_version(channel: grpc.Channel) -> int:
    """Return the latest version that is available."""
    states = ask(channel, status_request()).model_version_status
    available = get_model_status_pb2.ModelVersionStatus.AVAILABLE
    return max(int(status.version) for status in states if status.state == available)
