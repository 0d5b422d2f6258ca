"""Ones that were missed beside others."""

import numpy as np
import pytest

from sheetid.evidence.ones import has_two_strokes
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from sheetid.vision.glyphs import SIDE
from sheetid.vision.ink import InkMap

ONE = 1
CENTRES = (60.0, 70.0, 80.0, 92.0)


def strip_with(*strokes: tuple[int, int, int, int]) -> InkMap:
    """A line with digits at the first three places, and strokes: columns and rows, both from and to."""
    strip = np.zeros((SIDE, 160), np.uint8)
    for centre in CENTRES[:3]:
        strip[4:24, round(centre) - 4 : round(centre) + 4] = 220
        strip[8:20, round(centre) - 2 : round(centre) + 2] = 0
    for left, right, top, bottom in strokes:
        strip[top:bottom, left:right] = 220
    return strip


@pytest.mark.parametrize(
    ("other", "two"),
    [
        ((94, 97, 4, 24), True),
        ((92, 94, 4, 24), False),
        ((95, 97, 0, 28), False),
        ((95, 97, 4, 18), False),
        ((99, 102, 4, 24), False),
    ],
    ids=["a one", "hardly apart", "a wall", "lower", "farther off"],
)
def test_two_strokes_in_the_place_of_a_one_are_two(other: tuple[int, int, int, int], *, two: bool) -> None:
    """A narrow 1 is missed beside another; the pieces of a broken one and the walls of frames are none."""
    strip = strip_with((89, 91, 4, 24), other)
    number = Number((8, 0, 6, ONE), CENTRES, (0.99,) * 4, 0.99)
    assert has_two_strokes(Printed(strip, number), ONE) == two


def test_other_digits_have_two_strokes() -> None:
    """As a 0 has."""
    strip = strip_with((88, 90, 4, 24), (94, 96, 4, 24))
    assert not has_two_strokes(Printed(strip, Number((8, 0, 6, 0), CENTRES, (0.99,) * 4, 0.99)), ONE)
