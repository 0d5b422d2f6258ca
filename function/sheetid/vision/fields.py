"""Dark fields: shapes in a picture that are large, rectangular and wider than high, as labels are."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey
from sheetid.vision.ink import Mask

COARSE = 2  # pixels: fields are looked for in a picture with one in so many, each way
THIN = 3  # pixels of such a picture: streaks are thinner, and no field is
AROUND = 4  # pixels around a shape that streaks were taken away from
TOUCHING = 0.1  # of its outline: such a field has no more ink along it
SMALLEST = (24, 9)  # pixels, width and height: a field is no smaller
WIDE = 1.3  # times as wide as high: a field is wider than codes are
FILLED = 0.65  # of its outline: a field is dark in more of it, a frame in less
RECTANGULAR = 0.85  # of the rectangle around it: what print that touches leaves free is more
CONVEX = 0.95  # of its convex hull: the same, where the picture ends
LID_COARSE = 8  # pixels: a lid is looked for in a picture with one in so many, each way
LID = 0.05  # of the picture: it takes more
GAP = 2  # pixels: there is no more paper between two parts of a field
BROAD = 5  # pixels: rules that touch a field are less broad
NOTCH, FEWEST_NOTCHES = (0.1, 0.22), 3  # of a shape's height: between bold characters there are such


def fields(small: Grey, dark: Mask) -> list[npt.NDArray[np.int32]]:
    """Return the outlines `[N, 2]` of what may be the fields of a picture; some may be parts of those before.

    Where the scanner's lid is dark beside the sheet, a field that reaches the sheet's edge has no outline of
    its own; but it is darker than the lid, or less dark.

    Args:
        small: `[height, width]` uint8.
        dark: `[height, width]` uint8, where it is much darker than paper.
    """
    found = outlines(closed(dark)) + outlines(dark)
    for left, top, right, bottom in lids(dark, found):
        there = np.zeros_like(dark)
        there[top:bottom, left:right] = dark[top:bottom, left:right]
        between, _ = cv2.threshold(small[there > 0], 0, 255, cv2.THRESH_OTSU)
        darker = np.asarray(there & (small <= between), np.uint8)
        found += outlines(darker) + outlines(there - darker)
    return found


def closed(dark: Mask) -> Mask:
    """Return a mask without the gaps that streaks leave in its shapes, or cells side by side."""
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, GAP + 1), np.uint8)), np.uint8)


def lids(dark: Mask, found: list[npt.NDArray[np.int32]]) -> list[list[int]]:
    """Return left, top, right and bottom of large dark shapes at the picture's edge; no known fields."""
    coarse = np.ascontiguousarray(dark[::LID_COARSE, ::LID_COARSE])
    height, width = coarse.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(coarse, connectivity=4, ltype=cv2.CV_16U)
    shapes = []
    for left, top, across, down, area in stats[1:].tolist():
        at_edge = left == 0 or top == 0 or left + across == width or top + down == height
        if at_edge and area >= LID * coarse.size:
            box = [LID_COARSE * side for side in (left, top, left + across, top + down)]
            if not any(is_within(outline, box) for outline in found):
                shapes.append(box)
    return shapes


def is_within(outline: npt.NDArray[np.int32], box: list[int]) -> bool:
    """Tell whether the middle of an outline `[N, 2]` lies in a box."""
    x, y = middle_of(outline)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def middle_of(outline: npt.NDArray[np.int32]) -> tuple[float, float]:
    """Return the middle of an outline `[N, 2]`."""
    x, y = ((outline.min(axis=0) + outline.max(axis=0)) / 2).tolist()
    return x, y


def is_in_any(place: tuple[float, float], known: list[npt.NDArray[np.int32]]) -> bool:
    """Tell whether a place lies in one of some outlines `[N, 2]`."""
    return any(cv2.pointPolygonTest(outline, place, measureDist=False) >= 0 for outline in known)


