"""Brackets around a number: an area code stands in them."""

from collections.abc import Iterable

import numpy as np

from sheetid.evidence.end import End, usual_gap
from sheetid.vision.glyphs import HEIGHT

HIGH = 1.1  # times the digits' height: a bracket is no lower
NARROW = 0.5  # times the usual distance: nor wider
BOW = 0.05  # of the digits' height: its middle stands so much farther out than its ends
PARTS = 3  # of its height: both ends, and the middle


def is_bracketed(ends: Iterable[End]) -> bool:
    """Tell whether a number stands in round brackets."""
    return all(is_bracket(end) for end in ends)


def is_bracket(end: End) -> bool:
    """Tell whether a round bracket stands next to a number: a narrow bow, higher than its digits."""
    if end.gap > usual_gap(end.boxes):
        return False
    rows, columns = np.nonzero(end.next_piece)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    if height < HIGH * HEIGHT or width > NARROW * end.pitch:
        return False
    part = (rows - rows.min()) * PARTS // height
    top, middle, bottom = (float(columns[part == one].mean()) for one in range(PARTS))
    return middle - max(top, bottom) >= BOW * HEIGHT
