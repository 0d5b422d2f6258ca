"""Where on an image the number may be, and how the image lies."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey
from sheetid.vision.geometry import Matrix, after, quarter_turns_back, shift
from sheetid.vision.ink import Mask, divided, paper_shade

PAGE_ASPECT = (1.25, 1.62)  # height by width of a whole page, A4 being 1.41, also when its scan was trimmed
PAGE_SHORTEST = 700  # pixels: below this an image of that shape is rather a crop
CORNER = (0.46, 0.19)  # share of a page's width and height that its top-right corner takes
LANDSCAPE_CORNER = (0.46, 0.27)  # the same, of a page that is wider than high
UPRIGHT, ACROSS = (0, 2), (1, 3)  # quarter turns
WORDS_SIDE = 700  # pixels of a page's longer side, at which its words are counted
WORD_INK = 40  # of 255
WORD_HEIGHT, WORD_LENGTH = (3, 20), (2, 12)  # pixels, and times that: words and lines are as high, and long
WORD_FILL = 0.3  # of a word's box is ink, at least
CLEARLY, FEW_WORDS = 2, 5  # times as many words one way as the other, and so many more, are no accident
STEEPEST = 11.0  # degrees of skew that are looked for
EDGE = 2  # pixels: a lower edge of print is no shorter, as dust and noise are
FEWEST_EDGES, MOST_EDGES = 16, 3000  # pixels: fewer have no direction, more tell no more
ELSEWHERE = 3.0  # degrees: angles that differ by less are the same
RIVAL = 0.2  # of what the sharpest angle stands out by: one that does by more may be the skew
PAGE_WORK, CROP_WORK = 800, 180  # pixels of the shorter side: print is looked for at no more
LONGEST_WORK = 3000  # pixels of the longer side

_COUNTS = np.arange(2.0 * MOST_EDGES + 1)
_GATHERED = _COUNTS * np.log(np.maximum(_COUNTS, 1))


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the image in which the number may be.

    Attributes:
        grey: `[height, width]` uint8, the number upright in it if `turns` is right.
        to_image: 2x3 matrix that takes points of `grey` to points of the decoded image.
        factor: How many times smaller, in each direction, its print can still be told apart.
    """

    grey: Grey
    to_image: Matrix
    factor: int


