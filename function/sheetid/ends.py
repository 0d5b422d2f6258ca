"""Whether a number may go on beyond what was read of it.

The mistake that hides best is a number without its first or last digit: a streak, a stamp or the edge of the
scan takes it, and what is left looks perfect. So both its ends are looked at again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.frames import RULED, walls, without_lines
from sheetid.geometry import Box
from sheetid.glyphs import BAND, HEIGHT, SIDE
from sheetid.ink import InkMap
from sheetid.printed import AS_DARK, STROKE, Extents, Printed, cores, extent, is_lower, is_smaller
from sheetid.words import Beside

NEAREST_EDGE = 1.5  # pixels: a digit whose ink is so close to the image's edge may not be the last one
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
TIGHT = (5, 6)  # pixels: a letter of one word with digits is as near as they, or the first, and no farther
HYPHEN = 0.25  # of the digits' height: a hyphen is no thicker, and no farther from the middle
LETTER_WIDTH = 5  # pixels: a letter is no narrower, but an I
AS_HIGH_OFF = 0.12  # of the digits' height: a capital letter's top and bottom are no farther from theirs
ARM = 0.5  # likewise: the arm of an F or a P, which is next to them, may end higher
CLEAR = 0.8  # probability of other print from which on it is no digit
RATHER = 0.5  # the same, from which on it rather is none
FEWEST_ASLANT = 3  # digits: of fewer, the slope tells nothing
OUTSIDE = (SIDE - HEIGHT) / 2  # rows: a digit that stands higher or lower by more is not all in the strip
BARE = 0.3  # of the columns: beyond the end of a rule there is ink in no more
AS_FAR = 0.6  # times the usual distance: other print beside a number is looked at so far
NEXT_PLACE = 1.5  # times the usual distance: the next digit does not reach farther
CLOSER = 0.1  # times the usual distance: so much farther off than usual is it at most
TALL, TALLEST = 0.6, 1.2  # of the digits' height: what is lower is no digit, nor what is higher
AS_MUCH, SOME = 0.75, 0.4  # of the ink that a digit usually has
WIDE, PARTLY_WIDE = (0.6, 1.6), (0.4, 1.6)  # times a digit's usual width
ALIKE = (0.7, 1.25)  # times the digits' ink: what is paler or darker was not printed with them
NOISY = 0.15  # of the digits' darkness: that of paper that is full of noise
LIKE_DIGITS = (0.8, 1.3)  # times the ink of digits, beyond that of paper
CODE_INK = (0.35, 0.7)  # share of a matrix code or a barcode that is ink
CODE_WIDTHS = (HEIGHT, 2 * HEIGHT)  # columns that are looked at: a large code begins with a large square
CODE_CHANGES = 3  # between ink and paper along its rows, in the digits' height
BARS = 0.65  # how much more of a column of a barcode is ink than paper, or paper than ink, at least
BEYOND = 0.3  # of the rows above or below digits: a code goes on there
PICTURE, HARDLY = 0.6, 0.3  # of its columns: a picture goes on above and below, where digits hardly do
FAR_ABOVE, FAR_BELOW = slice(0, BAND.start - 1), slice(BAND.stop + 1, SIDE)  # rows that digits do not reach
THIN_BARS, THIN_CHANGES = 0.9, 5  # the same as `BARS` and `CODE_CHANGES`, of bars with much paper between
SOLID = 0.8  # of its box: a shape with more ink is a bar
BROAD = 5  # pixels: the strokes of an outline are thinner
SPECK = 4  # pixels of ink: dirt has no more, a point does


@dataclass(frozen=True)
class End:
    """One end of a number, always its right one: the line is seen in a mirror for the left one.

    Attributes:
        strip: `[28, width]` uint8, the line.
        seen: The column after the last one that lies in the image.
        streaked: `[width]`, in which columns a streak crosses the line.
        centres: The middles of its digits.
        boxes: Those of their ink.
        beside: What stands next to the last of them.
        pitch: The usual distance of their middles.
        dark: How dark its digits are, 0 to 255.
    """

    strip: InkMap
    seen: int
    streaked: npt.NDArray[np.bool_]
    centres: tuple[float, ...]
    boxes: list[Box]
    beside: Beside
    pitch: float
    dark: int

    @property
    def digits(self) -> InkMap:
        """The ink of the number, in the rows that digits take."""
        return self.strip[BAND, self.boxes[0][0] : self.boxes[-1][2]]

    @property
    def faintest(self) -> float:
        """The ink, 0 to 255, from which on it is as dark as the digits'."""
        return AS_DARK * int(self.digits.max(initial=1))

    @property
    def stem(self) -> slice:
        """The columns where the stem of a further 1 would stand."""
        first, last = (round(self.centres[-1] + distance * self.pitch) for distance in STEM)
        return slice(first, last + 1)

    @cached_property
    def cores(self) -> Extents:
        """The top and the bottom of each digit's middle, `[digits, 2]`."""
        return cores(self.strip, self.centres, self.pitch)

    @cached_property
    def gap(self) -> float:
        """How far off ink as dark as the digits' is, in pixels; infinity if there is none.

        Walls, which go on above and below the digits, do not count.
        """
        beside = self.strip[:, self.boxes[-1][2] :]
        if not beside.size:
            return float("inf")
        faintest = self.faintest
        dark = np.flatnonzero((beside[UPPER].max(axis=0) >= faintest) & ~walls(beside, faintest))
        return float(dark[0]) if dark.size else float("inf")

    @cached_property
    def next_to(self) -> InkMap:
        """The ink next to the number, up to the next paper."""
        start = int(self.boxes[-1][2] + self.gap)
        beside = self.strip[:, start : int(start + AS_FAR * self.pitch)]
        bare = np.flatnonzero(beside[BAND].max(axis=0) < AS_DARK * self.dark)
        bare = bare[bare >= STEM_WIDTH]
        return beside[:, : bare[0]] if bare.size else beside


