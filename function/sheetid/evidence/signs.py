"""What tells a number from what looks like one: an o, points, hyphens, walls, discs, digits half gone."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.evidence.groups import APART
from sheetid.evidence.slashes import has_slash
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import FEWEST, HIGHER, STROKE, Printed, extent, is_lower, is_sunk
from sheetid.recognition.words import Beside
from sheetid.vision.glyphs import BAND, HEIGHT, SIDE
from sheetid.vision.ink import AS_DARK, DARKNESS, InkMap, percentile, runs_in

ABOUT_AS_NEAR = 2  # pixels: gaps that differ by no more are alike
ROUND = 0.85  # of the digits' height: what is as wide is a circle
WIDER = 1.3  # times the usual width of digits: a logo is wider
FARTHER_OFF = 2.0  # times the usual gap: and so far from the digits
RINGS = (0.75, 0.2), (0.5, 0.5)  # of it: the width of rings to be filled in, and the paper between
CORNER, CORNERED = 2, 0.3  # pixels, and of the digits' darkness: that of a corner of a cell
BOXES_APART = 0.25  # of it: the paper between boxes to be ticked, and bubbles
IN_RING = slice(SIDE // 2 - 3, SIDE // 2 + 3)  # rows in which there is something in each
EVENLY = 0.8  # of the darkest ink amid a disc: no other there is paler
AS_BROAD, SOLID = 0.75, 0.72  # of its height, and of its box: a disc is as broad, and fills it so
PALER = 0.5  # of the usual darkness of a number's digits: one that is paler is hardly there
FEET = slice(BAND.stop - 3, BAND.stop + 2)  # rows that walls of cells, or of a comb, go through, and no point
ASIDE = 2  # columns from the middle between two digits: a wall is no farther
WALL = 0.3  # of the digits' darkness: a wall is as dark
NEARLY_ALL = 0.75  # of the gaps between digits
PHANTOM = 0.1  # how likely a variant with such a digit is, against what the model says
RULED, BARE = 0.8, 0.3  # of its columns: in a row with a rule there is ink in as many, and in fewer beside it
OWN = 0.6  # times the usual width of digits: their strokes are no farther from their middles
HALF_ZERO = 0.6  # of the digits' height: a stroke is as high
LONG = 1.5  # times the usual distance of digits: a frame or a rule is as long
CORE_ROWS = slice(BAND.start + 4, BAND.stop - 4)  # rows that no frame reaches
MIDDLE = 1  # columns to each side of the middle between two digits


def without_label(printed: Printed, zero: int, nine: int) -> Printed:
    """Return a number without its first digit, where that is the o or the g at the end of a label.

    It is a 0 beside a letter and lower than all others, or a 9 that hangs below them. One that stands farther
    from the letter than from the next digit is none of the label: it may be worn, or stand unevenly.

    Args:
        printed: The number.
        zero: The class of the 0.
        nine: That of the 9.
    """
    number = printed.number
    if number.before.letter is None or len(number.digits) <= FEWEST:
        return printed
    first, others = printed.cores[0], printed.cores[1:]
    lower = number.digits[0] in (zero, nine) and is_lower(first, others)
    if not lower and not (number.digits[0] == nine and is_sunk(first, others)):
        return printed
    return replace(printed, number=without_first(number)) if is_nearer_to_label(printed) else printed


def is_nearer_to_label(printed: Printed) -> bool:
    """Tell whether a number's first digit is as near to the ink before it as to its second digit."""
    (left, _, right, _), (second, *_) = printed.boxes[:2]
    inked = np.flatnonzero(printed.strip[BAND, :left].max(axis=0) >= AS_DARK * printed.dark)
    return bool(inked.size) and left - int(inked[-1]) - 1 <= second - right + ABOUT_AS_NEAR


def without_first(number: Number) -> Number:
    """Return a number whose first digit is other print beside it; so it is in those that may stand there."""
    after = (number.centres[0] + number.centres[1]) / 2
    others = [
        without_first(other) if other.centres[0] < after else other
        for other in number.variants
        if len(other.digits) > 1
    ]
    return replace(
        number,
        digits=number.digits[1:],
        centres=number.centres[1:],
        probabilities=number.probabilities[1:],
        others=number.others[1:],
        between=number.between[1:],
        before=Beside(1.0, joined=True),
        variants=tuple(others),
    )


def is_divided(printed: Printed, one: int) -> bool:
    """Tell whether something parts a number's digits: a point, a hyphen, a wall, or a slash taken for a 1.

    Args:
        printed: The number.
        one: The class of the 1.
    """
    return any(gaps_with_ink(printed)) or has_slash(printed, one)


