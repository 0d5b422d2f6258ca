"""Frames, cells and rules around digits: what is taken away, and what stands within them."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import BAND, HEIGHT, SIDE
from sheetid.vision.ink import AS_DARK, DARKNESS, InkMap, Mask, percentile, runs_in
from sheetid.vision.runs import Run

DARK = 100  # of 255: ink that counts
LENGTH = 50  # pixels of the strip: a rule is no shorter, and no row of digits has so much ink without a gap
INNER = 0.3  # of the ink in the row that has most: digits reach so far
RULED = 0.9  # of the columns: along a rule there is ink in no fewer
LOWEST, HIGHEST = 0.4, 0.9  # of the line's height: digits in a frame are no lower, and not as high as it
WALL = 3  # pixels: the wall of a cell is no thicker
NARROWEST_CELL, WIDEST_CELL = 14, 50  # pixels
MOST_BETWEEN = 4.5  # cells from one wall that is seen to the next
UNEVEN = 0.15  # of a cell's width: they are no more unlike
FEWEST_CELLS, MOSTLY = 2, 0.7  # of the distances of walls: where fewer are some cells, those are no walls


def within_frame(strip: InkMap, run: Run) -> Run | None:
    """Return the line of the digits in a frame that was measured in their place; None if it was not.

    Args:
        strip: `[28, width]` uint8, the line, straightened.
        run: Where it is.
    """
    ink = (strip >= DARK).view(np.uint8)
    grown = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    rules = np.asarray(cv2.erode(grown, np.ones((1, LENGTH), np.uint8)), np.uint8)
    ruled = rules.max(axis=1)
    above, below = np.flatnonzero(ruled[: SIDE // 2]), np.flatnonzero(ruled[SIDE // 2 :])
    if not above.size or not below.size:
        return None
    top, bottom = int(above[-1]), SIDE // 2 + int(below[0])
    columns = cv2.dilate(rules[[top]] & rules[[bottom]], np.ones((1, LENGTH), np.uint8))[0] > 0
    inside = ink[top : bottom + 1, columns]  # grown by a row, rules reach just into it
    inside = inside[:, ~inside.all(axis=0)]
    if not inside.size:
        return None
    cover = inside.mean(axis=1)
    rows = top + np.flatnonzero(cover >= INNER * cover.max())
    first, last = int(rows[0]), int(rows[-1]) + 1
    share = (last - first) / HEIGHT
    if not LOWEST <= share < HIGHEST:
        return None
    off = ((first + last) / 2 - SIDE / 2) * run.height / HEIGHT
    middle = run.middle + off * float(np.hypot(1, run.slope))
    return replace(run, middle=middle, height=share * run.height)


def without_lines(ink: Mask) -> Mask:
    """Return a line's ink, 0 or 1, without the walls across it and the rules along it."""
    wall = cv2.dilate(walls(ink, 1).view(np.uint8)[None], np.ones((1, 3), np.uint8))
    left = ink * (1 - wall)
    ruled = cv2.dilate(left, np.ones((3, 1), np.uint8)).mean(axis=1) >= RULED
    left[ruled] = 0
    return np.asarray(left, np.uint8)


def without_cells(strip: InkMap) -> InkMap:
    """Return a line without the walls of its cells, with the paper beside each in its place.

    The model now and then takes one for a 1, or for a part of the digit beside it.

    Args:
        strip: `[28, width]` uint8, the line, straightened.
    """
    faintest = AS_DARK * percentile(strip[BAND], DARKNESS)
    starts, stops = runs_in(walls(strip, faintest)).T
    thin = stops - starts <= WALL + 2  # `walls` grows them by a pixel on each side
    starts, stops = starts[thin], stops[thin]
    evenly = are_evenly_apart((starts + stops) / 2)
    if not evenly.any():
        return strip
    cleared, last = strip.copy(), strip.shape[1] - 1
    for start, stop in zip(starts[evenly].tolist(), stops[evenly].tolist(), strict=True):
        left, right = max(0, start - 2), min(last, stop + 1)
        cleared[:, left + 1 : right] = np.minimum(strip[:, left], strip[:, right])[:, None]
    return cleared


def are_evenly_apart(walls: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which walls stand a cell, or some, from the next one, if so many do that they are of cells.

    Args:
        walls: `[N]`, where they are, from left to right.
    """
    distances = np.diff(walls)
    widths = distances[(distances >= NARROWEST_CELL) & (distances <= WIDEST_CELL)]
    if not len(widths):
        return np.zeros(len(walls), np.bool_)
    cells = distances / widths[:, None]
    whole = (np.abs(cells - np.round(cells)) <= UNEVEN) & (cells >= 1 - UNEVEN) & (cells <= MOST_BETWEEN)
    best = whole[whole.sum(axis=1).argmax()]
    if best.sum() < max(FEWEST_CELLS, MOSTLY * len(best)):
        best[:] = False
    return np.asarray(np.append(best, False) | np.append(False, best), np.bool_)


def walls(ink: InkMap, faintest: float) -> npt.NDArray[np.bool_]:
    """Tell in which columns ink stands in all rows, above and below a line's digits too."""
    around = cv2.dilate(ink, np.ones((1, 3), np.uint8))
    return np.asarray(around.min(axis=0) >= faintest, np.bool_)