def ends_of(printed: Printed, seen: tuple[int, int], streaked: npt.NDArray[np.bool_]) -> tuple[End, End]:
    """Return both ends of a number, the right one first.

    Args:
        printed: The number.
        seen: The first column of its line that lies in the image, and the one after the last.
        streaked: `[width]`, in which columns a streak crosses the line.
    """
    number, boxes, dark = printed.number, printed.boxes, printed.dark
    width = printed.strip.shape[1]
    mirrored = [(width - right, top, width - left, bottom) for left, top, right, bottom in reversed(boxes)]
    centres = tuple(width - centre for centre in reversed(number.centres))
    pitch, strip = number.pitch, without_specks(printed.strip, AS_DARK * dark)
    return (
        End(strip, seen[1], streaked, number.centres, boxes, number.behind, pitch, dark),
        End(strip[:, ::-1], width - seen[0], streaked[::-1], centres, mirrored, number.before, pitch, dark),
    )


def without_specks(strip: InkMap, faintest: float) -> InkMap:
    """Return a line without ink from `faintest` on in pieces that are too small for print."""
    _, pieces, stats, _ = cv2.connectedComponentsWithStats((strip >= faintest).view(np.uint8))
    small = stats[:, cv2.CC_STAT_AREA] <= SPECK
    return np.where(small[pieces], 0, strip) if small.any() else strip


def open_ends(ends: Iterable[End]) -> int:
    """Count the ends at which a number may go on: at print as close as its digits, or out of sight."""
    return sum(goes_on(end) or is_out_of_sight(end) or is_hidden(end) for end in ends)


def is_beside_letter(ends: Iterable[End], *, sure: bool) -> bool:
    """Tell whether a letter stands beside a number, not a point, as in a code.

    It is one for `sure`, as close as the digits are, or may be one that is hardly farther.
    """
    if sure:
        return any(is_joined_by_capital(end) for end in ends)
    return any(
        (end.beside.letter or 0) >= RATHER and end.gap <= end.pitch and not is_low(end) for end in ends
    )


def is_parted(ends: Iterable[End]) -> bool:
    """Tell whether digits go on behind a sign beside a number; what stands before a space is a label."""
    return any(end.beside.parted and not is_spaced(end) for end in ends)


def is_spaced(end: End) -> bool:
    """Tell whether there is nothing but paper, not even a point, for a space beside a number."""
    if not np.isfinite(end.gap) or end.gap <= round(usual_gap(end.boxes)):
        return False
    start = end.boxes[-1][2]
    between = end.strip[BAND.start :, start + 1 : start + int(end.gap) - 1]
    return bool(between.max(initial=0) < AS_DARK * end.dark)


