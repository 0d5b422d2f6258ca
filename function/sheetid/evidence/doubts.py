"""What a number's confidence is multiplied by for what it may be instead, however sure its digits are."""

from sheetid.evidence.brackets import is_bracketed
from sheetid.evidence.end import End
from sheetid.evidence.ends import open_ends
from sheetid.evidence.groups import are_days, is_grouped, is_price, is_telephone, may_lack_digit
from sheetid.evidence.letters import is_beside_letter, is_labelled_small, is_parted
from sheetid.evidence.ones import has_two_strokes
from sheetid.evidence.signs import (
    are_bubbles,
    are_cells,
    has_disc,
    has_logo,
    is_divided,
    is_patchy,
    is_round,
    stand_apart,
)
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed

OPEN_END = 0.5  # a number that may go on is as likely cut short
DIVIDED = 0.15  # digits with a sign between them are a date or an amount, and no rival of a number
GROUPED = 0.5  # digits in unlike groups, or in a line with letters, are as likely a telephone number
PADDED, LOCAL = 2, 7  # digits behind two zeros: fewer tell nothing, and a number from abroad has more
FEW = 5  # digits: no more of them, if they are small or in brackets, are as likely a price, or of a code
PATCHY = 0.5  # what is left of a digit that is much paler than the others may look like another one
CLEAR = 0.99  # probability above which it is that digit all the same
ASIDE = 0.4  # a year in a line with words, or 0 and 1 in a word, is rather that than the number
MISSED_SEEN, MISSED = 0.1, 0.5  # probability of a digit between two: a narrow 1 may be missed
DISC = 0.5  # a disc is rather a hole of punched paper than a 0, and what is round and wide a logo
ALL_ALIKE = 0.5  # nothing but ones is as likely bars or walls, nothing but zeros far apart a row of bubbles
PERCENT = 0.5  # a percent sign looks like a 9 and a 6 that touch
TO_BE_TICKED = frozenset("08")  # circles, boxes and cells, and those with a cross or a dash, look like these
EMPTY = 0.15  # side by side they are no rival of a number
SMALL = 13.0  # pixels of the image: in lower print hardly a comma, or an 8 from a B, is told
STILL_SMALL = 15.0  # the same, for a comma that is hinted at
SHORT = 4  # digits
SMALL_PRINT = 0.5  # if it is short, or beside a letter, it is as likely a price, a post code, or of a code
CODE = 0.5  # digits as close to a capital letter as to each other are as likely a part of a code
LETTERS = frozenset("01")  # O, I and l look like these
LIKE_CAPITALS, LONGEST_WORD = frozenset("01568"), 6  # O, I, L, S, G and B look like these to the model
WORD = 0.5  # so a few of them are as likely a word, if it is not quite sure
YEARS = range(1800, 2051)  # in a line with words, these are rather years
THESE_YEARS, OF_A_DATE = range(1990, 2036), 0.5  # even on their own, these are as likely of a date


def doubt_of_signs(printed: Printed, ends: tuple[End, End], chosen: Printed, *, one: int, zero: int) -> float:
    """Return what a number's confidence is multiplied by for signs, spaces, and pale or missed digits.

    Args:
        printed: The number.
        ends: Its ends.
        chosen: The same, or one of its variants.
        one: The class of the 1.
        zero: That of the 0.
    """
    number, count = printed.number, len(chosen.number.digits)
    doubt = DIVIDED if is_parted(ends) or is_divided(chosen, one) else 1.0
    lettered = number.letters > 0 and not is_labelled_small(ends)
    grouped = (lettered and is_grouped(chosen)) or is_telephone(chosen, zero)
    grouped = (grouped or is_price(chosen) or are_days(chosen)) and not is_padded(chosen.number, zero)
    if grouped or may_lack_digit(chosen) or is_area_code(number, ends):
        doubt *= GROUPED
    if has_disc(chosen, zero) or has_logo(chosen, zero, CLEAR):
        doubt *= DISC
    missed = count <= len(number.digits) and number.missed >= MISSED_SEEN
    if (missed and not number.in_cells) or has_two_strokes(chosen, one):
        doubt *= MISSED
    return doubt * PATCHY if is_patchy(chosen, CLEAR) else doubt


