"""Where the ink of a number's digits is, and how high they stand."""

import numpy as np
import pytest

from sheetid.recognition.printed import Printed, are_even
from tests.unit.reading.four_digits import CENTRES, NUMBER, strip_with


def test_boxes_are_those_of_the_digits_ink() -> None:
    """Each digit's box holds its ink, in the rows of the digits."""
    strip = strip_with(*[(6, 22)] * 4)
    assert Printed(strip, NUMBER).boxes == [(int(centre) - 5, 4, int(centre) + 5, 24) for centre in CENTRES]


@pytest.mark.parametrize(
    ("rows", "even"), [((0, 28), 1), ((4, 28), 1), ((10, 24), 0), ((10, 28), 0), ((0, 18), 0)]
)
def test_digits_are_even_though_a_streak_crosses_one(rows: tuple[int, int], even: int) -> None:
    """Old-style figures are lower than the others, or reach below the line with all their height."""
    assert are_even(np.array([(4, 24), (4, 24), rows, (4, 24)], np.float64)) == even
