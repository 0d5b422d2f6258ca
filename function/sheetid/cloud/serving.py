"""Scores a batch of glyphs with TensorFlow Serving: one Predict, whose answer is checked, not trusted.

Whatever goes wrong here is a TransientError: a sheet is never rejected because of the server.
"""

from collections.abc import Callable

import grpc
import numpy as np
import numpy.typing as npt
from google.auth.exceptions import GoogleAuthError
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from sheetid.cloud.serving_channel import open_channel
from sheetid.errors import TransientError
from sheetid.once import Once
from sheetid.prediction import Prediction
from sheetid.result import Model
from sheetid.settings import ServingSettings
from sheetid.vision.glyphs import SIDE

INPUT, OUTPUT = "images", "scores"
FLOAT = np.dtype("<f4")
TOLERANCE = 1e-3
LONGEST_DETAILS = 300
CONNECTIVITY_SECONDS = 0.5

# What TensorFlow Serving, or Cloud Run in front of it, means by a status code.
CAUSES = {
    grpc.StatusCode.UNAVAILABLE: "is not there: no instance, still loading its model, or its queue is full",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "has no thread left to answer with",
    grpc.StatusCode.NOT_FOUND: "does not serve this model or version, or is just exchanging it",
    grpc.StatusCode.INVALID_ARGUMENT: "does not accept the request: another signature of the model",
    grpc.StatusCode.FAILED_PRECONDITION: "cannot run the request: no such signature, or spoilt by its batch",
    grpc.StatusCode.UNAUTHENTICATED: "does not accept the ID token: expired, or for another audience",
    grpc.StatusCode.PERMISSION_DENIED: "may not be invoked by this service account",
    grpc.StatusCode.UNIMPLEMENTED: "is no TensorFlow Serving",
}
UNKNOWN_LABEL = "Unrecognized servable version label"
# gRPC's words for call credentials that raised.
PLUGIN_FAILED = "Getting metadata from plugin failed"
OTHER_CAUSE = "failed"


class AnswerError(ValueError):
    """The server answered what cannot be the scores of the batch."""


