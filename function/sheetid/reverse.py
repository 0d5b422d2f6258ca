"""Light print on dark fields, as labels and heads of tables have it, made dark print on light paper.

So is a whole picture, if it is the negative that old copiers and microfilm give.
"""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.decoding import Grey
from sheetid.ink import Mask, percentile, pieces

DARK = 0.65  # of the paper's brightness: a field is darker
PAPER = 80  # percentile of the brightness that paper has
COARSE = 2  # pixels: fields are looked for in a picture with one in so many, each way
THIN = 3  # pixels of such a picture: streaks are thinner, and no field is
AROUND = 4  # pixels around a shape that streaks were taken away from
TOUCHING = 0.1  # of its outline: such a field has no more ink along it
SMALLEST = (24, 9)  # pixels, width and height: a field is no smaller
WIDE = 1.5  # times as wide as high: a field is wider than codes are
FILLED = 0.65  # of its outline: a field is dark in more of it, a frame in less
MARGIN, DARK_MARGIN = 3, 0.95  # pixels within its outline that are dark, or nearly: light print has a margin
RECTANGULAR = 0.85  # of the rectangle around it: what print that touches leaves free is more
BOLDLY_FILLED = 0.6  # the same three, of a field that is looked at closer: bold print leaves less of it dark
CLEARLY_DARK = 0.99
CLEARLY_RECTANGULAR = 0.92
BROAD = 5  # pixels: rules that touch a field are less broad
GROUND = 25  # percentile of its brightness
CONTRAST = 0.15  # of the paper's brightness: its print is lighter by so much
FEWEST = 3  # characters that a field holds
LETTERS = (0.18, 0.95)  # of a field's height: that of some of them
MOST = 32  # fields of a picture are turned over
BLACK = 110  # brightness of a negative's ground, at most
EXTREME = 0.5  # percentile: the least of print is seen there
LIGHT = 3.0  # times as far from that as what is darker, its print is lighter
LITTLE = 0.25  # of the picture: print covers no more
RIM = 2  # pixels: the edge of a field is between both shades


def positive(grey: Grey, small: Grey) -> Grey:
    """Return a picture whose light print on dark ground is dark on light; the picture itself without such.

    Args:
        grey: `[height, width]` uint8, 255 is white.
        small: The same, reduced, in which fields are looked for.
    """
    if is_negative(small[::4, ::4]):
        return np.asarray(255 - grey, np.uint8)
    paper = percentile(small[::4, ::4], PAPER)
    dark = (small < DARK * paper).view(np.uint8)
    fields = [
        field for outline in outlines(dark) if (field := field_of(grey, small, outline, paper)) is not None
    ]
    if not fields:
        return grey
    turned = grey.copy()
    for field in fields[:MOST]:
        turn_over(turned, field, paper)
    return turned


def field_of(
    grey: Grey, small: Grey, outline: npt.NDArray[np.int32], paper: int
) -> npt.NDArray[np.int32] | None:
    """Return the outline `[N, 2]` of a field in the whole picture, None where there is no light print on it.

    A field may be too small for its margin to be seen in the reduced picture. But looked at closer, its shape
    has to be quite a rectangle: digits may touch.

    Args:
        grey: `[height, width]` uint8.
        small: The same, reduced.
        outline: `[N, 2]`, in that one.
        paper: The brightness of paper.
    """
    scale = np.array(grey.shape[::-1]) / small.shape[::-1]
    if is_printed_on(small, outline, paper, FILLED, DARK_MARGIN):
        return np.round((outline + 0.5) * scale - 0.5).astype(np.int32)
    if grey.shape == small.shape:
        return None
    first = np.maximum((outline.min(axis=0) - RIM) * scale, 0).astype(int)
    last = ((outline.max(axis=0) + RIM + 1) * scale).astype(int)
    place = grey[first[1] : last[1], first[0] : last[0]]
    closer = largest_outline((place < DARK * paper).view(np.uint8))
    if not is_rectangular(closer, CLEARLY_RECTANGULAR):
        return None
    if not is_printed_on(place, closer, paper, BOLDLY_FILLED, CLEARLY_DARK):
        return None
    return np.asarray(closer + first, np.int32)


def is_negative(grey: Grey) -> bool:
    """Tell whether a whole picture is light print on dark ground; broad light shapes lie beside the sheet."""
    darkest, ground = percentile(grey, EXTREME), percentile(grey, 50)
    if ground > BLACK:
        return False
    broad = cv2.morphologyEx(grey, cv2.MORPH_OPEN, np.ones((BROAD, BROAD), np.uint8))
    light = percentile(grey[broad <= ground + LIGHT * (ground - darkest)], 100 - EXTREME)
    if light - ground <= LIGHT * (ground - darkest):
        return False
    return bool((2 * grey.astype(np.uint16) > ground + light).mean() <= LITTLE)


def turn_over(grey: Grey, outline: npt.NDArray[np.int32], paper: int) -> None:
    """Make a field's light print dark, and its ground as bright as paper, in place.

    Args:
        grey: `[height, width]` uint8.
        outline: `[N, 2]`, the field's.
        paper: The brightness of paper.
    """
    left, top = np.maximum(outline.min(axis=0) - RIM, 0).tolist()
    right, bottom = (outline.max(axis=0) + RIM + 1).tolist()
    place = grey[top:bottom, left:right]
    mask = np.zeros_like(place)
    cv2.fillPoly(mask, [outline - (left, top)], 1)
    kernel = np.ones((2 * RIM + 1,) * 2, np.uint8)
    inner, outer = cv2.erode(mask, kernel) > 0, cv2.dilate(mask, kernel) > 0
    if inner.any():
        inks = place[inner]
        ground, ink = np.percentile(inks, [25, 98])
        place[outer] = paper
        place[inner] = np.clip(paper * (1 - (inks - ground) / max(ink - ground, 1)), 0, paper)


