"""Lines of print, measured: where they are, how far they go, and what they look like.

Every line is sampled into a canvas of its own, always the same number of rows to its height and of columns to
its length, so that all lines of a region are measured at once.
"""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.geometry import Matrix, transform
from sheetid.vision.ink import InkMap

Lines = npt.NDArray[np.float64]  # [N, 5]: left, right, middle at the left end, slope, height
Canvas = npt.NDArray[np.float32]  # [N, rows, columns]: ink, 0 to 255
Flags = npt.NDArray[np.bool_]  # [N]
Values = npt.NDArray[np.float64]  # [N]
LEFT, RIGHT, MIDDLE, SLOPE, HEIGHT = range(5)

BAND = 20  # rows of a canvas that a line's height takes
OUTSIDE = 16  # rows above it, and below it
ROWS = BAND + 2 * OUTSIDE
COLUMNS = 96
BEYOND = 3  # rows: walls reach so far beyond the digits
FARTHEST = 7.0  # heights: a line takes in print beside it no further out
GAP = 1.1  # of the height: print of one line is no further apart
SCAN = (12, 256)  # rows and columns of the canvas on which that is looked for
INNER = 0.7  # of the height: and the share of the band that it shows
UNSETTLED = 0.12  # of the height: looks that differ by more saw different things
PAD = 0.08  # of the height: lines are that much longer than what was found
HALF = 0.5  # of a line's darkest ink: the edge of its strokes


