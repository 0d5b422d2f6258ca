"""All that is vision: from a decoded image to the lines of print on it, each straightened into a strip."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from sheetid.decoding import Scan
from sheetid.geometry import Matrix, after, half_turn, transform
from sheetid.glyphs import SIDE, inked, straighten
from sheetid.ink import InkMap
from sheetid.lines import LEAST, find_lines
from sheetid.page import Region, is_page, orientations, search_region

MOST_TURNED = 1  # lines of a crop that are also read upside down
TURNED_ODDS = -1.0  # logarithm of the odds that a crop lies upside down, against upright
FEWEST_EVEN = 3  # components of one height: fewer do not look like a number


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of print, straightened, and where it is.

    Attributes:
        ink: `[28, width]` uint8, digits 20 px high in the middle of it.
        seen: The first of its columns that lies in the region, and the one after the last.
        to_image: 2x3 matrix from the strip to the uploaded image.
        height: Height of its print in pixels of the uploaded image.
        promise: Logarithm of the odds that it is the number's line.
        even: How many of its components have that height.
        turns: Quarter turns by which the image was turned to find it.
    """

    ink: InkMap
    seen: tuple[int, int]
    to_image: Matrix
    height: float
    promise: float
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
            promise=self.promise + TURNED_ODDS,
            turns=(self.turns + 2) % 4,
        )


def find_strips(scan: Scan, max_glyphs: int) -> list[Strip]:
    """Find the lines that may hold the number, likeliest first, with so many inked windows at most."""
    strips = sorted(page_strips(scan) if is_page(scan.grey) else crop_strips(scan), key=lambda s: -s.promise)
    strips = [strip for strip in strips if strip.promise >= strips[0].promise - LEAST]
    glyphs = np.cumsum([np.count_nonzero(inked(strip.ink)) for strip in strips])
    return strips[: int(np.searchsorted(glyphs, max_glyphs, side="right"))]


def page_strips(scan: Scan) -> list[Strip]:
    """Find the lines in the corner of a page that is top right when the page is upright, either way up."""
    return [
        strip
        for turns in orientations(scan.grey)
        for strip in region_strips(search_region(scan.grey, turns), turns, scan.reduction)
    ]


def crop_strips(scan: Scan) -> list[Strip]:
    """Find the lines in a crop, and in the crop turned across if nothing in it looks like a number."""
    level = region_strips(search_region(scan.grey), 0, scan.reduction)
    across: list[Strip] = []
    if all(strip.even < FEWEST_EVEN for strip in level):
        across = region_strips(search_region(scan.grey, 1), 1, scan.reduction)
    turned = [strip.upside_down() for strip in (*level[:MOST_TURNED], *across[:MOST_TURNED])]
    return [*level, *across, *turned]


def region_strips(region: Region, turns: int, reduction: int) -> list[Strip]:
    """Find the lines of print in one region and straighten them."""
    found = find_lines(region, reduction)
    strips: list[Strip] = []
    for run, promise in found.runs:
        ink, to_level = straighten(found.ink, run, found.to_ink)
        seen = columns_within(found.ink.shape, after(found.to_ink, to_level), ink.shape[1])
        height = run.height * region.factor * reduction
        strips.append(Strip(ink, seen, after(found.to_image, to_level), height, promise, run.even, turns))
    return strips


def columns_within(shape: tuple[int, ...], to_ink: Matrix, width: int) -> tuple[int, int]:
    """Return the first column of a strip that lies in an image of that shape, and the one after the last."""
    middles = np.column_stack([np.arange(width), np.full(width, SIDE / 2)]).astype(np.float64)
    places = transform(middles, to_ink)
    inside = np.flatnonzero(((places >= 0) & (places < shape[1::-1])).all(axis=1))
    return (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)
