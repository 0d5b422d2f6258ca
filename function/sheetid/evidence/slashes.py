"""Slashes between digits, which the model takes for ones."""

from collections.abc import Iterator, Sequence
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.recognition.printed import FEWEST, HIGHER, STROKE, Printed, are_even
from sheetid.vision.frames import walls
from sheetid.vision.glyphs import HEIGHT
from sheetid.vision.ink import AS_DARK

Pixels = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]  # their rows and columns

SIGN_SEEN = 0.03  # probability of other print from which on what looks like a sign may be one
LEANING, ASLANT = 0.25, 0.2  # columns to the right for each row up: a slash leans so; so does one no higher
UNLIKE = 0.2  # the same: what leans by so much more than a 1 of that number is none
WHOLE = 0.8  # of the digits' height: a piece of a broken 1 is lower, and leans as it broke
SET_OFF = (
    1.2  # times the usual distance of others: a slash with spaces is, on average, as far from its neighbours
)


def has_slash(printed: Printed, one: int) -> bool:
    """Tell whether a 1 between other digits is a slash.

    It leans, and is higher than they are, or stands off, or another 1 is upright.

    Args:
        printed: The number.
        one: The class of the 1.
    """
    number = printed.number
    if one not in number.digits[1:-1] or len(number.digits) <= FEWEST:
        return False
    ones = [place for place, digit in enumerate(number.digits) if digit == one]
    strokes = dict(strokes_of(printed, ones))
    leans = {place: lean(stroke) for place, stroke in strokes.items()}
    amid = range(1, len(number.digits) - 1)
    leaning = [place for place, how in leans.items() if place in amid and how >= LEANING]
    others = np.delete(printed.cores, leaning, axis=0)
    if not leaning or len(others) < FEWEST or not are_even(others):
        return False
    top, bottom = np.median(others, axis=0)
    whole = [place for place, (rows, _) in strokes.items() if np.ptp(rows) + 1 >= WHOLE * HEIGHT]
    upright = min((leans[place] for place in whole), default=0.0)
    return any(
        goes_beyond(strokes[place], top, bottom)
        or (place in whole and (stands_off(number.distances, place) or leans[place] - upright >= UNLIKE))
        for place in leaning
    )


def stands_off(distances: list[float], place: int) -> bool:
    """Tell whether a digit between others is farther from them than the others are from each other."""
    others = [*distances[: place - 1], *distances[place + 1 :]]
    return sum(distances[place - 1 : place + 1]) >= 2 * SET_OFF * median(others)


def may_have_slash(printed: Printed, one: int) -> bool:
    """Tell whether a 1 between other digits leans, and the model thinks it possible that it is no digit."""
    number = printed.number
    seen = list(zip(number.digits, number.others, strict=False))[1:-1]
    ones = [place for place, (digit, other) in enumerate(seen, 1) if digit == one and other >= SIGN_SEEN]
    return bool(ones) and any(lean(stroke) >= ASLANT for _, stroke in strokes_of(printed, ones))


def strokes_of(printed: Printed, places: Sequence[int]) -> Iterator[tuple[int, Pixels]]:
    """Yield the places of digits with ink, and rows and columns of their largest strokes."""
    bare = np.where(walls(printed.strip, AS_DARK * int(printed.strip.max())), 0, printed.strip)
    for place in places:
        left, _, right, _ = printed.boxes[place]
        digit = bare[:, left:right]
        mask = (digit >= STROKE * max(1, int(digit.max(initial=0)))).view(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        if len(stats) > 1:
            rows, columns = np.nonzero(labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax())
            yield place, (rows, columns)


def lean(stroke: Pixels) -> float:
    """Return by how many columns for each row up a stroke leans to the right."""
    rows, columns = stroke
    off = rows - rows.mean()
    return -float(off @ columns) / max(1.0, float(off @ off))


def goes_beyond(stroke: Pixels, top: float, bottom: float) -> bool:
    """Tell whether a stroke goes on above or below the rows that digits take."""
    rows = stroke[0]
    return bool(max(top - rows.min(), rows.max() + 1 - bottom) >= HIGHER * HEIGHT)
