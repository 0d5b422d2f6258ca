"""Batches of pieces of strips, each time cut and varied anew, and what is taught of every window in them."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import SIDE, Ink
from sheetid.vision.ink import InkMap
from training.stripsets import Marks, StripSet, classes_at

STRIDE = 4  # pixels from one window to the next: those between need not be taught in the same piece
WINDOWS = 40  # of a piece
WIDTH = SIDE + STRIDE * (WINDOWS - 1)
OVERHANG = 16  # pixels by which a piece may reach beyond its strip

SHARE_BENT = 0.6  # of the pieces that are learned from are cut a little aslant, wider, higher or larger
WIDER = 0.08  # standard deviation of the width's logarithm
LARGER = 0.03  # standard deviation of the height's logarithm
RISEN = 0.5  # pixels, standard deviation
SLANT = 0.05  # columns for a row up, standard deviation
CONTRAST = (0.45, 1.25)  # times the ink: the darkest ink of a line is not always that of its digits
NOISE = 0.10  # of full ink, the largest standard deviation

Batch = tuple[Ink, npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Cut:
    """How a piece is cut out of a strip.

    Attributes:
        start: The strip's column at which it begins, at half its height; outside the strip it is blank.
        wider, larger: Times as wide, times as high as the strip's print.
        risen: Pixels by which print stands higher.
        slant: Columns by which print leans to the right for every row up.
    """

    start: float
    wider: float = 1.0
    larger: float = 1.0
    risen: float = 0.0
    slant: float = 0.0

    def of(self, ink: InkMap) -> InkMap:
        """Cut the piece, `[28, WIDTH]` uint8."""
        middle = SIDE / 2 - 0.5
        across, up = 1 / self.wider, 1 / self.larger
        to_strip = np.array(
            [[across, self.slant, self.start - self.slant * middle], [0, up, middle * (1 - up) + self.risen]]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        ink = np.ascontiguousarray(ink)  # rows of a set of 2 GB are too far apart for OpenCV's 32 bits
        return np.asarray(cv2.warpAffine(ink, to_strip, (WIDTH, SIDE), flags=flags), np.uint8)

    def moved(self, marks: Marks) -> Marks:
        """Return a strip's marks where they are in the piece."""
        return np.column_stack([(marks[:, 0] - self.start) * self.wider, marks[:, 1]]).astype(np.float32)


def endless(strips: StripSet, batch: int, none: int, seed: int) -> Iterator[Batch]:
    """Yield batches of varied pieces for ever, a piece of every strip before the next piece of any."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(len(strips))
        for first in range(0, len(order) - batch + 1, batch):
            images, classes = pieces(strips, order[first : first + batch], none, random, bent=SHARE_BENT)
            yield varied(images, random), classes


def pieces(
    strips: StripSet, which: npt.NDArray[np.intp], none: int, random: np.random.Generator, bent: float = 0.0
) -> Batch:
    """Return a piece of each of N strips, a share of them `bent`.

    Returns:
        `[N, 28, WIDTH, 1]` float32, 0 to 1, blank where the piece reaches beyond its strip; and
        `[N, WINDOWS]`, for each window a class, `none`, or UNDECIDED.
    """
    images = np.empty((len(which), SIDE, WIDTH), np.uint8)
    classes = np.empty((len(which), WINDOWS), np.int64)
    middles = SIDE / 2 + STRIDE * np.arange(WINDOWS, dtype=np.float64)
    for row, index in enumerate(which):
        ink, marks = strips[int(index)]
        cut = drawn(ink.shape[1], random, bent=random.random() < bent)
        images[row] = cut.of(ink)
        classes[row] = classes_at(cut.moved(marks), middles, none)
    return (images[..., None] / np.float32(255)).astype(np.float32), classes


def drawn(width: int, random: np.random.Generator, *, bent: bool) -> Cut:
    """Draw how a piece is cut out of a strip of that width."""
    wider, larger = np.exp(random.normal(0, (WIDER, LARGER))) if bent else (1.0, 1.0)
    spare = round(width - WIDTH / wider)
    start = int(random.integers(min(0, spare) - OVERHANG, max(0, spare) + OVERHANG + 1))
    if not bent:
        return Cut(start)
    return Cut(start, wider, larger, random.normal(0, RISEN), random.normal(0, SLANT))


def varied(images: Ink, random: np.random.Generator) -> Ink:
    """Return pieces in other contrast, and noisier, each by another amount."""
    shape = (len(images), 1, 1, 1)
    contrast = np.exp(random.uniform(np.log(CONTRAST[0]), np.log(CONTRAST[1]), shape)).astype(np.float32)
    noise = NOISE * random.random(shape, np.float32) ** 2
    noisy = images * contrast + noise * random.standard_normal(images.shape, np.float32)
    return np.asarray(np.clip(noisy, 0, 1), np.float32)
