"""Where the digits of a line start and end: from what the rows of its canvas are like."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.bands import (
    BAND,
    COLUMNS,
    HEIGHT,
    LEFT,
    OUTSIDE,
    RIGHT,
    ROWS,
    Canvas,
    Flags,
    Lines,
    Values,
    medians,
    moved,
    without_walls,
)

Ways = npt.NDArray[np.intp]  # [N]
Profile = npt.NDArray[np.float32]  # [N, rows]

CORE = slice(ROWS // 2 - 5, ROWS // 2 + 5)  # rows that are digits, even if the band is not quite right
START = 4  # rows from the middle: digits' edges are looked for from there outwards
EDGE = 0.4  # of the texture in the middle of a line: where less is, the digits end
HAIRLINE = 0.15  # of it: where digits end in hairlines
WAYS = PLAIN, CRACKED, WALLED, LOOSE, GIVEN = range(5)  # to tell where digits end; the last: where they did
EVEN = 0.25  # of its square: the ink's variance along a rule is less
DARKER = 1.5  # times the mean ink along digits: that along a rule is more
PLAINER = 0.75  # of the digits' texture: that of paper between walls
PALE = 1.2  # times the ink of the palest row: as pale
CRACK = 3  # rows: digits go on behind so narrow a gap in the print
BLOCKS = 8  # of columns: they are moved against each other to find the slope
SHEARS = np.arange(-6, 6.1, 1.5)  # rows from one end to the other
MOST_TURNED = 0.05  # slope: so much may lines differ from the region's skew
SHARPER = 1.04  # times: a slope is changed for no less

_shifts = np.rint(SHEARS[:, None] * np.linspace(-0.5, 0.5, BLOCKS)).astype(np.intp)
_BLOCK_MEANS = np.repeat(np.eye(BLOCKS, dtype=np.float32), COLUMNS // BLOCKS, axis=0) * BLOCKS / COLUMNS
_SHEARED = np.clip(np.arange(ROWS) + _shifts[:, :, None], 0, ROWS - 1)  # [shears, blocks, rows]
_SHEARED_AT = _SHEARED * BLOCKS + np.arange(BLOCKS)[:, None]  # in rows of blocks one after the other


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of lines' canvases are like.

    Attributes:
        shear: `[N]`, by how many rows each line falls from end to end of its canvas.
        texture: `[N, ROWS]`, the variance of the ink along each row.
        bare: The same without the upright walls of cells, where there are level ones.
        ink: `[N, ROWS]`, the mean ink, without them too.
        walls: `[N, ROWS]`, which rows are a level wall's.
    """

    shear: Values
    texture: Profile
    bare: Profile
    ink: Profile
    walls: Flags

    def take(self, index: npt.NDArray[np.intp]) -> Self:
        """Return the rows of some lines."""
        return type(self)(
            self.shear[index], self.texture[index], self.bare[index], self.ink[index], self.walls[index]
        )


def rows_of(lines: Lines, canvas: Canvas) -> Rows:
    """Describe the rows of every line's canvas `[N, ROWS, COLUMNS]`."""
    means, squares = moments(canvas)
    most = MOST_TURNED * (lines[:, RIGHT] - lines[:, LEFT]) / lines[:, HEIGHT] * BAND
    slopes = sharpest(means, most)
    sheared = np.arange(len(lines))[:, None, None], _SHEARED[slopes], np.arange(BLOCKS)[None, :, None]
    means, squares = means[sheared], squares[sheared]
    # Digits differ along a row, paper and rules do not: it is their texture that tells where digits end.
    ink = means.mean(axis=1)
    texture = squares.mean(axis=1) - np.square(ink)
    walls, bare = ruled(means, squares), texture.copy()
    walled = walls.any(axis=1)
    if walled.any():
        means, squares = moments(without_walls(canvas[walled]))
        sheared = np.arange(len(means))[:, None, None], _SHEARED[slopes[walled]], sheared[2]
        ink[walled] = means[sheared].mean(axis=1)
        bare[walled] = squares[sheared].mean(axis=1) - np.square(ink[walled])
    return Rows(SHEARS[slopes], texture, bare, ink, walls)


def moments(canvas: Canvas) -> tuple[Canvas, Canvas]:
    """Return the mean ink, and that of its square, of every row in every block, `[N, ROWS, BLOCKS]`."""
    means, squares = (np.asarray(some @ _BLOCK_MEANS, np.float32) for some in (canvas, np.square(canvas)))
    return means, squares


