"""What every TensorFlow Serving refuses, and in which words: run against a real one and the stand-in.

Where releases of TensorFlow Serving differ in their words, all of them are allowed.
"""

import re
from collections.abc import Callable
from typing import Any

import grpc
import numpy as np
import pytest
from tensorflow.core.framework import types_pb2
from tensorflow_serving.apis import predict_pb2

from tests.integration.serving.asking import (
    ask,
    content,
    predict_request,
    refusal,
    scores_of,
    some_images,
    tensor,
)

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND


def rename_input(request: predict_pb2.PredictRequest) -> None:
    """Send the glyphs under another name."""
    request.inputs["x"].CopyFrom(request.inputs["images"])
    del request.inputs["images"]


def send(images: Any) -> Callable[[predict_pb2.PredictRequest], None]:  # noqa: ANN401 - a generated message
    """Send another tensor instead."""
    return lambda request: request.inputs["images"].CopyFrom(images)


REFUSED = {
    "no spec": (lambda r: r.ClearField("model_spec"), INVALID, "^Missing ModelSpec$"),
    "no name": (lambda r: r.model_spec.ClearField("name"), INVALID, r"^ModelSpec has no name specified\.$"),
    "unknown model": (
        lambda r: setattr(r.model_spec, "name", "nope"),
        NOT_FOUND,
        r"^Servable not found for request: Latest\(nope\)$",
    ),
    "unknown version": (
        lambda r: setattr(r.model_spec.version, "value", 99),
        NOT_FOUND,
        r"^Servable not found for request: Specific\(digits, 99\)$",
    ),
    "unknown label": (
        lambda r: setattr(r.model_spec, "version_label", "nope"),
        INVALID,
        "^Unrecognized servable version label: nope$",
    ),
    "missing signature": (
        lambda r: setattr(r.model_spec, "signature_name", "nope"),
        grpc.StatusCode.FAILED_PRECONDITION,
        r'^Serving signature key "nope" not found\.$',
    ),
    "wrong input name": (
        rename_input,
        INVALID,
        (
            r"^input tensor alias not found in signature: x\. Inputs expected to be in the set \{images\}\.$"
            r"|^Signature input alias: images.* not found in request and no default value provided"
        ),
    ),
    "one input too many": (
        lambda r: r.inputs["x"].CopyFrom(r.inputs["images"]),
        INVALID,
        (
            r"^input size does not match signature: 2!=1 len\(\{images,x\}\) != len\(\{images\}\)\. "
            r"Sent extra: \{x\}\. Missing but required: \{\}\.$"
        ),
    ),
    "no input": (lambda r: r.inputs.clear(), INVALID, "^input size does not match signature: 0!=1"),
    "wrong type": (
        send(content(some_images(1).astype(np.float64), types_pb2.DT_DOUBLE)),
        INVALID,
        r"^Expects arg\[0\] to be float but double is provided",
    ),
    "content too short": (
        send(tensor((2, 28, 28, 1), tensor_content=b"\0" * 28 * 28 * 4)),
        INVALID,
        "^tensor parsing error: images$",
    ),
    # Not with three axes: that ends the whole process of a TensorFlow with oneDNN (CHECK in tensor_format.h).
    "wrong height": (send(tensor((1, 27, 28, 1), float_val=[0.0])), INVALID, ""),
    "three channels": (send(tensor((1, 28, 28, 3), float_val=[0.0])), INVALID, ""),
    "unknown output": (
        lambda r: r.output_filter.append("logits"),
        INVALID,
        "^output tensor alias not found in signature: logits",
    ),
    "output twice": (
        lambda r: r.output_filter.extend(["scores", "scores"]),
        INVALID,
        "^duplicate output tensor alias: scores$",
    ),
}


@pytest.mark.parametrize(("change", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_predict_refuses(
    channel: grpc.Channel,
    change: Callable[[predict_pb2.PredictRequest], object],
    code: grpc.StatusCode,
    words: str,
) -> None:
    """Each mistake has its status and its words, and the next request is answered as if nothing had been."""
    request = predict_request()
    change(request)
    found, text = refusal(channel, request)
    assert found is code
    assert text
    assert re.search(words, text), text
    assert scores_of(ask(channel, predict_request())).shape[0] == 1
