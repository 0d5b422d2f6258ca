"""The pure parts of the serving client: the request, the answer's checks, and what a refusal means."""

import grpc
import numpy as np
import pytest
from tensorflow.core.framework import types_pb2
from tensorflow_serving.apis import predict_pb2

from serving.standin.tensors import floats_from, tensor_from
from sheetid.cloud.serving import AnswerError, build_request, explain, read_answer
from sheetid.cloud.serving_channel import open_channel
from sheetid.result import Model
from sheetid.settings import ServingSettings

SETTINGS = ServingSettings("127.0.0.1:1")
SCORES = np.array([[0.25, 0.75], [1.0, 0.0]], np.float32)


def answer(scores: np.ndarray = SCORES) -> predict_pb2.PredictResponse:
    """Return what TensorFlow Serving answers."""
    response = predict_pb2.PredictResponse(outputs={"scores": tensor_from(scores)})
    response.model_spec.name = "digits"
    response.model_spec.version.value = 3
    return response


def refused(response: predict_pb2.PredictResponse, count: int = 2) -> str:
    """Return why an answer is not believed."""
    with pytest.raises(AnswerError) as error:
        read_answer(response, "digits", count)
    return str(error.value)


def test_request() -> None:
    """The glyphs travel as bytes, in their shape, to the latest version of the model."""
    images = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    request = build_request(images, SETTINGS)
    assert request.model_spec.name == "digits"
    assert request.model_spec.WhichOneof("version_choice") is None
    assert list(request.output_filter) == ["scores"]
    tensor = request.inputs["images"]
    assert not tensor.float_val
    np.testing.assert_array_equal(floats_from(tensor), images)


def test_request_with_a_label() -> None:
    """A deployment asks for its label."""
    request = build_request(
        np.zeros((1, 28, 28, 1), np.float32), ServingSettings("127.0.0.1:1", model_label="canary")
    )
    assert request.model_spec.version_label == "canary"


def test_request_of_a_view() -> None:
    """A batch that is not contiguous in memory is sent in the right order."""
    images = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    np.testing.assert_array_equal(
        floats_from(build_request(images[::2], SETTINGS).inputs["images"]), images[::2]
    )


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((0, 28, 28, 1), np.float32),
        np.zeros((1, 28, 28), np.float32),
        np.zeros((1, 28, 27, 1), np.float32),
        np.zeros((1, 28, 28, 1), np.float64),
        np.full((1, 28, 28, 1), np.nan, np.float32),
        np.full((1, 28, 28, 1), np.inf, np.float32),
    ],
    ids=["empty", "three axes", "narrow", "double", "nan", "infinite"],
)
def test_unaskable_batches_are_never_sent(images: np.ndarray) -> None:
    """The server would answer some of these without complaint."""
    with pytest.raises(ValueError, match="batch"):
        build_request(images, SETTINGS)


def test_answer_in_float_val_and_in_tensor_content() -> None:
    """Scores are read from whichever field they are in, with the model that gave them."""
    response = answer()
    tensor = response.outputs["scores"]
    from_values = read_answer(response, "digits", 2)
    del tensor.float_val[:]
    tensor.tensor_content = SCORES.astype("<f4").tobytes()
    from_content = read_answer(response, "digits", 2)
    for prediction in (from_values, from_content):
        assert prediction.model == Model("digits", "3")
        assert prediction.scores.dtype == np.float32
        np.testing.assert_array_equal(prediction.scores, SCORES)


def test_scores_are_writable() -> None:
    """Scores are the reader's own, not a view of the message."""
    response = answer()
    response.outputs["scores"].tensor_content = SCORES.tobytes()
    read_answer(response, "digits", 2).scores[0, 0] = 0


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        (np.array([[0.5, np.nan], [1, 0]], np.float32), "not finite"),
        (np.array([[0.5, np.inf], [1, 0]], np.float32), "not finite"),
        (np.array([[1.5, -0.5], [1, 0]], np.float32), "no probabilities"),
        (np.array([[0.9, 0.9], [1, 0]], np.float32), "no probabilities"),
        (np.array([[0.0, 0.0], [1, 0]], np.float32), "no probabilities"),
        (np.array([[0.5, 0.5]], np.float32), r"\[1, 2\] .* for 2 glyphs"),
        (np.array([0.5, 0.5], np.float32), r"\[2\] "),
        (np.ones((2, 1, 1), np.float32), r"\[2, 1, 1\]"),
        (np.ones((2, 0), np.float32), "no probabilities"),
    ],
)
def test_senseless_scores_are_not_believed(scores: np.ndarray, why: str) -> None:
    """An answer that is not one probability distribution for each glyph is an error."""
    with pytest.raises(AnswerError, match=why):
        read_answer(answer(scores), "digits", 2)


def test_answers_cut_short_are_not_believed() -> None:
    """Fewer values than the shape says, in either field."""
    response = answer()
    del response.outputs["scores"].float_val[-1]
    assert "12 bytes" in refused(response)
    response.outputs["scores"].tensor_content = SCORES.tobytes()[:-1]
    assert "15 bytes" in refused(response)


def test_answers_of_another_kind_are_not_believed() -> None:
    """Another type, no scores, another model, or none named."""
    response = answer()
    response.outputs["scores"].dtype = types_pb2.DT_DOUBLE
    assert "type 2" in refused(response)
    del response.outputs["scores"]
    assert refused(response) == "[] instead of scores"
    response = answer()
    response.model_spec.name = "letters"
    assert "'letters'" in refused(response)
    response = answer()
    response.model_spec.ClearField("version")
    assert "version 0" in refused(response)


@pytest.mark.parametrize(
    ("code", "details", "cause"),
    [
        (grpc.StatusCode.UNAVAILABLE, "Connection reset", "is not there"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "Server Threadpool Exhausted", "no thread left"),
        (grpc.StatusCode.NOT_FOUND, "Servable not found for request: Latest(digits)", "exchanging"),
        (grpc.StatusCode.INVALID_ARGUMENT, "input size does not match", "does not accept the request"),
        (
            grpc.StatusCode.INVALID_ARGUMENT,
            "Unrecognized servable version label: canary",
            "no version labelled canary",
        ),
        (grpc.StatusCode.FAILED_PRECONDITION, "Serving signature key", "cannot run the request"),
        (grpc.StatusCode.UNAUTHENTICATED, "", "ID token"),
        (grpc.StatusCode.PERMISSION_DENIED, "403", "may not be invoked"),
        (grpc.StatusCode.UNIMPLEMENTED, "404", "no TensorFlow Serving"),
        (grpc.StatusCode.UNAVAILABLE, "Getting metadata from plugin failed: no", "without an ID token"),
        (grpc.StatusCode.INTERNAL, "oops", "failed"),
    ],
)
def test_every_refusal_has_its_cause(code: grpc.StatusCode, details: str, cause: str) -> None:
    """A failure's text says what it means, its status and the server's words."""
    text = explain(code, details, ServingSettings("h:1", model_label="canary"))
    assert cause in text
    assert f"({code.name}: {details})" in text


def test_long_details_are_cut() -> None:
    """A server cannot fill the log."""
    assert len(explain(grpc.StatusCode.INTERNAL, "x" * 10_000, SETTINGS)) < 400


def test_plaintext_over_a_network_is_refused() -> None:
    """Without an audience there is no TLS, and without TLS nothing leaves this machine."""
    with pytest.raises(ValueError, match="plaintext"):
        open_channel(ServingSettings("serving.example:443"))
