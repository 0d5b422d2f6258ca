"""From a grey image to ink: the paper's shade divided out, then thresholded against the ink close by."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.decoding import Grey

InkMap = npt.NDArray[np.uint8]  # 0 where there is bare paper, 255 where the image is black
Mask = npt.NDArray[np.uint8]  # 1 where there is ink, 0 elsewhere

BACKGROUND_SIDE = 160  # pixels: the paper's shade is estimated on an image reduced to about this size
BACKGROUND_KERNEL = 15  # pixels of that reduced image: wider than any stroke, narrower than a shadow
FAINTEST = 12.0  # of 255: nothing paler is told from paper
PAPER_SPREAD = 4.0  # standard deviations of the paper's own texture and noise: what is darker is ink
SAMPLE = 150  # pixels: the paper is measured on a grid of about as many rows and columns
LOCAL_SHARE = 0.45  # of the darkest ink close by: where the edge of a stroke is


def extract_ink(grey: Grey) -> InkMap:
    """Divide the paper's shade out.

    Args:
        grey: `[height, width]` uint8, 255 is white.

    Returns:
        `[height, width]` uint8: 0 where the image is as bright as the paper around it, 255 where it is black.
    """
    height, width = grey.shape
    scale = min(1.0, BACKGROUND_SIDE / min(height, width))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (BACKGROUND_KERNEL, BACKGROUND_KERNEL))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), BACKGROUND_KERNEL / 4)
    shade = cv2.resize(np.maximum(paper, 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.bitwise_not(cv2.divide(grey, shade, scale=255)), np.uint8)


def faintest(ink: InkMap) -> float:
    """Return the ink, 0 to 255, above which it is not paper: by the median and its absolute deviation.

    Most of a sheet is paper, so these tell its texture, its noise and what the estimate of its shade missed.
    """
    rows, columns = (max(1, size // SAMPLE) for size in ink.shape)
    sample = cv2.GaussianBlur(ink, (3, 3), 0)[::rows, ::columns].astype(np.float32)
    middle = float(np.median(sample))
    spread = 1.4826 * float(np.median(np.abs(sample - middle)))
    return min(255.0, max(FAINTEST, middle + PAPER_SPREAD * spread))


def threshold(ink: InkMap, reach: int, floor: float) -> Mask:
    """Tell ink from paper, against the darkest ink within `reach` pixels.

    Args:
        ink: `[height, width]` uint8.
        reach: Half the side of the neighbourhood, about the height of a digit.
        floor: What is paler is paper, 0 to 255.

    Returns:
        `[height, width]` uint8, 1 where there is ink.
    """
    smooth = np.asarray(cv2.GaussianBlur(ink, (3, 3), 0), np.uint8)
    side = 2 * reach + 1
    darkest = cv2.dilate(smooth, np.ones((1, side), np.uint8))
    darkest = cv2.dilate(darkest, np.ones((side, 1), np.uint8))
    edge = np.maximum(cv2.convertScaleAbs(darkest, alpha=LOCAL_SHARE), round(floor))
    return np.asarray((smooth > edge).view(np.uint8), np.uint8)


def remove_lines(mask: Mask, across: int, upright: int, thickness: int) -> Mask:
    """Remove straight lines, but not the strokes that cross them.

    Args:
        mask: `[height, width]` uint8, 1 where there is ink.
        across: Level runs of ink at least as long, in pixels, are lines.
        upright: So are upright runs at least as long.
        thickness: Lines are at most this thick, in pixels; thicker shapes are no lines.
    """
    level = level_lines(mask, across, thickness)
    plumb = level_lines(np.ascontiguousarray(mask.T), upright, thickness).T
    return np.asarray(mask & ~(level | plumb) & 1, np.uint8)


def level_lines(mask: Mask, length: int, thickness: int) -> Mask:
    """Return where level lines are, leaving out the places where ink goes on above or below them."""
    steady = cv2.dilate(mask, np.ones((3, 1), np.uint8))  # a line that is not quite level stays one run
    bridged = cv2.morphologyEx(steady, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    lines = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if not lines.any():
        return np.zeros_like(mask)
    lines = cv2.bitwise_and(cv2.dilate(lines, np.ones((3, 1), np.uint8)), mask)
    thick = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickness + 1, 1), np.uint8))
    return np.asarray(lines * (thick == 0), np.uint8)
