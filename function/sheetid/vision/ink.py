"""From a grey image to ink: the paper's shade divided out, then thresholded against the ink close by."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey

InkMap = npt.NDArray[np.uint8]  # 0 where there is bare paper, 255 where the image is black
Mask = npt.NDArray[np.uint8]  # 1 where there is ink, 0 elsewhere

SHADE_SIDE = 70  # pixels: the paper's shade is estimated on an image reduced to about this size
SHADE_KERNEL = 7  # pixels of that reduced image: wider than any stroke, narrower than a shadow
FAINTEST = 12.0  # of 255: nothing paler is told from paper
PAPER_SPREAD = 4.0  # standard deviations of the paper's own texture and noise: what is darker is ink
PEPPER = 60  # of 255: a pixel that differs from its neighbours by more is noise
PEPPERED = 0.008  # share of such pixels in an image that has a lot of them
STREAK = 64  # of 255: paler streaks hide nothing
END_TO_END = 0.8  # of an image's height: streaks are longer, walls of frames are not
STRONG = 0.85  # of the ink is paler than its strength
DEVIATION = 1.4826  # times the median absolute deviation: the standard deviation of normal noise
DARKNESS = 95  # percentile of a digit's ink: how dark it is
AS_DARK = 0.4  # of that, or of digits' darkest ink: other ink counts
UNLIKE_NEIGHBOURS = 0.816  # times its deviation: that of the difference of neighbours, smoothed by 1-2-1


def paper_shade(grey: Grey, kernel: int = SHADE_KERNEL) -> Grey:
    """Return the paper's shade on an image a good deal smaller than `grey`, 1 to 255.

    Args:
        grey: `[height, width]` uint8.
        kernel: Pixels of that image: what is dark and narrower is no paper.
    """
    height, width = grey.shape
    scale = min(1.0, SHADE_SIDE / min(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((kernel, kernel), np.uint8))
    return np.asarray(np.maximum(cv2.blur(paper, (5, 5)), 1), np.uint8)


def divided(grey: Grey, shade: Grey) -> InkMap:
    """Divide the paper's shade out.

    Args:
        grey: `[height, width]` uint8, 255 is white.
        shade: The paper's shade, in a picture of any size.

    Returns:
        `[height, width]` uint8: 0 where the image is as bright as the paper around it, 255 where it is black.
    """
    size = (grey.shape[1], grey.shape[0])
    paper = cv2.resize(shade, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.bitwise_not(cv2.divide(grey, paper, scale=255)), np.uint8)


def runs_in(inked: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return from where to where a row of pixels is inked, `[N, 2]`: the first one, and the one after."""
    change = np.diff(np.concatenate([[False], inked, [False]]))
    return np.flatnonzero(change).reshape(-1, 2)


def without_pepper(grey: Grey) -> Grey:
    """Return an image without its single black pixels, if it has many."""
    smooth = np.asarray(cv2.medianBlur(grey, 3), np.uint8)
    off = cv2.absdiff(grey[::3, ::3], smooth[::3, ::3])
    return smooth if np.count_nonzero(off > PEPPER) > PEPPERED * off.size else grey


def floor_of(
    ink: InkMap, faintest: float = FAINTEST, deviations: float = PAPER_SPREAD
) -> tuple[float, float]:
    """Return the ink, 0 to 255, above which it is not paper, and how strong ink is.

    Most of a sheet is paper: the median and its absolute deviation tell its texture, its noise and what
    the estimate of its shade missed.

    Args:
        ink: `[height, width]` uint8.
        faintest: The least floor.
        deviations: How many standard deviations of the paper lie below the floor.
    """
    counts = counted(ink)
    middle = middle_of(counts)
    off = np.asarray(np.bincount(np.abs(np.arange(256) - int(middle)), counts), np.float64)
    floor = min(255.0, max(faintest, middle + deviations * DEVIATION * middle_of(off)))
    return floor, strength_above(counts, floor)


