"""All that is vision: from a decoded image to the runs of print on it, cut into candidate glyphs."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from sheetid.decoding import Scan
from sheetid.geometry import LINEAR, Matrix, after, half_turn
from sheetid.lines import find_lines
from sheetid.page import Region, is_page, orientations, search_region
from sheetid.segmentation import Strip, segment

MOST_TURNED = 1  # runs of a crop that are also read upside down
FEWEST_EVEN = 3  # components of one height: fewer do not look like a number
MOST_CANDIDATES = 96  # of one region: they go into one batch with those of a second one


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


def region_strips(region: Region, turns: int, reduction: int) -> list[LocatedStrip]:
    """Find the runs of print in one region, level them and cut them into candidate glyphs."""
    found = find_lines(region, reduction)
    # Levelled at the region's own resolution; the runs are told in pixels that are `factor` times as large.
    finer = np.array(
        [[1 / region.factor, 0, 0.5 / region.factor - 0.5], [0, 1 / region.factor, 0.5 / region.factor - 0.5]]
    )
    size = (found.ink.shape[1], found.ink.shape[0])
    flags = LINEAR | cv2.WARP_INVERSE_MAP
    level = np.asarray(cv2.warpAffine(found.ink, after(found.to_ink, finer), size, flags=flags), np.uint8)
    strips: list[LocatedStrip] = []
    total = 0
    for run, _ in found.runs:
        strip = segment(level, run.enlarged(region.factor), found.floor)
        total += len(strip.candidates)
        if strip.candidates and total <= MOST_CANDIDATES:
            located = after(after(found.to_image, finer), strip.to_region)
            strips.append(
                LocatedStrip(strip, located, run.height * region.factor * reduction, run.even, turns)
            )
    return strips
