"""A batch against single glyphs, and the ways to build a request."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2

from sheetid.cloud.serving import ServingClient, build_request
from sheetid.settings import ServingSettings

BATCHES = (1, 8, 32, 64, 128)
REPEATS = 15


@dataclass(frozen=True, slots=True)
class BatchTime:
    """Milliseconds for `size` glyphs, in one Predict and one by one."""

    size: int
    batch_ms: float
    singles_ms: float


@dataclass(frozen=True, slots=True)
class Line:
    """What a Predict costs: `fixed_ms` for being asked, and `glyph_ms` for each glyph."""

    fixed_ms: float
    glyph_ms: float

    def shared(self, size: int) -> float:
        """Return the share of a batch of `size` that merging it into another one could save at most."""
        return self.fixed_ms / (self.fixed_ms + size * self.glyph_ms)


def measure(target: str) -> list[BatchTime]:
    """Return the times of batches of several sizes."""
    client = ServingClient(ServingSettings(target))
    client.predict(glyphs(1))
    return [_compare(client, size) for size in BATCHES]


def _compare(client: ServingClient, size: int) -> BatchTime:
    batch, single = glyphs(size), glyphs(1)
    return BatchTime(
        size,
        best_ms(lambda: client.predict(batch)),
        best_ms(lambda: [client.predict(single) for _ in range(size)], repeats=3),
    )


def fit(times: Sequence[BatchTime]) -> Line:
    """Return the line through the batches' times, each weighed by what it may be wrong, a share of itself."""
    sizes, batches = [time.size for time in times], np.array([time.batch_ms for time in times])
    glyph, fixed = np.polyfit(sizes, batches, 1, w=1 / batches)
    return Line(max(float(fixed), 0.0), float(glyph))


def building(size: int) -> dict[str, float]:
    """Return the milliseconds that it takes to build a request for `size` glyphs, by the way it is done."""
    images = glyphs(size)
    settings = ServingSettings("127.0.0.1:1")
    return {
        "tensor_content": best_ms(lambda: build_request(images, settings)),
        "float_val": best_ms(lambda: _float_val(images)),
        "float_val of a nested list": best_ms(lambda: _nested(images.tolist())),
    }


def glyphs(size: int) -> npt.NDArray[np.float32]:
    """Return `size` glyphs of noise, `[size, 28, 28, 1]` float32."""
    return np.random.default_rng(size).random((size, 28, 28, 1), dtype=np.float32)


def best_ms(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the shortest of an action's times, in milliseconds: whatever else runs only adds to it."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return 1000 * min(times)


def _float_val(images: npt.NDArray[np.float32]) -> tensor_pb2.TensorProto:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in images.shape]
    shape = tensor_shape_pb2.TensorShapeProto(dim=dimensions)
    return tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_shape=shape, float_val=images.ravel())


def _nested(images: list[list[list[list[float]]]]) -> tensor_pb2.TensorProto:
    return _float_val(np.array(images, np.float32))
