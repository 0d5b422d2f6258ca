"""TensorProto to array and back, as TensorFlow does it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2

from serving.standin.tensors import ParsingError, floats_from, parse_shape, tensor_from


def proto(sizes: list[int], dtype: int = types_pb2.DT_FLOAT, **data: object) -> tensor_pb2.TensorProto:
    """Build a tensor of any shape and type around `data`."""
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes]
    shape = tensor_shape_pb2.TensorShapeProto(dim=dimensions)
    return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=shape, **data)


@given(arrays.arrays(np.float32, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
def test_tensor_round_trip(array: np.ndarray) -> None:
    """An array, NaN and empty ones included, comes back from its tensor, with its values in float_val."""
    tensor = tensor_from(array)
    assert tensor.tensor_content == b""
    np.testing.assert_array_equal(floats_from(tensor), array)


@given(arrays.arrays(np.float32, (3, 2), elements=st.floats(width=32)))
def test_tensor_content_and_float_val_agree(array: np.ndarray) -> None:
    """Both ways to send the same values mean the same."""
    content = floats_from(proto([3, 2], tensor_content=array.astype("<f4").tobytes()))
    np.testing.assert_array_equal(content, floats_from(proto([3, 2], float_val=array.ravel())))


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [([], [0, 0, 0]), ([7], [7, 7, 7]), ([1, 2], [1, 2, 2]), ([1, 2, 3, 4], [1, 2, 3])],
)
def test_another_number_of_values_is_accepted(given_values: list[float], expected: list[float]) -> None:
    """No values are zeros, too few are continued with the last, too many are cut off."""
    assert floats_from(proto([3], float_val=given_values)).tolist() == expected


@pytest.mark.parametrize(
    "tensor",
    [
        proto([2], tensor_content=b"\0" * 7),
        proto([2], tensor_content=b"\0" * 12),
        proto([-1], float_val=[1]),
        proto([2], types_pb2.DT_INVALID),
        proto([2], types_pb2.DT_DOUBLE, tensor_content=b"\0" * 8),
        tensor_pb2.TensorProto(
            dtype=types_pb2.DT_FLOAT, tensor_shape=tensor_shape_pb2.TensorShapeProto(unknown_rank=True)
        ),
    ],
    ids=["short", "long", "negative size", "no type", "short double", "unknown rank"],
)
def test_malformed_tensors_are_refused(tensor: tensor_pb2.TensorProto) -> None:
    """What TensorFlow makes no tensor of is a parsing error."""
    with pytest.raises(ParsingError):
        parse_shape(tensor)
