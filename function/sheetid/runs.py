"""Runs of print: components of like height, side by side, as the digits of a number are."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.ink import Mask

Boxes = npt.NDArray[np.int32]  # [N, 4]: left, top, right, bottom
Members = npt.NDArray[np.intp]

LOWEST = 7  # pixels: no digit that can be told is lower
MOST_COMPONENTS = 600  # the largest ones are looked at
WIDEST = 14.0  # times its height: a component of so many touching digits, at most
GAP = 1.1  # times the height: neighbours of one run are no further apart
OVERLAP = 0.55  # of the lower one's height: neighbours stand side by side
HEIGHT_RATIO = 0.55  # of the higher one's height: neighbours are alike
NARROWEST_RUN = 1.2  # times its height
LONGEST_RUN = 26.0  # times its height: twelve wide digits and a label are shorter, lines of text are not
SLIM = 0.17  # width by height: slimmer shapes may be lines, and say nothing of the height of the print
CRACK = 0.12  # of their common height: pieces of one broken digit are no further apart
SLIMMEST = 2.2  # height by width of two pieces together: slimmer ones are print above other print
FRAGMENT = 0.15  # of a run's height: lower pieces beside it are dirt
REACH = 0.65  # of a run's height, up and down from its middle: what lies between belongs to it
SAME = 0.1  # of the height: runs that differ by less in every respect are one
SOLID = 0.8  # share of its box: a component with so much ink is a bar rather than a character
SLENDER = 0.3  # width by height: a group of nothing but such shapes are bars
FEWEST_BARS = 8  # of a barcode
UNEVEN = 0.06  # of their height: the ends of bars lie closer to one line
BAR_GAP = 0.4  # of their height: bars of one barcode are no further apart
FARTHEST = 2.0  # times its height: a run takes in pieces beside it no further out
ENOUGH = 4  # characters of like height make a number of a run


@dataclass(frozen=True, slots=True)
class Run:
    """A run of print.

    Attributes:
        left, right: Where it starts and ends, in pixels.
        middle, slope: The line through the middle of its components: y = middle + slope * (x - left).
        height: The height of its characters in pixels.
        even: How many of its components have that height.
    """

    left: float
    right: float
    middle: float
    slope: float
    height: float
    even: int

    @property
    def promise(self) -> float:
        """How much the run looks like a sheet number: high print, and enough of it of one height."""
        return self.height * min(self.even, ENOUGH)

    def enlarged(self, factor: float) -> Self:
        """Return the run in pixels `factor` times smaller."""
        return replace(
            self,
            left=self.left * factor,
            right=self.right * factor,
            middle=self.middle * factor,
            height=self.height * factor,
        )

    def is_like(self, other: Self) -> bool:
        """Tell whether two runs are the same print."""
        ours = np.array([self.left, self.right, self.middle, self.height])
        theirs = np.array([other.left, other.right, other.middle, other.height])
        return bool(np.abs(ours - theirs).max() < SAME * self.height)


def find_runs(mask: Mask) -> list[Run]:
    """Group the components of print into runs, the most promising first.

    Components are taken as they are, and also with the pieces of broken digits joined; either may be right.

    Args:
        mask: `[height, width]` uint8, 1 where there is ink; lines of print lie level to within a few degrees.
    """
    boxes = print_boxes(mask)
    whole = joined(boxes)
    runs = [
        extended(fit_run(taken[members]), taken) for taken in (boxes, whole) for members in linked(taken, GAP)
    ]
    runs = [run for run in runs if NARROWEST_RUN <= (run.right - run.left) / run.height <= LONGEST_RUN]
    different: list[Run] = []
    for run in sorted(runs, key=lambda run: -run.promise):
        if not any(run.is_like(other) for other in different):
            different.append(run)
    return different


def print_boxes(mask: Mask) -> Boxes:
    """Return the components that may be characters, from left to right."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    stats = stats[1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    stats = stats[(height >= LOWEST) & (width <= WIDEST * height) & (height <= 0.9 * mask.shape[0])]
    if len(stats) > MOST_COMPONENTS:
        stats = stats[np.argsort(-stats[:, cv2.CC_STAT_AREA])[:MOST_COMPONENTS]]
    stats = stats[np.argsort(stats[:, cv2.CC_STAT_LEFT], kind="stable")]
    boxes = stats[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    solid = stats[:, cv2.CC_STAT_AREA] >= SOLID * stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]
    return without_barcodes(np.asarray(boxes, np.int32), solid)


