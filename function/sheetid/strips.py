"""All that is vision: from a decoded image to the runs of print on it, cut into candidate glyphs."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from sheetid.decoding import Scan
from sheetid.geometry import LINEAR, NEAREST, Matrix, after, half_turn, reduced, turn
from sheetid.ink import InkMap, extract_ink, faintest, remove_lines, threshold
from sheetid.page import Region, is_page, orientations, search_region, skew
from sheetid.runs import Run, find_runs
from sheetid.segmentation import Strip, segment

MOST_RUNS = 4  # the most promising ones of a region are read
LEAST_PROMISE = 0.4  # of the most promising run's: less is not worth a question
MOST_TURNED = 1  # runs of a crop that are also read upside down
FEWEST_EVEN = 3  # components of one height: fewer do not look like a number
MOST_CANDIDATES = 96  # of one region: they go into one batch with those of a second one
DETECTION_SIDE = 900  # pixels: runs are looked for on a region no larger than this
REACH = 0.06  # of a region's shorter side: how far the contrast of print is compared
LINE_LENGTH = 0.2  # of a region's shorter side: longer lines are rules and frames
LINE_THICKNESS = 0.03  # of a region's shorter side


@dataclass(frozen=True, slots=True)
class LocatedStrip:
    """A segmented run and where it is.

    Attributes:
        strip: The run, cut into candidates.
        to_image: 2x3 matrix from the strip to the uploaded image.
        height: Height of its print in pixels of the uploaded image.
        even: How many of its components have that height.
        turns: Quarter turns by which the image was turned to find it.
    """

    strip: Strip
    to_image: Matrix
    height: float
    even: int
    turns: int

    def upside_down(self) -> Self:
        """Return the run as it is when the sheet is turned by a half turn."""
        height, width = self.strip.ink.shape
        return replace(
            self,
            strip=self.strip.upside_down(),
            to_image=after(self.to_image, half_turn(width, height)),
            turns=(self.turns + 2) % 4,
        )


def find_strips(scan: Scan) -> list[LocatedStrip]:
    """Find the runs that may hold the number, the most promising of each orientation first."""
    return page_strips(scan) if is_page(scan.grey) else crop_strips(scan)


def page_strips(scan: Scan) -> list[LocatedStrip]:
    """Find the runs in the corner of a page that is top right when the page is upright, either way up."""
    strips: list[LocatedStrip] = []
    for turns in orientations(scan.grey):
        strips += region_strips(search_region(scan.grey, turns), turns, scan.reduction)
    return strips


def crop_strips(scan: Scan) -> list[LocatedStrip]:
    """Find the runs in a crop, and in the crop turned across if nothing in it looks like a number."""
    level = region_strips(search_region(scan.grey), 0, scan.reduction)
    across: list[LocatedStrip] = []
    if all(located.even < FEWEST_EVEN for located in level):
        across = region_strips(search_region(scan.grey, 1), 1, scan.reduction)
    turned = [located.upside_down() for located in (*level[:MOST_TURNED], *across[:MOST_TURNED])]
    return [*level, *across, *turned]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of print found in a region.

    Attributes:
        ink: `[height, width]` uint8, the region's ink, turned so that its lines are level.
        to_image: 2x3 matrix from points of `ink` to points of the uploaded image.
        floor: What is paler is paper, 0 to 255.
        runs: Lines in pixels of `ink` with what each promises, the most promising first.
    """

    ink: InkMap
    to_image: Matrix
    floor: float
    runs: list[tuple[Run, float]]


def find_lines(region: Region, reduction: int) -> Lines:
    """Find the lines of print in one region and level them."""
    ink = extract_ink(region.grey)
    scale = max(1.0, max(ink.shape) / DETECTION_SIDE)
    small = reduced(ink, scale) if scale > 1 else ink
    side = min(small.shape)
    floor = faintest(small)
    mask = threshold(small, round(REACH * side) + 1, floor)
    angle = skew(mask)
    mask, _ = turn(mask, angle, NEAREST)
    small, _ = turn(small, angle, LINEAR)
    ink, to_region = turn(ink, angle, LINEAR)
    length = round(LINE_LENGTH * side)
    mask = remove_lines(mask, length, length, round(LINE_THICKNESS * side))
    runs = [(run.enlarged(scale), run.promise * contrast(small, run)) for run in find_runs(mask)]
    runs.sort(key=lambda entry: -entry[1])
    return Lines(ink, after(region.to_image, to_region) * reduction, floor, runs)


def region_strips(region: Region, turns: int, reduction: int) -> list[LocatedStrip]:
    """Find the runs of print in one region, level them and cut them into candidate glyphs."""
    lines = find_lines(region, reduction)
    strips: list[LocatedStrip] = []
    total, best = 0, 0.0
    for run, promise in lines.runs:
        if len(strips) == MOST_RUNS or (strips and promise < LEAST_PROMISE * best):
            break
        strip = segment(lines.ink, run, lines.floor)
        total += len(strip.candidates)
        if strip.candidates and total <= MOST_CANDIDATES:
            best = max(best, promise)
            located = after(lines.to_image, strip.to_region)
            strips.append(LocatedStrip(strip, located, run.height * reduction, run.even, turns))
    return strips


def contrast(ink: InkMap, run: Run) -> float:
    """Return how dark a run's print is, 0 to 1."""
    y = run.middle + run.slope * (run.right - run.left) / 2
    top, bottom = max(0, int(y - run.height / 2)), int(y + run.height / 2) + 1
    window = ink[top:bottom, max(0, int(run.left)) : int(run.right) + 1]
    return float(np.percentile(window, 95)) / 255 if window.size else 0.0
