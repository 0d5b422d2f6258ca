"""Logos, barcodes and outlines beside a number are no digits that it may lack."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from sheetid.evidence.end import End, ends_of
from sheetid.evidence.ends import goes_on
from sheetid.evidence.pictures import is_code, is_outlined, is_picture
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import Beside
from sheetid.vision.ink import InkMap
from tests.unit.reading.test_ends import number_with, strip_of

SEEN = (0, 220)


def beside(picture: InkMap, behind: float | None = None) -> End:
    """Return the right end of four digits with a picture behind them."""
    strip = np.pad(strip_of(), ((0, 0), (0, 40)))
    strip[:, 114 : 114 + picture.shape[1]] = picture
    printed = Printed(strip, number_with(behind=behind))
    return ends_of(printed, SEEN, np.zeros(SEEN[1], np.bool_))[0]


def ring(radius: int) -> InkMap:
    """A ring in the middle of a line."""
    picture = np.zeros((28, 40), np.uint8)
    cv2.circle(picture, (6 + radius, 14), radius, 200, 4)
    return picture


@pytest.mark.parametrize(("radius", "picture"), [(15, 1), (8, 0)], ids=["a logo", "a zero"])
def test_what_is_higher_than_the_digits_above_and_below_is_a_picture(radius: int, picture: int) -> None:
    """Were it a 0, it would be as high as they are."""
    assert is_picture(beside(ring(radius))) == picture


@pytest.mark.parametrize(("radius", "open_"), [(15, 0), (8, 1)])
def test_a_logo_that_the_model_takes_for_a_zero_leaves_a_number_closed(radius: int, open_: int) -> None:
    """What is as high as the digits may be one."""
    end = beside(ring(radius))
    taken = replace(end, beside=Beside(0.0, digit=True))
    assert goes_on(taken) == open_


@pytest.mark.parametrize(
    ("reach", "broad", "outlined"),
    [(60, 2, 1), (60, 8, 0), (4, 2, 0)],
    ids=["a frame", "a digit at its side", "a bracket"],
)
def test_an_outline_bends_over_and_below_the_digits(reach: int, broad: int, outlined: int) -> None:
    """The side of a rounded frame may be as far off as the next digit, but what touches it may be one."""
    strip = np.pad(strip_of(), ((0, 0), (0, 40)))
    strip[1, 119 - reach : 118] = strip[26, 119 - reach : 118] = 200
    strip[2, 116:120] = strip[25, 116:120] = 200
    strip[3:25, 119:121] = 200
    strip[5:23, 119 : 119 + broad] = 200
    printed = Printed(strip, number_with())
    assert is_outlined(ends_of(printed, SEEN, np.zeros(SEEN[1], np.bool_))[0]) == outlined


def test_nothing_is_no_outline() -> None:
    """There is but paper."""
    assert not is_outlined(beside(np.zeros((28, 40), np.uint8)))


@pytest.mark.parametrize(("apart", "code"), [(5, 1), (11, 0)], ids=["bars", "ones"])
def test_thin_bars_are_closer_than_ones(apart: int, code: int) -> None:
    """There is much paper between them."""
    picture = np.zeros((28, 60), np.uint8)
    for left in range(4, 56, apart):
        picture[5:23, left : left + 2] = 220
    assert is_code(beside(picture)) == code
