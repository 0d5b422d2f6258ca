"""A line with four digits, for tests of what stands among them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sheetid.recognition.numbers import Number
from sheetid.recognition.words import Beside

CENTRES = (60.0, 80.0, 100.0, 120.0)
FIVE = (*CENTRES, 140.0)
NUMBER = Number((0, 4, 2, 7), CENTRES, (0.9, 0.99, 0.98, 0.97), 0.9, before=Beside(0.95, joined=True))


def strip_with(*extents: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Return a strip with four digits, each from one row to another."""
    strip = np.zeros((28, 180), np.uint8)
    for centre, (top, bottom) in zip(CENTRES, extents, strict=True):
        strip[top:bottom, int(centre) - 5 : int(centre) + 5] = 220
    return strip


def parted(moved: float, half: int) -> tuple[npt.NDArray[np.uint8], Number]:
    """Return four digits so wide to each side, the last two moved to the right, and the strip with them."""
    centres = (*CENTRES[:2], *(centre + moved for centre in CENTRES[2:]))
    strip = np.zeros((28, 180), np.uint8)
    for centre in centres:
        strip[4:24, int(centre) - half : int(centre) + half] = 220
    return strip, replace(NUMBER, centres=centres)
