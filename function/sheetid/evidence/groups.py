"""Groups of digits with spaces between them, as telephone numbers have."""

from itertools import pairwise

import numpy as np

from sheetid.recognition.printed import Printed
from sheetid.vision.glyphs import BAND, HEIGHT

APART = 1.3  # times the usual distance: digits with a space between them are farther apart
SPACE = 0.25  # of the digits' height: between groups there is so much more paper than between others
NARROW = 1.68  # times the usual distance: where that is less than the height, spaces are narrower
NARROWLY_APART, NARROW_SPACE = 1.1, 0.15  # the same as both, where there are many groups
MANY_GROUPS = 4
PAIR = 2  # digits, or groups
FRENCH = [PAIR] * 5  # so telephone numbers are written in France
INKED = 0.4  # times the usual ink of digits: a letter's column has more
LETTER = 1.2  # times the usual distance: a word has more such columns
MOST_OF_PRICE = 5  # digits
PLACE = 1.9  # times the usual distance: a digit that is gone leaves such a space


def groups(printed: Printed, apart: float = APART, space: float = SPACE) -> list[int]:
    """Return how many digits stand in each of a number's groups, which have a space between them.

    Args:
        printed: The number.
        apart: Times the usual distance: digits with a space between them are farther apart.
        space: Of the digits' height: there is so much more paper between them than between others.
    """
    gaps, distances = printed.gaps, printed.number.distances
    if not gaps:
        return [1]
    usual, usual_gap = (sorted(of)[len(of) // 4] for of in (distances, gaps))  # half may be spaces
    spaces = [
        place
        for place, (distance, gap) in enumerate(zip(distances, gaps, strict=True), start=1)
        if distance > apart * usual and gap > usual_gap + space * min(HEIGHT, NARROW * usual)
    ]
    return [last - first for first, last in pairwise([0, *spaces, len(printed.boxes)])]


def is_grouped(printed: Printed) -> bool:
    """Tell whether there are spaces among a number's digits; between large groups they may be narrow."""
    narrow = groups(printed, NARROWLY_APART, NARROW_SPACE)
    return len(groups(printed)) > 1 or (len(narrow) > PAIR and min(narrow) > PAIR)


def is_price(printed: Printed) -> bool:
    """Tell whether few digits end in a pair behind a space: 46 03 may lack a point, 777 71 is a post code."""
    lengths = groups(printed)
    return len(lengths) == PAIR and lengths[-1] == PAIR and sum(lengths) <= MOST_OF_PRICE


def is_telephone(printed: Printed, zero: int) -> bool:
    """Tell whether a number's digits stand in groups of unlike lengths, as those of telephone numbers do.

    At the end of like ones a shorter or longer one may be left over. Where there are many, with no digit
    alone, their spaces may be narrow; with pairs they are a telephone number, too. But with no letter in its
    line, and no sign beside it, only one as they are in France is: of five pairs, the first one 0x.

    Args:
        printed: The number.
        zero: The class of the 0.
    """
    wide = groups(printed)
    narrow = groups(printed, NARROWLY_APART, NARROW_SPACE)
    if has_line_to_itself(printed):
        return narrow == FRENCH and printed.number.digits[0] == zero
    many = len(narrow) >= MANY_GROUPS and min(narrow) > 1
    return are_unlike(wide) or (many and (are_unlike(narrow) or PAIR in narrow))


def has_line_to_itself(printed: Printed) -> bool:
    """Tell whether nothing is seen in a number's line but its digits, nor ink of a word that is not seen."""
    if not printed.number.is_alone:
        return False
    inked = printed.strip[BAND].sum(axis=0, dtype=np.float64)
    first, last, aside = printed.boxes[0][0], printed.boxes[-1][2], round(printed.number.pitch / 4)
    beside = np.concatenate([inked[: max(0, first - aside)], inked[last + aside :]])
    word = np.count_nonzero(beside >= INKED * inked[first:last].mean())
    return bool(word <= LETTER * printed.number.pitch)


def are_days(printed: Printed) -> bool:
    """Tell whether a number is rather a week of a calendar: pairs, each one more than the last."""
    lengths, digits = groups(printed), printed.number.digits
    if len(lengths) < MANY_GROUPS or set(lengths) != {PAIR}:
        return False
    days = [10 * tens + ones for tens, ones in zip(digits[::2], digits[1::2], strict=True)]
    return all(day - before == 1 for before, day in pairwise(days))


def may_lack_digit(printed: Printed) -> bool:
    """Tell whether a space among a number's digits is as wide as a digit's place, and no regular one."""
    number = printed.number
    return max(number.distances, default=0) > PLACE * number.pitch and not are_regular(groups(printed))


def are_regular(lengths: list[int]) -> bool:
    """Tell whether groups are alike, but for a shorter one at an end; of two, or of pairs, all have to be."""
    most, many = max(lengths), len(lengths) > PAIR
    like = [length == most for length in lengths]
    if all(like):
        return many or most > PAIR
    return many and most > PAIR and (all(like[1:]) or all(like[:-1]))


def are_unlike(lengths: list[int]) -> bool:
    """Tell whether groups are of unlike lengths, even without the first or the last of them."""
    return len(set(lengths[1:])) > 1 and len(set(lengths[:-1])) > 1
