"""Whether a number may go on beyond what was read of it.

The mistake that hides best is a number without its first or last digit: a streak, a stamp or the edge of the
scan takes it, and what is left looks perfect. So both its ends are looked at again.
"""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.evidence.end import (
    CLEAR,
    FEWEST_ASLANT,
    INSIDE,
    STEM,
    STEM_WIDTH,
    WIDER_GAP,
    End,
    inked_share,
    usual_gap,
)
from sheetid.evidence.groups import APART
from sheetid.evidence.letters import is_letter_between, is_low
from sheetid.evidence.pictures import is_code, is_outlined, is_picture
from sheetid.recognition.printed import STROKE, extent
from sheetid.vision.frames import RULED, without_lines
from sheetid.vision.glyphs import BAND, HEIGHT, SIDE
from sheetid.vision.ink import AS_DARK, InkMap

NEAREST_EDGE = 1.5  # pixels: a digit whose ink is so close to the image's edge may not be the last one
UNSEEN = 4.0  # pixels beyond the last window's middle up to which a further digit would still be noticed
NARROW = 0.2  # times the usual distance: so much farther off is the ink of a 1, which a window may half see
AS_HIGH = 0.85  # of the rows that the stroke of a 1 takes
ABOVE, BELOW = slice(0, BAND.start + 1), slice(BAND.stop - 1, SIDE)  # rows in one of which it has no ink
ASIDE = 3  # columns beside a streak that may show more of it
AS_WIDE = 0.9  # times the ink across a stroke: a streak with less is too narrow to hide one
OUTSIDE = (SIDE - HEIGHT) / 2  # rows: a digit that stands higher or lower by more is not all in the strip
BARE = 0.3  # of the columns: beyond the end of a rule there is ink in no more
NEXT_PLACE = 1.5  # times the usual distance: the next digit does not reach farther
CLOSER = 0.1  # times the usual distance: so much farther off than usual is it at most
TALL, TALLEST = 0.6, 1.2  # of the digits' height: what is lower is no digit, nor what is higher
AS_MUCH, SOME = 0.75, 0.4  # of the ink that a digit usually has
WIDE, PARTLY_WIDE = (0.6, 1.6), (0.4, 1.6)  # times a digit's usual width
ALIKE = (0.7, 1.25)  # times the digits' ink: what is paler or darker was not printed with them
NOISY = 0.15  # of the digits' darkness: that of paper that is full of noise
LIKE_DIGITS = (0.8, 1.3)  # times the ink of digits, beyond that of paper
SOLID = 0.8  # of its box: a shape with more ink is a bar


def open_ends(ends: Iterable[End]) -> int:
    """Count the ends at which a number may go on: at print as close as its digits, or out of sight."""
    return sum(goes_on(end) or is_out_of_sight(end) or is_hidden(end) for end in ends)


def goes_on(end: End) -> bool:
    """Tell whether a number may go on in what stands beside it.

    Other print may be a digit that cannot be told, if it is close enough; a clear letter is none. What the
    model calls nothing may be a digit that is cut, or the stroke of a 1.
    """
    if is_picture(end) or is_outlined(end):
        return False
    if end.beside.digit:
        return not is_letter_between(end)
    is_letter = end.beside.letter is not None and (end.beside.letter >= CLEAR or is_low(end))
    if is_letter or is_code(end):
        return False
    if is_like_a_digit(end) or is_digit_in_noise(end):
        return True
    usual = usual_gap(end.boxes)
    close = end.gap <= usual + NARROW * end.pitch
    if end.beside.letter is None:
        stem = end.gap <= STEM[1] * end.pitch and has_stem(end) and not is_framed(end)
        return stem or (close and leaves(end))
    return close or end.beside.joined if end.beside.letter == 0 else end.gap <= usual


def is_like_a_digit(end: End) -> bool:
    """Tell whether ink stands in the next place that is as much as a digit's, as wide and as dark.

    It may be a digit that is printed higher or lower than the others. Darker ink is a tick or a stamp. Where
    digits stand beyond it, less ink will do.
    """
    beside = end.strip[:, end.edge : round(end.centres[-1] + NEXT_PLACE * end.pitch)]
    if beside.shape[1] < STEM_WIDTH:
        return False
    faintest = AS_DARK * end.dark
    reach = usual_gap(end.boxes) + CLOSER * end.pitch
    ink, own = (beside >= faintest).view(np.uint8), end.digits[end.digits >= faintest]
    if not own.size or not ink[:, : int(reach) + 1].any():
        return False
    _, labels, stats, _ = cv2.connectedComponentsWithStats(without_lines(ink))
    if len(stats) == 1:
        return False
    least, widths = (SOME, PARTLY_WIDE) if end.beside.beyond else (AS_MUCH, WIDE)
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    left, _, width, height, area = stats[largest].tolist()
    darkness = np.median(beside[labels == largest]) / np.median(own)
    inked = [int(np.count_nonzero(end.strip[:, one:other] >= faintest)) for one, _, other, _ in end.boxes]
    usual = median(other - one for one, _, other, _ in end.boxes)
    return bool(
        left <= reach
        and TALL * HEIGHT <= height <= TALLEST * HEIGHT
        and area >= least * median(inked)
        and widths[0] * usual <= width <= widths[1] * usual
        and area <= SOLID * width * height
        and ALIKE[0] <= darkness <= ALIKE[1]
    )


