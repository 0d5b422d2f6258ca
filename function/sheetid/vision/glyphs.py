"""The one definition of what the model sees, in training and in serving: windows along a line of print.

A line is straightened into a strip in which its digits are 20 px high, and a window of 28x28 px is taken at
every second column, with whatever stands beside and around the digit in it. The model says of each window
which digit is centred in it, or that none is: a network slid along its input (after LeCun, Bottou, Bengio,
Haffner: Gradient-based learning applied to document recognition, 1998, on space displacement networks).
"""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.geometry import Matrix, after, corners, shift, transform
from sheetid.vision.ink import InkMap, percentile
from sheetid.vision.runs import Run

SIDE = 28  # pixels: a window, and a strip's height
HEIGHT = 20  # pixels: every line is brought to digits of this height, in the middle of the strip
MARGIN = 44  # pixels of that scale at both ends of a line: a digit that the line has missed is seen
STEP = 2  # pixels from one window to the next
BAND = slice(SIDE // 2 - HEIGHT // 2, SIDE // 2 + HEIGHT // 2)  # rows that digits take
DARKEST = 98  # percentile of the ink in the band: it is made black
FAINTEST = 30.0  # of 255: ink that is paler is not made black
MIDDLE = 4  # columns in the middle of a window: a character that is centred there has ink in them
BLANK = 48  # of 255: with no darker ink in them, nothing is centred there

ALIASING = 1.5  # times: a line is smoothed before it is reduced by more
SMOOTH = 0.35  # pixels of its scale, standard deviation

Ink = npt.NDArray[np.float32]
IDENTITY = shift(0, 0)


def straighten(ink: InkMap, run: Run, to_ink: Matrix = IDENTITY) -> tuple[InkMap, Matrix]:
    """Cut a line of print out, level, with digits of the common height.

    Args:
        ink: `[height, width]` uint8.
        run: Where the line is, level to within a few degrees.
        to_ink: 2x3 matrix from the pixels in which the run is told to those of `ink`.

    Returns:
        The strip, `[28, width]` uint8, its darkest ink 255, and the 2x3 matrix from its points to those in
        which the run is told.
    """
    scale = run.height / HEIGHT
    width = max(1, round((run.right - run.left) / scale)) + 2 * MARGIN
    length = float(np.hypot(1, run.slope))
    along = np.array([1, run.slope]) / length * scale
    across = np.array([-run.slope, 1]) / length * scale
    origin = np.array([run.left, run.middle]) - along * MARGIN - across * (SIDE / 2)
    to_run = np.column_stack([along, across, origin])
    matrix = after(to_ink, to_run)
    reduction = float(np.hypot(*matrix[:, 0]))
    if reduction > ALIASING:
        ink, matrix = smoothed(ink, matrix, width, SMOOTH * reduction)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    strip = np.asarray(cv2.warpAffine(ink, matrix, (width, SIDE), flags=flags), np.uint8)
    return stretched(strip), to_run


def smoothed(ink: InkMap, to_ink: Matrix, width: int, sigma: float) -> tuple[InkMap, Matrix]:
    """Return the smoothed ink around a strip of that width, and the matrix from the strip to it."""
    outline = transform(corners(0, 0, width, SIDE), to_ink)
    room = 4 * sigma + 2  # pixels: what is left out is not seen in the strip
    last = np.array(ink.shape[::-1]) - 1
    left, top = np.clip(outline.min(axis=0) - room, 0, last).astype(int).tolist()
    right, bottom = np.clip(outline.max(axis=0) + room, 0, last).astype(int).tolist()
    part = cv2.GaussianBlur(ink[top : bottom + 1, left : right + 1], (0, 0), sigma)
    return np.asarray(part, np.uint8), after(shift(-left, -top), to_ink)


def stretched(strip: npt.NDArray[np.uint8]) -> InkMap:
    """Return a strip in which the line's darkest ink is black."""
    darkest = max(FAINTEST, percentile(strip[BAND], DARKEST))
    return np.asarray(cv2.convertScaleAbs(strip, alpha=255 / darkest), np.uint8)


def windows(strip: InkMap) -> npt.NDArray[np.uint8]:
    """Return a view of a strip's windows, `[N, 28, 28]` uint8; the middle of the n-th is at 14 + 2 n."""
    slid = np.lib.stride_tricks.sliding_window_view(strip, SIDE, axis=1)[:, ::STEP]
    return slid.transpose(1, 0, 2)


def inked(strip: InkMap) -> npt.NDArray[np.bool_]:
    """Tell of each of a strip's windows, `[N]`, whether there is ink in its middle.

    In the others no character is centred, and the model need not be asked.
    """
    darkest = np.lib.stride_tricks.sliding_window_view(strip[BAND].max(axis=0), SIDE)[::STEP]
    middle = darkest[:, (SIDE - MIDDLE) // 2 : (SIDE + MIDDLE) // 2]
    return np.asarray(middle.max(axis=1) >= BLANK, np.bool_)


def centred(ink: Ink) -> InkMap:
    """Return the window that a single, tightly cut character has: 20 px high, in the middle.

    The function never cuts characters out; this is for collections of single ones, in training and in tests.

    Args:
        ink: `[height, width]` float32, 0 where there is paper, up to 1 where there is ink; at least 1x1.

    Returns:
        `[28, 28]` uint8, the darkest ink 255; what is wider than a window is cut off.
    """
    width = max(1, round(ink.shape[1] * HEIGHT / ink.shape[0]))
    way = cv2.INTER_AREA if ink.shape[0] > HEIGHT else cv2.INTER_LINEAR
    scaled = np.round(cv2.resize(ink, (width, HEIGHT), interpolation=way) * 255).astype(np.uint8)
    beside = max(0, SIDE - width)
    edge = (SIDE - HEIGHT) // 2
    strip = np.pad(scaled, ((edge, edge), (beside // 2, beside - beside // 2)))
    left = (strip.shape[1] - SIDE) // 2
    return stretched(strip[:, left : left + SIDE])


def stack(glyphs: list[npt.NDArray[np.uint8]]) -> Ink:
    """Return the batch `[N, 28, 28, 1]` float32, 0 to 1, that the model takes, of several strips' windows."""
    batch = np.concatenate(glyphs)[..., None] if glyphs else np.zeros((0, SIDE, SIDE, 1), np.uint8)
    return np.multiply(batch, np.float32(1 / 255), dtype=np.float32)