def gaps_with_ink(printed: Printed) -> Iterator[bool]:
    """Tell of each two digits that are farther apart than usual whether something stands between them.

    That is ink in the middle between both, or with paper on both sides, unless it is a stroke of theirs.
    """
    number = printed.number
    wide = [pair for pair in pairwise(number.centres) if pair[1] - pair[0] > APART * number.pitch]
    if not wide:
        return
    ink = without_frame(printed)[BAND]
    plain = ~ruled(ink[:, printed.boxes[0][0] : printed.boxes[-1][2]])
    inked = np.asarray(ink[plain].any(axis=0), np.bool_)
    reach = OWN * median(printed.widths)
    for left, right in wide:
        middle = round((left + right) / 2)
        yield bool(inked[middle - MIDDLE : middle + MIDDLE + 1].all())
        yield any(
            not (is_high(ink[:, start:stop]) and (stop <= left + reach or start >= right - reach))
            for start, stop in pieces(inked, left, right)
        )


def pieces(inked: npt.NDArray[np.bool_], left: float, right: float) -> Iterator[tuple[int, int]]:
    """Yield from where to where there is ink between two digits' middles, with paper before either."""
    first, last = round(left), round(right)
    for start, stop in runs_in(inked[first:last]).tolist():
        if start > 0 and stop < last - first:
            yield first + start, first + stop


def is_high(ink: npt.NDArray[np.bool_]) -> bool:
    """Tell whether ink `[rows, columns]` is as high as a digit's stroke.

    Next to a digit's middle it is half of a 0 whose top and bottom are too thin to be seen.
    """
    rows = np.flatnonzero(ink.any(axis=1))
    return bool(rows.size) and bool(np.ptp(rows) + 1 >= HALF_ZERO * HEIGHT)


def without_frame(printed: Printed) -> npt.NDArray[np.bool_]:
    """Return where the ink of a number is, `[28, width]`, without that of a frame or a rule around it.

    It is long, hangs together, and does not come near the middle of the digits, be it aslant or in dashes.
    """
    ink = np.asarray(printed.strip >= AS_DARK * printed.dark, np.bool_)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8))
    own = slice(printed.boxes[0][0], printed.boxes[-1][2])
    among = np.zeros(count, np.bool_)
    among[labels[CORE_ROWS, own]] = True
    frame = (stats[:, cv2.CC_STAT_WIDTH] >= LONG * printed.number.pitch) & ~among
    return ink & ~frame[labels] if frame.any() else ink


