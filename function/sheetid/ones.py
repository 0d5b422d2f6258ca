"""Ones that were missed beside others: two strokes stand where one 1 was read."""

from itertools import pairwise

import numpy as np

from sheetid.glyphs import BAND, HEIGHT
from sheetid.ink import InkMap, percentile
from sheetid.numbers import Number
from sheetid.signs import AS_DARK, DARKEST, STROKE

INSIDE = slice(BAND.start + 1, BAND.stop - 1)  # rows that the stroke of a 1 takes, or nearly all of them
AS_HIGH = 0.85  # of those rows
BEYOND = [BAND.start - 2, BAND.stop + 1]  # rows above and below it: walls, rules and frames reach so far
BESIDE = 0.75  # times the usual distance: the first and the last digit's place reach so far beyond them
PAPER = 3  # columns: there is so much between two strokes; in less, a broken one may be parted


def has_two_strokes(strip: InkMap, number: Number, one: int) -> bool:
    """Tell whether two strokes as high as digits, and no higher, stand in the place of a 1.

    Args:
        strip: `[28, width]` uint8, the line.
        number: What was read in it.
        one: The class of the 1.
    """
    if one not in number.digits:
        return False
    strokes = upright_strokes(strip, number)
    centres, beside = number.centres, BESIDE * number.pitch
    edges = [
        centres[0] - beside,
        *((left + right) / 2 for left, right in pairwise(centres)),
        centres[-1] + beside,
    ]
    return any(
        digit == one and are_two([stroke for stroke in strokes if left <= sum(stroke) / 2 <= right])
        for digit, (left, right) in zip(number.digits, pairwise(edges), strict=True)
    )


def are_two(strokes: list[tuple[int, int]]) -> bool:
    """Tell whether there is paper between some strokes."""
    return any(other[0] - one[1] >= PAPER for one, other in pairwise(strokes))


def upright_strokes(strip: InkMap, number: Number) -> list[tuple[int, int]]:
    """Return the first column of each upright stroke, and the one after its last."""
    first, last = max(0, round(number.centres[0] - HEIGHT / 2)), round(number.centres[-1] + HEIGHT / 2)
    dark = percentile(strip[BAND, first:last], DARKEST)
    high = (strip[INSIDE] >= STROKE * dark).mean(axis=0) >= AS_HIGH
    change = np.diff(np.concatenate([[False], high, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(change > 0).tolist(), np.flatnonzero(change < 0).tolist()
    beyond = np.asarray((strip[BEYOND] >= AS_DARK * dark).any(axis=0), np.bool_)
    return [
        (start, end)
        for start, end in zip(starts, ends, strict=True)
        if not beyond[max(0, start - 1) : end + 1].any()
    ]