def floor_in_text(ink: InkMap) -> tuple[float, float]:
    """Return the same for a sheet that print covers so much of that it is taken for the paper's texture.

    What neighbours differ by tells the paper's noise: most of text is smoother than that.

    Args:
        ink: `[height, width]` uint8, smoothed by 1-2-1, so that neighbours' noise is alike.
    """
    counts = counted(ink)
    differences = cv2.absdiff(ink[::2, 1:], ink[::2, :-1])
    noise = DEVIATION * middle_of(counted(np.asarray(differences, np.uint8))) / UNLIKE_NEIGHBOURS
    floor = min(255.0, max(FAINTEST, middle_of(counts) + PAPER_SPREAD * noise))
    return floor, strength_above(counts, floor)


def counted(ink: InkMap) -> npt.NDArray[np.float64]:
    """Return how many pixels have each shade, `[256]`."""
    return cv2.calcHist([np.ascontiguousarray(ink)], [0], None, [256], [0, 256]).ravel().astype(np.float64)


def middle_of(counts: npt.NDArray[np.float64]) -> float:
    """Return the median of some counts `[N]` of 0, 1, and so on."""
    return float(np.searchsorted(np.cumsum(counts), counts.sum() / 2))


def strength_above(counts: npt.NDArray[np.float64], floor: float) -> float:
    """Return how strong the ink above a floor is, 0 to 255, by the counts `[256]` of all."""
    above = np.cumsum(counts[min(255, int(floor)) :])
    strength = int(floor) + float(np.searchsorted(above, STRONG * above[-1])) if above[-1] > 0 else 255.0
    return min(255.0, strength)


def percentile(ink: InkMap, percent: float) -> int:
    """Return the ink, 0 to 255, that so many percent of the pixels do not exceed; there must be some."""
    rank = int(percent / 100 * (ink.size - 1))
    return int(np.partition(ink, rank, axis=None)[rank])


def streaked(ink: InkMap) -> npt.NDArray[np.bool_]:
    """Tell of each column, `[width]`, whether a streak goes down all of the image there."""
    dark = (ink >= STREAK).view(np.uint8)
    in_column = np.asarray(cv2.reduce(dark, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S), np.int32)[0]
    return np.asarray(in_column >= END_TO_END * len(ink), np.bool_)


def remove_lines(mask: Mask, across: int, upright: int, thickness: int) -> Mask:
    """Remove straight lines, but not the strokes that cross them.

    Args:
        mask: `[height, width]` uint8, 1 where there is ink.
        across: Level runs of ink at least as long, in pixels, are lines.
        upright: So are upright runs at least as long.
        thickness: Lines are at most this thick, in pixels; thicker shapes are no lines.
    """
    level = level_lines(mask, across, thickness)
    upended = level_lines(np.asarray(cv2.transpose(mask), np.uint8), upright, thickness)
    lines = cv2.bitwise_or(level, cv2.transpose(upended))
    return np.asarray(cv2.subtract(mask, lines), np.uint8) if cv2.countNonZero(lines) else mask


def level_lines(mask: Mask, length: int, thickness: int) -> Mask:
    """Return where level lines are, leaving out the places where ink goes on above or below them."""
    # A line that is not quite level, or has a gap of two pixels, stays one run: that is grown by one pixel,
    # and what is eroded is longer by two.
    grown = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    middles = cv2.erode(grown, np.ones((1, length + 2), np.uint8))
    if not cv2.countNonZero(middles):
        return np.zeros_like(mask)
    lines = cv2.dilate(middles, np.ones((1, length), np.uint8))
    lines = cv2.bitwise_and(cv2.dilate(lines, np.ones((3, 1), np.uint8)), mask)
    thick = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickness + 1, 1), np.uint8))
    return np.asarray(cv2.subtract(lines, thick), np.uint8)


def pieces(mask: Mask, lowest: float, highest: float) -> npt.NDArray[np.int32]:
    """Return left, top, width and height, `[N, 4]`, of the pieces of ink that are so many pixels high."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    return np.asarray(stats[1:, :4][(heights >= lowest) & (heights <= highest)], np.int32)
