"""Random fields over an image, and independent random streams."""

import math
import zlib

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]


def floats(values: npt.ArrayLike) -> Field:
    """Return the values as float32, without copying them if they are already."""
    return np.asarray(values, np.float32)


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the random numbers for one purpose; changing one degradation leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def smooth(shape: tuple[int, int], length: float, rng: np.random.Generator) -> Field:
    """Return a field `[height, width]` of mean 0 and deviation about 1 that varies over `length` pixels."""
    height, width = shape
    if length <= 1:
        return rng.standard_normal(shape, np.float32)
    rows, columns = math.ceil(height / length) + 3, math.ceil(width / length) + 3
    coarse = rng.standard_normal((rows, columns), np.float32)
    size = (math.ceil(columns * length), math.ceil(rows * length))
    fine = floats(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC))
    top, left = int(length), int(length)
    # Interpolation averages neighbours, which takes a quarter or so of the deviation.
    return np.ascontiguousarray(fine[top : top + height, left : left + width]) * np.float32(1.35)


def ramp(shape: tuple[int, int], angle: float) -> Field:
    """Return a field that climbs from 0 to 1 across the image in the direction `angle` (radians)."""
    height, width = shape
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32) * np.float32(math.cos(angle))
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32) * np.float32(math.sin(angle))
    span = abs(math.cos(angle)) + abs(math.sin(angle))
    return floats((x[None, :] + y[:, None]) / np.float32(span) + np.float32(0.5))
