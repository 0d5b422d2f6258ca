"""Whether a number may go on beyond what was read of it.

The mistake that hides best is a number without its first or last digit: a streak, a stamp or the edge of the
scan takes it, and what is left looks perfect. So both its ends are looked at again.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sheetid.geometry import Box
from sheetid.glyphs import BAND, HEIGHT, SIDE
from sheetid.ink import InkMap
from sheetid.numbers import Beside, Number, digit_boxes

NEAREST_EDGE = 0.5  # times the usual distance of digits: an end so close to the image's edge may be cut there
UNSEEN = 4.0  # pixels beyond the last window's middle up to which a further digit would still be noticed
WIDER_GAP, WIDER_BY = (
    1.3,
    1.5,
)  # times the usual gap, and pixels: a label stands farther off than the next digit
UPPER = slice(BAND.start, BAND.start + round(0.65 * HEIGHT))  # rows in which a point or a comma has no ink
NARROW = 0.2  # times the usual distance: so much farther off is the ink of a 1, which a window may half see
STEM = (0.8, 1.1)  # times the usual distance: where the stem of a further 1 would stand
STEM_WIDTH = 2  # columns that show it, at least
INSIDE = slice(BAND.start + 1, BAND.stop - 1)  # rows that the stroke of a 1 takes, or nearly all of them
AS_HIGH = 0.85  # of those rows
ABOVE, BELOW = slice(0, BAND.start + 1), slice(BAND.stop - 1, SIDE)  # rows in one of which it has no ink
ASIDE = 3  # columns beside a streak that may show more of it
AS_WIDE = 0.9  # times the ink across a stroke: a streak with less is too narrow to hide one
DARKEST = 95  # percentile of the digits' ink: its darkness
CLEAR = 0.8  # probability of other print from which on it is no digit
AS_DARK = 0.4  # of the digits' darkest ink: ink beside them counts
FEWEST_ASLANT = 3  # digits: of fewer, the slope tells nothing
OUTSIDE = (SIDE - HEIGHT) / 2  # rows: a digit that stands higher or lower by more is not all in the strip
STROKE = 0.5  # of a digit's darkest ink: its strokes
NOTHING = Beside()


def open_ends(strip: InkMap, seen: tuple[int, int], streaked: npt.NDArray[np.bool_], number: Number) -> int:
    """Count the ends at which a number may go on: at print as close as its digits, or out of sight.

    Args:
        strip: `[28, width]` uint8, the line.
        seen: The first column of it that lies in the image, and the one after the last.
        streaked: `[width]`, in which columns a streak crosses the line.
        number: What was read.
    """
    boxes = digit_boxes(strip, number)
    dark = strip[UPPER].max(axis=0) >= AS_DARK * strip[BAND, boxes[0][0] : boxes[-1][2]].max(initial=1)
    usual = usual_gap(boxes)
    width = strip.shape[1]
    beside_left, beside_right = gap(dark[: boxes[0][0]][::-1]), gap(dark[boxes[-1][2] :])
    left = goes_on(number.before, beside_left, usual, number.pitch)
    right = goes_on(number.behind, beside_right, usual, number.pitch)
    near = usual + NARROW * number.pitch
    left |= number.before == NOTHING and beside_left <= near and leaves(strip, boxes, number, -1)
    right |= number.behind == NOTHING and beside_right <= near and leaves(strip, boxes, number, 1)
    digits = strip[BAND, boxes[0][0] : boxes[-1][2]]
    left |= number.before == NOTHING and has_stem(
        strip[:, ::-1], width - number.centres[0], number.pitch, digits
    )
    right |= number.behind == NOTHING and has_stem(strip, number.centres[-1], number.pitch, digits)
    left |= is_out_of_sight(number.centres[0], number.pitch, seen[0])
    right |= is_out_of_sight(width - number.centres[-1], number.pitch, width - seen[1])
    left |= is_hidden(strip[:, ::-1], streaked[::-1], width - number.centres[0], number.pitch, digits)
    right |= is_hidden(strip, streaked, number.centres[-1], number.pitch, digits)
    return int(left) + int(right)


def goes_on(beside: Beside, distance: float, usual: float, pitch: float) -> bool:
    """Tell whether a number may go on in what stands beside it.

    Other print may be a digit that cannot be told, if it is close enough; a clear letter is none.

    Args:
        beside: What stands there.
        distance: How far off its ink is, in pixels.
        usual: How far off that of a digit is, at most.
        pitch: The usual distance of the digits' middles.
    """
    if beside.digit:
        return True
    if beside.letter is None or beside.letter >= CLEAR:
        return False
    farther = NARROW * pitch if beside.letter == 0 else 0.0
    return distance <= usual + farther


def leaves(strip: InkMap, boxes: list[Box], number: Number, way: int) -> bool:
    """Tell whether a number lies so aslant that its next digit, `way` to the left, -1, or right, 1, is cut.

    The model does not tell such a digit from nothing.
    """
    if len(boxes) < FEWEST_ASLANT:
        return False
    rows = np.array([middle_row(strip[:, left:right]) for left, _, right, _ in boxes])
    centres = np.array(number.centres)
    off = centres - centres.mean()
    slope = off @ (rows - rows.mean()) / (off @ off)
    further = (centres[0] if way < 0 else centres[-1]) + way * number.pitch
    return bool(abs(rows.mean() + slope * (further - centres.mean()) - SIDE / 2) > OUTSIDE)


def middle_row(digit: InkMap) -> float:
    """Return the row halfway between a digit's top and its bottom."""
    inked = np.flatnonzero(digit.max(axis=1) >= STROKE * max(1, int(digit.max(initial=0))))
    return float(inked[0] + inked[-1] + 1) / 2 if inked.size else SIDE / 2


