"""TensorProto to array and back, as lenient and as strict as TensorFlow's own `Tensor::FromProto`."""

import math

import numpy as np
import numpy.typing as npt
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2

Floats = npt.NDArray[np.float32]

LITTLE_ENDIAN_FLOAT = np.dtype("<f4")
# TensorFlow's names of its data types, and the bytes of one element in `tensor_content`.
TYPES = {
    types_pb2.DT_FLOAT: ("float", 4),
    types_pb2.DT_DOUBLE: ("double", 8),
    types_pb2.DT_INT32: ("int32", 4),
    types_pb2.DT_UINT8: ("uint8", 1),
    types_pb2.DT_INT16: ("int16", 2),
    types_pb2.DT_INT8: ("int8", 1),
    types_pb2.DT_STRING: ("string", None),
    types_pb2.DT_INT64: ("int64", 8),
    types_pb2.DT_BOOL: ("bool", 1),
    types_pb2.DT_BFLOAT16: ("bfloat16", 2),
    types_pb2.DT_HALF: ("half", 2),
    types_pb2.DT_UINT16: ("uint16", 2),
    types_pb2.DT_UINT32: ("uint32", 4),
    types_pb2.DT_UINT64: ("uint64", 8),
}


class ParsingError(ValueError):
    """A TensorProto of which TensorFlow would make no tensor."""


def type_name(dtype: int) -> str:
    """Return TensorFlow's name of a data type."""
    return TYPES[dtype][0]


def parse_shape(tensor: tensor_pb2.TensorProto) -> tuple[int, ...]:
    """Check that `tensor` is well-formed, whatever its type, and return its shape; raises ParsingError."""
    shape = tuple(dimension.size for dimension in tensor.tensor_shape.dim)
    if tensor.tensor_shape.unknown_rank or any(size < 0 for size in shape) or tensor.dtype not in TYPES:
        raise ParsingError
    bytes_each = TYPES[tensor.dtype][1]
    content = len(tensor.tensor_content)
    if content and bytes_each and content != math.prod(shape) * bytes_each:
        raise ParsingError
    return shape


def floats_from(tensor: tensor_pb2.TensorProto) -> Floats:
    """Return the array of a DT_FLOAT tensor; raises ParsingError.

    What TensorFlow accepts is accepted: no data at all are zeros, too few values are filled up with the last
    one, and too many are cut off.
    """
    shape = parse_shape(tensor)
    count = math.prod(shape)
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, LITTLE_ENDIAN_FLOAT).reshape(shape)
    values = np.zeros(count, np.float32)
    given = np.asarray(tensor.float_val[:count], np.float32)
    values[: given.size] = given
    values[given.size :] = given[-1] if given.size else 0
    return values.reshape(shape)


def tensor_from(array: Floats) -> tensor_pb2.TensorProto:
    """Return `array` as TensorFlow Serving answers: in `float_val`, with `tensor_content` empty."""
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in array.shape]
    return tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=dimensions),
        float_val=array.ravel(),
    )