def search_region(grey: Grey, turns: int = 0) -> Region:
    """Return the top-right corner of a page, or all of an image that is itself a crop.

    Args:
        grey: `[height, width]` uint8, the decoded image.
        turns: Quarter turns, counter-clockwise, that bring the page upright.
    """
    height, width = grey.shape
    upright_height, upright_width = (height, width) if turns % 2 == 0 else (width, height)
    left, top, right, bottom = 0, 0, upright_width, upright_height
    work = CROP_WORK
    if is_page(grey):
        work = PAGE_WORK
        across, down = CORNER if upright_height > upright_width else LANDSCAPE_CORNER
        left = round(upright_width * (1 - across))
        bottom = round(upright_height * down)
    upright = np.rot90(grey, turns)  # a view: only the corner is ever copied
    corner = np.ascontiguousarray(upright[top:bottom, left:right])
    factor = max(1, min(height, width) // work, max(corner.shape) // LONGEST_WORK)
    return Region(corner, after(quarter_turns_back(turns, width, height), shift(left, top)), factor)


def is_page(grey: Grey) -> bool:
    """Tell a whole page, upright or across, from a crop by its shape and size in pixels."""
    shorter, longer = sorted(grey.shape)
    return bool(PAGE_ASPECT[0] <= longer / shorter <= PAGE_ASPECT[1] and shorter >= PAGE_SHORTEST)


def orientations(page: Grey) -> tuple[int, ...]:
    """Return the quarter turns that may bring a page upright, the likelier first.

    Its words tell whether it lies across, be it a portrait or a landscape page. One that hardly has any may
    lie in any way, a portrait page rather than a landscape one.
    """
    height, width = page.shape
    level, standing = words(page)
    if level >= CLEARLY * standing + FEW_WORDS:
        return UPRIGHT
    if standing >= CLEARLY * level + FEW_WORDS:
        return ACROSS
    return (*UPRIGHT, *ACROSS) if height > width else (*ACROSS, *UPRIGHT)


def words(page: Grey) -> tuple[int, int]:
    """Count what looks like words along the rows of a page, and along its columns.

    The letters of a word hang together when the gaps between them are closed; words and lines are farther
    apart. Rules are thinner, and pictures higher.
    """
    step = max(1, round(max(page.shape) / WORDS_SIDE))
    small = np.ascontiguousarray(page[::step, ::step])  # a mean takes as long as all the rest
    ink = (divided(small, paper_shade(small)) > WORD_INK).view(np.uint8)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    _, _, along, down, area = stats[1:].T
    short, long = np.minimum(along, down), np.maximum(along, down)
    like = (short >= WORD_HEIGHT[0]) & (short <= WORD_HEIGHT[1]) & (area >= WORD_FILL * along * down)
    like &= (long >= WORD_LENGTH[0] * short) & (long <= WORD_LENGTH[1] * short)
    return int(np.count_nonzero(like & (along > down))), int(np.count_nonzero(like & (down > along)))


def skews(mask: Mask) -> list[float]:
    """Return the angles in degrees by which lines of print may fall to the right, within ±12°.

    The lower edges of print fall on few rows when the image is turned back by its skew (after Postl 1986).
    What lies otherwise, a stamp or a slanting rule, may do so too: where it does, a second angle is told.

    Args:
        mask: `[height, width]` uint8, 1 where there is ink.

    Returns:
        One or two angles, the likelier first.
    """
    edges = np.asarray((mask[:-1] > mask[1:]).view(np.uint8), np.uint8)
    points = cv2.findNonZero(cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((1, EDGE), np.uint8)))
    if points is None or len(points) < FEWEST_EDGES:
        return [0.0]
    x, y = np.asarray(points.reshape(-1, 2)[:: len(points) // MOST_EDGES + 1].T, np.float32)
    coarse = np.arange(-STEEPEST - 1, STEEPEST + 1.1, 1.0)
    sharp = sharpness(x, y, coarse)
    # What is sharper still beyond that range is no print: a stamp, a bar, the edge of the sheet.
    peaks = np.flatnonzero((sharp[1:-1] > sharp[:-2]) & (sharp[1:-1] >= sharp[2:])) + 1
    if not peaks.size:
        return [0.0]
    best = peaks[sharp[peaks].argmax()]
    usual = float(np.median(sharp))
    others = peaks[
        (np.abs(coarse[peaks] - coarse[best]) >= ELSEWHERE)
        & (sharp[peaks] - usual > RIVAL * (sharp[best] - usual))
    ]
    likely = [best, others[sharp[others].argmax()]] if others.size else [best]
    return [finer(x, y, float(coarse[peak])) for peak in likely]


def finer(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32], angle: float) -> float:
    """Return the angle in degrees within one of `angle` at which the points gather most."""
    fine = angle + np.arange(-1.0, 1.01, 0.25)
    return float(fine[sharpness(x, y, fine).argmax()])


def sharpness(
    x: npt.NDArray[np.float32], y: npt.NDArray[np.float32], angles: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return for each of `angles`, in degrees, on how few rows the points gather there.

    It is their entropy, up to its sign and a constant: a long rule outweighs print less than in squares.
    """
    slopes = np.tan(np.radians(angles)).astype(np.float32)
    rows = y - slopes[:, None] * x
    rows = (rows - rows.min()).astype(np.int32)
    height = int(rows.max()) + 2
    rows += np.arange(len(angles), dtype=np.int32)[:, None] * height
    profile = np.bincount(rows.ravel(), minlength=height * len(angles)).reshape(len(angles), height)
    pairs = profile[:, 1:] + profile[:, :-1]
    return np.asarray(_GATHERED[pairs].sum(axis=1), np.float64)
