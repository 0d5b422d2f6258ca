"""One Predict: what is checked, and in which order."""

from collections.abc import Callable

import grpc
import numpy as np
import pytest
from tensorflow.core.framework import types_pb2
from tensorflow_serving.apis import predict_pb2

from serving.standin.predicting import fits, predict, shown
from serving.standin.refusal import Refusal
from serving.standin.tensors import tensor_from
from tests.unit.serving.fake_models import Uniform, servable

Change = Callable[[predict_pb2.PredictRequest], object]


def request() -> predict_pb2.PredictRequest:
    """Return a request that is as it should be, for two glyphs."""
    return predict_pb2.PredictRequest(inputs={"images": tensor_from(np.ones((2, 28, 28, 1), np.float32))})


def rename_input(asked: predict_pb2.PredictRequest) -> None:
    """Send the glyphs under another name."""
    asked.inputs["x"].CopyFrom(asked.inputs["images"])
    del asked.inputs["images"]


def test_answer() -> None:
    """All outputs, in float_val, and which model, version and signature gave them."""
    answer = predict(servable(version=7), request())
    assert (answer.model_spec.name, answer.model_spec.version.value) == ("digits", 7)
    assert answer.model_spec.signature_name == "serving_default"
    assert list(answer.outputs) == ["scores"]
    assert len(answer.outputs["scores"].float_val) == 2 * 3


def test_the_batch_reaches_the_model() -> None:
    """The model is given the values in the shape that was sent."""
    loaded = servable()
    predict(loaded, request())
    assert isinstance(loaded.runner, Uniform)
    np.testing.assert_array_equal(loaded.runner.batch, np.ones((2, 28, 28, 1)))


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        (
            lambda r: setattr(r.model_spec, "signature_name", "nope"),
            grpc.StatusCode.FAILED_PRECONDITION,
            'Serving signature key "nope" not found.',
        ),
        (
            rename_input,
            grpc.StatusCode.INVALID_ARGUMENT,
            "input tensor alias not found in signature: x. Inputs expected to be in the set {images}.",
        ),
        (
            lambda r: r.inputs["x"].CopyFrom(r.inputs["images"]),
            grpc.StatusCode.INVALID_ARGUMENT,
            (
                "input size does not match signature: 2!=1 len({images,x}) != len({images}). "
                "Sent extra: {x}. Missing but required: {}."
            ),
        ),
        (
            lambda r: r.inputs.clear(),
            grpc.StatusCode.INVALID_ARGUMENT,
            (
                "input size does not match signature: 0!=1 len({}) != len({images}). "
                "Sent extra: {}. Missing but required: {images}."
            ),
        ),
        (
            lambda r: setattr(r.inputs["images"], "tensor_content", b"\0\0"),
            grpc.StatusCode.INVALID_ARGUMENT,
            "tensor parsing error: images",
        ),
        (
            lambda r: setattr(r.inputs["images"], "dtype", types_pb2.DT_DOUBLE),
            grpc.StatusCode.INVALID_ARGUMENT,
            "Expects arg[0] to be float but double is provided",
        ),
        (
            lambda r: setattr(r.inputs["images"].tensor_shape.dim[1], "size", 27),
            grpc.StatusCode.INVALID_ARGUMENT,
            "input images must have shape [?,28,28,1], got [2,27,28,1]",
        ),
        (
            lambda r: r.output_filter.append("logits"),
            grpc.StatusCode.INVALID_ARGUMENT,
            "output tensor alias not found in signature: logits Outputs expected to be in the set {scores}.",
        ),
        (
            lambda r: r.output_filter.extend(["scores", "scores"]),
            grpc.StatusCode.INVALID_ARGUMENT,
            "duplicate output tensor alias: scores",
        ),
    ],
)
def test_refusals(change: Change, code: grpc.StatusCode, text: str) -> None:
    """Each mistake is refused with TensorFlow Serving's status and words."""
    asked = request()
    change(asked)
    with pytest.raises(Refusal) as refusal:
        predict(servable(), asked)
    assert (refusal.value.code, refusal.value.text) == (code, text)


def test_other_signatures_are_not_pretended_to_run() -> None:
    """A signature that the model's engine does not have is UNIMPLEMENTED, not answered by another."""
    asked = predict_pb2.PredictRequest()
    asked.model_spec.signature_name = "initialise"
    with pytest.raises(Refusal) as refusal:
        predict(servable(), asked)
    assert refusal.value.code is grpc.StatusCode.UNIMPLEMENTED


def test_shapes() -> None:
    """An axis of unknown size fits any size, and another number of axes never fits."""
    assert fits((5, 28), [-1, 28])
    assert not fits((5, 27), [-1, 28])
    assert not fits((5,), [-1, 28])
    assert shown([-1, 28]) == "[?,28]"
