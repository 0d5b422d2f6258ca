"""Light print on dark fields, as labels and heads of tables have it, made dark print on light paper.

So is a whole picture, if it is the negative that old copiers and microfilm give.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey
from sheetid.vision.fields import FILLED, fields, is_in_any, middle_of, outline_of_field, with_hull
from sheetid.vision.ink import Mask, divided, paper_shade, percentile, pieces

WIDER_THAN_FIELDS = 31  # pixels of the picture that paper's shade is estimated on
PAPER = 80  # percentile of the brightness that paper has
MARGIN, DARK_MARGIN = 3, 0.95  # pixels within its outline that are dark, or nearly: light print has a margin
BOLDLY_FILLED = 0.6  # the same three, of a field that is looked at closer: bold print leaves less of it dark
CLEARLY_DARK = 0.99
CLEARLY_RECTANGULAR = 0.92, 0.965  # as it is, and without streaks that touch it
NEARLY_CONVEX = 1.1  # times its area, at most, is that of the convex shape around a field
BROAD = 5  # pixels: light print is less broad, and what lies beside a dark sheet is broader
GROUND = 25  # percentile of its brightness
CONTRAST = 0.15  # of the paper's brightness: its print is lighter by so much
FEWEST = 3  # characters that a field holds
ALIKE = 0.7  # of the highest one's height: that of the lowest of these
LETTERS = (0.18, 0.95)  # of a field's height: that of some of them
LOWEST = 4  # pixels: what is lower may be a digit's counter
MOST = 32  # fields of a picture are turned over
BLACK = 110  # brightness of a negative's ground, at most
EXTREME = 0.5  # percentile: the least of print is seen there
DARK_PRINT = 2  # the same, where dark print on a field is seen, were there some
LIGHT = 3.0  # times as far from that as what is darker, its print is lighter
LITTLE = 0.25  # of the picture: print covers no more
NARROW = 0.15  # of a field's height: a gap in it is no wider
STROKE = 5  # pixels: print's strokes are broader, and the roughness of a field's edge narrower
RIM = 2  # pixels: the edge of a field is between both shades


class Kind(NamedTuple):
    """What a field is like.

    Attributes:
        darkness: Of the paper's brightness: it is darker.
        filled: Of its outline that is dark, at least.
        closer: Whether it may be so small that it has to be looked at in the whole picture.
    """

    darkness: float
    filled: float
    closer: bool


DARK = Kind(darkness=0.65, filled=FILLED, closer=True)
PALE = Kind(darkness=0.8, filled=0.75, closer=False)  # bold print that is pale is less filled


def positive(grey: Grey, small: Grey) -> Grey:
    """Return a picture whose light print on dark ground is dark on light; the picture itself without such.

    Args:
        grey: `[height, width]` uint8, 255 is white.
        small: The same, reduced, in which fields are looked for.
    """
    if is_negative(small):
        return np.asarray(255 - grey, np.uint8)
    labels, paper = labels_on(grey, small, DARK)
    if not labels:
        shade = paper_shade(small, WIDER_THAN_FIELDS)
        labels, paper = labels_on(grey, np.asarray(255 - divided(small, shade), np.uint8), PALE)
        if not labels:
            return grey
        grey = np.asarray(255 - divided(grey, shade), np.uint8)
    turned = grey.copy()
    for label in labels[:MOST]:
        turn_over(turned, label, paper)
    return turned


def labels_on(grey: Grey, small: Grey, kind: Kind) -> tuple[list[npt.NDArray[np.int32]], int]:
    """Return the outlines `[N, 2]` of the fields with light print on a picture, and its paper's brightness.

    Args:
        grey: `[height, width]` uint8.
        small: The same, reduced.
        kind: What the fields are like.
    """
    paper = percentile(small[::4, ::4], PAPER)
    dark = (small < kind.darkness * paper).view(np.uint8)
    found: list[npt.NDArray[np.int32]] = []
    labels: list[npt.NDArray[np.int32]] = []
    for outline in fields(small, dark):
        if is_in_any(middle_of(outline), found):
            continue
        field = field_of(grey, small, outline, paper, kind)
        if field is not None:
            found.append(outline)
            labels.append(field)
    return labels, paper


def field_of(
    grey: Grey, small: Grey, outline: npt.NDArray[np.int32], paper: int, kind: Kind
) -> npt.NDArray[np.int32] | None:
    """Return the outline `[N, 2]` of a field in the whole picture, None where there is no light print on it.

    A field may be too small for its margin to be seen in the reduced picture. But looked at closer, its shape
    has to be quite a rectangle: digits may touch.

    Args:
        grey: `[height, width]` uint8.
        small: The same, reduced.
        outline: `[N, 2]`, in that one.
        paper: The brightness of paper.
        kind: What it is like.
    """
    scale = np.array(grey.shape[::-1]) / small.shape[::-1]
    if is_printed_on(small, outline, paper, kind.darkness, (kind.filled, DARK_MARGIN)):
        return np.round((outline + 0.5) * scale - 0.5).astype(np.int32)
    if grey.shape == small.shape or not kind.closer:
        return None
    first = np.maximum((outline.min(axis=0) - RIM) * scale, 0).astype(np.int32)
    last = ((outline.max(axis=0) + RIM + 1) * scale).astype(np.int32)
    place = grey[first[1] : last[1], first[0] : last[0]]
    dark = (place < kind.darkness * paper).view(np.uint8)
    closer = outline_of_field(dark, first, grey.shape, CLEARLY_RECTANGULAR)
    if closer is None:
        return None
    printed = is_printed_on(place, closer - first, paper, kind.darkness, (BOLDLY_FILLED, CLEARLY_DARK))
    return closer if printed else None


def is_negative(grey: Grey) -> bool:
    """Tell whether a whole picture is light print on dark ground; broad light shapes lie beside the sheet."""
    # Less noise: that of single pixels is as dark, and as light, as print.
    grey = np.asarray(cv2.blur(grey, (2, 2))[::4, ::4], np.uint8)
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
    mask = without_notches(outline - (left, top), place.shape)
    kernel = np.ones((2 * RIM + 1,) * 2, np.uint8)
    inner, outer = cv2.erode(mask, kernel) > 0, cv2.dilate(mask, kernel) > 0
    if inner.any():
        ground, ink = np.percentile(place[inner], [25, 98])
        place[gaps(place, inner, (ground + ink) / 2)] = ground
        inks = place[inner]
        place[outer] = paper
        place[inner] = np.clip(paper * (1 - (inks - ground) / max(ink - ground, 1)), 0, paper)


def without_notches(outline: npt.NDArray[np.int32], shape: tuple[int, ...]) -> Mask:
    """Return where a field is, in a picture of that shape, as if it were convex where it nearly is.

    Its outline `[N, 2]` may go around a digit close to its edge, which would stay as light as it is. What is
    narrower than strokes of print is the edge's roughness.
    """
    mask, convex = with_hull(outline, shape)
    if convex.sum() > NEARLY_CONVEX * mask.sum():
        return mask
    notches = cv2.morphologyEx(convex - mask, cv2.MORPH_OPEN, np.ones((STROKE, STROKE), np.uint8))
    return np.asarray(mask | np.asarray(notches, np.uint8), np.uint8)


def gaps(grey: Grey, field: npt.NDArray[np.bool_], light: float) -> npt.NDArray[np.bool_]:
    """Return where light pieces go through a field from its top to its bottom, as gaps between cells do.

    Args:
        grey: `[height, width]` uint8.
        field: `[height, width]`, where the field is.
        light: The brightness of light pieces.
    """
    _, pieces, stats, _ = cv2.connectedComponentsWithStats((field & (grey >= light)).view(np.uint8))
    through = [False]
    for piece, (left, top, width, height, _) in enumerate(stats[1:].tolist(), 1):
        deep = np.count_nonzero(field[:, left : left + width], axis=0).max()
        place = pieces[top : top + height, left : left + width] == piece
        narrow = np.count_nonzero(place, axis=1).max() <= NARROW * deep
        through.append(bool(height >= deep - 1 and narrow))
    gap = np.array(through)[pieces].view(np.uint8)
    return np.asarray(field & (cv2.dilate(gap, np.ones((3, 3), np.uint8)) > 0), np.bool_)


def is_printed_on(
    grey: Grey, outline: npt.NDArray[np.int32], paper: int, darkness: float, dark: tuple[float, float]
) -> bool:
    """Tell whether there is light print on a field, some pieces, not too low for it, with a margin around.

    Args:
        grey: `[height, width]` uint8.
        outline: `[N, 2]`, the field's.
        paper: The brightness of paper.
        darkness: Of that: a field is darker.
        dark: How much of it is dark, at least, and of its margin.
    """
    left, top, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height + 2, width + 2), np.uint8)  # with paper around
    cv2.fillPoly(inside, [outline - (left - 1, top - 1)], 1)
    shades = np.pad(grey[top : top + height, left : left + width], 1, constant_values=255)
    ground, light = (percentile(shades[inside > 0], share) for share in (GROUND, 100 - EXTREME))
    darkest = percentile(shades[inside > 0], DARK_PRINT)
    if light - ground < max(CONTRAST * paper, ground - darkest):
        return False
    field = (2 * shades.astype(np.int16) <= ground + light).view(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_C, 3)
    around = (shades < darkness * paper)[(depth > 0) & (depth <= MARGIN)]
    if field[inside > 0].mean() < dark[0] or around.mean() < dark[1]:
        return False
    inside[depth <= RIM] = 0
    low, high = (share * min(cv2.minAreaRect(outline)[1]) for share in LETTERS)
    marks = np.asarray(inside * (1 - field), np.uint8)
    joined = np.asarray(cv2.dilate(marks, np.ones((3, 3), np.uint8)), np.uint8)  # of dots
    low = max(low, LOWEST)
    thicker = low + 2  # what is dilated grows by a pixel above and below
    return are_characters(pieces(marks, low, high)) or are_characters(pieces(joined, thicker, high))


def are_characters(boxes: npt.NDArray[np.int32]) -> bool:
    """Tell whether some pieces of print stand side by side and are alike in height.

    The bows of bold digits are not: an 8 has two, above each other, and lower than a 0's.

    Args:
        boxes: `[N, 4]`: left, top, width and height of each.
    """
    beside: list[int] = []
    last = -np.inf
    for left, _, width, height in boxes[np.argsort(2 * boxes[:, 0] + boxes[:, 2], kind="stable")].tolist():
        middle = left + width / 2
        if middle - last < width / 2:
            beside[-1] = max(beside[-1], height)
        else:
            beside.append(height)
        last = middle
    heights = np.sort(beside)
    return bool((heights[: 1 - FEWEST] >= ALIKE * heights[FEWEST - 1 :]).any())
