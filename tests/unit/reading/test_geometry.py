"""Points are taken back to the uploaded image through every turn."""

import numpy as np
import pytest

from sheetid.vision.geometry import (
    LINEAR,
    after,
    bounding_box,
    corners,
    quarter_turns_back,
    shift,
    transform,
    turn,
)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_quarter_turns_are_taken_back(turns: int) -> None:
    """A pixel found in the turned image is where the matrix says in the image itself."""
    image = np.zeros((5, 8), np.uint8)
    image[1, 6] = 255
    turned = np.rot90(image, turns)
    (row,), (column,) = np.nonzero(turned)
    back = transform(np.array([[column, row]], np.float64), quarter_turns_back(turns, 8, 5))
    assert back.round().astype(int).tolist() == [[6, 1]]


@pytest.mark.parametrize("angle", [-9.0, 0.0, 4.5])
def test_turn_is_taken_back(angle: float) -> None:
    """A blob in the turned image lies where the matrix says it came from."""
    image = np.zeros((200, 300), np.uint8)
    image[60:64, 220:224] = 255
    turned, back = turn(image, angle, LINEAR)
    rows, columns = np.nonzero(turned > 100)
    found = transform(np.array([[columns.mean(), rows.mean()]]), back)
    assert found[0] == pytest.approx([221.5, 61.5], abs=0.6)


def test_matrices_are_applied_from_the_inside_out() -> None:
    """First the shift, then the half turn."""
    matrix = after(quarter_turns_back(2, 10, 10), shift(3, 0))
    assert transform(np.array([[0.0, 0.0]]), matrix).tolist() == [[6.0, 9.0]]


def test_bounding_box_encloses_its_points() -> None:
    """Fractions of pixels are rounded outwards."""
    assert bounding_box(corners(1.2, 2.8, 5.1, 7.0)) == (1, 2, 5, 5)