def without_barcodes(boxes: Boxes, solid: npt.NDArray[np.bool_]) -> Boxes:
    """Leave out the bars of barcodes, and what stands between them.

    Args:
        boxes: The components.
        solid: `[N]`, which of them are filled with ink.
    """
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    keep = np.ones(len(boxes), np.bool_)
    for may_be_bar in (solid, width <= SLENDER * height):
        bars = boxes[may_be_bar]
        for members in linked(bars, BAR_GAP):
            if len(members) >= FEWEST_BARS and is_even(bars[members]):
                left, top = bars[members, :2].min(axis=0)
                right, bottom = bars[members, 2:].max(axis=0)
                keep &= (x < left) | (x > right) | (y < top) | (y > bottom)
    return boxes[keep]


def is_even(boxes: Boxes) -> bool:
    """Tell whether most boxes start and end at the same height, as bars do."""
    left, top, right, bottom = boxes.T.astype(np.float64)
    height = float(np.median(bottom - top))
    x = (left + right) / 2
    deviations = [np.abs(edge - np.polyval(np.polyfit(x, edge, 1), x)) for edge in (top, bottom)]
    return bool(np.median(np.maximum(*deviations)) < UNEVEN * height)


def joined(boxes: Boxes) -> Boxes:
    """Join boxes that stand close above each other: the pieces of broken digits."""
    left, top, right, bottom = boxes.T.astype(np.float32)
    width = right - left
    shared = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    crack = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    common = np.maximum(bottom[:, None], bottom) - np.minimum(top[:, None], top)
    wider = np.maximum(width[:, None], width)
    pieces = (shared >= OVERLAP * np.minimum(width[:, None], width)) & (crack <= CRACK * common)
    pieces &= (wider <= common) & (common <= SLIMMEST * wider)
    np.fill_diagonal(pieces, val=True)
    groups = [boxes[members] for members in groups_of(pieces)]
    whole = [np.concatenate([group[:, :2].min(axis=0), group[:, 2:].max(axis=0)]) for group in groups]
    whole.sort(key=lambda box: int(box[0]))
    return np.array(whole, np.int32).reshape(-1, 4)


def linked(boxes: Boxes, farthest: float) -> list[Members]:
    """Return the groups of boxes that stand side by side, at most `farthest` of their height apart."""
    left, top, right, bottom = boxes.T.astype(np.float32)
    height = bottom - top
    lower = np.minimum(height[:, None], height[None, :])
    higher = np.maximum(height[:, None], height[None, :])
    overlap = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    gap = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    return groups_of(
        (overlap >= OVERLAP * lower) & (gap <= farthest * lower) & (lower >= HEIGHT_RATIO * higher)
    )


def groups_of(neighbours: npt.NDArray[np.bool_]) -> list[Members]:
    """Return the members of each group that a symmetric, reflexive relation `[N, N]` connects."""
    count = len(neighbours)
    group = np.arange(count)
    while True:  # every member takes the smallest number among its neighbours, until nothing changes
        smallest = np.where(neighbours, group[None, :], count).min(axis=1, initial=count)
        smallest = smallest[smallest] if count else smallest
        if np.array_equal(smallest, group):
            return [np.flatnonzero(group == number) for number in np.unique(group)]
        group = smallest


def fit_run(boxes: Boxes) -> Run:
    """Describe a group of boxes by its extent and by the line through the middles of its higher members."""
    left, top, right, bottom = boxes.T.astype(np.float64)
    heights = bottom - top
    telling = right - left >= SLIM * heights
    height = float(np.percentile(heights[telling] if telling.any() else heights, 70))
    full = np.abs(heights / height - 1) <= 0.2  # noqa: PLR2004 - capitals and figures differ by so much
    if not full.any():
        full = np.ones_like(full)
    x, y = (left + right)[full] / 2, (top + bottom)[full] / 2
    start, end = float(left.min()), float(right.max())
    slope = float(np.polyfit(x, y, 1)[0]) if np.ptp(x) > 2 * height else 0.0
    middle = float(np.median(y - slope * (x - start)))
    return Run(start, end, middle, slope, height, int(full.sum()))


def extended(run: Run, boxes: Boxes) -> Run:
    """Let a run take in the pieces of broken digits that lie beside it."""
    left, top, right, bottom = boxes.T.astype(np.float64)
    centre = run.middle + run.slope * ((left + right) / 2 - run.left)
    inside = (top >= centre - REACH * run.height) & (bottom <= centre + REACH * run.height)
    inside &= bottom - top >= FRAGMENT * run.height
    start, end = run.left, run.right
    while True:
        near = inside & (right >= start - GAP * run.height) & (left <= end + GAP * run.height)
        reach = (
            max(min(start, left[near].min(initial=start)), run.left - FARTHEST * run.height),
            min(max(end, right[near].max(initial=end)), run.right + FARTHEST * run.height),
        )
        if reach == (start, end):
            break
        start, end = reach
    middle = run.middle + run.slope * (start - run.left)
    return replace(run, left=float(start), right=float(end), middle=float(middle))