def is_out_of_sight(centre: float, pitch: float, edge: int) -> bool:
    """Tell whether a further digit before `centre` would be missed, the image starting at `edge`."""
    return centre - edge < NEAREST_EDGE * pitch or centre - pitch < SIDE / 2 - UNSEEN


def is_hidden(
    strip: InkMap, streaked: npt.NDArray[np.bool_], centre: float, pitch: float, digits: InkMap
) -> bool:
    """Tell whether a streak may hide a further digit behind the one at `centre`; only a 1 it hides whole.

    A streak with less ink across than the strokes of the number's `digits` hides none of them.
    """
    first, last = (round(centre + distance * pitch) for distance in STEM)
    columns = first + np.flatnonzero(streaked[first : last + 1])
    if not columns.size:
        return False
    across = strip[BAND, max(0, columns[0] - ASIDE) : columns[-1] + ASIDE + 1].sum(axis=1)
    return bool(np.median(across) >= AS_WIDE * ink_across(digits))


def has_stem(strip: InkMap, centre: float, pitch: float, digits: InkMap) -> bool:
    """Tell whether a stroke stands where that of a further 1 would, behind the digit at `centre`.

    It is as high as the number's `digits`, and no higher, as the walls of cells are.
    """
    first, last = (round(centre + distance * pitch) for distance in STEM)
    if last + 1 >= strip.shape[1]:
        return False
    dark = np.percentile(digits, DARKEST)
    columns = np.lib.stride_tricks.sliding_window_view(strip[:, first - 1 : last + 2], 3, axis=1).max(axis=2)
    high = (columns[INSIDE] >= STROKE * dark).mean(axis=0) >= AS_HIGH
    above, below = (columns[rows].min(axis=0) < AS_DARK * dark for rows in (ABOVE, BELOW))
    return int(np.count_nonzero(high & above & below)) >= STEM_WIDTH


def ink_across(digits: InkMap) -> float:
    """Return how much ink there usually is across a stroke of some digits: its width times its darkness."""
    dark = float(np.percentile(digits, DARKEST))
    inked = np.pad(digits >= max(1.0, dark / 2), ((0, 0), (1, 1)))
    change = np.diff(inked.astype(np.int8), axis=1).ravel()
    widths = np.flatnonzero(change < 0) - np.flatnonzero(change > 0)
    return float(np.median(widths)) * dark if widths.size else 0.0


def usual_gap(boxes: list[Box]) -> float:
    """Return the widest gap between ink that the next digit would have, in pixels."""
    gaps = [other[0] - one[2] for one, other in pairwise(boxes)]
    return WIDER_GAP * max(0.0, float(np.median(gaps)) if gaps else 0.0) + WIDER_BY


def gap(dark: npt.NDArray[np.bool_]) -> float:
    """Return how many columns there are before the first dark one; infinity if there is none."""
    return float(np.argmax(dark)) if dark.any() else float("inf")
