"""From ideal ink to printed ink: what toner, ribbon and thermal head leave of it."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from tests.corpus.fields import Field, floats, smooth
from tests.corpus.spec import Printing

Coverage = npt.NDArray[np.uint8]


def printed(ink: Coverage, printing: Printing, scale: float, rng: np.random.Generator) -> Coverage:
    """Return what the printer makes of `ink`.

    Args:
        ink: `[height, width]`, 255 where ink should be.
        printing: The printer's faults.
        scale: Pixels to the millimetre.
        rng: Where its accidents come from.

    Returns:
        The ink that is there, `[height, width]`; 255 takes all the light that full ink takes.
    """
    if not ink.any():
        return ink
    # Ink is sparse: work on its box only, widened by as much as it can grow.
    margin = math.ceil(0.4 * scale)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, bottom = max(0, rows[0] - margin), min(ink.shape[0], rows[-1] + margin + 1)
    left, right = max(0, columns[0] - margin), min(ink.shape[1], columns[-1] + margin + 1)
    part = _with_edges(ink[top:bottom, left:right], printing, scale, rng)
    part *= _held(part.shape[:2], printing, scale, rng)
    if printing.dots:
        part *= _dots(part.shape[:2], printing.dots * scale)
    result = np.zeros_like(ink)
    result[top:bottom, left:right] = np.clip(part * np.float32(255), 0, 255).astype(np.uint8)
    return result


def _with_edges(ink: Coverage, printing: Printing, scale: float, rng: np.random.Generator) -> Field:
    """Grow or shrink strokes, and roughen their edges, by moving the zero of the distance to the edge."""
    if not printing.weight and printing.rough * scale < 0.1:
        return ink.astype(np.float32) / np.float32(255)
    inside = (ink > 127).astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 3) - cv2.distanceTransform(
        1 - inside, cv2.DIST_L2, 3
    )
    # Grey edge pixels know the edge to a fraction of a pixel.
    sub = ink.astype(np.float32) / np.float32(255) - np.float32(0.5)
    distance = np.where(np.abs(distance) <= 1, sub * 2, distance - np.sign(distance) * np.float32(0.5))
    shift = floats(printing.weight * scale)
    if printing.rough:
        shift = floats(shift + smooth(ink.shape, 0.18 * scale, rng) * np.float32(printing.rough * scale))
    return floats(np.clip(distance + shift + np.float32(0.5), 0, 1))


def _held(shape: tuple[int, int], printing: Printing, scale: float, rng: np.random.Generator) -> Field:
    """Return the share of the ink that is there at each place."""
    held = np.full(shape, printing.density, np.float32)
    if printing.mottle:
        uneven = smooth(shape, 1.5 * scale, rng) + smooth(shape, 0.3 * scale, rng)
        held *= np.clip(1 + uneven * np.float32(printing.mottle * 0.4), 0, 1)
    if printing.voids:
        grain = smooth(shape, rng.uniform(0.12, 0.3) * scale, rng) + smooth(
            shape, 2.5 * scale, rng
        ) * np.float32(0.6)
        level = np.quantile(grain[::4, ::4], printing.voids)
        held *= np.clip((grain - np.float32(level)) * np.float32(4) + np.float32(0.5), 0, 1)
    if printing.dropouts:
        held *= _dropouts(shape, printing.dropouts, scale, rng)
    return held


def _dropouts(shape: tuple[int, int], per_cm: float, scale: float, rng: np.random.Generator) -> Field:
    """Return 0 along unprinted lines, which all run one way: a dead nozzle or heating element draws them."""
    held = np.ones(shape, np.float32)
    along = int(rng.integers(2))
    count = max(1, round(per_cm * shape[along] / scale / 10))
    for start in rng.uniform(0, shape[along], count):
        width = rng.uniform(0.1, 0.28) * scale
        lines = np.arange(shape[along], dtype=np.float32)
        gap = np.clip(np.abs(lines - start) - width / 2 + 0.5, 0, 1).astype(np.float32)
        held *= gap[:, None] if along == 0 else gap[None, :]
    return held


def _dots(shape: tuple[int, int], pitch: float) -> Field:
    """Return the pins of a dot-matrix head, `pitch` pixels apart."""
    y = np.cos(np.arange(shape[0], dtype=np.float32) * np.float32(2 * math.pi / pitch))
    x = np.cos(np.arange(shape[1], dtype=np.float32) * np.float32(2 * math.pi / pitch))
    return floats(np.clip((y[:, None] + x[None, :]) * np.float32(1.4) + np.float32(0.7), 0, 1))