def outlines(dark: Mask) -> list[npt.NDArray[np.int32]]:
    """Return the outlines `[N, 2]` of dark shapes that are large, rectangular, and wider than high."""
    coarse = np.ascontiguousarray(dark[::COARSE, ::COARSE])
    # Streaks and frames may touch a field from far off: they are thin.
    broad = np.asarray(cv2.morphologyEx(coarse, cv2.MORPH_OPEN, np.ones((THIN, THIN), np.uint8)), np.uint8)
    found: list[npt.NDArray[np.int32]] = []
    for shapes, around in ((coarse, 0), (broad, AROUND)):
        for left, top, right, bottom in places(shapes, around):
            if is_in_any(((left + right) / 2, (top + bottom) / 2), found):
                continue
            at = np.array([left, top], np.int32)
            outline = outline_of_field(dark[top:bottom, left:right], at, dark.shape)
            if outline is None or has_notches(outline):
                continue
            if shapes is coarse or stands_alone(dark, outline):
                found.append(outline)
    return found


def has_notches(outline: npt.NDArray[np.int32]) -> bool:
    """Tell whether an outline `[N, 2]` is rather one of bold characters that touch, and are rounded."""
    first, last = outline.min(axis=0), outline.max(axis=0)
    shape, hull = with_hull(outline - first, last[::-1] - first[::-1] + 1)
    between, _ = cv2.findContours(hull - shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    least, most = (share * min(cv2.minAreaRect(outline)[1]) for share in NOTCH)
    depths = [min(cv2.minAreaRect(part)[1]) + 1 for part in between]
    return sum(least <= depth <= most for depth in depths) >= FEWEST_NOTCHES


def with_hull(
    outline: npt.NDArray[np.int32], size: tuple[int, ...] | npt.NDArray[np.int32]
) -> tuple[Mask, Mask]:
    """Return where the shape of an outline `[N, 2]` is in a picture of that size, and its convex hull."""
    shape, hull = (
        cv2.fillPoly(np.zeros(size, np.uint8), [line], 1) for line in (outline, cv2.convexHull(outline))
    )
    return np.asarray(shape, np.uint8), np.asarray(hull, np.uint8)


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


def outline_of_field(
    place: Mask,
    at: npt.NDArray[np.int32],
    shape: tuple[int, ...],
    least: tuple[float, float] = (RECTANGULAR, RECTANGULAR),
) -> npt.NDArray[np.int32] | None:
    """Return the outline `[N, 2]` of the largest shape of a place, without rules that touch it.

    Args:
        place: `[height, width]`, a part of a picture.
        at: `[2]`, its left and top there.
        shape: The picture's height and width.
        least: As in `is_rectangular`, as it is, and without rules; of other shapes None is returned.
    """
    outline = largest_outline(place) + at
    if is_rectangular(outline, shape, least[0]):
        return outline
    filled = cv2.fillPoly(np.zeros_like(place), [outline - at], 1)
    core = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((BROAD, BROAD), np.uint8))
    outline = largest_outline(np.asarray(core, np.uint8)) + at
    return outline if is_rectangular(outline, shape, least[1]) else None


def largest_outline(mask: Mask) -> npt.NDArray[np.int32]:
    """Return the outline `[N, 2]` of the largest shape, without points if there is none."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea, default=np.zeros((0, 1, 2)))
    return np.asarray(largest[:, 0], np.int32)


def is_rectangular(
    outline: npt.NDArray[np.int32], shape: tuple[int, ...], least: float = RECTANGULAR
) -> bool:
    """Tell whether an outline is about that of the rectangle around it, which may lie aslant.

    What the picture's edge cuts off a rectangle leaves no rectangle, but a convex shape.

    Args:
        outline: `[N, 2]`.
        shape: The picture's height and width.
        least: Of the rectangle's area: the outline's is no less.
    """
    if not len(outline):
        return False
    sides, area = cv2.minAreaRect(outline)[1], cv2.contourArea(outline)
    if area >= least * sides[0] * sides[1]:
        return True
    last = np.array(shape[1::-1]) - 1
    is_cut = bool((outline <= 0).any() or (outline >= last).any())
    return is_cut and area >= CONVEX * cv2.contourArea(cv2.convexHull(outline))
