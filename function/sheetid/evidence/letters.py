"""Letters beside a number: those of a label, or of a code that it is a part of."""

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np

from sheetid.evidence.end import CLEAR, FEWEST_ASLANT, UPPER, End, usual_gap
from sheetid.recognition.printed import Extents, extent, is_lower, is_smaller
from sheetid.vision.glyphs import BAND, HEIGHT, SIDE
from sheetid.vision.ink import AS_DARK

TIGHT = (5, 6)  # pixels: a letter of one word with digits is as near as they, or the first, and no farther
HYPHEN = 0.25  # of the digits' height: a hyphen is no thicker, and no farther from the middle
LETTER_WIDTH = 5  # pixels: a letter is no narrower, but an I
AS_HIGH_OFF = 0.12  # of the digits' height: a capital letter's top and bottom are no farther from theirs
ARM = 0.5  # likewise: the arm of an F or a P, which is next to them, may end higher
SMALLER = 0.87  # of the digits' height: the letters of a label in smaller print are no higher
LOWEST, HIGHEST, LONGEST = 5, 24, 3  # rows, and times as wide: a letter is no lower, higher, or longer
FEWEST_LETTERS = 2  # one alone is a plus
RATHER = 0.5  # the same, from which on it rather is none


def is_beside_letter(ends: Iterable[End], *, sure: bool) -> bool:
    """Tell whether a letter stands beside a number, not a point, as in a code.

    It is one for `sure`, as close as the digits are, or may be one that is hardly farther.
    """
    if sure:
        return any(is_joined_by_capital(end) for end in ends)
    return any(
        (end.beside.letter or 0) >= RATHER and end.gap <= end.pitch and not is_low(end) for end in ends
    )


def is_parted(ends: Iterable[End]) -> bool:
    """Tell whether digits go on behind a sign beside a number; what stands before a space is a label."""
    return any(end.beside.parted and not is_spaced(end) for end in ends)


def is_spaced(end: End) -> bool:
    """Tell whether there is nothing but paper, not even a point, for a space beside a number."""
    if not np.isfinite(end.gap) or end.gap <= round(usual_gap(end.boxes)):
        return False
    between = end.strip[BAND.start :, end.edge + 1 : end.next_column - 1]
    return bool(between.max(initial=0) < AS_DARK * end.dark)


def is_joined_by_capital(end: End) -> bool:
    """Tell whether a letter as high as the digits stands beside a number as they do, or behind a hyphen."""
    reach = np.clip(round(usual_gap(end.boxes)), *TIGHT)
    if (end.beside.letter or 0) < CLEAR or end.gap > reach:
        return False
    if is_capital(end):
        return True
    further = behind(end)
    return is_hyphen(end) and further.gap <= reach and is_capital(further)


def is_capital(end: End) -> bool:
    """Tell whether what stands next to a number is a letter as high as its digits."""
    ink = end.next_to
    if end.gap >= 1 and ink.shape[1] < LETTER_WIDTH:
        return False  # the wall of a frame, and the letter stands behind it
    top, bottom = (extent(ink) - np.median(end.cores, axis=0)) / HEIGHT
    return bool(abs(top) <= AS_HIGH_OFF and -ARM <= bottom <= AS_HIGH_OFF)


def is_hyphen(end: End) -> bool:
    """Tell whether what stands next to a number is a short level stroke at half its height."""
    top, bottom = extent(end.next_to) / HEIGHT
    middle = abs((top + bottom) / 2 - SIDE / 2 / HEIGHT)
    return bool(bottom - top <= HYPHEN and middle <= HYPHEN)


def behind(end: End) -> End:
    """Return the end of a number as if what stands next to it were of its last digit."""
    left, top, _, bottom = end.boxes[-1]
    start = end.next_column
    bare = np.flatnonzero(end.strip[UPPER, start:].max(axis=0) < end.faintest)
    right = start + int(bare[0]) if bare.size else end.strip.shape[1]
    return replace(end, boxes=[*end.boxes[:-1], (left, top, right, bottom)])


def is_labelled_small(ends: tuple[End, End]) -> bool:
    """Tell whether letters lower than its digits stand before a number, and none behind.

    They are of a label in smaller print; in a line with a telephone number both are of one size.
    """
    after, before = ends
    letters = heights_of_letters(before)
    digits = min(HEIGHT, float(np.median(np.ptp(before.cores, axis=1))))
    return (
        len(letters) >= FEWEST_LETTERS and max(letters) <= SMALLER * digits and not heights_of_letters(after)
    )


def heights_of_letters(end: End) -> list[int]:
    """Return how high what may be letters beyond an end of a number are, in rows."""
    ink = (end.strip >= AS_DARK * end.dark).view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    left, _, width, height, _ = stats[1:].T
    like = (left >= end.edge) & (height >= LOWEST) & (height <= HIGHEST) & (width <= LONGEST * height)
    return [int(high) for high in height[like]]


def is_letter_between(end: End) -> bool:
    """Tell whether a low letter, an o, stands between a number and what seems to be digits of a label."""
    told = heights(end)
    return told is not None and is_lower(*told)


def is_low(end: End) -> bool:
    """Tell whether other print beside a number is lower than all its digits: an o, or a smaller label."""
    told = heights(end)
    return told is not None and (is_lower(*told) or is_smaller(*told))


def heights(end: End) -> tuple[Extents, Extents] | None:
    """Return top and bottom of the ink next to a number, and of its digits; None if these are too few."""
    if not np.isfinite(end.gap) or len(end.boxes) < FEWEST_ASLANT:
        return None
    return extent(end.next_to), end.cores
