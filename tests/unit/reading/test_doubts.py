"""What a number may be instead of a sheet's, however clear its digits are."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from sheetid.evidence.doubts import (
    ALL_ALIKE,
    CODE,
    DIVIDED,
    GROUPED,
    MISSED,
    OF_A_DATE,
    PERCENT,
    SMALL,
    SMALL_PRINT,
    STILL_SMALL,
    WORD,
    doubt_of_kind,
    doubt_of_signs,
    doubt_of_word,
    doubt_of_year,
    is_of_code,
    is_padded,
    is_word,
)
from sheetid.evidence.end import End, ends_of
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import NOTHING, Beside
from sheetid.vision.glyphs import SIDE
from sheetid.vision.ink import InkMap

WIDTH = 200
CLEAN = np.zeros(WIDTH, np.bool_)
LETTER, POINT = (5, 23), (20, 23)  # rows


def strip_of(centres: list[float], *beside: tuple[int, int, int]) -> InkMap:
    """A line with digits at some columns, and other ink: column, top and bottom."""
    ink = np.zeros((SIDE, WIDTH), np.uint8)
    for centre in centres:
        ink[5:23, round(centre) - 5 : round(centre) + 5] = 220
    for column, top, bottom in beside:
        ink[top:bottom, column : column + 8] = 220
    return ink


def number_at(centres: list[float], before: Beside = NOTHING, letters: int = 0) -> Number:
    """A number that was read there without any doubt."""
    count = len(centres)
    digits = tuple(range(2, 2 + count))
    return Number(digits, tuple(centres), (0.99,) * count, 0.99, before, letters=letters)


def ends_in(printed: Printed) -> tuple[End, End]:
    """Both ends of a number whose line lies all in the image."""
    return ends_of(printed, (0, WIDTH), CLEAN)


def signs_of(strip: InkMap, number: Number) -> float:
    """The doubt that signs leave, of a number without variants."""
    printed = Printed(strip, number)
    return doubt_of_signs(printed, ends_in(printed), printed, one=1, zero=0)


def evenly(count: int, *, space_after: int = 0) -> list[float]:
    """The middles of digits at even distances, with a space after so many of them, if any."""
    return [60.0 + 14 * place + (12 if space_after and place >= space_after else 0) for place in range(count)]


@pytest.mark.parametrize(
    ("text", "half", "doubt"),
    [("0000", 4, ALL_ALIKE), ("0000", 6, 1), ("1111", 6, ALL_ALIKE), ("9999", 4, 1), ("0001", 4, 1)],
)
def test_zeros_that_stand_apart_and_ones_are_in_doubt(text: str, half: int, doubt: float) -> None:
    """A row of empty bubbles, or of bars."""
    strip = np.zeros((SIDE, WIDTH), np.uint8)
    for centre in evenly(4):
        cv2.ellipse(strip, (int(centre), SIDE // 2), (half - 1, 9), 0, 0, 360, 220, 2)
    printed = Printed(strip, number_at(evenly(4)))
    assert doubt_of_kind(printed, text, 0, height=SMALL, code=False) == doubt


@pytest.mark.parametrize(
    ("count", "before", "rows", "hints", "small"),
    [
        (5, None, None, 0, SMALL_PRINT),
        (6, None, None, 0, 1),
        (6, 0.95, LETTER, 0, SMALL_PRINT),
        (6, 0.95, POINT, 0, 1),
        (6, 0.2, LETTER, 0, 1),
        (6, None, None, 1, SMALL_PRINT),
    ],
    ids=["short", "long", "letter", "point", "no letter", "maybe a comma"],
)
def test_small_print_is_in_doubt_where_it_may_be_of_a_price_or_a_code(
    count: int, before: float | None, rows: tuple[int, int] | None, hints: int, small: float
) -> None:
    """F-12345, L77B5 and 12,23 look like numbers there; in larger print only a capital letter is a doubt."""
    centres = evenly(count)
    beside = [(45, *rows)] if rows else []
    printed = Printed(strip_of(centres, *beside), number_at(centres, Beside(before)))
    ends, text = ends_in(printed), "234567"[:count]
    for height, doubt in (
        (SMALL - 1, small),
        (STILL_SMALL if hints else SMALL, CODE if rows == LETTER and before == 0.95 else 1),
    ):
        code = is_of_code(ends, height)
        assert doubt_of_kind(printed, text, hints, height=height, code=code) == doubt


@pytest.mark.parametrize(
    ("text", "rows", "word"),
    [("0110", LETTER, 1), ("0110", POINT, 0), ("0110", None, 0), ("0210", LETTER, 0)],
    ids=["FOLIO", "behind a point", "alone", "a code"],
)
def test_zeros_and_ones_behind_a_capital_letter_are_a_word(
    text: str, rows: tuple[int, int] | None, word: int
) -> None:
    """O, I and l look like 0 and 1."""
    centres = evenly(len(text))
    strip = strip_of(centres, *([(45, *rows)] if rows else []))
    ends = ends_in(Printed(strip, number_at(centres, Beside(0.95 if rows else None))))
    code = is_of_code(ends, SMALL)
    assert is_word(text, code=code) == word


@pytest.mark.parametrize(
    ("count", "space_after", "letters", "doubt"),
    [(5, 3, 0, GROUPED), (4, 2, 0, GROUPED), (5, 2, 0, 1), (5, 0, 0, 1), (6, 4, 0, 1), (6, 3, 2, GROUPED)],
    ids=["post code", "price", "a pair first", "undivided", "longer", "with letters"],
)
def test_short_numbers_are_not_divided(count: int, space_after: int, letters: int, doubt: float) -> None:
    """777 71 is a post code, 46 03 a price; 82 266 is as good a number as 82266, unless it stands in text."""
    centres = evenly(count, space_after=space_after)
    number = number_at(centres, letters=letters)
    assert signs_of(strip_of(centres), number) == doubt


@pytest.mark.parametrize(
    ("label", "doubt"),
    [
        ([(4, 11, 23), (18, 11, 23)], 1),
        ([(4, 5, 23), (18, 11, 23)], GROUPED),
        ([(18, 11, 23)], GROUPED),
        ([(4, 11, 23), (18, 11, 23), (182, 11, 23)], GROUPED),
        ([], GROUPED),
    ],
    ids=["smaller", "of one size", "a plus", "text behind", "none"],
)
def test_groups_behind_a_label_in_smaller_print_are_no_telephone_number(
    label: list[tuple[int, int, int]], doubt: float
) -> None:
    """Telephone numbers stand in lines of text, whose letters are as high as their digits."""
    centres = evenly(6, space_after=3)
    number = number_at(centres, letters=2)
    assert signs_of(strip_of(centres, *label), number) == doubt


@pytest.mark.parametrize(
    ("digits", "space_after", "letters", "doubt"),
    [
        ((0, 0, 6, 2, 4), 3, 0, 1),
        ((0, 0, 5, 3, 6, 3, 3, 2), 4, 2, 1),
        ((0, 5, 3, 6, 3, 3, 2), 4, 2, GROUPED),
    ],
    ids=["006 24", "filled up", "one zero"],
)
def test_groups_filled_up_with_zeros_are_a_running_number(
    digits: tuple[int, ...], space_after: int, letters: int, doubt: float
) -> None:
    """No price begins with two zeros, and of telephone numbers only long ones do."""
    centres = evenly(len(digits), space_after=space_after)
    number = replace(number_at(centres, letters=letters), digits=digits)
    assert signs_of(strip_of(centres), number) == doubt


@pytest.mark.parametrize(
    ("text", "padded"), [("00493012345", 0), ("00093012345", 1), ("004930123", 1), ("007", 0), ("100024", 0)]
)
def test_a_number_from_abroad_is_longer_than_one_that_is_filled_up(text: str, padded: int) -> None:
    """0049 30 12345 begins with two zeros; three are never of a telephone number."""
    number = replace(number_at(evenly(4)), digits=tuple(map(int, text)))
    assert is_padded(number, 0) == padded


@pytest.mark.parametrize(
    ("column", "rows", "doubt"),
    [(42, LETTER, DIVIDED), (34, LETTER, 1), (42, POINT, DIVIDED)],
    ids=["a digit misread", "a label", "a point, and a space"],
)
def test_what_stands_before_a_space_does_not_part_a_number(
    column: int, rows: tuple[int, int], doubt: float
) -> None:
    """The letters behind the B and the o of "Bogen" are no signs between digits."""
    centres = evenly(5)
    strip = strip_of(centres, (column, *rows))
    number = number_at(centres, Beside(0.0, joined=True, parted=True))
    assert signs_of(strip, number) == doubt


@pytest.mark.parametrize(
    ("missed", "in_cells", "doubt"), [(0.15, False, MISSED), (0.05, False, 1), (0.15, True, 1)], ids=str
)
def test_a_digit_that_may_stand_between_two_is_missed(missed: float, *, in_cells: bool, doubt: float) -> None:
    """But in cells, walls look like ones."""
    number = replace(number_at(evenly(6)), missed=missed, in_cells=in_cells)
    assert signs_of(strip_of(evenly(6)), number) == doubt


def test_a_digit_that_was_missed_is_none_in_a_longer_variant() -> None:
    """It may be the very one that this variant shows."""
    number = replace(number_at(evenly(6)), missed=0.15)
    printed, longer = (Printed(strip_of(evenly(7)), way) for way in (number, number_at(evenly(7))))
    assert doubt_of_signs(printed, ends_in(printed), longer, one=1, zero=0) == 1


@pytest.mark.parametrize(("strokes", "doubt"), [((-1,), 1), ((-1, 5), MISSED)], ids=["one stroke", "two"])
def test_two_strokes_where_a_one_was_read_are_a_doubt(strokes: tuple[int, ...], doubt: float) -> None:
    """The second one was missed."""
    centres = evenly(5)
    strip = strip_of(centres)
    place = round(centres[-1])
    strip[:, place - 5 : place + 5] = 0
    for off in strokes:
        strip[4:24, place + off : place + off + 2] = 220
    number = replace(number_at(centres), digits=(2, 3, 4, 5, 1))
    assert signs_of(strip, number) == doubt


@pytest.mark.parametrize(
    ("text", "apart", "doubt"),
    [("4496", 10, PERCENT), ("4496", 14, 1), ("4469", 10, 1), ("123496", 10, 1)],
    ids=["touching", "with paper between", "other digits", "too many for a share"],
)
def test_a_nine_and_a_six_that_touch_may_be_a_percent_sign(text: str, apart: int, doubt: float) -> None:
    """44% is read as 4496; a number that ends so has paper between them, or more digits."""
    centres = [60.0 + 14 * place for place in range(len(text) - 1)]
    centres.append(centres[-1] + apart)
    printed = Printed(strip_of(centres), number_at(centres))
    assert doubt_of_kind(printed, text, 0, height=STILL_SMALL, code=False) == doubt


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("2012", OF_A_DATE),
        ("02012", OF_A_DATE),
        ("12012", 1.0),
        ("002012", 1.0),
        ("0201", 1.0),
        ("2112", 1.0),
    ],
)
def test_a_year_of_these_days_is_in_doubt(text: str, doubt: float) -> None:
    """It may be of a date, or stand behind a copyright sign, which looks like a 0."""
    assert doubt_of_year(text) == doubt


@pytest.mark.parametrize(
    ("text", "share", "doubt"),
    [
        ("1060", 0.98, WORD),
        ("80150", 0.98, WORD),
        ("1060", 0.995, 1.0),
        ("1030", 0.98, 1.0),
        ("8010601", 0.98, 1.0),
        ("0060", 0.98, 1.0),
    ],
    ids=["LOGO", "BOLSO", "clear", "no word", "too long", "leading zeros"],
)
def test_digits_that_capitals_look_like_have_to_be_sure(text: str, share: float, doubt: float) -> None:
    """Else they may be a word."""
    assert doubt_of_word(text, share) == doubt
