"""All that is vision: from a decoded image to the lines of print on it, each straightened into a strip."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from sheetid.decoding import Scan
from sheetid.geometry import Matrix, after, half_turn, transform
from sheetid.glyphs import SIDE, straighten, windows
from sheetid.ink import InkMap
from sheetid.lines import find_lines
from sheetid.page import Region, is_page, orientations, search_region

MOST_TURNED = 1  # lines of a crop that are also read upside down
FEWEST_EVEN = 3  # components of one height: fewer do not look like a number
MOST_WINDOWS = 400  # of one region: they go into one batch with those of a second one


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of print, straightened, and where it is.

    Attributes:
        ink: `[28, width]` uint8, digits 20 px high in the middle of it.
        seen: The first of its columns that lies in the region, and the one after the last.
        to_image: 2x3 matrix from the strip to the uploaded image.
        height: Height of its print in pixels of the uploaded image.
        even: How many of its components have that height.
        turns: Quarter turns by which the image was turned to find it.
    """

    ink: InkMap
    seen: tuple[int, int]
    to_image: Matrix
    height: float
    even: int
    turns: int

    def upside_down(self) -> Self:
        """Return the line as it is when the sheet is turned by a half turn."""
        height, width = self.ink.shape
        return replace(
            self,
            ink=np.ascontiguousarray(self.ink[::-1, ::-1]),
            seen=(width - self.seen[1], width - self.seen[0]),
            to_image=after(self.to_image, half_turn(width, height)),
            turns=(self.turns + 2) % 4,
        )


def find_strips(scan: Scan) -> list[Strip]:
    """Find the runs that may hold the number, the most promising of each orientation first."""
    return page_strips(scan) if is_page(scan.grey) else crop_strips(scan)


def page_strips(scan: Scan) -> list[Strip]:
    """Find the runs in the corner of a page that is top right when the page is upright, either way up."""
    strips: list[Strip] = []
    for turns in orientations(scan.grey):
        strips += region_strips(search_region(scan.grey, turns), turns, scan.reduction)
    return strips


def crop_strips(scan: Scan) -> list[Strip]:
    """Find the runs in a crop, and in the crop turned across if nothing in it looks like a number."""
    level = region_strips(search_region(scan.grey), 0, scan.reduction)
    across: list[Strip] = []
    if all(located.even < FEWEST_EVEN for located in level):
        across = region_strips(search_region(scan.grey, 1), 1, scan.reduction)
    turned = [located.upside_down() for located in (*level[:MOST_TURNED], *across[:MOST_TURNED])]
    return [*level, *across, *turned]


def region_strips(region: Region, turns: int, reduction: int) -> list[Strip]:
    """Find the lines of print in one region and straighten them, as many as may be asked for."""
    found = find_lines(region, reduction)
    strips: list[Strip] = []
    total = 0
    for run, _ in found.runs:
        ink, to_level = straighten(found.ink, run, found.to_ink)
        total += len(windows(ink))
        if total <= MOST_WINDOWS:
            height = run.height * region.factor * reduction
            seen = columns_within(found.ink.shape, after(found.to_ink, to_level), ink.shape[1])
            strips.append(Strip(ink, seen, after(found.to_image, to_level), height, run.even, turns))
    return strips


def columns_within(shape: tuple[int, ...], to_ink: Matrix, width: int) -> tuple[int, int]:
    """Return the first column of a strip that lies in an image of that shape, and the one after the last."""
    middles = np.column_stack([np.arange(width), np.full(width, SIDE / 2)]).astype(np.float64)
    places = transform(middles, to_ink)
    inside = np.flatnonzero(((places >= 0) & (places < shape[1::-1])).all(axis=1))
    return (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)
