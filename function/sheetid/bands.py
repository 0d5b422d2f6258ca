"""Lines of print, measured: where their top and bottom are, how far they go, and what they look like.

Every line is sampled into a canvas of its own, always the same number of rows to its height and of columns to
its length, so that all lines of a region are measured at once.
"""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.ink import InkMap

Lines = npt.NDArray[np.float64]  # [N, 5]: left, right, middle at the left end, slope, height
Canvas = npt.NDArray[np.float32]  # [N, rows, columns]: ink, 0 to 255
Flags = npt.NDArray[np.bool_]  # [N]
Values = npt.NDArray[np.float64]  # [N]
LEFT, RIGHT, MIDDLE, SLOPE, HEIGHT = range(5)

BAND = 20  # rows of a canvas that a line's height takes
OUTSIDE = 16  # rows above it, and below it
ROWS = BAND + 2 * OUTSIDE
COLUMNS = 96
CORE = slice(ROWS // 2 - 5, ROWS // 2 + 5)  # rows that are digits, even if the band is not quite right
START = 4  # rows from the middle: digits' edges are looked for from there outwards
EDGE = 0.4  # of the texture in the middle of a line: where less is, the digits end
CRACK = 3  # rows: digits go on behind so narrow a gap in the print
BLOCKS = 8  # of columns: they are moved against each other to find the slope
SHEARS = np.arange(-6, 6.1, 1.5)  # rows from one end to the other
MOST_TURNED = 0.05  # slope: so much may lines differ from the region's skew
SHARPER = 1.04  # times: a slope is changed for no less
FARTHEST = 4.0  # heights: a line takes in print beside it no further out
GAP = 0.9  # of the height: print of one line is no further apart
SCAN = (12, 256)  # rows and columns of the canvas on which that is looked for
INNER = 0.7  # of the height: and the share of the band that it shows
UNSETTLED = 0.12  # of the height: looks that differ by more saw different things
PAD = 0.08  # of the height: lines are that much longer than what was found
HALF = 0.5  # of a line's darkest ink: the edge of its strokes

_shifts = np.rint(SHEARS[:, None] * np.linspace(-0.5, 0.5, BLOCKS)).astype(np.intp)
_BLOCK_MEANS = np.repeat(np.eye(BLOCKS, dtype=np.float32), COLUMNS // BLOCKS, axis=0) * BLOCKS / COLUMNS
_SHEARED = np.clip(np.arange(ROWS) + _shifts[:, :, None], 0, ROWS - 1)  # [shears, blocks, rows]


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


def refined(ink: InkMap, lines: Lines, cracked: Flags) -> tuple[Lines, Canvas]:
    """Return the lines with their slope and their digits' top and bottom measured, and how they were seen.

    Args:
        ink: `[height, width]` uint8.
        lines: Where to look.
        cracked: `[N]`, whether a line's digits go on behind narrow gaps.
    """
    canvas = sample(ink, lines, ROWS, COLUMNS, ROWS / BAND)
    ink_means, square_means = (
        np.asarray(some @ _BLOCK_MEANS, np.float32) for some in (canvas, np.square(canvas))
    )
    most = MOST_TURNED * (lines[:, RIGHT] - lines[:, LEFT]) / lines[:, HEIGHT] * BAND
    slopes = sharpest(ink_means, most)
    each, block = np.arange(len(lines))[:, None, None], np.arange(BLOCKS)[None, :, None]
    rows = _SHEARED[slopes]
    mean = ink_means[each, rows, block].mean(axis=1)
    square = square_means[each, rows, block].mean(axis=1)
    # Digits differ along a row, paper and rules do not: it is their texture that tells where digits end.
    texture = square - np.square(mean)
    kernel = np.ones((1, CRACK + 1), np.uint8)
    texture[cracked] = cv2.morphologyEx(texture, cv2.MORPH_CLOSE, kernel)[cracked]
    return moved(lines, SHEARS[slopes], *edges(texture)), canvas


def sharpest(blocks: npt.NDArray[np.float32], most: Values) -> npt.NDArray[np.intp]:
    """Return for each line which shear makes its profile sharpest.

    Args:
        blocks: `[N, ROWS, BLOCKS]`, the mean ink.
        most: `[N]`, the most rows from end to end that a line may be sheared by.
    """
    profiles = np.zeros((len(blocks), len(SHEARS), ROWS), np.float32)
    for block in range(BLOCKS):
        profiles += blocks[:, :, block][:, _SHEARED[:, block]]
    sharpness = np.square(profiles[:, :, 2:] - profiles[:, :, :-2]).sum(axis=2)
    sharpness[np.abs(SHEARS) > most[:, None]] = 0
    level = len(SHEARS) // 2
    best = sharpness.argmax(axis=1)
    clear = sharpness.max(axis=1) > SHARPER * sharpness[:, level]
    return np.where(clear, best, level)


def edges(texture: npt.NDArray[np.float32]) -> tuple[Values, Values]:
    """Return at which rows digits start and end, from the texture `[N, ROWS]` of the rows."""
    base = np.sort(texture, axis=1)[:, 2]
    plateau = np.sort(texture[:, CORE], axis=1)[:, 5]
    level = base + EDGE * (plateau - base)
    middle = ROWS // 2
    top = outwards(texture[:, middle - START :: -1], level)
    bottom = outwards(texture[:, middle + START - 1 :], level)
    return middle - START + 0.5 - top, middle + START - 0.5 + bottom


def outwards(texture: npt.NDArray[np.float32], level: npt.NDArray[np.float32]) -> Values:
    """Return how many rows `texture` `[N, rows]` stays above `level` `[N]`, between rows linearly."""
    below = texture < level[:, None]
    below[:, 0] = False
    below[:, -1] = True
    first = below.argmax(axis=1)
    each = np.arange(len(texture))
    inside, outside = texture[each, first - 1], texture[each, first]
    part = (inside - level) / np.maximum(inside - outside, 1e-3)
    return np.asarray(first - 1 + np.clip(part, 0, 1), np.float64)


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