def is_joined_by_capital(end: End) -> bool:
    """Tell whether a letter as high as the digits stands beside a number as they do, or behind a hyphen."""
    reach = np.clip(round(usual_gap(end.boxes)), *TIGHT)
    if (end.beside.letter or 0) < CLEAR or end.gap > reach:
        return False
    if is_capital(end):
        return True
    further = behind(end)
    return is_hyphen(end) and further.gap <= reach and is_capital(further)


def is_capital(end: End) -> bool:
    """Tell whether what stands next to a number is a letter as high as its digits."""
    ink = end.next_to
    if end.gap >= 1 and ink.shape[1] < LETTER_WIDTH:
        return False  # the wall of a frame, and the letter stands behind it
    top, bottom = (extent(ink) - np.median(end.cores, axis=0)) / HEIGHT
    return bool(abs(top) <= AS_HIGH_OFF and -ARM <= bottom <= AS_HIGH_OFF)


def is_hyphen(end: End) -> bool:
    """Tell whether what stands next to a number is a short level stroke at half its height."""
    top, bottom = extent(end.next_to) / HEIGHT
    middle = abs((top + bottom) / 2 - SIDE / 2 / HEIGHT)
    return bool(bottom - top <= HYPHEN and middle <= HYPHEN)


def behind(end: End) -> End:
    """Return the end of a number as if what stands next to it were of its last digit."""
    left, top, right, bottom = end.boxes[-1]
    start = int(right + end.gap)
    bare = np.flatnonzero(end.strip[UPPER, start:].max(axis=0) < end.faintest)
    right = start + int(bare[0]) if bare.size else end.strip.shape[1]
    return replace(end, boxes=[*end.boxes[:-1], (left, top, right, bottom)])


def goes_on(end: End) -> bool:
    """Tell whether a number may go on in what stands beside it.

    Other print may be a digit that cannot be told, if it is close enough; a clear letter is none. What the
    model calls nothing may be a digit that is cut, or the stroke of a 1.
    """
    if is_picture(end) or is_outlined(end):
        return False
    if end.beside.digit:
        return not is_letter_between(end)
    if end.beside.letter is not None and (end.beside.letter >= CLEAR or is_low(end)):
        return False
    if is_code(end):
        return False
    if is_like_a_digit(end) or is_digit_in_noise(end):
        return True
    usual = usual_gap(end.boxes)
    close = end.gap <= usual + NARROW * end.pitch
    if end.beside.letter is None:
        stem = end.gap <= STEM[1] * end.pitch and has_stem(end) and not is_framed(end)
        return stem or (close and leaves(end))
    return close or end.beside.joined if end.beside.letter == 0 else end.gap <= usual


def is_letter_between(end: End) -> bool:
    """Tell whether a low letter, an o, stands between a number and what seems to be digits of a label."""
    told = heights(end)
    return told is not None and is_lower(*told)


def is_low(end: End) -> bool:
    """Tell whether other print beside a number is lower than all its digits: an o, or a smaller label."""
    told = heights(end)
    return told is not None and (is_lower(*told) or is_smaller(*told))


def heights(end: End) -> tuple[Extents, Extents] | None:
    """Return top and bottom of the ink next to a number, and of its digits; None if these are too few."""
    if not np.isfinite(end.gap) or len(end.boxes) < FEWEST_ASLANT:
        return None
    return extent(end.next_to), end.cores


def is_like_a_digit(end: End) -> bool:
    """Tell whether ink stands in the next place that is as much as a digit's, as wide and as dark.

    It may be a digit that is printed higher or lower than the others. Darker ink is a tick or a stamp. Where
    digits stand beyond it, less ink will do.
    """
    beside = end.strip[:, end.boxes[-1][2] : round(end.centres[-1] + NEXT_PLACE * end.pitch)]
    if beside.shape[1] < STEM_WIDTH:
        return False
    faintest = AS_DARK * end.dark
    reach = usual_gap(end.boxes) + CLOSER * end.pitch
    ink = (beside >= faintest).view(np.uint8)
    if not ink[:, : int(reach) + 1].any():
        return False
    _, labels, stats, _ = cv2.connectedComponentsWithStats(without_lines(ink))
    if len(stats) == 1:
        return False
    least, widths = (SOME, PARTLY_WIDE) if end.beside.beyond else (AS_MUCH, WIDE)
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    left, _, width, height, area = stats[largest].tolist()
    darkness = np.median(beside[labels == largest]) / np.median(end.digits[end.digits >= faintest])
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
    own = float(end.strip[:, end.boxes[0][0] : end.boxes[-1][2]].mean())
    more = (float(here.mean()) - paper) / max(1.0, own - paper)
    return paper >= NOISY * end.dark and LIKE_DIGITS[0] <= more <= LIKE_DIGITS[1]


