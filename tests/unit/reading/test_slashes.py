"""A 1 between other digits may be a slash."""

import numpy as np
import numpy.typing as npt
import pytest

from sheetid.evidence.slashes import has_slash, may_have_slash
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from tests.unit.reading.four_digits import FIVE, strip_with


def draw_stroke(strip: npt.NDArray[np.uint8], middle: float, lean: float, bottom: int = 24) -> None:
    """Draw a stroke around a column that leans by so many columns for each row up, down to a row."""
    for row in range(4, bottom):
        column = round(middle + lean * (14 - row))
        strip[row, column - 2 : column + 2] = 220


def strip_with_stroke(lean: float, bottom: int) -> npt.NDArray[np.uint8]:
    """Return a strip with five digits, the third of which is a stroke that leans and ends at a row."""
    strip = strip_with((4, 24), (4, 24), (0, 0), (4, 24))
    strip[4:24, 135:145] = 220
    draw_stroke(strip, 100, lean, bottom)
    return strip


@pytest.mark.parametrize(
    ("digits", "lean", "bottom", "divided"),
    [
        ((1, 2, 1, 2, 1), 0.4, 28, 1),
        ((1, 2, 1, 2, 1), 0.4, 24, 1),
        ((3, 2, 1, 2, 3), 0.4, 28, 1),
        ((3, 2, 1, 2, 3), 0.4, 24, 0),
        ((1, 2, 1, 2, 1), 0.0, 28, 0),
        ((1, 2, 7, 2, 1), 0.4, 28, 0),
    ],
    ids=["12/21", "other 1s upright", "32/23", "an italic 1", "a 1 on a wall", "no 1"],
)
def test_a_one_that_leans_and_goes_on_below_the_digits_around_it_is_a_slash(
    digits: tuple[int, ...], lean: float, bottom: int, divided: int
) -> None:
    """Page 12 of 21 is not 12121; nor do the 1s of one number lean each in its way."""
    assert (
        has_slash(Printed(strip_with_stroke(lean, bottom), Number(digits, FIVE, (0.99,) * 5, 0.99)), 1)
        == divided
    )


@pytest.mark.parametrize(("lean", "divided"), [(0.4, 1), (0.0, 0)], ids=["5 / 14", "5114"])
def test_a_slash_is_told_beside_another_one(lean: float, divided: int) -> None:
    """Of four digits two may be ones, of which one is a slash: the other shows how high digits are."""
    strip = strip_with((4, 24), (0, 0), (0, 0), (4, 24))
    draw_stroke(strip, 80, lean)
    draw_stroke(strip, 100, 0.0)
    assert has_slash(Printed(strip, Number((5, 1, 1, 4), FIVE[:4], (0.99,) * 4, 0.99)), 1) == divided


@pytest.mark.parametrize(("off", "divided"), [(0, 0), (5, 1)], ids=["an italic 1", "6 / 120"])
def test_a_one_that_leans_and_stands_off_is_a_slash(off: int, divided: int) -> None:
    """It is no higher than digits in some fonts, but set off by spaces."""
    centres = (60.0, 80.0, 100.0 + off, 120.0 + 2 * off, 140.0 + 2 * off)
    strip = np.zeros((28, 180), np.uint8)
    for centre in (*centres[:2], *centres[3:]):
        strip[4:24, int(centre) - 5 : int(centre) + 5] = 220
    draw_stroke(strip, centres[2], 0.4)
    assert has_slash(Printed(strip, Number((3, 2, 1, 2, 3), centres, (0.99,) * 5, 0.99)), 1) == divided


@pytest.mark.parametrize(
    ("digits", "seen", "lean", "slash"),
    [
        ((1, 2, 1, 2, 1), 0.05, 0.4, 1),
        ((1, 2, 1, 2, 1), 0.01, 0.4, 0),
        ((1, 2, 1, 2, 1), 0.05, 0.1, 0),
        ((1, 2, 7, 2, 1), 0.05, 0.4, 0),
    ],
    ids=["12/21", "an italic 1", "an upright 1", "no 1"],
)
def test_a_one_that_leans_may_be_a_slash_where_the_model_thinks_it_possible(
    digits: tuple[int, ...], seen: float, lean: float, slash: int
) -> None:
    """In some fonts a slash is no higher than digits; in some a 1 leans."""
    number = Number(digits, FIVE, (0.99,) * 5, 0.99, others=(0.5, 0.0, seen, 0.0, 0.5))
    assert may_have_slash(Printed(strip_with_stroke(lean, 24), number), 1) == slash
