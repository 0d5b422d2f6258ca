"""The o of a label, "No", which looks like a 0 but is lower than the digits behind it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sheetid.glyphs import HEIGHT
from sheetid.ink import InkMap
from sheetid.numbers import Number
from sheetid.words import Beside

FEWEST = 3  # digits behind it that show how high digits are
LOWER = 0.15  # of the digits' height: its top is lower than theirs by so much, at least
LEVEL = 0.1  # of the digits' height: so far are other tops and bottoms apart, at most
MIDDLE = 0.25  # of the usual distance, to each side: a digit without what stands beside it
STROKE = 0.5  # of a digit's darkest ink: its strokes


def without_label(strip: InkMap, number: Number, zero: int) -> Number:
    """Return a number without its first digit, where that is a 0 beside a letter and lower than all others.

    Args:
        strip: `[28, width]` uint8, the line.
        number: What was read in it.
        zero: The class of the 0.
    """
    if number.digits[0] != zero or number.before.letter is None or len(number.digits) <= FEWEST:
        return number
    half = MIDDLE * number.pitch
    extents = np.array([extent(strip[:, round(x - half) : round(x + half) + 1]) for x in number.centres])
    top, bottom = (extents[0] - np.median(extents[1:], axis=0)) / HEIGHT
    uneven = max(abs(bottom), np.ptp(extents[1:], axis=0).max() / HEIGHT)
    return without_first(number) if top >= LOWER and uneven <= LEVEL else number


def extent(digit: InkMap) -> npt.NDArray[np.float64]:
    """Return the top and the bottom of a digit's strokes, in rows of the strip."""
    inked = np.flatnonzero(digit.max(axis=1) >= STROKE * max(1, int(digit.max(initial=0))))
    return np.array([inked[0], inked[-1] + 1] if inked.size else [0, len(digit)], np.float64)


def without_first(number: Number) -> Number:
    """Return a number whose first digit is other print beside it; so it is in those that may stand there."""
    after = (number.centres[0] + number.centres[1]) / 2
    others = [
        without_first(other) if other.centres[0] < after else other
        for other in number.variants
        if len(other.digits) > 1
    ]
    return replace(
        number,
        digits=number.digits[1:],
        centres=number.centres[1:],
        probabilities=number.probabilities[1:],
        before=Beside(1.0, joined=True),
        variants=tuple(others),
    )