def is_picture(end: End) -> bool:
    """Tell whether a picture stands next to a number, as wide as a digit and higher: a logo, or a code."""
    start = end.boxes[-1][2] + end.gap
    if not np.isfinite(start):
        return False
    faintest = AS_DARK * end.dark
    ink = end.strip[:, int(start) : int(start) + HEIGHT] >= faintest
    digits = end.strip[:, end.boxes[0][0] : end.boxes[-1][2]] >= faintest
    return all(
        inked_share(ink[rows]) >= PICTURE and inked_share(digits[rows]) <= HARDLY
        for rows in (FAR_ABOVE, FAR_BELOW)
    )


def is_outlined(end: End) -> bool:
    """Tell whether an oval or a rounded frame is next to a number: a thin stroke that bends over and below it."""
    left, _, right, _ = end.boxes[-1]
    if not np.isfinite(end.gap):
        return False
    _, pieces = cv2.connectedComponents((end.strip >= AS_DARK * end.dark).view(np.uint8))
    next_to = pieces[UPPER, int(right + end.gap)]
    stroke = pieces == next_to.max()
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
    start = end.boxes[-1][2] + end.gap
    if not np.isfinite(start):
        return False
    faintest = STROKE * end.dark
    ink = end.strip[:, int(start) :] >= faintest
    if is_of_thin_bars(ink[:, : CODE_WIDTHS[1]]):
        return True
    codes = [ink[:, :width] for width in CODE_WIDTHS if width <= ink.shape[1]]
    codes = [code for code in codes if is_of_squares(code)]
    if not codes or any(is_of_bars(code) for code in codes):
        return bool(codes)
    digits = end.strip[:, end.boxes[0][0] : end.boxes[-1][2]] >= faintest
    return any(
        code[rows].mean() >= BEYOND and digits[rows].mean() <= BEYOND / 3
        for code in codes
        for rows in (slice(0, BAND.start), slice(BAND.stop, SIDE))
    )


def is_of_squares(ink: npt.NDArray[np.bool_]) -> bool:
    """Tell whether `[28, width]` is as much ink as paper, in squares or bars."""
    if not CODE_INK[0] <= ink[BAND].mean() <= CODE_INK[1]:
        return False
    changes = np.count_nonzero(ink[BAND, 1:] != ink[BAND, :-1], axis=1).mean()
    return bool(changes >= CODE_CHANGES * ink.shape[1] / HEIGHT)


def is_of_thin_bars(ink: npt.NDArray[np.bool_]) -> bool:
    """Tell whether `[28, width]` is thin bars, closer than ones can stand, in digits' rows."""
    changes = np.count_nonzero(ink[BAND, 1:] != ink[BAND, :-1], axis=1).mean()
    close = changes >= THIN_CHANGES * ink.shape[1] / HEIGHT and ink.shape[1] >= CODE_WIDTHS[1]
    return bool(close and np.abs(2 * ink[INSIDE].mean(axis=0) - 1).mean() >= THIN_BARS)


def is_of_bars(ink: npt.NDArray[np.bool_]) -> bool:
    """Tell whether the columns of `[28, width]` are nearly all ink, or nearly all paper, in digits' rows."""
    return bool(np.abs(2 * ink[INSIDE].mean(axis=0) - 1).mean() >= BARS)


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


def inked_share(ink: npt.NDArray[np.bool_]) -> float:
    """Return in which share of some columns there is ink; none in no columns."""
    columns = ink.any(axis=0)
    return float(columns.mean()) if columns.size else 0.0


def is_out_of_sight(end: End) -> bool:
    """Tell whether a further digit would be missed, the image or the strip ending too soon."""
    centre, width = end.centres[-1], end.strip.shape[1]
    return end.seen - end.boxes[-1][2] < NEAREST_EDGE or width - centre - end.pitch < SIDE / 2 - UNSEEN


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


def usual_gap(boxes: list[Box]) -> float:
    """Return the widest gap between ink that the next digit would have, in pixels."""
    gaps = [other[0] - one[2] for one, other in pairwise(boxes)]
    return WIDER_GAP * max(0.0, median(gaps) if gaps else 0.0) + WIDER_BY
