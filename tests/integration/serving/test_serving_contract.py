"""What every TensorFlow Serving answers, and the stand-in with it: run against both."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np
import pytest
from tensorflow.core.framework import types_pb2

from serving.golden import images_of, load_golden
from tests.integration.serving.asking import (
    ask,
    content,
    predict_request,
    scores_of,
    served_version,
    some_images,
    tensor,
)


@pytest.mark.parametrize("count", [1, 8, 64])
def test_a_batch_is_scored(channel: grpc.Channel, count: int) -> None:
    """One probability distribution for each glyph."""
    scores = scores_of(ask(channel, predict_request(content(some_images(count)))))
    assert scores.shape[0] == count
    assert (scores >= 0).all()
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)


def test_scores_are_in_float_val(channel: grpc.Channel) -> None:
    """By default the answer's values are in float_val, and tensor_content is empty."""
    output = ask(channel, predict_request()).outputs["scores"]
    assert output.dtype == types_pb2.DT_FLOAT
    assert output.tensor_content == b""
    assert len(output.float_val) == output.tensor_shape.dim[1].size


def test_the_answer_says_who_gave_it(channel: grpc.Channel) -> None:
    """The answer carries name, signature and the version that was meant by the latest one."""
    spec = ask(channel, predict_request()).model_spec
    assert (spec.name, spec.signature_name) == ("digits", "serving_default")
    assert spec.version.value == served_version(channel)


def test_golden_scores(channel: grpc.Channel) -> None:
    """The scores are those that were recorded of this version."""
    version = served_version(channel)
    golden = load_golden("digits", str(version))
    assert golden is not None, f"nothing recorded of version {version}: python -m serving.record_golden"
    scores = scores_of(ask(channel, predict_request(content(images_of(golden.glyphs)))))
    np.testing.assert_allclose(scores, golden.scores, atol=1e-5)


def test_both_ways_to_send_values(channel: grpc.Channel) -> None:
    """tensor_content and float_val mean the same."""
    images = some_images(2)
    by_values = scores_of(ask(channel, predict_request(tensor(images.shape, float_val=images.ravel()))))
    by_content = scores_of(ask(channel, predict_request(content(images))))
    np.testing.assert_allclose(by_values, by_content, atol=1e-6)


def test_a_batch_is_scored_as_its_glyphs_alone(channel: grpc.Channel) -> None:
    """Batching changes no score."""
    images = some_images(5)
    together = scores_of(ask(channel, predict_request(content(images))))
    alone = [scores_of(ask(channel, predict_request(content(images[i : i + 1]))))[0] for i in range(5)]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_batch_larger_than_grpc_allows_by_default(channel: grpc.Channel) -> None:
    """More than 4 MB are accepted."""
    scores = scores_of(ask(channel, predict_request(content(some_images(1400)))))
    assert len(scores) == 1400


def test_clients_at_once_get_their_own_answers(channel: grpc.Channel) -> None:
    """Batches of different sizes, asked at the same time, do not mix."""
    batches = [some_images(1 + seed % 5, seed) for seed in range(24)]
    expected = [scores_of(ask(channel, predict_request(content(batch)))) for batch in batches]
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda batch: ask(channel, predict_request(content(batch))), batches)
        for answer, scores in zip(answers, expected, strict=True):
            np.testing.assert_allclose(scores_of(answer), scores, atol=1e-5)


def test_version_and_signature_by_name(channel: grpc.Channel) -> None:
    """The latest version can be asked for by its number, the default signature by its name."""
    request = predict_request()
    request.model_spec.version.value = served_version(channel)
    request.model_spec.signature_name = "serving_default"
    request.output_filter.append("scores")
    named = ask(channel, request)
    np.testing.assert_array_equal(scores_of(named), scores_of(ask(channel, predict_request())))


def test_no_data_are_zeros(channel: grpc.Channel) -> None:
    """A shape without values is a batch of zeros."""
    empty = scores_of(ask(channel, predict_request(tensor((2, 28, 28, 1)))))
    zeros = scores_of(ask(channel, predict_request(content(np.zeros((2, 28, 28, 1), np.float32)))))
    np.testing.assert_allclose(empty, zeros, atol=1e-6)


def test_one_value_fills_the_shape(channel: grpc.Channel) -> None:
    """A single value stands for all."""
    one = scores_of(ask(channel, predict_request(tensor((2, 28, 28, 1), float_val=[0.5]))))
    all_of_them = scores_of(ask(channel, predict_request(content(np.full((2, 28, 28, 1), 0.5, np.float32)))))
    np.testing.assert_allclose(one, all_of_them, atol=1e-6)


def test_an_empty_batch_does_no_harm(channel: grpc.Channel) -> None:
    """No glyphs get no scores; TensorFlow with oneDNN, in recent releases, refuses them instead."""
    try:
        scores = scores_of(ask(channel, predict_request(tensor((0, 28, 28, 1)))))
    except grpc.RpcError as error:
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT  # noqa: PT017 - one of two right outcomes
    else:
        assert scores.shape == (0, scores_of(ask(channel, predict_request())).shape[1])


def test_nan_is_answered(channel: grpc.Channel) -> None:
    """NaN is computed with like any number."""
    response = ask(channel, predict_request(content(np.full((1, 28, 28, 1), np.nan, np.float32))))
    assert scores_of(response).shape[0] == 1