def outlines(dark: Mask) -> list[npt.NDArray[np.int32]]:
    """Return the outlines `[N, 2]` of dark shapes that are large, rectangular, and wider than high."""
    coarse = np.ascontiguousarray(dark[::COARSE, ::COARSE])
    # Streaks and frames may touch a field from far off: they are thin.
    broad = np.asarray(cv2.morphologyEx(coarse, cv2.MORPH_OPEN, np.ones((THIN, THIN), np.uint8)), np.uint8)
    found: list[npt.NDArray[np.int32]] = []
    for shapes, around in ((coarse, 0), (broad, AROUND)):
        for left, top, right, bottom in places(shapes, around):
            middle = (left + right) / 2, (top + bottom) / 2
            if any(cv2.pointPolygonTest(known, middle, measureDist=False) >= 0 for known in found):
                continue
            outline = outline_of_field(dark[top:bottom, left:right])
            if outline is None:
                continue
            outline += np.array([left, top], np.int32)
            if shapes is coarse or stands_alone(dark, outline):
                found.append(outline)
    return found


def stands_alone(dark: Mask, outline: npt.NDArray[np.int32]) -> bool:
    """Tell whether there is hardly any ink along an outline `[N, 2]`: else it is cut out of other print."""
    first, last = np.maximum(outline.min(axis=0) - 1, 0), outline.max(axis=0) + 2
    place = dark[first[1] : last[1], first[0] : last[0]]
    inside = cv2.fillPoly(np.zeros_like(place), [outline - first], 1)
    along = cv2.dilate(inside, np.ones((3, 3), np.uint8)) > inside
    return bool(place[along].mean() <= TOUCHING)


def places(coarse: Mask, around: int) -> list[list[int]]:
    """Return left, top, right and bottom, in pixels, of the shapes that are as large and dark as a field.

    Args:
        coarse: `[height, width]`, reduced.
        around: How many pixels more are taken in on each side.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(coarse, connectivity=4, ltype=cv2.CV_16U)
    left, top, width, height, area = stats[1:].T * COARSE
    large = (width >= SMALLEST[0]) & (height >= SMALLEST[1]) & (width >= WIDE * height)
    large &= COARSE * area >= FILLED * RECTANGULAR * width * height / 2  # it may lie aslant
    first, last = np.maximum([left - around, top - around], 0), [left + width + around, top + height + around]
    places: list[list[int]] = np.concatenate([first, last])[:, large].T.tolist()
    return places


def outline_of_field(dark: Mask) -> npt.NDArray[np.int32] | None:
    """Return the outline `[N, 2]` of a rectangular shape, without rules that touch it; of others None."""
    outline = largest_outline(dark)
    if is_rectangular(outline):
        return outline
    filled = cv2.fillPoly(np.zeros_like(dark), [outline], 1)
    core = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((BROAD, BROAD), np.uint8))
    outline = largest_outline(np.asarray(core, np.uint8))
    return outline if is_rectangular(outline) else None


def largest_outline(mask: Mask) -> npt.NDArray[np.int32]:
    """Return the outline `[N, 2]` of the largest shape, without points if there is none."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea, default=np.zeros((0, 1, 2)))
    return np.asarray(largest[:, 0], np.int32)


def is_rectangular(outline: npt.NDArray[np.int32], least: float = RECTANGULAR) -> bool:
    """Tell whether an outline `[N, 2]` is about that of the rectangle around it, which may lie aslant."""
    if not len(outline):
        return False
    sides = cv2.minAreaRect(outline)[1]
    return cv2.contourArea(outline) >= least * sides[0] * sides[1]


def is_printed_on(grey: Grey, outline: npt.NDArray[np.int32], paper: int, dark: float, margin: float) -> bool:
    """Tell whether there is light print on a field, some pieces, not too low for it, with a margin around.

    Args:
        grey: `[height, width]` uint8.
        outline: `[N, 2]`, the field's.
        paper: The brightness of paper.
        dark: How much of it is dark, at least.
        margin: How much of its margin is.
    """
    left, top, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height + 2, width + 2), np.uint8)  # with paper around
    cv2.fillPoly(inside, [outline - (left - 1, top - 1)], 1)
    shades = np.pad(grey[top : top + height, left : left + width], 1, constant_values=255)
    ground, light = (percentile(shades[inside > 0], share) for share in (GROUND, 100 - EXTREME))
    if light - ground < CONTRAST * paper:
        return False
    field = (2 * shades.astype(np.int16) <= ground + light).view(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_C, 3)
    around = (shades < DARK * paper)[(depth > 0) & (depth <= MARGIN)]
    if field[inside > 0].mean() < dark or around.mean() < margin:
        return False
    inside[depth <= RIM] = 0
    low, high = (share * min(cv2.minAreaRect(outline)[1]) for share in LETTERS)
    marks = np.asarray(inside * (1 - field), np.uint8)
    joined = np.asarray(cv2.dilate(marks, np.ones((3, 3), np.uint8)), np.uint8)  # of dots
    return any(pieces(mask, low, high) >= FEWEST for mask in (marks, joined))
