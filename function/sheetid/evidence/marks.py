"""Points, commas and apostrophes between digits: small marks that are as often dust."""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.evidence.slashes import SIGN_SEEN, may_have_slash
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import FEWEST, Printed, cores
from sheetid.vision.glyphs import BAND, HEIGHT

SIGN_HINTS = 2  # so many are hardly dust
SIGN_LIKELY = 0.15  # of other print from which on a sign may stand there, though none is seen
A_LITTLE_FARTHER = 1.1  # times the usual distance: a sign moves digits so far apart, even a narrow one
FARTHER = 1.25  # times the least distance: digits with a point between them are so much farther apart
ROOMY = 1.5  # of the digits' height: there is room for one between any that are as far apart
SMALL, SMALLEST = 0.45, 4  # of the digits' height, and pixels: a point is no larger, and no smaller
MARK = 0.45  # of the digits' darkness: a point is as dark, though it is blurred more
FAINT = 0.25  # likewise: there is no more between a point and the digits beside it
ASTRAY = 3  # rows between a mark and the line it stands on, or the digits' top; a comma goes on below
AMID = 0.25  # of their distance: a mark is no farther from the middle between two digits


def hints_of_signs(printed: Printed, one: int, seven: int) -> int:
    """Count what hints at a point between a number's digits, or at a slash in place of a 1.

    One hint alone is as often dust, or a 1 in italics: a mark, where the model thinks no sign possible.
    """
    number = printed.number
    marked = count_marks(printed, MARK) > 0
    told = marked and max(number.between, default=0) >= SIGN_SEEN
    if told or has_kerned_mark(printed, seven) or may_be_divided(number) or may_have_slash(printed, one):
        return SIGN_HINTS
    if count_marks(printed, FAINT) >= SIGN_HINTS:
        return SIGN_HINTS
    return int(marked)


def may_be_divided(number: Number) -> bool:
    """Tell whether the model sees a sign between two digits, which stand a little farther apart for it."""
    return any(
        distance >= A_LITTLE_FARTHER * number.pitch and likely >= SIGN_LIKELY
        for distance, likely in zip(number.distances, number.between, strict=False)
    )


def has_kerned_mark(printed: Printed, seven: int) -> bool:
    """Tell whether a mark stands behind a 7, under its arm, and the model thinks a sign possible there.

    Digits are no farther apart for it.
    """
    number = printed.number
    behind_seven = zip(number.digits, pairwise(number.centres), number.between, strict=False)
    likely = [pair for digit, pair, sign in behind_seven if digit == seven and sign >= SIGN_SEEN]
    if not likely:
        return False
    marks = marks_of(printed, MARK)
    return any(is_amid(marks, pair) for pair in likely)


def count_marks(printed: Printed, faintest: float) -> int:
    """Count the digits behind which a point, a comma or an apostrophe seems to stand.

    They stand farther apart there than the closest ones, or very far. Dust may look so too, but seldom twice,
    and so may the end of a stroke, but not where even fainter ink counts.

    Args:
        printed: The number.
        faintest: Of the digits' darkness: less is no ink.
    """
    centres, distances = printed.number.centres, printed.number.distances
    least = min(FARTHER * min(distances, default=0), ROOMY * HEIGHT)
    if len(distances) < FEWEST - 1 or max(distances) < least:
        return 0
    marks = marks_of(printed, faintest)
    pairs = [pair for pair in pairwise(centres) if pair[1] - pair[0] >= least]
    return sum(is_amid(marks, pair) for pair in pairs)


def marks_of(printed: Printed, faintest: float) -> npt.NDArray[np.float64]:
    """Return the columns of small pieces of ink on the line that digits stand on, or at their top."""
    strip, number = printed.strip, printed.number
    digits = np.zeros_like(strip)
    digits[BAND] = strip[BAND]  # without a frame's rules
    top, bottom = np.median(cores(digits, number.centres, number.pitch), axis=0)
    _, _, stats, middles = cv2.connectedComponentsWithStats((strip >= faintest * printed.dark).view(np.uint8))
    _, y, width, height, area = stats[1:, :5].T
    small = (np.maximum(width, height) <= SMALL * HEIGHT) & (area >= SMALLEST)
    low = (y + height >= bottom - ASTRAY) & (y >= bottom - SMALL * HEIGHT) & (y < bottom)
    marks = small & (low | (np.abs(y - top) <= ASTRAY))
    return np.asarray(middles[1:, 0][marks], np.float64)


def is_amid(marks: npt.NDArray[np.float64], pair: tuple[float, float]) -> bool:
    """Tell whether one of some marks stands about in the middle between two columns."""
    left, right = pair
    return bool(np.abs(marks - (left + right) / 2).min(initial=np.inf) < AMID * (right - left))
