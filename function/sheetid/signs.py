"""What tells a number from what looks like one: an o, points, hyphens, slashes, spaces, digits half gone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.frames import walls
from sheetid.glyphs import BAND, HEIGHT
from sheetid.ink import InkMap, percentile
from sheetid.numbers import Number, digit_boxes
from sheetid.words import Beside

Pixels = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]  # their rows and columns
Extents = npt.NDArray[np.float64]  # [..., 2]: the first row with ink, and the one after the last

FEWEST = 3  # other digits, which show how high digits are
ABOUT_AS_NEAR = 2  # pixels: gaps that differ by no more are alike
LOWER = 0.15  # of the digits' height: the top of an o is lower than theirs by so much, at least
HIGHER = 0.15  # of the digits' height: a slash is higher than they are by so much, at least
SIGN_SEEN = 0.03  # probability of other print from which on what looks like a sign may be one
LEANING, ASLANT = 0.25, 0.2  # columns to the right for each row up: a slash leans so; so does one no higher
UNLIKE = 0.2  # the same: what leans by so much more than a 1 of that number is none
WHOLE = 0.8  # of the digits' height: a piece of a broken 1 is lower, and leans as it broke
SET_OFF = (
    1.2  # times the usual distance of others: a slash with spaces is, on average, as far from its neighbours
)
LEVEL = 0.1  # of the digits' height: other tops and bottoms are no farther apart
CORE = 0.25  # of the usual distance, to each side: the digit alone, without what stands beside it
STROKE = 0.5  # of a digit's darkest ink: its strokes
SPACE = 0.25  # of the digits' height: between groups there is so much more paper than between others
APART = 1.3  # times the usual distance: there is room for a sign between digits that are so far apart
DARKEST = 95  # percentile of ink: its darkness
NARROWLY_APART, NARROW_SPACE = 1.2, 0.15  # the same as both, where there are many groups
MANY_GROUPS = 4
PAIR = 2  # digits
AS_DARK = 0.4  # of that, or of digits' darkest ink: other ink counts
ROUND = 0.85  # of the digits' height: what is as wide is a circle
EVENLY = 0.8  # of the darkest ink amid a disc: no other there is paler
AS_BROAD, SOLID = 0.75, 0.72  # of its height, and of its box: a disc is as broad, and fills it so
PALER = 0.5  # of the usual darkness of a number's digits: one that is paler is hardly there
FEET = slice(BAND.stop - 5, BAND.stop + 2)  # rows that the walls of cells go through, and no point
ASIDE = 2  # columns from the middle between two digits: a wall is no farther
WALL = 0.3  # of the digits' darkness: a wall is as dark
NEARLY_ALL = 0.75  # of the gaps between digits
PHANTOM = 0.1  # how likely a variant with such a digit is, against what the model says
MIDDLE = 1  # columns to each side of the middle between two digits


def without_label(strip: InkMap, number: Number, zero: int) -> Number:
    """Return a number without its first digit, where that is a 0 beside a letter and lower than all others.

    A 0 that stands farther from the letter than from the next digit is none of the label: it may be worn.

    Args:
        strip: `[28, width]` uint8, the line.
        number: What was read in it.
        zero: The class of the 0.
    """
    if number.digits[0] != zero or number.before.letter is None or len(number.digits) <= FEWEST:
        return number
    first, *others = cores(strip, number.centres, number.pitch)
    lower = is_lower(first, np.array(others))
    return without_first(number) if lower and is_nearer_to_label(strip, number) else number


def is_nearer_to_label(strip: InkMap, number: Number) -> bool:
    """Tell whether a number's first digit is as near to the ink before it as to its second digit."""
    (left, _, right, _), (second, *_) = digit_boxes(strip, number)[:2]
    inked = np.flatnonzero(strip[BAND, :left].max(axis=0) >= AS_DARK * percentile(strip[BAND], DARKEST))
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


def is_divided(strip: InkMap, number: Number, one: int) -> bool:
    """Tell whether something parts a number's digits: a point, a hyphen, a wall, or a slash taken for a 1.

    Args:
        strip: `[28, width]` uint8, the line.
        number: What was read in it.
        one: The class of the 1.
    """
    return any(gaps_with_ink(strip, number)) or has_slash(strip, number, one)


def gaps_with_ink(strip: InkMap, number: Number) -> Iterator[bool]:
    """Tell of each two digits that are farther apart than usual whether something stands between them.

    That is ink with paper before the next digit, or in the middle between both.
    """
    wide = [pair for pair in pairwise(number.centres) if pair[1] - pair[0] > APART * number.pitch]
    if not wide:
        return
    inked = strip[BAND].max(axis=0) >= AS_DARK * percentile(strip[BAND], DARKEST)
    starts = (1 + np.flatnonzero(~inked[:-1] & inked[1:])).tolist()
    for left, right in wide:
        middle = round((left + right) / 2)
        yield bool(inked[middle - MIDDLE : middle + MIDDLE + 1].all())
        yield any(left < start and not inked[start : round(right)].all() for start in starts)


