"""Batches of pieces of strips, each time cut and varied anew, and what is taught of every window in them."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sheetid.glyphs import SIDE, Ink
from training.stripsets import StripSet, classes_at

STRIDE = 4  # pixels from one window to the next: those between need not be taught in the same piece
WINDOWS = 40  # of a piece
WIDTH = SIDE + STRIDE * (WINDOWS - 1)
OVERHANG = 16  # pixels by which a piece may reach beyond its strip

CONTRAST = (0.45, 1.25)  # times the ink: the darkest ink of a line is not always that of its digits
NOISE = 0.10  # of full ink, the largest standard deviation

Batch = tuple[Ink, npt.NDArray[np.int64]]


def endless(strips: StripSet, batch: int, none: int, seed: int) -> Iterator[Batch]:
    """Yield batches of varied pieces for ever, a piece of every strip before the next piece of any."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(len(strips))
        for first in range(0, len(order) - batch + 1, batch):
            images, classes = pieces(strips, order[first : first + batch], none, random)
            yield varied(images, random), classes


def pieces(strips: StripSet, which: npt.NDArray[np.intp], none: int, random: np.random.Generator) -> Batch:
    """Return a piece of each of N strips.

    Returns:
        `[N, 28, WIDTH, 1]` float32, 0 to 1, blank where the piece reaches beyond its strip; and
        `[N, WINDOWS]`, for each window a class, `none`, or UNDECIDED.
    """
    images = np.zeros((len(which), SIDE, WIDTH), np.uint8)
    classes = np.empty((len(which), WINDOWS), np.int64)
    for row, index in enumerate(which):
        ink, marks = strips[int(index)]
        spare = ink.shape[1] - WIDTH
        start = int(random.integers(min(0, spare) - OVERHANG, max(0, spare) + OVERHANG + 1))
        first, last = max(0, start), min(ink.shape[1], start + WIDTH)
        images[row, :, first - start : last - start] = ink[:, first:last]
        classes[row] = classes_at(
            marks, start + SIDE / 2 + STRIDE * np.arange(WINDOWS, dtype=np.float64), none
        )
    return (images[..., None] / np.float32(255)).astype(np.float32), classes


def varied(images: Ink, random: np.random.Generator) -> Ink:
    """Return pieces in other contrast, and noisier, each by another amount."""
    shape = (len(images), 1, 1, 1)
    contrast = np.exp(random.uniform(np.log(CONTRAST[0]), np.log(CONTRAST[1]), shape)).astype(np.float32)
    noise = NOISE * random.random(shape, np.float32) ** 2
    noisy = images * contrast + noise * random.standard_normal(images.shape, np.float32)
    return np.asarray(np.clip(noisy, 0, 1), np.float32)
