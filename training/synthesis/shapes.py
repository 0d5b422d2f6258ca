"""Shapes that stand around numbers: bars, boxes, what a pen leaves; each is ink `[height, width]`, 0 to 1."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import Ink

SMALLEST_QR = 21  # modules of a side (ISO/IEC 18004)


def barcode(width: int, height: int, unit: float, random: np.random.Generator) -> Ink:
    """Return upright bars of one to four modules."""
    module = max(1, round(unit * random.uniform(0.03, 0.08)))
    bars = np.repeat(random.integers(2, size=width // module + 1), module)[:width]
    return np.repeat(bars[None].astype(np.float32), max(1, height), axis=0)


def matrix_code(side: int, random: np.random.Generator) -> Ink:
    """Return a square of dark and light modules, its sides or corners those of a Data Matrix or a QR code."""
    count = int(random.integers(10, 30))
    modules = random.integers(2, size=(count, count)).astype(np.uint8)
    if count < SMALLEST_QR:  # of a Data Matrix two sides are dark, two change from module to module
        modules[:, -1], modules[0] = np.arange(count) % 2, (np.arange(count) + 1) % 2
        modules[:, 0] = modules[-1] = 1
    else:
        finder = np.pad(np.pad(np.ones((3, 3), np.uint8), 1), 1, constant_values=1)
        modules[:8, :8] = modules[:8, -8:] = modules[-8:, :8] = 0
        modules[:7, :7] = modules[:7, -7:] = modules[-7:, :7] = finder
    size = max(count, side)
    return np.asarray(cv2.resize(modules, (size, size), interpolation=cv2.INTER_NEAREST), np.float32)


def outline(height: int, width: int, thickness: int, radius: int) -> Ink:
    """Return the outline of a box whose corners have a radius."""
    paper = np.zeros((height, width), np.uint8)
    for inset, shade in ((0, 255), (thickness, 0)):
        curve = max(0, radius - inset)
        right, bottom = width - 1 - inset, height - 1 - inset
        cv2.rectangle(paper, (inset + curve, inset), (right - curve, bottom), shade, cv2.FILLED)
        cv2.rectangle(paper, (inset, inset + curve), (right, bottom - curve), shade, cv2.FILLED)
        for x in (inset + curve, right - curve):
            for y in (inset + curve, bottom - curve):
                cv2.circle(paper, (x, y), curve, shade, cv2.FILLED)
    return paper.astype(np.float32) / np.float32(255)


def tick(side: int, unit: float, random: np.random.Generator) -> Ink:
    """Return a tick, `side` pixels wide and high."""
    corners = np.array([[0, random.uniform(0.4, 0.7)], [random.uniform(0.2, 0.4), 1], [1, 0]]) * (side - 1)
    return drawn((side, side), corners, unit, random)


def pen_stroke(shape: tuple[int, ...], unit: float, random: np.random.Generator) -> Ink:
    """Return a curve through some points, as a pen leaves it."""
    steps = np.linspace(0, 1, 40)
    control = random.uniform(-0.2, 1.2, (4, 2)) * np.array(shape[::-1])
    weights = np.stack(
        [(1 - steps) ** 3, 3 * steps * (1 - steps) ** 2, 3 * steps**2 * (1 - steps), steps**3], 1
    )
    return drawn(shape, weights @ control, unit, random)


def fold(shape: tuple[int, ...], through: tuple[int, int], unit: float, random: np.random.Generator) -> Ink:
    """Return a straight line from edge to edge, at any angle, `through` the pixel (x, y)."""
    angle, reach = random.uniform(0, np.pi), sum(shape)
    ends = np.array(through) + np.outer([-reach, reach], [np.cos(angle), np.sin(angle)])
    return drawn(shape, ends, unit, random)


def drawn(
    shape: tuple[int, ...], points: npt.NDArray[np.float64], unit: float, random: np.random.Generator
) -> Ink:
    """Return what a pen leaves that goes through the points `[N, 2]`."""
    paper = np.zeros(shape, np.uint8)
    thickness = max(1, round(random.uniform(0.03, 0.12) * unit))
    cv2.polylines(paper, [np.round(points).astype(np.int32)], False, 255, thickness, cv2.LINE_AA)
    return paper.astype(np.float32) / np.float32(255)
