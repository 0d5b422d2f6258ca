"""Small marks between digits are points, or dust."""

from dataclasses import replace

import numpy as np
import pytest

from sheetid.evidence.marks import (
    FAINT,
    MARK,
    SIGN_HINTS,
    count_marks,
    has_kerned_mark,
    hints_of_signs,
    may_be_divided,
)
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from tests.unit.reading.four_digits import CENTRES, NUMBER, parted, strip_with


@pytest.mark.parametrize(
    ("moved", "rows", "columns", "marked"),
    [
        (5, (21, 24), (91, 94), 1),
        (5, (22, 28), (91, 94), 1),
        (5, (4, 9), (91, 94), 1),
        (5, (13, 16), (91, 94), 0),
        (5, (10, 24), (91, 94), 0),
        (5, (23, 24), (91, 94), 0),
        (0, (21, 24), (89, 92), 0),
        (5, (26, 28), (90, 94), 0),
    ],
    ids=[
        "a point",
        "a comma",
        "an apostrophe",
        "in the middle",
        "as high as a 1",
        "too small",
        "no room",
        "print below",
    ],
)
def test_mark_between_digits_that_are_farther_apart_may_be_a_point(
    moved: int, rows: tuple[int, int], columns: tuple[int, int], marked: int
) -> None:
    """In narrow print a point takes little room."""
    strip, number = parted(moved, 6)
    strip[slice(*rows), slice(*columns)] = 200
    assert count_marks(Printed(strip, number), MARK) == marked


@pytest.mark.parametrize(("apart", "marks"), [(32, 2), (20, 0)])
def test_marks_at_even_distances_are_points_where_there_is_room(apart: int, marks: int) -> None:
    """7.6.9 in typewritten print; what frames the digits is not their line."""
    centres = tuple(30.0 + apart * place for place in range(3))
    strip = np.zeros((28, 140), np.uint8)
    strip[26:28] = 220
    for centre in centres:
        strip[4:24, int(centre) - 5 : int(centre) + 5] = 220
        strip[21:24, int(centre) + apart // 2 - 1 : int(centre) + apart // 2 + 2] = 220
    number = Number((7, 6, 9), centres, (0.99,) * 3, 0.99)
    assert count_marks(Printed(strip, number), FAINT) == marks
    assert hints_of_signs(Printed(strip, number), 1, 7) == marks


def test_too_few_digits_tell_nothing_of_their_distance() -> None:
    """Two digits may stand as far apart as they do."""
    strip = strip_with((4, 24), (4, 24), (0, 0), (0, 0))
    strip[21:24, 65:68] = 220
    pair = replace(NUMBER, digits=(4, 2), centres=(CENTRES[0], CENTRES[1] + 5))
    assert count_marks(Printed(strip, pair), MARK) == 0


@pytest.mark.parametrize(
    ("column", "likely", "digit", "kerned"),
    [(89, 0.05, 7, 1), (89, 0.01, 7, 0), (69, 0.05, 7, 0), (89, 0.05, 4, 0)],
    ids=["7.1", "dust", "elsewhere", "behind a 4"],
)
def test_a_point_under_the_arm_of_a_seven_takes_no_room(
    column: int, likely: float, digit: int, kerned: int
) -> None:
    """It is a mark where the model thinks a sign possible."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[21:24, column : column + 3] = 200
    number = replace(NUMBER, digits=(0, digit, 2, 7), between=(0.0, likely, 0.0))
    assert has_kerned_mark(Printed(strip, number), 7) == kerned
    assert (hints_of_signs(Printed(strip, number), 1, 7) == SIGN_HINTS) == kerned


@pytest.mark.parametrize(
    ("apart", "between", "divided"), [(24.0, 0.2, 1), (20.0, 0.2, 0), (24.0, 0.1, 0)], ids=str
)
def test_sign_that_the_model_sees_may_divide_digits_that_stand_apart(
    apart: float, between: float, divided: int
) -> None:
    """The comma of 604,60 may touch the 4; in noise the model sees signs where there is no room."""
    centres = (60.0, 80.0, 100.0, 100.0 + apart, 120.0 + apart)
    number = replace(NUMBER, digits=(6, 0, 4, 6, 0), centres=centres, between=(0.0, 0.0, between, 0.0))
    assert may_be_divided(number) == divided
