"""Pictures beside a number: logos, matrix codes, barcodes, and outlines around it."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.evidence.end import INSIDE, End, inked_share
from sheetid.recognition.printed import STROKE
from sheetid.vision.glyphs import BAND, HEIGHT, SIDE
from sheetid.vision.ink import AS_DARK

CODE_INK = (0.35, 0.7)  # share of a matrix code or a barcode that is ink
CODE_WIDTHS = (HEIGHT, 2 * HEIGHT)  # columns that are looked at: a large code begins with a large square
CODE_CHANGES = 3  # between ink and paper along its rows, in the digits' height
BARS = 0.65  # how much more of a column of a barcode is ink than paper, or paper than ink, at least
BEYOND = 0.3  # of the rows above or below digits: a code goes on there
PICTURE, HARDLY = 0.6, 0.3  # of its columns: a picture goes on above and below, where digits hardly do
FAR_ABOVE, FAR_BELOW = slice(0, BAND.start - 1), slice(BAND.stop + 1, SIDE)  # rows that digits do not reach
THIN_BARS, THIN_CHANGES = 0.9, 5  # the same as `BARS` and `CODE_CHANGES`, of bars with much paper between
BROAD = 5  # pixels: the strokes of an outline are thinner


def is_picture(end: End) -> bool:
    """Tell whether a picture stands next to a number, as wide as a digit and higher: a logo, or a code."""
    if not np.isfinite(end.gap):
        return False
    faintest = AS_DARK * end.dark
    ink = end.strip[:, end.next_column : end.next_column + HEIGHT] >= faintest
    digits = end.strip[:, end.boxes[0][0] : end.edge] >= faintest
    return all(
        inked_share(ink[rows]) >= PICTURE and inked_share(digits[rows]) <= HARDLY
        for rows in (FAR_ABOVE, FAR_BELOW)
    )


def is_outlined(end: End) -> bool:
    """Tell whether an oval or a rounded frame is next to a number: a stroke that bends over and below it."""
    left, _, right, _ = end.boxes[-1]
    if not np.isfinite(end.gap):
        return False
    ink = end.strip >= AS_DARK * end.dark
    if any(not ink[rows, left:right].any() for rows in (FAR_ABOVE, FAR_BELOW)):
        return False
    stroke = end.next_piece
    if any(not stroke[rows, left:right].any() for rows in (FAR_ABOVE, FAR_BELOW)):
        return False
    beside = np.pad(stroke[BAND, right:].astype(np.int8), 1)
    runs = np.count_nonzero(np.diff(beside, axis=1) > 0, axis=1)
    broad = cv2.erode(beside.view(np.uint8), np.ones((BROAD, BROAD), np.uint8))
    return bool(runs.max() <= 1 and not broad.any())


def is_code(end: End) -> bool:
    """Tell whether a matrix code or a barcode stands beside a number.

    That is as much ink as paper, in squares or bars, higher than the digits; a line under these is no code.
    Bars may be as high as they are.
    """
    if not np.isfinite(end.gap):
        return False
    faintest = STROKE * end.dark
    ink = end.strip[:, end.next_column :] >= faintest
    if is_of_thin_bars(ink[:, : CODE_WIDTHS[1]]):
        return True
    codes = [ink[:, :width] for width in CODE_WIDTHS if width <= ink.shape[1]]
    codes = [code for code in codes if is_of_squares(code)]
    if not codes or any(is_of_bars(code) for code in codes):
        return bool(codes)
    digits = end.strip[:, end.boxes[0][0] : end.edge] >= faintest
    return any(
        code[rows].mean() >= BEYOND and digits[rows].mean() <= BEYOND / 3
        for code in codes
        for rows in (slice(0, BAND.start), slice(BAND.stop, SIDE))
    )


def is_of_squares(ink: npt.NDArray[np.bool_]) -> bool:
    """Tell whether `[28, width]` is as much ink as paper, in squares or bars."""
    if not CODE_INK[0] <= ink[BAND].mean() <= CODE_INK[1]:
        return False
    return bool(changes(ink) >= CODE_CHANGES * ink.shape[1] / HEIGHT)


def is_of_thin_bars(ink: npt.NDArray[np.bool_]) -> bool:
    """Tell whether `[28, width]` is thin bars, closer than ones can stand, in digits' rows."""
    close = changes(ink) >= THIN_CHANGES * ink.shape[1] / HEIGHT and ink.shape[1] >= CODE_WIDTHS[1]
    return close and is_of_bars(ink, THIN_BARS)


def changes(ink: npt.NDArray[np.bool_]) -> float:
    """Return how often ink `[28, width]` and paper change along a row that digits take, on average."""
    return float(np.count_nonzero(ink[BAND, 1:] != ink[BAND, :-1], axis=1).mean())


def is_of_bars(ink: npt.NDArray[np.bool_], least: float = BARS) -> bool:
    """Tell whether the columns of `[28, width]` are nearly all ink, or nearly all paper, in digits' rows."""
    return bool(np.abs(2 * ink[INSIDE].mean(axis=0) - 1).mean() >= least)
