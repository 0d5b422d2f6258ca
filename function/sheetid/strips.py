"""All that is vision: from a decoded image to the runs of print on it, cut into candidate glyphs."""

from dataclasses import dataclass

import cv2
import numpy as np

from sheetid.decoding import Scan
from sheetid.geometry import LINEAR, NEAREST, Matrix, after, turn
from sheetid.ink import extract_ink, noise_level, remove_lines, threshold
from sheetid.page import Region, orientations, search_region, skew
from sheetid.runs import find_runs
from sheetid.segmentation import Strip, segment

MOST_RUNS = 5  # the runs in the highest print are read
MOST_CANDIDATES = 192  # of one image: they go into one batch
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
        turns: Quarter turns by which the image was turned to find it.
    """

    strip: Strip
    to_image: Matrix
    height: float
    turns: int


def find_strips(scan: Scan) -> list[LocatedStrip]:
    """Find the runs that may hold the number, the highest print first; one batch holds their candidates."""
    strips: list[LocatedStrip] = []
    for turns in orientations(scan.grey):
        strips += region_strips(search_region(scan.grey, turns), turns, scan.reduction)
    kept, total = [], 0
    for located in sorted(strips, key=lambda located: -located.height):
        total += len(located.strip.candidates)
        if total > MOST_CANDIDATES:
            break
        kept.append(located)
    return kept


def region_strips(region: Region, turns: int, reduction: int) -> list[LocatedStrip]:
    """Find the runs of print in one region, level them and cut them into candidate glyphs."""
    ink = extract_ink(region.grey)
    scale = max(1.0, max(ink.shape) / DETECTION_SIDE)
    small = ink
    if scale > 1:
        reduced = cv2.resize(ink, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
        small = np.asarray(reduced, np.uint8)
    side = min(small.shape)
    noise = noise_level(region.grey)
    mask = threshold(small, round(REACH * side) + 1, noise / scale)
    angle = skew(mask)
    mask, _ = turn(mask, angle, NEAREST)
    ink, to_region = turn(ink, angle, LINEAR)
    to_image = after(region.to_image, to_region) * reduction
    length = round(LINE_LENGTH * side)
    mask = remove_lines(mask, length, length, round(LINE_THICKNESS * side))
    strips = []
    for run in find_runs(mask)[:MOST_RUNS]:
        strip = segment(ink, run.enlarged(scale), noise)
        if strip.candidates:
            height = run.height * scale * reduction
            strips.append(LocatedStrip(strip, after(to_image, strip.to_region), height, turns))
    return strips
