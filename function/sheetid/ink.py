"""From a grey image to ink: the paper's shade divided out, then thresholded against the ink close by."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.decoding import Grey

InkMap = npt.NDArray[np.uint8]  # 0 where there is bare paper, 255 where the image is black
Mask = npt.NDArray[np.uint8]  # 1 where there is ink, 0 elsewhere

BACKGROUND_SIDE = 160  # pixels: the paper's shade is estimated on an image reduced to about this size
BACKGROUND_KERNEL = 15  # pixels of that reduced image: wider than any stroke, narrower than a shadow
FAINTEST = 15  # of 255: nothing paler is told from paper
NOISE_FLOOR = 4.0  # times the standard deviation of the noise that smoothing leaves
SMOOTHED = 0.5  # of the noise is left by smoothing: 0.375 of white noise, more of a camera's or a JPEG's
NOISE_SAMPLE = 100  # pixels: noise is measured on a grid of about as many rows and columns
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


def noise_level(grey: Grey) -> float:
    """Return the standard deviation of pixel noise, by a Laplacian (Immerkær 1996) and its median."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey, cv2.CV_16S, kernel))
    rows, columns = (max(1, size // NOISE_SAMPLE) for size in grey.shape)
    return float(np.median(response[::rows, ::columns])) / 0.6745 / 6


def threshold(ink: InkMap, reach: int, noise: float) -> Mask:
    """Tell ink from paper, against the darkest ink within `reach` pixels.

    Args:
        ink: `[height, width]` uint8.
        reach: Half the side of the neighbourhood, about the height of a digit.
        noise: Standard deviation of the pixel noise in `ink`.

    Returns:
        `[height, width]` uint8, 1 where there is ink.
    """
    smooth = np.asarray(cv2.GaussianBlur(ink, (3, 3), 0), np.uint8)
    side = 2 * reach + 1
    darkest = cv2.dilate(smooth, np.ones((1, side), np.uint8))
    darkest = cv2.dilate(darkest, np.ones((side, 1), np.uint8))
    floor = max(FAINTEST, round(NOISE_FLOOR * SMOOTHED * noise))
    edge = np.maximum(cv2.convertScaleAbs(darkest, alpha=LOCAL_SHARE), floor)
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
