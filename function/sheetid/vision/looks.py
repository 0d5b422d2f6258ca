"""How much a line of print looks like a sheet's number."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sheetid.vision.bands import (
    BAND,
    COLUMNS,
    HALF,
    HEIGHT,
    LEFT,
    OUTSIDE,
    RIGHT,
    Lines,
    Values,
    darkest,
    medians,
    seen,
    without_walls,
)
from sheetid.vision.ink import InkMap

Looks = dict[str, npt.NDArray[Any]]  # [N] each, by the names of WEIGHTS
Counts = npt.NDArray[np.intp]  # [N]

ROW = 3  # components side by side are no accident
PITCH = (0.45, 1.3)  # of the height: digits come again at such distances
MOST_BARS = 13  # side by side: a number has fewer digits
UPRIGHT = 0.03  # of a canvas' places: bars end in fewer
SIBLING = 0.2  # logarithm of the ratio of their heights: lines of one size of print
# Fitted so that of the lines on one sheet the right one stands out: to sheets of the corpus' development half
# (mild, hard) and of two generators that know nothing of it (corners, whole pages, single faults).
WEIGHTS = {
    "height": -0.32,
    "length up to 2.5": 3.62,
    "length up to 5": 0.61,
    "length beyond 9": -0.74,
    "darkness": 1.18,
    "ink above": -0.35,
    "ink below": 2.14,
    "flattest row": 8.44,
    "cover": 7.16,
    "cover squared": 1.46,
    "columns inked": -5.76,
    "variety": 8.47,
    "changes": 6.22,
    "changes squared": -4.04,
    "lines of its height": 0.16,
    "row of components": 0.94,
    "ways that agree": 0.64,
    "regularity": 5.95,
    "regularity squared": -1.74,
    "texture above": -5.25,
    "texture below": -6.45,
    "texture at its ends": 1.46,
    "unevenness": -4.25,
    "print beside it": -1.15,
    "bars": -10.0,  # not fitted: a barcode is no number
}


def looks(ink: InkMap, lines: Lines, whole: Lines, even: Counts, agreed: Counts, *, floor: float) -> Looks:
    """Describe every line by what tells numbers from text, frames, barcodes and scribble.

    Args:
        ink: `[height, width]` uint8.
        lines: Where they were measured.
        whole: The same, with the print beside them.
        even: `[N]`, how many components of one height each has.
        agreed: `[N]`, how many ways of looking led to each.
        floor: Ink above which it is not paper.
    """
    canvas = without_walls(seen(ink, lines))
    height = np.log(lines[:, HEIGHT])
    length = lengths(lines)
    dark = darkest(canvas)
    inked = canvas > np.maximum(floor, HALF * dark)[:, None, None]
    band = inked[:, OUTSIDE : OUTSIDE + BAND]
    core = band[:, 2:-2]
    profile = canvas.mean(axis=2)
    base = np.sort(profile, axis=1)[:, 2]
    plateau = np.maximum(1, medians(profile[:, OUTSIDE + 4 : OUTSIDE + BAND - 4]) - base)
    above = (profile[:, OUTSIDE - 5 : OUTSIDE - 1].mean(axis=1) - base) / plateau
    below = (profile[:, OUTSIDE + BAND + 1 : OUTSIDE + BAND + 5].mean(axis=1) - base) / plateau
    inside = profile[:, OUTSIDE + 1 : OUTSIDE + BAND - 1] - base[:, None]
    flat = inside.min(axis=1) / np.maximum(1, inside.mean(axis=1))
    cover = core.mean(axis=(1, 2))
    third = core.shape[1] // 3
    vary = (core[:, :-third] ^ core[:, third:]).mean(axis=(1, 2)) / np.maximum(0.02, cover)
    changes = np.minimum(8, (core[:, :, 1:] ^ core[:, :, :-1]).sum(axis=2).mean(axis=1) / length) / 4
    texture = canvas.var(axis=2)
    digits = 1 + medians(texture[:, OUTSIDE + 4 : OUTSIDE + BAND - 4])
    over = texture[:, OUTSIDE - 4 : OUTSIDE - 1].min(axis=1) / digits
    under = texture[:, OUTSIDE + BAND + 1 : OUTSIDE + BAND + 4].min(axis=1) / digits
    ends = np.minimum(texture[:, OUTSIDE + 1], texture[:, OUTSIDE + BAND - 2]) / digits
    uneven = texture[:, OUTSIDE + 2 : OUTSIDE + BAND - 2].std(axis=1) / digits
    regular = regularity(canvas[:, OUTSIDE : OUTSIDE + BAND].mean(axis=1), length)
    siblings = (np.abs(height[:, None] - height) < SIBLING).sum(axis=1) - 1
    return {
        "height": height,
        "length up to 2.5": np.minimum(length, 2.5),
        "length up to 5": np.minimum(length, 5),
        "length beyond 9": np.maximum(lengths(whole) - 9, 0) / 5,
        "darkness": np.log(np.maximum(dark, 1) / 255),
        "ink above": np.clip(above, 0, 1.2),
        "ink below": np.clip(below, 0, 1.2),
        "flattest row": flat,
        "cover": cover,
        "cover squared": np.square(cover),
        "columns inked": core.any(axis=1).mean(axis=1),
        "variety": np.minimum(vary, 1),
        "changes": changes,
        "changes squared": np.square(changes),
        "lines of its height": np.minimum(siblings, 5) / 3,
        "row of components": even >= ROW,
        "ways that agree": np.log1p(agreed),
        "regularity": regular,
        "regularity squared": np.square(regular),
        "texture above": np.clip(over, 0, 1.5),
        "texture below": np.clip(under, 0, 1.5),
        "texture at its ends": np.clip(ends, 0, 1.5),
        "unevenness": np.clip(uneven, 0, 2),
        "print beside it": np.minimum(lengths(whole) - length, 8) / 4,
        "bars": are_bars(core),
    }


def are_bars(core: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which lines are a barcode: more strokes than a number has, and each the same in all rows.

    Args:
        core: `[N, rows, COLUMNS]`, where there is ink, without the first and last rows.
    """
    strokes = (core[:, :, 1:] & ~core[:, :, :-1]).sum(axis=2).mean(axis=1)
    ends = (core[:, 1:] ^ core[:, :-1]).mean(axis=(1, 2))
    return np.asarray((strokes > MOST_BARS) & (ends < UPRIGHT), np.bool_)


def lengths(lines: Lines) -> Values:
    """Return how many times its height each line is long."""
    return np.asarray((lines[:, RIGHT] - lines[:, LEFT]) / lines[:, HEIGHT], np.float64)


def regularity(columns: npt.NDArray[np.float32], length: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how regularly the ink of the columns `[N, COLUMNS]` comes again as digits do, 0 to 1.

    Args:
        columns: Mean ink of each column.
        length: `[N]`, the lines' lengths, times their heights.
    """
    off = columns - columns.mean(axis=1, keepdims=True)
    spectrum = np.square(np.abs(np.fft.rfft(off, 2 * COLUMNS, axis=1)))
    again = np.fft.irfft(spectrum, axis=1)[:, :COLUMNS]
    distance = np.arange(COLUMNS) * (length / COLUMNS)[:, None]
    likely = (distance >= PITCH[0]) & (distance <= PITCH[1])
    return np.asarray(np.max(again * likely, axis=1) / np.maximum(again[:, 0], 1e-3), np.float64)


def promises(seen: Looks) -> npt.NDArray[np.float64]:
    """Return the logarithm of the odds that each line is the sheet's number."""
    return np.asarray(sum(weight * seen[name] for name, weight in WEIGHTS.items()), np.float64)
