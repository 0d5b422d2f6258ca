"""What TensorFlow Serving, or whoever answers in its place, may say to a Predict."""

import numpy as np
from google.protobuf.message import DecodeError
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2

from sheetid.cloud.serving import FLOAT, OUTPUT, TOLERANCE, AnswerError, read_answer

NAME = "digits"
MOST = 8  # glyphs


def run(data: bytes) -> None:
    """Read the input as a whole answer, and as the tensor of one that is otherwise sound."""
    if not data:
        return
    count = 1 + data[0] % MOST
    response = predict_pb2.PredictResponse()
    try:
        response.ParseFromString(data[1:])
    except DecodeError:
        response = built(data[1:], count)
    check(response, count)


def check(response: predict_pb2.PredictResponse, count: int) -> None:
    """Read an answer: it is refused, or holds a row of probabilities for each glyph."""
    try:
        prediction = read_answer(response, NAME, count)
    except AnswerError:
        return
    scores = prediction.scores
    sound = (
        np.isfinite(scores).all() and (scores >= 0).all() and (abs(scores.sum(axis=1) - 1) <= TOLERANCE).all()
    )
    if not sound or len(scores) != count or not prediction.model.version.lstrip("-").isdigit():
        raise AssertionError(f"taken for scores: {prediction}")


def built(data: bytes, count: int) -> predict_pb2.PredictResponse:
    """Return an answer whose type, shape and content are the input's: its first bytes say how it is made."""
    kind, classes, form = (*data[:3], *bytes(3))[:3]
    sizes = [count, classes % 16] + [form >> 4] * (form % 4 == 3)
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT if kind < 200 else kind % 24,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=size - 2 * (form % 4 == 2)) for size in sizes]
        ),
    )
    content = data[3:]
    if form & 8:
        content = content[: 4 * sizes[0] * sizes[1]].ljust(4 * sizes[0] * sizes[1], b"\0")
    if form % 4 == 1:
        tensor.float_val.extend(np.frombuffer(content[: len(content) // 4 * 4], FLOAT))
    else:
        tensor.tensor_content = content
    return sound(tensor)


def sound(tensor: tensor_pb2.TensorProto) -> predict_pb2.PredictResponse:
    """Return an answer with that tensor."""
    response = predict_pb2.PredictResponse(outputs={OUTPUT: tensor})
    response.model_spec.name = NAME
    response.model_spec.version.value = 1
    return response


def seeds() -> list[bytes]:
    """Return sound answers, their scores in either field, and inputs for `built`."""
    scores = np.full((1, 11), 1 / 11, FLOAT)
    shape = tensor_shape_pb2.TensorShapeProto(
        dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=n) for n in (1, 11)]
    )
    by_content = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT, tensor_shape=shape, tensor_content=scores.tobytes()
    )
    by_values = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT, tensor_shape=shape, float_val=scores.ravel().tolist()
    )
    whole = [sound(tensor).SerializeToString() for tensor in (by_content, by_values)]
    parts = [bytes([0, 11, form]) + scores.tobytes() for form in (0, 1, 2, 3, 8, 9)]
    return [bytes([0]) + answer for answer in [*whole, *parts]]
