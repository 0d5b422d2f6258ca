"""Whether a number goes on beyond what was read of it.

The mistake that hides best is a number without its first or last digit: a streak, a stamp or the edge of the
scan takes it, and what is left looks perfect. So the ink beside a number is looked at again, whatever the
model said of it.
"""

import numpy as np
import numpy.typing as npt

from sheetid.glyphs import BAND, HEIGHT
from sheetid.ink import InkMap
from sheetid.numbers import Number, digit_boxes

NEAREST_EDGE = 0.3  # of the height: a number that ends so close to the edge may have been cut there
LEAST_REACH, GAP_REACH = 0.3, 1.3  # of the height, and times the usual gap: what is looked at beside a number
DARK = 85  # percentile of the ink among the digits: their darkness
AS_DARK = 0.45  # of that: ink beside them counts
RULE = 0.85  # of the columns: a row with so much ink is a rule
WALL = 0.9  # of the rows: a column with so much ink is a wall or a streak
QUARTER = HEIGHT // 4
LEAST_INK = 4  # pixels at the top and at the bottom of the band: less is noise


def open_ends(strip: InkMap, seen: tuple[int, int], number: Number) -> int:
    """Count the ends at which a number may go on: where print stands as close as its digits do, or the scan ends.

    Args:
        strip: `[28, width]` uint8, the line.
        seen: The first column of it that lies in the image, and the one after the last.
        number: What was read.
    """
    boxes = digit_boxes(strip, number)
    start, end = boxes[0][0], boxes[-1][2]
    gaps = [other[0] - one[2] for one, other in zip(boxes, boxes[1:], strict=False)]
    reach = round(LEAST_REACH * HEIGHT + GAP_REACH * max(0.0, float(np.median(gaps)) if gaps else 0.0))
    dark = strip >= max(1.0, AS_DARK * float(np.percentile(strip[BAND, start:end], DARK)))
    edge = NEAREST_EDGE * HEIGHT
    sides = (dark[:, max(0, start - reach - 1) : max(0, start - 1)], dark[:, end + 1 : end + 1 + reach])
    cut = (start - seen[0] < edge, seen[1] - end < edge)
    rules = dark[:, start:end].mean(axis=1) > RULE
    return sum(at_edge or has_print(side, rules) for side, at_edge in zip(sides, cut, strict=True))


def has_print(dark: npt.NDArray[np.bool_], rules: npt.NDArray[np.bool_]) -> bool:
    """Tell whether there is ink from the top to the bottom of the digits' rows, apart from rules and walls.

    Args:
        dark: `[28, columns]`, where there is ink beside a number.
        rules: `[28]`, which rows are those of a rule.
    """
    walls = dark.mean(axis=0) > WALL
    print_ = (dark & ~rules[:, None])[BAND, ~walls]
    return bool(min(print_[:QUARTER].sum(), print_[-QUARTER:].sum()) >= LEAST_INK)
