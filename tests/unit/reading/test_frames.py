"""Frames and cells around digits: what stands within them is found, and walls are not shown to the model."""

from dataclasses import replace

import numpy as np
import pytest

from sheetid.vision.frames import within_frame, without_cells
from sheetid.vision.ink import InkMap
from sheetid.vision.runs import Run

RUN = Run(left=10.0, right=110.0, middle=50.0, slope=0.0, height=40.0, even=1)


def framed(
    top: int, bottom: int, rules: tuple[int, ...] = (4, 23), columns: slice = slice(36, 136)
) -> InkMap:
    """Return a strip with six digits between two rows, and rules between walls."""
    strip = np.zeros((28, 172), np.uint8)
    for left in range(42, 130, 16):
        strip[top:bottom, left : left + 2] = strip[top:bottom, left + 8 : left + 10] = 220
        strip[top : top + 2, left : left + 10] = strip[bottom - 2 : bottom, left : left + 10] = 220
    for rule in rules:
        strip[rule, columns] = 220
    strip[min(rules, default=0) : max(rules, default=0), [columns.start, columns.stop - 1]] = 220
    return strip


@pytest.mark.parametrize(("top", "bottom"), [(8, 20), (7, 21), (9, 22)])
def test_digits_in_a_frame_have_a_line_of_their_own(top: int, bottom: int) -> None:
    """It is as high as they are, at their place, and as long as the frame."""
    inner = within_frame(framed(top, bottom), RUN)
    assert inner == replace(RUN, middle=50 + 2 * ((top + bottom) / 2 - 14), height=2.0 * (bottom - top))


def test_line_in_a_frame_aslant_is_moved_across_it() -> None:
    """Its middle is told at its left end, straight below."""
    inner = within_frame(framed(8, 18), replace(RUN, slope=0.75))
    assert inner is not None
    assert inner.middle == pytest.approx(50 - 2 * 1.25)


@pytest.mark.parametrize(
    "strip",
    [
        framed(8, 20, rules=()),
        framed(8, 20, rules=(23,)),
        framed(5, 23),
        framed(8, 20, columns=slice(36, 66)),
        framed(12, 15),
        np.zeros((28, 172), np.uint8),
    ],
    ids=["no frame", "an underline", "digits as high as it", "short rules", "scribble", "paper"],
)
def test_what_is_in_no_frame_has_no_other_line(strip: InkMap) -> None:
    """One rule, or short ones, are no frame; what fills it was measured as it is."""
    assert within_frame(strip, RUN) is None


def with_walls(*columns: int, width: int = 2) -> InkMap:
    """Return a strip with a digit and walls that go through all of it."""
    strip = np.zeros((28, 172), np.uint8)
    strip[4:24, 46:54] = 220
    for column in columns:
        strip[:, column : column + width] = 220
    return strip


@pytest.mark.parametrize(
    "columns",
    [(40, 60, 80, 100), (40, 60, 100), (40, 80, 120), (40, 60, 81, 99)],
    ids=["all", "one is missing", "each second one", "not quite even"],
)
def test_walls_of_cells_are_taken_away(columns: tuple[int, ...]) -> None:
    """The digits among them stay."""
    assert np.array_equal(without_cells(with_walls(*columns)), with_walls())


@pytest.mark.parametrize(
    "strip",
    [
        with_walls(40, 60),
        with_walls(40, 60, 91, 117),
        with_walls(20, 78, 136),
        with_walls(10, 30, 130),
        with_walls(40, 48, 56, 64),
        with_walls(40, 60, 80, width=7),
        with_walls(40, 60, 80)[:, ::-1] * (np.arange(28) < 24)[:, None].astype(np.uint8),
        np.zeros((28, 172), np.uint8),
    ],
    ids=[
        "a frame",
        "uneven strokes",
        "too wide for cells",
        "too many cells without walls",
        "bars",
        "broad ones",
        "as high as digits",
        "paper",
    ],
)
def test_what_may_be_strokes_stays(strip: InkMap) -> None:
    """Cells are at least three walls, thin, from top to bottom, a cell or some apart."""
    assert without_cells(strip) is strip


def test_a_streak_among_cells_stays() -> None:
    """It is no cell away from their walls."""
    walls = (20, 40, 60, 80, 100, 120, 140)
    assert np.array_equal(without_cells(with_walls(*walls, 148)), with_walls(148))