def sample(ink: InkMap, lines: Lines, rows: int, columns: int, share: float) -> Canvas:
    """Sample every line into its canvas; `share` of its height is shown."""
    cosine = 1 / np.hypot(1, lines[:, SLOPE])
    along = np.stack([cosine, lines[:, SLOPE] * cosine], axis=1)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    along *= ((lines[:, RIGHT] - lines[:, LEFT]) / cosine / columns)[:, None]
    across *= (lines[:, HEIGHT] * share / rows)[:, None]
    # Pixels are squares: their centres lie at halves, and OpenCV counts from the first one's centre.
    start = lines[:, [LEFT, MIDDLE]] - across * (rows / 2) + (along + across) / 2 - 0.5
    matrices = np.stack([along, across, start], axis=2)
    canvas = np.empty((len(lines), rows, columns), np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    for place, matrix in zip(canvas, matrices, strict=True):
        place[:] = cv2.warpAffine(ink, matrix, (columns, rows), flags=flags)
    return canvas


def seen(ink: InkMap, lines: Lines) -> Canvas:
    """Return what is seen of every line, `[N, ROWS, COLUMNS]`."""
    return sample(ink, lines, ROWS, COLUMNS, ROWS / BAND)


def without_walls(canvas: Canvas) -> Canvas:
    """Return what is seen of every line without the walls of cells: they go on above and below its digits."""
    walls = canvas[:, OUTSIDE - BEYOND : OUTSIDE + BAND + BEYOND].min(axis=1, keepdims=True)
    return np.asarray(canvas - walls, np.float32)


def moved(lines: Lines, shear: Values, top: Values, bottom: Values) -> Lines:
    """Return lines with the slope, top and bottom that were found on their canvases."""
    row = lines[:, HEIGHT] / BAND
    length = lines[:, RIGHT] - lines[:, LEFT]
    turn = shear * row / length
    result = lines.copy()
    result[:, SLOPE] += turn
    shifted = ((top + bottom) / 2 - ROWS / 2) * row
    result[:, MIDDLE] += shifted * np.hypot(1, lines[:, SLOPE]) - turn * length / 2
    result[:, HEIGHT] = np.maximum((bottom - top) * row, 1)
    return result


def carried(lines: Lines, matrix: Matrix) -> Lines:
    """Return lines in another picture, to which the 2x3 `matrix` leads, a turn and a shift."""
    rise = lines[:, SLOPE] * (lines[:, RIGHT] - lines[:, LEFT])
    starts = transform(lines[:, [LEFT, MIDDLE]], matrix)
    ends = transform(np.column_stack([lines[:, RIGHT], lines[:, MIDDLE] + rise]), matrix)
    slope = (ends[:, 1] - starts[:, 1]) / (ends[:, 0] - starts[:, 0])
    return np.column_stack([starts[:, 0], ends[:, 0], starts[:, 1], slope, lines[:, HEIGHT]])


def darkest(canvas: Canvas) -> Values:
    """Return how dark the strokes of each line are."""
    band = canvas[:, OUTSIDE : OUTSIDE + BAND : 2, ::2].reshape(len(canvas), -1)
    rank = band.shape[1] * 9 // 10
    return np.asarray(np.partition(band, rank, axis=1)[:, rank], np.float64)


def lengthened(ink: InkMap, lines: Lines, edge: Values) -> Lines:
    """Let lines take in the print beside them: ink darker than `edge` `[N]` is print."""
    wide = lines.copy()
    reach = FARTHEST * lines[:, HEIGHT]
    wide[:, LEFT] -= reach
    wide[:, RIGHT] += reach
    wide[:, MIDDLE] -= lines[:, SLOPE] * reach
    inked = (sample(ink, wide, *SCAN, INNER) > edge[:, None, None]).any(axis=1)
    result = lines.copy()
    for line, columns, before in zip(result, np.asarray(inked, np.bool_), wide, strict=True):
        pixels = (before[RIGHT] - before[LEFT]) / SCAN[1]
        left, right = extent(columns, line[HEIGHT] / pixels)
        pad = PAD * line[HEIGHT]
        left = min(before[LEFT] + left * pixels - pad, line[LEFT])
        line[MIDDLE] += line[SLOPE] * (left - line[LEFT])
        line[LEFT], line[RIGHT] = left, max(before[LEFT] + right * pixels + pad, line[RIGHT])
    return result


def settled(first: Lines, second: Lines) -> tuple[Lines, Flags]:
    """Return the second look at every line, but the first where they differ; and where they do."""
    off = np.abs(middles(first) - middles(second)) + np.abs(first[:, HEIGHT] - second[:, HEIGHT])
    other = off > UNSETTLED * first[:, HEIGHT]
    return np.where(other[:, None], first, second), np.asarray(other, np.bool_)


def medians(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the median of each row of `[N, M]`, faster by far than numpy's where rows are few."""
    ordered = np.sort(values, axis=1)
    half = values.shape[1] // 2
    return np.asarray((ordered[:, half] + ordered[:, -half - 1]) / 2, np.float32)


def middles(lines: Lines) -> Values:
    """Return the height of the lines' middle halfway along."""
    return np.asarray(lines[:, MIDDLE] + lines[:, SLOPE] * (lines[:, RIGHT] - lines[:, LEFT]) / 2, np.float64)


def stretched(lines: Lines, like: Lines) -> Lines:
    """Return lines that start and end where others do."""
    result = lines.copy()
    result[:, MIDDLE] += lines[:, SLOPE] * (like[:, LEFT] - lines[:, LEFT])
    result[:, [LEFT, RIGHT]] = like[:, [LEFT, RIGHT]]
    return result


def extent(inked: npt.NDArray[np.bool_], height: float) -> tuple[int, int]:
    """Return where the print starts and ends that a line is a part of, in columns of its canvas.

    Args:
        inked: Which columns have ink; the line itself lies `FARTHEST` heights from both ends.
        height: The line's height in columns.
    """
    columns = np.flatnonzero(inked)
    start, end = FARTHEST * height, len(inked) - FARTHEST * height
    if not columns.size:
        return round(start), round(end)
    breaks = np.flatnonzero(np.diff(columns) > GAP * height)
    starts = columns[np.concatenate([[0], breaks + 1])]
    ends = columns[np.concatenate([breaks, [-1]])] + 1
    near = (ends >= start - GAP * height) & (starts <= end + GAP * height)
    if not near.any():
        return round(start), round(end)
    return int(starts[near].min()), int(ends[near].max())
