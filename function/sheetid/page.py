"""Where on an image the number may be, and how the image lies."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetid.decoding import Grey
from sheetid.geometry import Matrix, after, quarter_turns_back, reduced, shift
from sheetid.ink import Mask

PAGE_ASPECT = (1.25, 1.62)  # height by width of a whole page, A4 being 1.41, also when its scan was trimmed
PAGE_SHORTEST = 700  # pixels: below this an image of that shape is rather a crop
CORNER = (0.46, 0.25)  # share of a page's width and height that its top-right corner takes
STEEPEST = 11.0  # degrees of skew that are looked for
SKEW_SIDE = 320  # pixels: skew is measured on an image no larger than this


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the image in which the number may be.

    Attributes:
        grey: `[height, width]` uint8, the number upright in it if `turns` is right.
        to_image: 2x3 matrix that takes points of `grey` to points of the decoded image.
    """

    grey: Grey
    to_image: Matrix


def search_region(grey: Grey, turns: int = 0) -> Region:
    """Return the top-right corner of a page, or all of an image that is itself a crop.

    Args:
        grey: `[height, width]` uint8, the decoded image.
        turns: Quarter turns, counter-clockwise, that bring the page upright.
    """
    height, width = grey.shape
    upright_height, upright_width = (height, width) if turns % 2 == 0 else (width, height)
    left, top, right, bottom = 0, 0, upright_width, upright_height
    if is_page(grey):
        left = round(upright_width * (1 - CORNER[0]))
        bottom = round(upright_height * CORNER[1])
    upright = np.rot90(grey, turns)  # a view: only the corner is ever copied
    corner = np.ascontiguousarray(upright[top:bottom, left:right])
    return Region(corner, after(quarter_turns_back(turns, width, height), shift(left, top)))


def is_page(grey: Grey) -> bool:
    """Tell a whole page, upright or across, from a crop by its shape and size in pixels."""
    shorter, longer = sorted(grey.shape)
    return bool(PAGE_ASPECT[0] <= longer / shorter <= PAGE_ASPECT[1] and shorter >= PAGE_SHORTEST)


def orientations(page: Grey) -> tuple[int, int]:
    """Return the quarter turns that may bring a page upright, the likelier first."""
    height, width = page.shape
    return (0, 2) if height > width else (1, 3)


def skew(mask: Mask) -> float:
    """Return the angle in degrees by which lines of print fall to the right, within ±11°.

    The rows of print are told apart best, by the energy of the row sums' differences, when the image is
    turned back by its skew (Postl 1986).

    Args:
        mask: `[height, width]` uint8, 1 where there is ink.
    """
    small = reduced(mask * np.uint8(255), max(1.0, max(mask.shape) / SKEW_SIDE))
    rows, columns = np.nonzero(small > 64)  # noqa: PLR2004 - a quarter of the pixel's area
    if rows.size < 16:  # noqa: PLR2004 - too little ink to have a direction
        return 0.0
    weights = small[rows, columns].astype(np.float64)
    coarse = best_angle(rows, columns, weights, np.arange(-STEEPEST, STEEPEST + 0.1, 1.0))
    return best_angle(rows, columns, weights, coarse + np.arange(-1.0, 1.01, 0.25))


def best_angle(
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    weights: npt.NDArray[np.float64],
    angles: npt.NDArray[np.float64],
) -> float:
    """Return the one of `angles`, in degrees, at which the ink's row profile is sharpest."""

    def sharpness(angle: float) -> float:
        heights = rows - columns * np.tan(np.radians(angle))
        profile = np.bincount((heights - heights.min()).astype(np.intp), weights)
        return float(np.square(np.diff(profile)).sum())

    return float(max(angles, key=sharpness))
