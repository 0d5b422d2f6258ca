"""Models without a network behind them: what the stand-in loads and runs in its unit tests."""

from pathlib import Path

import numpy as np
from tensorflow.core.framework import tensor_shape_pb2, types_pb2
from tensorflow.core.protobuf import meta_graph_pb2

from serving.standin.predicting import Servable
from serving.standin.tensors import Floats

CLASSES = 3


class Uniform:
    """Scores every glyph alike, and remembers the last batch."""

    inputs = frozenset({"images"})
    outputs = frozenset({"scores"})

    def __init__(self) -> None:
        self.batch: Floats | None = None

    def run(self, inputs: dict[str, Floats]) -> dict[str, Floats]:
        """Return equal scores for each glyph."""
        self.batch = inputs["images"]
        return {"scores": np.full((len(self.batch), CLASSES), 1 / CLASSES, np.float32)}


def tensor_info(*sizes: int) -> meta_graph_pb2.TensorInfo:
    """Describe a float tensor; -1 for an axis of any size."""
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes]
    shape = tensor_shape_pb2.TensorShapeProto(dim=dimensions)
    return meta_graph_pb2.TensorInfo(dtype=types_pb2.DT_FLOAT, tensor_shape=shape)


def servable(name: str = "digits", version: int = 1) -> Servable:
    """Return a model with the usual signature, and one whose inputs are others."""
    usual = meta_graph_pb2.SignatureDef(
        inputs={"images": tensor_info(-1, 28, 28, 1)}, outputs={"scores": tensor_info(-1, CLASSES)}
    )
    other = meta_graph_pb2.SignatureDef(outputs={"done": tensor_info()})
    return Servable(name, version, {"serving_default": usual, "initialise": other}, Uniform())


class Shelf:
    """Loads any version, except those that are `broken`; remembers what it loaded."""

    def __init__(self, *broken: int) -> None:
        self.broken = set(broken)
        self.loaded: list[int] = []

    def load(self, name: str, version: int, _: Path) -> Servable:
        """Load a version; raises RuntimeError for a broken one."""
        if version in self.broken:
            raise RuntimeError("no such file: variables.index")
        self.loaded.append(version)
        return servable(name, version)
