"""Runs of print: components of like height, side by side, as the digits of a number are."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.bands import HEIGHT, LEFT, MIDDLE, RIGHT, SLOPE, Lines, carried
from sheetid.vision.geometry import Matrix
from sheetid.vision.ink import Mask

Boxes = npt.NDArray[np.float64]  # [N, 7]: left, top, right, bottom, area, 1 for a square one, and for a box

FAR = 1e5  # pixels: further than anything on a mask
LOWEST = 5  # pixels: no digit that can be told is lower
HIGHEST = 0.6  # of the mask's height
MOST_COMPONENTS = 100  # the largest ones are looked at
ALIKE = 0.76  # of the higher one's height: characters of one run are no lower
UNEVEN = 0.14  # of the higher one's height: their tops and bottoms are no further off
GAP = 1.3  # of the higher one's height: and they stand no further apart
SPACED = 2.3  # times as far as the nearest one: nor do groups of print that is spaced out
AS_HIGH, LEVEL = 0.9, 0.07  # the same as `ALIKE` and `UNEVEN`, for those
LARGE = 10  # pixels: of lower ones, too little is known
NARROWEST, LONGEST = (
    1.2,
    26.0,
)  # times its height: twelve digits and a label are shorter, lines of text longer
LEAST_INKED = 0.6  # of its height: a run's components take at least so much of its length
DIGIT = 0.6  # of its height: width of a digit
ENOUGH = 4.5  # digits make a number
SPAN = 2.5  # times its height: shorter runs tell nothing of their slope
STEEPEST = 0.1  # slope: steeper ones are no lines
TEXT = 14.0  # times its height: a longer run is rather a line of text
AS_WIDE = 0.14  # of its height: what is to be ticked is as wide but for so much, and hardly any digit is
LOOSE = 0.75  # of their length: circles among boxes stand apart from these, unlike letters
CORNERS = 0.4  # of its corners: a box has ink in more
SOLID, HOLLOW = 0.8, 0.2  # share of a box that is ink: bars, and frames
MOST_ONES = 8  # side by side: more strokes are bars of a barcode, if they are high and narrow, and dense
HIGH = 12  # pixels: lower print is as solid as bars
NARROW, DENSE = 0.4, 0.4  # of their height, on average, and of its length
BAR, BARS = 0.9, 0.65  # of its box that a bar takes, and of those strokes: a few touch
SAME_EXTENT, SAME_HEIGHT, SAME_PLACE = 0.6, 0.1, 0.08


@dataclass(frozen=True, slots=True)
class Run:
    """A run of print.

    Attributes:
        left, right: Where it starts and ends, in pixels.
        middle, slope: The line through the middle of its digits: y = middle + slope * (x - left).
        height: The height of its digits in pixels.
        even: How many of its components have that height.
    """

    left: float
    right: float
    middle: float
    slope: float
    height: float
    even: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of components: their lines, how many components each has, and how much each promises.

    A row to be ticked, with a box in it, or a barcode, promises nothing: it is in the way of what does.
    """

    lines: Lines
    even: npt.NDArray[np.intp]
    promise: npt.NDArray[np.float64]

    @classmethod
    def join(cls, *groups: "Groups") -> Self:
        """Put some groups after the others."""
        return cls(
            np.concatenate([some.lines for some in groups]),
            np.concatenate([some.even for some in groups]),
            np.concatenate([some.promise for some in groups]),
        )

    def take(self, which: npt.NDArray[np.bool_]) -> Self:
        """Return some of the groups."""
        return type(self)(self.lines[which], self.even[which], self.promise[which])

    def carried(self, matrix: Matrix) -> "Groups":
        """Return the same groups in another picture, to which the 2x3 matrix leads."""
        return replace(self, lines=carried(self.lines, matrix))


def find_groups(masks: list[Mask]) -> Groups:
    """Group the components of print that share their top and their bottom, in each of several masks.

    Args:
        masks: `[height, width]` uint8, 1 where there is ink; lines of print lie level to a few degrees.
    """
    found = [print_boxes(mask) for mask in masks]
    for number, boxes in enumerate(found):
        boxes[:, [1, 3]] += number * FAR  # masks lie far above each other: nothing in two of them is in line
    boxes = np.concatenate(found)
    group = linked(boxes)
    order = np.argsort(group, kind="stable")
    boxes, group = boxes[order], group[order]
    groups = described(boxes, np.flatnonzero(np.diff(group, prepend=-1)))
    groups.lines[:, MIDDLE] -= np.round(groups.lines[:, MIDDLE] / FAR - 0.25) * FAR
    return groups


