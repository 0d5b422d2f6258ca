"""How much a line of print looks like a sheet's number."""

import numpy as np
import numpy.typing as npt

from sheetid.bands import BAND, HALF, HEIGHT, LEFT, OUTSIDE, RIGHT, Canvas, Lines, darkest

Looks = npt.NDArray[np.float64]  # [N, len(WEIGHTS)]

ROW = 3  # components side by side are no accident
SIBLING = 0.2  # logarithm of the ratio of their heights: lines of one size of print
# Fitted to the corpus' development half (mild, hard, levels 3 and 4 of every axis) and to real words, so that
# of the lines on one sheet the right one stands out.
WEIGHTS = np.array(
    [1.60, 6.40, 1.13, -0.63, 2.63, -0.91, -0.22, 12.55, 1.45, -2.02, -4.26, 10.13, 6.22, -3.23, 0.55, 1.92]
)


def looks(lines: Lines, canvas: Canvas, even: npt.NDArray[np.intp], floor: float) -> Looks:
    """Describe every line by what tells numbers from text, frames, barcodes and scribble."""
    height = np.log(lines[:, HEIGHT])
    length = (lines[:, RIGHT] - lines[:, LEFT]) / lines[:, HEIGHT]
    dark = darkest(canvas)
    inked = canvas > np.maximum(floor, HALF * dark)[:, None, None]
    band = inked[:, OUTSIDE : OUTSIDE + BAND]
    core = band[:, 2:-2]
    profile = canvas.mean(axis=2)
    base = np.sort(profile, axis=1)[:, 2]
    plateau = np.maximum(1, np.median(profile[:, OUTSIDE + 4 : OUTSIDE + BAND - 4], axis=1) - base)
    above = (profile[:, OUTSIDE - 5 : OUTSIDE - 1].mean(axis=1) - base) / plateau
    below = (profile[:, OUTSIDE + BAND + 1 : OUTSIDE + BAND + 5].mean(axis=1) - base) / plateau
    inside = profile[:, OUTSIDE + 1 : OUTSIDE + BAND - 1] - base[:, None]
    flat = inside.min(axis=1) / np.maximum(1, inside.mean(axis=1))
    cover = core.mean(axis=(1, 2))
    third = core.shape[1] // 3
    vary = (core[:, :-third] ^ core[:, third:]).mean(axis=(1, 2)) / np.maximum(0.02, cover)
    changes = np.minimum(8, (core[:, :, 1:] ^ core[:, :, :-1]).sum(axis=2).mean(axis=1) / length) / 4
    siblings = (np.abs(height[:, None] - height) < SIBLING).sum(axis=1) - 1
    return np.stack(
        [
            height,
            np.minimum(length, 2.5),
            np.minimum(length, 5),
            np.maximum(length - 9, 0) / 5,
            np.log(np.maximum(dark, 1) / 255),
            np.clip(above, 0, 1.2),
            np.clip(below, 0, 1.2),
            flat,
            cover,
            np.square(cover),
            core.any(axis=1).mean(axis=1),
            np.minimum(vary, 1),
            changes,
            np.square(changes),
            np.minimum(siblings, 5) / 3,
            even >= ROW,
        ],
        axis=1,
    )


def promises(seen: Looks) -> npt.NDArray[np.float64]:
    """Return the logarithm of the odds that each line is the sheet's number."""
    return np.asarray(seen @ WEIGHTS, np.float64)