def refined(lines: Lines, rows: Rows, way: Ways) -> Lines:
    """Return the lines with their slope and their digits' top and bottom measured, each in its way `[N]`."""
    walled = (way == WALLED)[:, None]
    texture = np.where(walled, rows.bare, rows.texture)
    kernel = np.ones((1, CRACK + 1), np.uint8)
    cracked = way == CRACKED
    texture[cracked] = cv2.morphologyEx(texture, cv2.MORPH_CLOSE, kernel)[cracked]
    share = np.where(way == LOOSE, HAIRLINE, EDGE)
    top, bottom = edges(texture, rows.ink, rows.walls & walled, share)
    top[way == GIVEN], bottom[way == GIVEN] = OUTSIDE, OUTSIDE + BAND
    return moved(lines, rows.shear, top, bottom)


def ruled(means: Canvas, squares: Canvas) -> Flags:
    """Return which rows `[N, ROWS]` are level rules.

    Args:
        means: `[N, BLOCKS, ROWS]`, the mean ink.
        squares: The mean of its square.
    """
    even = squares - np.square(means) <= EVEN * np.square(means)
    digits = medians(means[:, :, CORE].mean(axis=1))
    rule = even & (means >= DARKER * digits[:, None, None])
    return np.asarray(rule.sum(axis=1) >= BLOCKS / 2, np.bool_)


def sharpest(blocks: npt.NDArray[np.float32], most: Values) -> npt.NDArray[np.intp]:
    """Return for each line which shear makes its profile sharpest.

    Args:
        blocks: `[N, ROWS, BLOCKS]`, the mean ink.
        most: `[N]`, the most rows from end to end that a line may be sheared by.
    """
    profiles = np.take(blocks.reshape(len(blocks), -1), _SHEARED_AT, axis=1).sum(axis=2)
    sharpness = np.square(profiles[:, :, 2:] - profiles[:, :, :-2]).sum(axis=2)
    sharpness[np.abs(SHEARS) > most[:, None]] = 0
    level = len(SHEARS) // 2
    best = sharpness.argmax(axis=1)
    clear = sharpness.max(axis=1) > SHARPER * sharpness[:, level]
    return np.where(clear, best, level)


def edges(texture: Profile, ink: Profile, walls: Flags, share: Values) -> tuple[Values, Values]:
    """Return at which rows digits start and end.

    Args:
        texture: `[N, ROWS]`, the variance of the ink along each row.
        ink: `[N, ROWS]`, its mean.
        walls: `[N, ROWS]`, which rows are a wall's: no digit goes on behind them.
        share: `[N]`, of the texture in the middle: where less is, the digits end.
    """
    base = np.sort(texture, axis=1)[:, 2]
    plateau = np.sort(texture[:, CORE], axis=1)[:, 5]
    found = []
    for outwards in (slice(ROWS // 2 - START, None, -1), slice(ROWS // 2 + START - 1, None)):
        gap, walled = gaps(ink[:, outwards], walls[:, outwards])
        inner = texture[:, outwards]
        beside = inner[np.arange(len(gap)), gap]
        # Between walls, paper has a texture of its own; where digits reach the wall, there is no paper.
        paper = np.where(walled & (beside < PLAINER * plateau), beside, base)
        gap = np.where(walled, gap, inner.shape[1] - 1)
        found.append(crossing(inner, paper + share * (plateau - paper), gap))
    return ROWS // 2 - START + 0.5 - found[0], ROWS // 2 + START - 0.5 + found[1]


def gaps(ink: Profile, walls: Flags) -> tuple[npt.NDArray[np.intp], Flags]:
    """Return for each line in which row the gap before its nearest wall ends, and if there is one.

    Paper between digits and wall is paler than both; where there is none to be seen, digits reach the wall.
    """
    outside = np.cumsum(walls, axis=1) > 0
    pale = ~outside & (ink <= PALE * np.where(outside, np.inf, ink).min(axis=1, keepdims=True))
    gap = pale.shape[1] - 1 - pale[:, ::-1].argmax(axis=1)
    return gap, np.asarray(walls.any(axis=1) & (gap > 0), np.bool_)


def crossing(texture: Profile, level: Values, last: npt.NDArray[np.intp]) -> Values:
    """Return how many rows the texture `[N, rows]` stays above its level `[N]`, between rows linearly.

    Args:
        texture: From the digits' middle outwards.
        level: `[N]`.
        last: `[N]`, the row where digits have ended in any case.
    """
    below = (texture < level[:, None]) | (np.arange(texture.shape[1]) >= last[:, None])
    below[:, 0] = False
    first = below.argmax(axis=1)
    each = np.arange(len(texture))
    inside, outside = texture[each, first - 1], texture[each, first]
    part = (inside - level) / np.maximum(inside - outside, 1e-3)
    return np.asarray(first - 1 + np.clip(part, 0, 1), np.float64)
