"""Ones that were missed beside others: two strokes stand where one 1 was read."""

from itertools import pairwise

import numpy as np

from sheetid.evidence.ends import upright
from sheetid.recognition.printed import Printed, places_of
from sheetid.vision.glyphs import BAND
from sheetid.vision.ink import AS_DARK, runs_in

BEYOND = [BAND.start - 2, BAND.stop + 1]  # rows above and below it: walls, rules and frames reach so far
BESIDE = 0.75  # times the usual distance: the first and the last digit's place reach so far beyond them
PAPER = 3  # columns: there is so much between two strokes; in less, a broken one may be parted


def has_two_strokes(printed: Printed, one: int) -> bool:
    """Tell whether two strokes as high as digits, and no higher, stand in the place of a 1.

    Args:
        printed: The number.
        one: The class of the 1.
    """
    number = printed.number
    if one not in number.digits:
        return False
    strokes = upright_strokes(printed)
    return any(
        digit == one and are_two([stroke for stroke in strokes if left <= sum(stroke) / 2 <= right])
        for digit, (left, right) in zip(number.digits, places_of(number, BESIDE), strict=True)
    )


def are_two(strokes: list[tuple[int, int]]) -> bool:
    """Tell whether there is paper between some strokes."""
    return any(other[0] - one[1] >= PAPER for one, other in pairwise(strokes))


def upright_strokes(printed: Printed) -> list[tuple[int, int]]:
    """Return the first column of each upright stroke, and the one after its last."""
    strip, dark = printed.strip, printed.dark
    high = upright(strip, dark)
    beyond = np.asarray((strip[BEYOND] >= AS_DARK * dark).any(axis=0), np.bool_)
    return [
        (start, end) for start, end in runs_in(high).tolist() if not beyond[max(0, start - 1) : end + 1].any()
    ]