def ruled(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which rows `[rows]` of a number's ink `[rows, columns]` a rule above or below it reaches.

    There is hardly any ink between that and the digits: one that crosses them hides signs as well.
    """
    share, rows = ink.mean(axis=1), np.arange(len(ink))
    reached = np.zeros(len(ink), np.bool_)
    bare = np.flatnonzero(share < BARE)
    if bare.size:
        first, last = bare[0], bare[-1]
        reached[rows <= first] = first > 0 and share[:first].min() >= RULED
        reached[rows >= last] = last < len(ink) - 1 and share[last + 1 :].min() >= RULED
    return reached


def stands_in_cells(printed: Printed) -> bool:
    """Tell whether digits stand in the cells of a form: walls go down in nearly all of the gaps."""
    centres = printed.number.centres
    feet = printed.strip[FEET].min(axis=0) >= WALL * printed.dark
    middles = [round((one + other) / 2) for one, other in pairwise(centres)]
    walled = sum(bool(feet[middle - ASIDE : middle + ASIDE + 1].any()) for middle in middles)
    return walled >= max(FEWEST, NEARLY_ALL * len(middles))


def is_round(printed: Printed) -> bool:
    """Tell whether a number's digits are as wide as they are high, as circles are and hardly any 0."""
    heights = np.minimum(np.ptp(printed.cores, axis=1), HEIGHT)
    return bool(np.median(np.array(printed.widths) / heights) >= ROUND)


def stand_apart(printed: Printed) -> bool:
    """Tell whether a number's digits stand as far apart as what is to be ticked, or filled in."""
    return bool(printed.gaps) and median(printed.gaps) >= BOXES_APART * HEIGHT


def are_cells(printed: Printed) -> bool:
    """Tell whether a number's digits have corners, as the empty cells of a form have and no 0."""
    corners = []
    for left, _, right, _ in printed.boxes:
        top, bottom = extent(printed.strip[:, left:right]).astype(int).tolist()
        rows, columns = [slice(top, top + CORNER), slice(bottom - CORNER, bottom)], [left, right - CORNER]
        inks = [printed.strip[row, column : column + CORNER].mean() for row in rows for column in columns]
        corners.append(min(inks) / max(1, printed.dark))
    return bool(median(corners) >= CORNERED)


def are_bubbles(printed: Printed) -> bool:
    """Tell whether digits are rings apart from each other with a character in each, as answer sheets have."""
    if not printed.gaps:
        return False
    width, gap = median(printed.widths), median(printed.gaps)
    if not any(width >= wide * HEIGHT and gap >= apart * HEIGHT for wide, apart in RINGS):
        return False
    middles = [round(centre) for centre in printed.number.centres]
    inside = [printed.strip[IN_RING, middle - ASIDE : middle + ASIDE].max() for middle in middles]
    return bool(min(inside) >= AS_DARK * printed.dark)


def has_disc(printed: Printed, zero: int) -> bool:
    """Tell whether a 0 among other digits is rather a disc, as the holes of punched paper are.

    Args:
        printed: The number.
        zero: The class of the 0.
    """
    digits = printed.number.digits
    if zero not in digits or len(set(digits)) == 1:
        return False
    return any(
        right - left >= AS_BROAD * (bottom - top) and is_solid(printed.strip[top:bottom, left:right])
        for digit, (left, top, right, bottom) in zip(digits, printed.boxes, strict=True)
        if digit == zero
    )


def has_logo(printed: Printed, zero: int, sure: float) -> bool:
    """Tell whether a 0 at an end of a number is rather a logo: round, wider than is usual, and farther off.

    Args:
        printed: The number.
        zero: The class of the 0.
        sure: One that the model is more sure of is none.
    """
    number = printed.number
    widths, gaps = printed.widths, printed.gaps
    if not gaps:
        return False
    wide, far = max(ROUND * HEIGHT, WIDER * median(widths)), FARTHER_OFF * median(gaps) + ABOUT_AS_NEAR
    return any(
        number.digits[end] == zero
        and widths[end] >= wide
        and gaps[end] >= far
        and number.probabilities[end] <= sure
        for end in (0, -1)
    )


def is_solid(digit: InkMap) -> bool:
    """Tell whether a digit has ink in most of its box, and no paler place amid it, as a slashed 0 has."""
    dark = max(1, int(digit.max(initial=0)))
    ink = digit >= STROKE * dark
    if not ink.size or ink.mean() < SOLID:
        return False
    rows, columns = (slice(length // 4, length - length // 4) for length in digit.shape)
    middle = digit[rows, columns]
    return bool(middle.min() >= EVENLY * middle.max())


def is_patchy(printed: Printed, sure: float = 1.0) -> bool:
    """Tell whether a digit is so much paler than the others that most of its ink may be missing.

    One that the model is more than `sure` of is none.
    """
    strip = printed.strip
    darkness = [percentile(strip[BAND, left:right], DARKNESS) for left, _, right, _ in printed.boxes]
    pale = PALER * median(darkness)
    return any(
        dark < pale and probability <= sure
        for dark, probability in zip(darkness, printed.number.probabilities, strict=True)
    )


def without_phantoms(printed: Printed) -> Printed:
    """Return a number when variants with a pale digit, or a wall, where its own are none, are hardly likely.

    What the model sees in the paper's grain beside a number is as pale as that.
    """
    number = printed.number
    if not number.variants or is_patchy(printed) or is_walled(printed):
        return printed
    ways = [replace(printed, number=other) for other in number.variants]
    likely = [PHANTOM if is_patchy(way) or is_walled(way) else 1.0 for way in ways]
    lost = sum(other.share * (1 - how) for other, how in zip(number.variants, likely, strict=True))
    others = tuple(
        replace(other, share=other.share * how / (1 - lost))
        for other, how in zip(number.variants, likely, strict=True)
    )
    return replace(printed, number=replace(number, share=number.share / (1 - lost), variants=others))


def is_walled(printed: Printed) -> bool:
    """Tell whether the first or the last digit goes on above and below the others: it is a wall, or a bar."""
    if len(printed.number.digits) <= FEWEST:
        return False
    first, *others, last = printed.cores
    top, bottom = np.median(others, axis=0)
    beyond = HIGHER * HEIGHT
    return any(end[0] <= top - beyond and end[1] >= bottom + beyond for end in (first, last))
