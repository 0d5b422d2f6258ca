"""Brackets around a number: an area code stands in them."""

from collections.abc import Iterable

import cv2
import numpy as np

from sheetid.end import UPPER, End, usual_gap
from sheetid.glyphs import HEIGHT
from sheetid.printed import AS_DARK

HIGH = 1.1  # times the digits' height: a bracket is no lower
NARROW = 0.5  # times the usual distance: nor wider
BOW = 0.05  # of the digits' height: its middle stands so much farther out than its ends
PARTS = 3  # of its height: both ends, and the middle


def is_bracketed(ends: Iterable[End]) -> bool:
    """Tell whether a number stands in round brackets."""
    return all(is_bracket(end) for end in ends)


def is_bracket(end: End) -> bool:
    """Tell whether a round bracket stands next to a number: a narrow bow, higher than its digits."""
    if end.gap > usual_gap(end.boxes) or end.next_column >= end.strip.shape[1]:
        return False
    ink = (end.strip >= AS_DARK * end.dark).view(np.uint8)
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(ink)
    piece = int(pieces[UPPER, end.next_column].max())
    width, height = stats[piece, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].tolist()
    if not piece or height < HIGH * HEIGHT or width > NARROW * end.pitch:
        return False
    rows, columns = np.nonzero(pieces == piece)
    part = (rows - rows.min()) * PARTS // height
    top, middle, bottom = (float(columns[part == one].mean()) for one in range(PARTS))
    return middle - max(top, bottom) >= BOW * HEIGHT