def is_digit_in_noise(end: End) -> bool:
    """Tell whether the next place has about as much more ink than the paper behind it as digits have.

    In noise, which is dark next to the number as well, no piece of ink is as large as a digit's.
    """
    if end.gap >= 1:
        return False
    first, last = (round(end.centres[-1] + places * end.pitch) for places in (0.5, 1.5))
    beyond, here = end.strip[:, last : end.seen], end.strip[:, first:last]
    if beyond.shape[1] < end.pitch:
        return False
    paper = float(beyond.mean())
    own = float(end.strip[:, end.boxes[0][0] : end.edge].mean())
    more = (float(here.mean()) - paper) / max(1.0, own - paper)
    return paper >= NOISY * end.dark and LIKE_DIGITS[0] <= more <= LIKE_DIGITS[1]


def leaves(end: End) -> bool:
    """Tell whether a number lies so aslant that its next digit is cut, which the model takes for nothing."""
    if len(end.boxes) < FEWEST_ASLANT:
        return False
    rows = np.array([extent(end.strip[:, left:right]).mean() for left, _, right, _ in end.boxes])
    centres = np.array(end.centres)
    off = centres - centres.mean()
    slope = off @ (rows - rows.mean()) / (off @ off)
    return bool(abs(rows.mean() + slope * (off[-1] + end.pitch) - SIDE / 2) > OUTSIDE)


def has_stem(end: End) -> bool:
    """Tell whether a stroke stands where that of a further 1 would.

    It is as high as the number's digits, and no higher, as the walls of cells are.
    """
    stem = end.stem
    if stem.stop >= end.strip.shape[1]:
        return False
    around = end.strip[:, stem.start - 1 : stem.stop + 1]
    columns = np.lib.stride_tricks.sliding_window_view(around, 3, axis=1).max(axis=2)
    high = upright(columns, end.dark)
    above, below = (columns[rows].min(axis=0) < AS_DARK * end.dark for rows in (ABOVE, BELOW))
    return int(np.count_nonzero(high & above & below)) >= STEM_WIDTH


def upright(ink: InkMap, dark: float) -> npt.NDArray[np.bool_]:
    """Tell in which columns there is ink all the way that the stroke of a 1 takes, in digits so dark."""
    return np.asarray((ink[INSIDE] >= STROKE * dark).mean(axis=0) >= AS_HIGH, np.bool_)


def is_framed(end: End) -> bool:
    """Tell whether the wall of a frame stands where a further 1 would: rules end there, above and below."""
    ink = end.strip >= AS_DARK * end.dark
    inwards = slice(round(end.centres[-1]), end.stem.start)
    outwards = slice(end.stem.stop + 1, end.stem.stop + 1 + round(end.pitch / 2))
    return all(
        inked_share(ink[rows, inwards]) >= RULED and inked_share(ink[rows, outwards]) <= BARE
        for rows in (ABOVE, BELOW)
    )


def is_out_of_sight(end: End) -> bool:
    """Tell whether a further digit would be missed, the image or the strip ending too soon."""
    last, width = end.centres[-1] + end.pitch, end.strip.shape[1]
    if end.seen - end.edge < NEAREST_EDGE or width - last < SIDE / 2 - UNSEEN:
        return True
    return next_group_is_out_of_sight(end)


def next_group_is_out_of_sight(end: End) -> bool:
    """Tell whether there is ink where one more of a number's groups would begin, as its line ends."""
    widest = max((other - one for one, other in pairwise(end.centres)), default=0.0)
    last, width = end.centres[-1] + widest, end.strip.shape[1]
    if widest <= APART * end.pitch or width - last >= SIDE / 2:
        return False
    return bool(end.gap <= WIDER_GAP * max(other[0] - one[2] for one, other in pairwise(end.boxes)))


def is_hidden(end: End) -> bool:
    """Tell whether a streak may hide a further digit; only a 1 it hides whole.

    A streak with less ink across than the strokes of the number's digits hides none of them, and what is dark
    up to the end of the image is the scanner's bed: there the sheet ends.
    """
    stem = end.stem
    columns = stem.start + np.flatnonzero(end.streaked[stem])
    if not columns.size or end.streaked[columns[0] : end.seen].all():
        return False
    across = end.strip[BAND, max(0, columns[0] - ASIDE) : columns[-1] + ASIDE + 1].sum(axis=1)
    return bool(np.median(across) >= AS_WIDE * ink_across(end.digits, end.dark))


def ink_across(digits: InkMap, dark: int) -> float:
    """Return how much ink there usually is across a stroke of some digits: its width times its darkness."""
    inked = np.pad(digits >= max(1, dark / 2), ((0, 0), (1, 1)))
    change = np.diff(inked.astype(np.int8), axis=1).ravel()
    widths = np.flatnonzero(change < 0) - np.flatnonzero(change > 0)
    return float(np.median(widths)) * dark if widths.size else 0.0
