"""Ovals drawn or printed around numbers, which are taken away before lines are looked for.

An oval bends over and below the digits and ends beside them as a parenthesis does: no line is straight there,
and its ends look like digits.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey
from sheetid.vision.ink import Mask, percentile, pieces

DARK = 0.75, 0.85  # of the paper's brightness: a ring is darker; one that is pale, if there is no such
PAPER = 80  # percentile of the brightness that paper has
COARSE = 2  # pixels: rings are looked for in a picture with one in so many, each way
SMALLEST = (30, 14)  # pixels, width and height: a ring is no smaller
WIDE = (1.2, 6.5)  # times as wide as high
HOLLOW = 0.5  # of its box: a ring and what touches it have ink in less
NEAR = 0.1  # of its radius: outlines that are no farther from an ellipse follow it
FOLLOWS, ROUND = 0.7, 0.9  # of its outline, and of the directions from its middle
DIRECTIONS = 24
DEEP = 0.3  # of its lower radius: a stroke is no broader
SOLID = 0.5  # of an ellipse: where less is dark is no stroke any more
FEWEST = 3  # characters within
LETTERS = (0.25, 0.9)  # of its height: that of these
MOST_SHAPES, MOST = 48, 8  # so many shapes are looked at, the widest ones, and so many rings taken away

Ellipse = tuple[Sequence[float], Sequence[float], float]  # centre, axes, degrees, as OpenCV has them


def without_rings(grey: Grey, small: Grey) -> Grey:
    """Return a picture without the ovals around print; the picture itself if there are none.

    Args:
        grey: `[height, width]` uint8, 255 is white.
        small: The same, reduced, in which rings are looked for.
    """
    paper = percentile(small[::4, ::4], PAPER)
    rings = next((found for dark in DARK if (found := rings_of((small < dark * paper).view(np.uint8)))), [])
    if not rings:
        return grey
    scale = grey.shape[0] / small.shape[0]
    cleared = grey.copy()
    for ellipse, stroke in rings[:MOST]:
        take_away(cleared, ellipse, stroke, scale)
    return cleared


def rings_of(dark: Mask) -> list[tuple[Ellipse, int]]:
    """Return the ellipses around print, and how many pixels broad their strokes are."""
    coarse = np.ascontiguousarray(dark[::COARSE, ::COARSE])
    _, _, stats, _ = cv2.connectedComponentsWithStats(coarse, connectivity=8, ltype=cv2.CV_16U)
    found: list[tuple[Ellipse, int]] = []
    stats = stats[1:]  # the first is paper
    width, height, area = (stats[:, of] for of in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    large = (COARSE * width >= SMALLEST[0]) & (COARSE * height >= SMALLEST[1])
    hollow = stats[large & (area <= HOLLOW * width * height)]
    hollow = hollow[np.argsort(-hollow[:, cv2.CC_STAT_WIDTH], kind="stable")][:MOST_SHAPES]
    for left, top, width, height in (hollow[:, :4] * COARSE).tolist():
        place = np.ascontiguousarray(dark[top : top + height + 1, left : left + width + 1])
        contours, _ = cv2.findContours(place, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outline = max(contours, key=len)[:, 0].astype(np.float32)
        ellipse = ellipse_along(outline)
        stroke = stroke_of(place, ellipse) if ellipse else 0
        if ellipse and stroke and is_around_print(place, ellipse, stroke):
            (x, y), axes, angle = ellipse
            found.append((((x + left, y + top), axes, angle), stroke))
    return found


def ellipse_along(outline: npt.NDArray[np.float32]) -> Ellipse | None:
    """Return the ellipse that most of an outline `[N, 2]` follows all around, None if there is none."""
    length = len(outline)
    for _ in range(2):  # the second time without what touches the ring
        if len(outline) < FOLLOWS * length or length < DIRECTIONS:
            return None
        ellipse = cv2.fitEllipse(outline)
        axes = sorted(ellipse[1])
        if not WIDE[0] <= axes[1] / max(axes[0], 1) <= WIDE[1]:
            return None
        points = in_units(outline, ellipse)
        near = np.abs(np.hypot(*points.T) - 1) <= NEAR
        outline = outline[near]
    directions = np.floor(np.arctan2(*points[near].T) / (2 * np.pi) * DIRECTIONS)
    is_round = len(np.unique(directions)) >= ROUND * DIRECTIONS
    return ellipse if is_round and len(outline) >= FOLLOWS * length else None


def in_units(points: npt.NDArray[np.float32], ellipse: Ellipse) -> npt.NDArray[np.float32]:
    """Return points `[N, 2]` such that the ellipse is the unit circle."""
    centre, axes, degrees = ellipse
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray((points - centre) @ turn / (np.array(axes) / 2), np.float32)


def inner(ellipse: Ellipse, inset: float) -> Ellipse:
    """Return an ellipse so many pixels within another one."""
    centre, axes, degrees = ellipse
    return centre, (max(1.0, axes[0] - 2 * inset), max(1.0, axes[1] - 2 * inset)), degrees


def stroke_of(dark: Mask, ellipse: Ellipse) -> int:
    """Return how many pixels broad a ring's stroke is, 0 if it is filled."""
    most = int(DEEP * min(ellipse[1]) / 2)
    for depth in range(1, most + 1):
        band = np.zeros_like(dark)
        cv2.ellipse(band, inner(ellipse, depth), 1, 1)
        if dark[band > 0].mean() < SOLID:
            return depth
    return 0


def is_around_print(dark: Mask, ellipse: Ellipse, stroke: int) -> bool:
    """Tell whether there are some characters within a ring, not too low for it."""
    inside = np.zeros_like(dark)
    cv2.ellipse(inside, inner(ellipse, stroke + 1), 1, cv2.FILLED)
    low, high = (share * min(ellipse[1]) for share in LETTERS)
    return len(pieces(inside * dark, low, high)) >= FEWEST


def take_away(grey: Grey, ellipse: Ellipse, stroke: int, scale: float) -> None:
    """Make a ring as light as the paper beside it, in place.

    Args:
        grey: `[height, width]` uint8.
        ellipse: The ring, in a picture so many times smaller.
        stroke: How broad it is there.
        scale: How many times.
    """
    (x, y), axes, degrees = inner(ellipse, stroke / 2 - 0.5)
    broad = round((stroke + 2) * scale)
    centre = (x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5
    larger = centre, (axes[0] * scale, axes[1] * scale), degrees
    left, top, width, height = cv2.boundingRect(np.asarray(cv2.boxPoints(larger), np.float32))
    rows = slice(max(0, top - 2 * broad), top + height + 2 * broad)
    columns = slice(max(0, left - 2 * broad), left + width + 2 * broad)
    place = grey[rows, columns]
    band = np.zeros_like(place)
    shifted = (centre[0] - columns.start, centre[1] - rows.start), larger[1], degrees
    cv2.ellipse(band, shifted, 1, broad)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (broad + 2,) * 2)
    light = cv2.morphologyEx(place, cv2.MORPH_CLOSE, kernel)
    np.copyto(place, light, where=band > 0)