def is_padded(number: Number, zero: int) -> bool:
    """Tell whether zeros fill a number up, as no price and no telephone number has them: 00 536 332.

    Abroad, 0049 30 1234567 begins with two zeros; it is longer.
    """
    first, others = number.digits[:2], number.digits[2:]
    padded = first == (zero, zero) and len(others) >= PADDED
    return padded and (others[0] == zero or len(others) <= LOCAL)


def is_labelled_telephone(printed: Printed, zero: int) -> bool:
    """Tell whether a number is rather a telephone number: of such groups, in a line with letters.

    Args:
        printed: The number.
        zero: The class of the 0.
    """
    return printed.number.letters > 0 and is_telephone(printed, zero)


def is_area_code(number: Number, ends: tuple[End, End]) -> bool:
    """Tell whether a number in brackets is rather an area code: a short one, with more in its line."""
    more = number.letters > 0 or any(end.beside.beyond for end in ends)
    return more and len(number.digits) <= FEW and is_bracketed(ends)


def doubt_of_ends(ends: tuple[End, End]) -> float:
    """Return the same for ends at which it may go on."""
    return OPEN_END ** open_ends(ends)


def doubt_of_kind(printed: Printed, text: str, hints: int, *, height: float, code: bool) -> float:
    """Return the same for what it may be instead: bars, circles, or print too small to be told.

    Args:
        printed: The number.
        text: The digits that were chosen there.
        hints: What hints at a sign among them.
        height: Of its print, in pixels of the image.
        code: Whether a letter stands beside it, as in a code.
    """
    doubt = ALL_ALIKE if set(text) == {"1"} else 1.0
    if TO_BE_TICKED.issuperset(text):
        doubt *= doubt_of_empty(printed, zeros=set(text) == {"0"})
    if is_percentage(printed, text):
        doubt *= PERCENT
    small = height < SMALL
    if (small and len(text) <= FEW) or (hints and height < STILL_SMALL):
        doubt *= SMALL_PRINT
    elif code:
        doubt *= CODE
    return doubt


def doubt_of_empty(printed: Printed, *, zeros: bool) -> float:
    """Return the same for what is to be ticked or filled in, zeros or eights side by side, or zeros alone."""
    apart = stand_apart(printed)
    doubt = ALL_ALIKE if zeros and apart else 1.0
    rings = (zeros or apart) and is_round(printed)
    if rings or are_cells(printed) or (zeros and are_bubbles(printed)):
        doubt *= EMPTY
    return doubt


def is_percentage(printed: Printed, text: str) -> bool:
    """Tell whether a number's last two digits may be a percent sign: 9 and 6, without paper between them."""
    if len(text) > FEW or not text.endswith("96") or len(text) != len(printed.boxes):
        return False
    return printed.gaps[-1] <= 0


def is_of_code(ends: tuple[End, End], height: float) -> bool:
    """Tell whether a letter stands beside a number, as in a code; it is so many pixels of the image high."""
    return is_beside_letter(ends, sure=height >= SMALL)


def is_word(text: str, *, code: bool) -> bool:
    """Tell whether a number, with a letter beside it or not, is rather letters of a word: FOLIO."""
    return code and LETTERS.issuperset(text)


def doubt_of_word(text: str, share: float) -> float:
    """Return the same for what may be a word in capitals: the model takes LOGO for 1060, and is not sure."""
    letters = len(text) <= LONGEST_WORD and LIKE_CAPITALS.issuperset(text)
    like_a_word = letters and not text.startswith("00")  # no word begins with OO
    return WORD if like_a_word and share < CLEAR else 1.0


def doubt_of_year(text: str) -> float:
    """Return the same for a year of these days: the rest of a date is not seen, or © is taken for a 0."""
    year = text.removeprefix("0") if len(text) > SHORT else text
    return OF_A_DATE if is_within(year, THESE_YEARS) else 1.0


def is_within(text: str, years: range) -> bool:
    """Tell whether a number is one of some years."""
    return len(text) == SHORT and text.isdecimal() and int(text) in years


def is_year(number: Number, text: str) -> bool:
    """Tell whether a number is rather a year in a line with words: since 1897, Copyright 2012."""
    return number.letters > 0 and is_within(text, YEARS)
