"""What the model sees: strips, their windows, and single characters as windows."""

import cv2
import numpy as np
import pytest

from sheetid.vision.geometry import transform
from sheetid.vision.glyphs import (
    HEIGHT,
    MARGIN,
    MIDDLE,
    SIDE,
    STEP,
    centred,
    inked,
    stack,
    straighten,
    windows,
)
from sheetid.vision.runs import Run


def test_strip_has_digits_of_the_common_height_in_its_middle() -> None:
    """Whatever the size of the print, it fills the strip's middle 20 rows."""
    for size in (15, 40, 90):
        ink = np.zeros((200, 400), np.uint8)
        ink[100 - size // 2 : 100 - size // 2 + size, 60:340] = 200
        strip, _ = straighten(ink, Run(60, 340, 100, 0.0, size, 6))
        column = strip[:, strip.shape[1] // 2] > 127
        assert abs(int(column.sum()) - HEIGHT) <= 1
        assert abs(float(np.flatnonzero(column).mean()) - (SIDE - 1) / 2) <= 1
        assert strip.max() == 255


def test_strip_of_a_slanting_line_is_level() -> None:
    """A line that falls to the right is brought level, and the matrix leads back to it."""
    ink = np.zeros((200, 400), np.uint8)
    cv2.line(ink, (60, 80), (340, 108), 255, 21)
    strip, to_ink = straighten(ink, Run(60, 340, 80, 0.1, 20, 6))
    ends = strip[:, [MARGIN + 5, strip.shape[1] - MARGIN - 5]] > 127
    assert abs(float(np.argmax(ends[:, 0])) - float(np.argmax(ends[:, 1]))) <= 1
    left = transform(np.array([[MARGIN, SIDE / 2]], np.float64), to_ink)[0]
    assert left == pytest.approx([60, 80], abs=0.01)


def test_faint_print_becomes_dark_but_paper_does_not() -> None:
    """Print is stretched to black; what is hardly darker than paper stays as it is."""
    run = Run(60, 340, 100, 0.0, 20, 6)
    faint = np.zeros((200, 400), np.uint8)
    faint[90:110, 60:340] = 60
    assert straighten(faint, run)[0].max() == 255
    assert straighten(np.full((200, 400), 3, np.uint8), run)[0].max() < 60


def test_windows_follow_each_other_in_steps() -> None:
    """The n-th window starts n steps from the left."""
    strip = np.random.default_rng(1).integers(0, 255, (SIDE, 61), np.uint8)
    seen = windows(strip)
    assert len(seen) == (61 - SIDE) // STEP + 1
    assert (seen[3] == strip[:, 3 * STEP : 3 * STEP + SIDE]).all()


def test_windows_with_bare_paper_in_their_middle_are_told() -> None:
    """A stroke counts in the windows in whose middle it stands, and not above or below the digits."""
    strip = np.zeros((SIDE, 101), np.uint8)
    strip[10:14, 50] = 100
    strip[:2, 80] = 255
    middles = SIDE / 2 + STEP * np.arange(len(windows(strip)))
    np.testing.assert_array_equal(inked(strip), np.abs(50.5 - middles) < MIDDLE / 2)


def test_batch_is_what_the_model_takes() -> None:
    """All windows of all strips, float32 between 0 and 1."""
    strip = np.full((SIDE, 40), 255, np.uint8)
    batch = stack([windows(strip), windows(strip)])
    assert batch.shape == (14, SIDE, SIDE, 1)
    assert batch.dtype == np.float32
    assert batch.max() == 1


@pytest.mark.parametrize("shape", [(40, 20), (7, 5), (30, 90), (1, 1)])
def test_single_character_is_centred(shape: tuple[int, int]) -> None:
    """A cut character is as high as digits in a strip, and in the middle."""
    window = centred(np.ones(shape, np.float32))
    rows, columns = np.nonzero(window > 127)
    assert window.shape == (SIDE, SIDE)
    assert (int(rows.min()), int(rows.max())) == (4, 23)
    assert abs(float(columns.mean()) - (SIDE - 1) / 2) <= 0.5