def print_boxes(mask: Mask) -> Boxes:
    """Return the components that may be characters, or several that touch."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
    stats = stats[1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    limit = max(LOWEST, HIGHEST * len(mask))
    stats = stats[(height >= LOWEST) & (width <= LONGEST * height) & (height <= limit)]
    if len(stats) > MOST_COMPONENTS:
        stats = stats[np.argsort(-stats[:, cv2.CC_STAT_AREA])[:MOST_COMPONENTS]]
    boxes = stats.astype(np.float64)
    square = are_square(boxes)
    corners = np.zeros(len(boxes))
    for index in np.flatnonzero(square).tolist():
        left, top, across, down = stats[index, :4].tolist()
        corners[index] = is_box(mask[top : top + down, left : left + across])
    boxes = np.column_stack([boxes, square, corners])
    boxes[:, 2:4] += boxes[:, :2]
    return boxes


def are_square(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which components, `[N, 5]`, are as wide as high, as what is to be ticked is."""
    width, height = boxes[:, 2:4].T
    return np.asarray(np.abs(width - height) <= np.maximum(1, AS_WIDE * height), np.bool_)


def is_box(place: Mask) -> bool:
    """Tell whether a square component `[height, width]` has corners: four, or some around nothing."""
    down, across = place.shape
    high, wide = max(2, down // 5), max(2, across // 5)
    ends = np.stack([place[:high], place[-high:]])
    corners = np.stack([ends[:, :, :wide], ends[:, :, -wide:]]).mean(axis=(2, 3))
    middle = place[down // 3 : down - down // 3, across // 3 : across - across // 3]
    return bool(corners.min() >= CORNERS or (corners.mean() >= CORNERS and not middle.any()))


def linked(boxes: Boxes) -> npt.NDArray[np.intp]:
    """Return the number of the group that each box belongs to: neighbours of like height on one line."""
    group = np.arange(len(boxes))
    ones, others = np.nonzero(np.triu(are_neighbours(boxes), 1))
    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        if group[one] != group[other]:
            group[group == group[other]] = group[one]
    return group


def are_neighbours(boxes: Boxes) -> npt.NDArray[np.bool_]:
    """Tell which boxes are neighbours of like height on one line, `[N, N]`, of which the upper half counts.

    Where single characters are spaced out, so are their groups, with nothing in between.
    """
    left, top, right, bottom = boxes[:, :4].astype(np.float32).T
    height = bottom - top
    higher, lower = (extreme(height[:, None], height) for extreme in (np.maximum, np.minimum))
    uneven = np.maximum(np.abs(top[:, None] - top), np.abs(bottom[:, None] - bottom))
    gap = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    near = (lower >= ALIKE * higher - 0.5) & (uneven <= UNEVEN * higher + 1) & (gap <= GAP * higher)
    single = right - left <= height
    distance = np.abs(left[:, None] + right[:, None] - left - right) / 2
    nearest = np.where(near & single & (distance > 0), distance, np.inf).min(axis=1, initial=np.inf)
    reach = np.where(single, SPACED * nearest, 0)  # without end for a single one on its own
    reach = np.minimum(reach[:, None], reach)
    even = (lower >= np.maximum(LARGE, AS_HIGH * higher - 0.5)) & (uneven <= LEVEL * higher + 1)
    spaced = np.triu(even & (distance <= reach) & np.isfinite(reach) & ~near, 1)
    for pair in np.argwhere(spaced).tolist():
        first, last = sorted(pair, key=lambda box: left[box])
        between = (right > right[first]) & (left < left[last]) & (bottom > top[first]) & (top < bottom[first])
        between[pair] = False
        near[tuple(pair)] = not between.any()
    return np.asarray(near, np.bool_)


def described(boxes: Boxes, starts: npt.NDArray[np.intp]) -> Groups:
    """Describe the groups of boxes that start at `starts`, those that are no run of print left out."""
    if not len(boxes):
        return Groups(np.zeros((0, 5)), np.zeros(0, np.intp), np.zeros(0))

    def total(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(np.add.reduceat(values, starts), np.float64)

    left, top, right, bottom, area, square, box = boxes.T
    weight = right - left
    inked = total(weight)
    height = total(weight * (bottom - top)) / inked
    start, end = np.minimum.reduceat(left, starts), np.maximum.reduceat(right, starts)
    count = np.diff(starts, append=len(boxes))
    x, y = (left + right) / 2, (top + bottom) / 2
    mean_x, mean_y = total(weight * x) / inked, total(weight * y) / inked
    spread = total(weight * x * x) / inked - mean_x**2
    slope = (total(weight * x * y) / inked - mean_x * mean_y) / np.maximum(spread, 1e-6)
    slope[(count < 3) | (end - start < SPAN * height) | (np.abs(slope) > STEEPEST)] = 0  # noqa: PLR2004
    length = (end - start) / height
    promise = height * np.minimum(inked / height / DIGIT, ENOUGH)
    filled = total(area) / total(weight * (bottom - top))
    promise[(count > 2) & (filled > SOLID)] *= 0.4  # noqa: PLR2004 - bars
    promise[(count == 1) & (filled < HOLLOW)] *= 0.5
    promise[length > TEXT] *= 0.6
    ticked = (total(box) == count) | ((total(box) > 0) & (inked <= LOOSE * (end - start)))
    ticked &= total(square) == count
    promise[(count > 2) & ticked] = 0  # noqa: PLR2004 - a row to be ticked
    bars = total((area >= BAR * weight * (bottom - top)).astype(np.float64))
    dense = (inked <= NARROW * height * count) & (inked >= DENSE * (end - start))
    promise[(count >= MOST_ONES) & (height >= HIGH) & dense & (bars >= BARS * count)] = 0  # a barcode
    lines = np.stack([start, end, mean_y + slope * (start - mean_x), slope, height], axis=1)
    keep = (length >= NARROWEST) & (length <= LONGEST) & (inked >= LEAST_INKED * height)
    return Groups(lines[keep], count[keep], promise[keep])


def distinct(lines: Lines, promise: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.intp]:
    """Return which lines to keep, the most promising first, when those that are the same are kept once.

    A line that is kept is made as long as all those that are the same.
    """
    order = np.argsort(-promise, kind="stable")
    same = alike(lines[order])
    kept: list[int] = []
    known = np.zeros(len(lines), np.bool_)
    for index in range(len(lines)):
        if len(kept) < most and not known[index]:
            kept.append(index)
            known |= same[index]
    best, left, right = order[kept], lines[order, LEFT], lines[order, RIGHT]
    left = np.where(same[kept], left, np.inf).min(axis=1, initial=np.inf)
    right = np.where(same[kept], right, -np.inf).max(axis=1, initial=-np.inf)
    lines[best, MIDDLE] += lines[best, SLOPE] * (left - lines[best, LEFT])
    lines[best, LEFT], lines[best, RIGHT] = left, right
    return best


def is_known(run: Run, runs: list[Run]) -> bool:
    """Tell whether a run is the same print as one of some others."""
    lines = np.array([[one.left, one.right, one.middle, one.slope, one.height] for one in (run, *runs)])
    return bool(alike(lines)[0, 1:].any())


def alike(lines: Lines) -> npt.NDArray[np.bool_]:
    """Return which lines are the same print, `[N, N]`: of one height, and at one place where both are."""
    left, right, height = lines[:, LEFT], lines[:, RIGHT], lines[:, HEIGHT]
    higher = np.maximum(height[:, None], height)
    first, last = shared(lines)
    same = last - first >= SAME_EXTENT * np.minimum((right - left)[:, None], right - left)
    same &= np.abs(height[:, None] - height) <= SAME_HEIGHT * higher
    for x in (first, last):
        same &= apart(lines, x) <= SAME_PLACE * higher
    return np.asarray(same, np.bool_)


def shared(lines: Lines) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return from where to where each two lines both are, `[N, N]`; it ends before it starts if nowhere."""
    left, right = lines[:, LEFT], lines[:, RIGHT]
    return np.maximum(left[:, None], left), np.minimum(right[:, None], right)


def apart(lines: Lines, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how far apart the middles of each two lines are, at `x` `[N, N]`."""
    left, middle, slope = lines[:, LEFT], lines[:, MIDDLE], lines[:, SLOPE]
    one = middle[:, None] + slope[:, None] * (x - left[:, None])
    return np.asarray(np.abs(one - (middle + slope * (x - left))), np.float64)