def groups(strip: InkMap, number: Number, apart: float = APART, space: float = SPACE) -> list[int]:
    """Return how many digits stand in each of a number's groups, which have a space between them.

    Args:
        strip: `[28, width]` uint8, the line.
        number: What was read in it.
        apart: Times the usual distance: digits with a space between them are farther apart.
        space: Of the digits' height: there is so much more paper between them than between others.
    """
    boxes = digit_boxes(strip, number)
    gaps = [other[0] - one[2] for one, other in pairwise(boxes)]
    distances = [right - left for left, right in pairwise(number.centres)]
    if not gaps:
        return [len(number.digits)]
    usual, usual_gap = (sorted(of)[len(of) // 4] for of in (distances, gaps))  # half may be spaces
    spaces = [
        place
        for place, (distance, gap) in enumerate(zip(distances, gaps, strict=True), start=1)
        if distance > apart * usual and gap > usual_gap + space * HEIGHT
    ]
    return [last - first for first, last in pairwise([0, *spaces, len(number.digits)])]


def is_telephone(strip: InkMap, number: Number) -> bool:
    """Tell whether a number's digits stand in groups of unlike lengths, as those of telephone numbers do.

    At the end of like ones a shorter or longer one may be left over. Where there are many, with no digit
    alone, their spaces may be narrow. With pairs they are a telephone number, too, or the days of a calendar.
    """
    wide = groups(strip, number)
    narrow = groups(strip, number, NARROWLY_APART, NARROW_SPACE)
    many = len(narrow) >= MANY_GROUPS and min(narrow) > 1
    return are_unlike(wide) or (many and (are_unlike(narrow) or PAIR in narrow))


def are_unlike(lengths: list[int]) -> bool:
    """Tell whether groups are of unlike lengths, even without the first or the last of them."""
    return len(set(lengths[1:])) > 1 and len(set(lengths[:-1])) > 1


def stands_in_cells(strip: InkMap, number: Number) -> bool:
    """Tell whether digits stand in the cells of a form: walls go down in nearly all of the gaps."""
    dark = percentile(strip[BAND, max(0, round(number.centres[0])) : round(number.centres[-1]) + 1], DARKEST)
    feet = strip[FEET].min(axis=0) >= WALL * dark
    middles = [round((one + other) / 2) for one, other in pairwise(number.centres)]
    walled = sum(bool(feet[middle - ASIDE : middle + ASIDE + 1].any()) for middle in middles)
    return walled >= max(FEWEST, NEARLY_ALL * len(middles))


def is_round(strip: InkMap, number: Number) -> bool:
    """Tell whether a number's digits are as wide as they are high, as circles are and hardly any 0."""
    return median(right - left for left, _, right, _ in digit_boxes(strip, number)) >= ROUND * HEIGHT


def has_disc(strip: InkMap, number: Number, zero: int) -> bool:
    """Tell whether a 0 among other digits is rather a disc, as the holes of punched paper are.

    Args:
        strip: `[28, width]` uint8, the line.
        number: What was read in it.
        zero: The class of the 0.
    """
    if zero not in number.digits or len(set(number.digits)) == 1:
        return False
    return any(
        right - left >= AS_BROAD * (bottom - top) and is_solid(strip[top:bottom, left:right])
        for digit, (left, top, right, bottom) in zip(number.digits, digit_boxes(strip, number), strict=True)
        if digit == zero
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


def is_patchy(strip: InkMap, number: Number, sure: float = 1.0) -> bool:
    """Tell whether a digit is so much paler than the others that most of its ink may be missing.

    One that the model is more than `sure` of is none.
    """
    boxes = digit_boxes(strip, number)
    darkness = [percentile(strip[BAND, left : max(right, left + 1)], DARKEST) for left, _, right, _ in boxes]
    pale = PALER * median(darkness)
    return any(
        dark < pale and probability <= sure
        for dark, probability in zip(darkness, number.probabilities, strict=True)
    )


def without_phantoms(strip: InkMap, number: Number) -> Number:
    """Return a number when variants with a pale digit, or a wall, where its own are none, are hardly likely.

    What the model sees in the paper's grain beside a number is as pale as that.
    """
    if not number.variants or is_patchy(strip, number) or is_walled(strip, number):
        return number
    phantoms = [is_patchy(strip, other) or is_walled(strip, other) for other in number.variants]
    likely = [PHANTOM if phantom else 1.0 for phantom in phantoms]
    lost = sum(other.share * (1 - how) for other, how in zip(number.variants, likely, strict=True))
    others = tuple(
        replace(other, share=other.share * how / (1 - lost))
        for other, how in zip(number.variants, likely, strict=True)
    )
    return replace(number, share=number.share / (1 - lost), variants=others)


def is_walled(strip: InkMap, number: Number) -> bool:
    """Tell whether the first or the last digit goes on above and below the others: it is a wall, or a bar."""
    if len(number.digits) <= FEWEST:
        return False
    first, *others, last = cores(strip, number.centres, number.pitch)
    top, bottom = np.median(others, axis=0)
    beyond = HIGHER * HEIGHT
    return any(end[0] <= top - beyond and end[1] >= bottom + beyond for end in (first, last))


def has_slash(strip: InkMap, number: Number, one: int) -> bool:
    """Tell whether a 1 between other digits is a slash.

    It leans, and is higher than they are, or stands off, or another 1 is upright.
    """
    if one not in number.digits[1:-1] or len(number.digits) <= FEWEST:
        return False
    ones = np.array(number.digits) == one
    amid = ones.copy()
    amid[[0, -1]] = False
    others = cores(strip, number.centres, number.pitch)[~amid]
    if len(others) < FEWEST or not are_even(others):
        return False
    top, bottom = np.median(others, axis=0)
    strokes = dict(strokes_of(strip, number, np.flatnonzero(ones).tolist()))
    leans = {place: lean(stroke) for place, stroke in strokes.items()}
    whole = [place for place, (rows, _) in strokes.items() if np.ptp(rows) >= WHOLE * HEIGHT]
    upright = min((leans[place] for place in whole), default=0.0)
    return any(
        goes_beyond(strokes[place], top, bottom)
        or (place in whole and (stands_off(number, place) or leaning - upright >= UNLIKE))
        for place, leaning in leans.items()
        if amid[place] and leaning >= LEANING
    )


def stands_off(number: Number, place: int) -> bool:
    """Tell whether a digit between others is farther from them than the others are from each other."""
    distances = [right - left for left, right in pairwise(number.centres)]
    others = [*distances[: place - 1], *distances[place + 1 :]]
    return sum(distances[place - 1 : place + 1]) >= 2 * SET_OFF * median(others)


def may_have_slash(strip: InkMap, number: Number, one: int) -> bool:
    """Tell whether a 1 between other digits leans, and the model thinks it possible that it is no digit."""
    seen = list(zip(number.digits, number.others, strict=False))[1:-1]
    ones = [place for place, (digit, other) in enumerate(seen, 1) if digit == one and other >= SIGN_SEEN]
    return bool(ones) and any(lean(stroke) >= ASLANT for _, stroke in strokes_of(strip, number, ones))


def strokes_of(strip: InkMap, number: Number, places: Sequence[int]) -> Iterator[tuple[int, Pixels]]:
    """Yield the places of digits with ink, and rows and columns of their largest strokes."""
    bare = np.where(walls(strip, AS_DARK * int(strip.max())), 0, strip)
    boxes = digit_boxes(strip, number)
    for place in places:
        digit = bare[:, boxes[place][0] : boxes[place][2]]
        mask = (digit >= STROKE * max(1, int(digit.max(initial=0)))).view(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        if len(stats) > 1:
            rows, columns = np.nonzero(labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax())
            yield place, (rows, columns)


def lean(stroke: Pixels) -> float:
    """Return by how many columns for each row up a stroke leans to the right."""
    rows, columns = stroke
    off = rows - rows.mean()
    return -float(off @ columns) / max(1.0, float(off @ off))


def goes_beyond(stroke: Pixels, top: float, bottom: float) -> bool:
    """Tell whether a stroke goes on above or below the rows that digits take."""
    rows = stroke[0]
    return bool(max(top - rows.min(), rows.max() + 1 - bottom) >= HIGHER * HEIGHT)


def is_lower(one: Extents, others: Extents) -> bool:
    """Tell whether one `[2]` is lower than others `[N, 2]` that are even, and stands on the same line."""
    top, bottom = (one - np.median(others, axis=0)) / HEIGHT
    return bool(top >= LOWER and abs(bottom) <= LEVEL and are_even(others))


def is_smaller(one: Extents, others: Extents) -> bool:
    """Tell whether one `[2]` starts below and ends above others `[N, 2]` that are even."""
    top, bottom = (one - np.median(others, axis=0)) / HEIGHT
    return bool(top >= LOWER and bottom <= -LOWER and are_even(others))


def are_even(extents: Extents) -> bool:
    """Tell whether characters `[N, 2]` are of one height, on one line; old-style figures are not.

    What reaches beyond most of them, both above and below, is crossed by a streak.
    """
    top, bottom = np.median(extents, axis=0)
    own = np.where(((extents[:, 0] <= top) & (extents[:, 1] >= bottom))[:, None], (top, bottom), extents)
    return bool(np.ptp(own, axis=0).max() <= LEVEL * HEIGHT)


def cores(strip: InkMap, centres: Sequence[float], pitch: float) -> Extents:
    """Return the top and the bottom of the middle of each digit, `[digits, 2]`, by its centre."""
    half = CORE * pitch
    return np.array([extent(strip[:, max(0, round(x - half)) : round(x + half) + 1]) for x in centres])


def extent(digit: InkMap) -> Extents:
    """Return the top and the bottom of a digit's strokes, in rows of the strip."""
    inked = np.flatnonzero(digit.max(axis=1) >= STROKE * max(1, int(digit.max(initial=0))))
    return np.array([inked[0], inked[-1] + 1] if inked.size else [0, len(digit)], np.float64)