class ServingClient:
    """A `Classifier` that asks TensorFlow Serving; for any number of threads; connects when first used."""

    def __init__(
        self,
        settings: ServingSettings,
        open_channel: Callable[[ServingSettings], grpc.Channel] = open_channel,
    ) -> None:
        """Take which server and model to ask, and how the connection is opened."""
        self._settings = settings
        self._channel = Once(lambda: open_channel(settings))
        self._stub = Once(lambda: prediction_service_pb2_grpc.PredictionServiceStub(self._channel.get()))

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`, `[N, 28, 28, 1]` float32 in 0 to 1 with N at least 1, in one call.

        Raises:
            TransientError: There is no connection, no answer in time, a refusal, or an answer that makes no
                sense; its message says which.
            ValueError: `images` are not what a model can be asked.
        """
        request = build_request(images, self._settings)
        try:
            response = self._stub.get().Predict(
                request, timeout=self._settings.timeout_seconds, wait_for_ready=True
            )
            return read_answer(response, self._settings.model_name, len(images))
        except grpc.RpcError as error:
            raise TransientError(self._describe(self._explain(error))) from error
        except GoogleAuthError as error:
            raise TransientError(self._describe(f"cannot be asked without an ID token ({error})")) from error
        except AnswerError as error:
            raise TransientError(self._describe(f"answered {error}")) from error

    def _describe(self, what: str) -> str:
        return f"serving at {self._settings.target} {what}"

    def _explain(self, error: grpc.RpcError) -> str:
        """Return what a failed call means."""
        if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:
            return explain(error.code(), error.details() or "", self._settings)
        if self._is_connected():
            return f"did not answer within {self._settings.timeout_seconds:g} s"
        return f"could not be reached within {self._settings.timeout_seconds:g} s"

    def _is_connected(self) -> bool:
        """Return whether the channel has a connection: the status of a call that timed out does not say."""
        ready = grpc.channel_ready_future(self._channel.get())
        try:
            ready.result(CONNECTIVITY_SECONDS)
        except grpc.FutureTimeoutError:
            return False
        finally:
            ready.cancel()
        return True


def explain(code: grpc.StatusCode, details: str, settings: ServingSettings) -> str:
    """Return the cause that a status other than DEADLINE_EXCEEDED stands for, with the server's own words."""
    cause = CAUSES.get(code, OTHER_CAUSE)
    if details.startswith(UNKNOWN_LABEL):
        cause = f"has no version labelled {settings.model_label}"
    elif details.startswith(PLUGIN_FAILED):
        cause = "cannot be asked without an ID token"
    return f"{cause} ({code.name}: {details[:LONGEST_DETAILS]})"


def build_request(images: npt.NDArray[np.float32], settings: ServingSettings) -> predict_pb2.PredictRequest:
    """Return the Predict for a batch.

    TensorFlow Serving scores an empty batch and NaN without complaint, so they are refused here.

    Raises:
        ValueError: `images` are not `[N, 28, 28, 1]` float32, finite, with N at least 1.
    """
    if images.dtype != np.float32 or images.shape[1:] != (SIDE, SIDE, 1) or len(images) == 0:
        raise ValueError(f"no batch of glyphs: {images.dtype} {list(images.shape)}")
    if not np.isfinite(images).all():
        raise ValueError("a batch has to be finite")
    request = predict_pb2.PredictRequest(output_filter=[OUTPUT])
    request.model_spec.name = settings.model_name
    if settings.model_label is not None:
        request.model_spec.version_label = settings.model_label
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in images.shape]
    # Bytes, not a list of floats: thirty times faster to build.
    request.inputs[INPUT].CopyFrom(
        tensor_pb2.TensorProto(
            dtype=types_pb2.DT_FLOAT,
            tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=dimensions),
            tensor_content=images.astype(FLOAT, copy=False).tobytes(),
        )
    )
    return request


def read_answer(response: predict_pb2.PredictResponse, model_name: str, count: int) -> Prediction:
    """Return the scores of `count` glyphs and who gave them; raises AnswerError for what cannot be that."""
    spec = response.model_spec
    if spec.name != model_name or not spec.HasField("version"):
        raise AnswerError(f"for model {spec.name!r} version {spec.version.value}, not for {model_name!r}")
    if OUTPUT not in response.outputs:
        raise AnswerError(f"{sorted(response.outputs)} instead of {OUTPUT}")
    scores = read_scores(response.outputs[OUTPUT], count)
    return Prediction(scores, Model(spec.name, str(spec.version.value)))


def read_scores(tensor: tensor_pb2.TensorProto, count: int) -> npt.NDArray[np.float32]:
    """Return a tensor's probabilities, `[count, classes]` float32, from whichever field they are in.

    Raises:
        AnswerError: They are of another type or shape, not finite, negative, or do not add up to 1.
    """
    shape = tuple(dimension.size for dimension in tensor.tensor_shape.dim)
    if tensor.dtype != types_pb2.DT_FLOAT or shape[:1] != (count,) or len(shape[1:]) != 1:
        raise AnswerError(f"a tensor {list(shape)} of type {tensor.dtype} for {count} glyphs")
    content = tensor.tensor_content or np.asarray(tensor.float_val, FLOAT).tobytes()
    if len(content) != FLOAT.itemsize * shape[0] * shape[1]:
        raise AnswerError(f"{len(content)} bytes of scores for a tensor {list(shape)}")
    scores = np.frombuffer(content, FLOAT).astype(np.float32).reshape(shape)
    if not np.isfinite(scores).all():
        raise AnswerError("scores that are not finite")
    if (scores < 0).any() or np.abs(scores.sum(axis=1) - 1).max() > TOLERANCE:
        raise AnswerError("scores that are no probabilities")
    return scores
