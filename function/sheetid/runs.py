"""Runs of print: components of like height, side by side, as the digits of a number are."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.ink import Mask

LOWEST = 7  # pixels: no digit that can be told is lower
MOST_COMPONENTS = 600  # the largest ones are looked at
WIDEST = 14.0  # times its height: a component of so many touching digits, at most
GAP = 1.1  # times the height: neighbours of one run are no further apart
OVERLAP = 0.55  # of the lower one's height: neighbours stand side by side
HEIGHT_RATIO = 0.55  # of the higher one's height: neighbours are alike
NARROWEST_RUN = 1.2  # times its height


@dataclass(frozen=True, slots=True)
class Run:
    """A run of print.

    Attributes:
        left, right: Where it starts and ends, in pixels.
        middle, slope: The line through the middle of its components: y = middle + slope * (x - left).
        height: The height of its characters in pixels.
        components: How many components it consists of.
    """

    left: float
    right: float
    middle: float
    slope: float
    height: float
    components: int

    def enlarged(self, factor: float) -> Self:
        """Return the run in pixels `factor` times smaller."""
        return replace(
            self,
            left=self.left * factor,
            right=self.right * factor,
            middle=self.middle * factor,
            height=self.height * factor,
        )


def find_runs(mask: Mask) -> list[Run]:
    """Group the components of print into runs, the highest print first.

    Args:
        mask: `[height, width]` uint8, 1 where there is ink; lines of print lie level to within a few degrees.
    """
    boxes = print_boxes(mask)
    runs = [fit_run(boxes[members]) for members in linked(boxes)]
    wide = [run for run in runs if run.right - run.left >= NARROWEST_RUN * run.height]
    return sorted(wide, key=lambda run: -run.height)


def print_boxes(mask: Mask) -> npt.NDArray[np.int32]:
    """Return the components that may be characters, left to right: `[N, 4]` left, top, right, bottom."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    stats = stats[1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    stats = stats[(height >= LOWEST) & (width <= WIDEST * height) & (height <= 0.9 * mask.shape[0])]
    if len(stats) > MOST_COMPONENTS:
        stats = stats[np.argsort(-stats[:, cv2.CC_STAT_AREA])[:MOST_COMPONENTS]]
    stats = stats[np.argsort(stats[:, cv2.CC_STAT_LEFT], kind="stable")]
    boxes = stats[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    return np.asarray(boxes, np.int32)


def linked(boxes: npt.NDArray[np.int32]) -> list[npt.NDArray[np.intp]]:
    """Return the groups of boxes that are neighbours in one run, directly or through others."""
    left, top, right, bottom = boxes.T.astype(np.float32)
    height = bottom - top
    lower = np.minimum(height[:, None], height[None, :])
    higher = np.maximum(height[:, None], height[None, :])
    overlap = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    gap = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    neighbours = (overlap >= OVERLAP * lower) & (gap <= GAP * lower) & (lower >= HEIGHT_RATIO * higher)
    group = np.arange(len(boxes))
    while True:  # every box takes the smallest number among its neighbours, until nothing changes
        smallest = np.where(neighbours, group[None, :], len(boxes)).min(axis=1, initial=len(boxes))
        smallest = smallest[smallest] if len(boxes) else smallest
        if np.array_equal(smallest, group):
            return [np.flatnonzero(group == number) for number in np.unique(group)]
        group = smallest


def fit_run(boxes: npt.NDArray[np.int32]) -> Run:
    """Describe a group of boxes by its extent and by the line through the middles of its higher members."""
    left, top, right, bottom = boxes.T.astype(np.float64)
    heights = bottom - top
    height = float(np.percentile(heights, 70))
    full = heights >= 0.8 * height
    x, y = (left + right)[full] / 2, (top + bottom)[full] / 2
    start, end = float(left.min()), float(right.max())
    slope = float(np.polyfit(x, y, 1)[0]) if np.ptp(x) > 2 * height else 0.0
    middle = float(np.median(y - slope * (x - start)))
    return Run(start, end, middle, slope, height, len(boxes))
