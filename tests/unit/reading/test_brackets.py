"""Brackets around a number, in which an area code stands."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sheetid.evidence.brackets import is_bracketed
from sheetid.evidence.doubts import is_area_code
from sheetid.evidence.end import End, ends_of
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import Beside
from sheetid.vision.glyphs import SIDE

CENTRES = (60.0, 76.0, 92.0, 108.0)
SEEN = (0, 180)


def between(left: npt.NDArray[np.uint8], number: Number | None = None) -> tuple[End, End]:
    """Return the ends of four digits with a sign to the left, and the same in a mirror to the right."""
    strip = np.zeros((SIDE, SEEN[1]), np.uint8)
    for centre in CENTRES:
        strip[4:24, int(centre) - 6 : int(centre) + 6] = 220
    strip[:, 42:52] = left
    strip[:, 116:126] = left[:, ::-1]
    printed = Printed(strip, number or Number((0, 9, 6, 6), CENTRES, (0.99,) * 4, 0.99))
    return ends_of(printed, SEEN, np.zeros(SEEN[1], np.bool_))


def bow(depth: int, top: int = 2, bottom: int = 27) -> npt.NDArray[np.uint8]:
    """Draw a sign whose middle stands so many columns farther out than its ends."""
    sign = np.zeros((SIDE, 10), np.uint8)
    axes = depth, (bottom - top) // 2
    cv2.ellipse(sign, (8, (top + bottom) // 2), axes, 0, 90, 270, 220, 2)
    return sign


@pytest.mark.parametrize(
    ("sign", "bracketed"),
    [(bow(4), True), (bow(0), False), (bow(4, 5, 21), False), (np.zeros((SIDE, 10), np.uint8), False)],
    ids=["brackets", "walls", "as low as a c", "nothing"],
)
def test_narrow_bows_higher_than_the_digits_are_brackets(
    sign: npt.NDArray[np.uint8], *, bracketed: bool
) -> None:
    """The walls of a frame are straight, and letters are no higher than digits."""
    assert is_bracketed(between(sign)) == bracketed


def test_one_bracket_is_none() -> None:
    """It takes two."""
    right, left = between(bow(4))
    assert not is_bracketed([right, replace(left, strip=np.zeros_like(left.strip))])


@pytest.mark.parametrize(
    ("count", "letters", "beyond", "area"),
    [(4, 3, False, True), (4, 0, True, True), (4, 0, False, False), (6, 3, False, False)],
    ids=["Tel. (0966)", "(0966) 71", "(0966)", "No (096611)"],
)
def test_a_short_number_in_brackets_is_an_area_code_if_there_is_more(
    count: int, letters: int, *, beyond: bool, area: bool
) -> None:
    """Alone in its line it may be the sheet's number; so may a long one."""
    ends = tuple(replace(end, beside=Beside(beyond=beyond)) for end in between(bow(4)))
    digits = tuple(range(count))
    number = Number(digits, tuple(16.0 * digit for digit in digits), (0.99,) * count, 0.99, letters=letters)
    assert is_area_code(number, (ends[0], ends[1])) == area
