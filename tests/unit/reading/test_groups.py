"""Digits in groups, with spaces between them."""

from dataclasses import replace

import numpy as np
import pytest

from sheetid.evidence.doubts import is_labelled_telephone
from sheetid.evidence.groups import are_days, groups, is_grouped, is_telephone, may_lack_digit
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import NOTHING, Beside
from tests.unit.reading.four_digits import CENTRES, NUMBER


def in_groups(lengths: tuple[int, ...], *, apart: int, space: int, half: int) -> Printed:
    """A number in groups: its digits are so far apart, farther by a space, and so wide to each side."""
    centres: list[float] = []
    for length in lengths:
        first = centres[-1] + apart + space if centres else 40.0
        centres += [first + apart * place for place in range(length)]
    strip = np.zeros((28, 260), np.uint8)
    for centre in centres:
        strip[4:24, int(centre) - half : int(centre) + half] = 220
    return Printed(strip, replace(NUMBER, digits=(4,) * len(centres), centres=tuple(centres)))


@pytest.mark.parametrize(
    ("moved", "half", "lengths"),
    [(9, 5, [2, 2]), (0, 5, [4]), (9, 10, [4])],
    ids=["a space", "none", "wider digits"],
)
def test_digits_with_a_space_between_them_stand_in_groups(moved: int, half: int, lengths: list[int]) -> None:
    """Other distances are those of narrow and wide digits."""
    centres = (*CENTRES[:2], *(centre + moved for centre in CENTRES[2:]))
    strip = np.zeros((28, 180), np.uint8)
    for place, centre in enumerate(centres):
        reach = half if place in (1, 2) else 5
        strip[4:24, int(centre) - reach : int(centre) + reach] = 220
    assert groups(Printed(strip, replace(NUMBER, centres=centres))) == lengths


def test_groups_of_two_have_as_many_spaces_as_neighbours() -> None:
    """93 97 23: the usual distance is that within groups, though every other one is that of a space."""
    assert groups(in_groups((2, 2, 2), apart=12, space=9, half=4)) == [2, 2, 2]


@pytest.mark.parametrize(
    ("lengths", "space", "telephone"),
    [
        ((2, 2, 3, 2, 2), 8, 1),
        ((2, 2, 3, 2, 2), 4, 1),
        ((2, 3, 4), 4, 0),
        ((3, 1, 3, 2), 4, 0),
        ((1, 3, 3), 8, 0),
        ((3, 3, 1), 8, 0),
        ((4, 4), 8, 0),
        ((2, 2, 2, 2, 2), 8, 1),
        ((2, 2, 2, 2, 2), 4, 1),
        ((2, 2, 2, 4), 4, 1),
        ((2, 2, 2), 8, 0),
        ((3, 3, 3, 3), 8, 0),
        ((11,), 8, 0),
    ],
)
def test_groups_of_unlike_lengths_are_a_telephone_number(
    lengths: tuple[int, ...], space: int, telephone: int
) -> None:
    """+46 29 125 37 49; narrow spaces count where there are many, with no digit alone: 1 234 567 is none.

    Many pairs are one too.
    """
    assert is_telephone(in_groups(lengths, apart=12, space=space, half=4), zero=0) == telephone


@pytest.mark.parametrize(
    ("lengths", "first", "beside", "telephone"),
    [
        ((2, 3, 3, 3), 0, NOTHING, 0),
        ((2, 3, 3, 3), 0, Beside(0.0), 1),
        ((2, 2, 2, 2), 0, NOTHING, 0),
        ((2, 2, 2, 2, 2), 0, NOTHING, 1),
        ((2, 2, 2, 2, 2), 4, NOTHING, 0),
    ],
    ids=["in thousands", "behind a sign", "four pairs", "as in France", "no 0 first"],
)
def test_a_number_alone_in_its_line_is_hardly_a_telephone_number(
    lengths: tuple[int, ...], first: int, beside: Beside, telephone: int
) -> None:
    """It has no Tel. in front, and no plus."""
    printed = in_groups(lengths, apart=12, space=8, half=4)
    digits = (first, *printed.number.digits[1:])
    number = replace(printed.number, digits=digits, before=beside)
    assert is_telephone(replace(printed, number=number), zero=0) == telephone


@pytest.mark.parametrize(
    ("columns", "telephone"), [(0, 0), (10, 0), (20, 1)], ids=["none", "a wall", "a word"]
)
def test_a_word_that_is_not_seen_leaves_its_ink(columns: int, telephone: int) -> None:
    """Tel. in noise."""
    printed = in_groups((2, 3, 3, 3), apart=12, space=8, half=4)
    printed.strip[4:24, 230 : 230 + columns] = 220
    number = replace(printed.number, before=NOTHING)
    assert is_telephone(replace(printed, number=number), zero=0) == telephone


@pytest.mark.parametrize(
    ("lengths", "digits", "days"),
    [((2, 2, 2, 2), "09101112", 1), ((2, 2, 2, 2), "09101113", 0), ((4, 4), "09101112", 0)],
)
def test_pairs_one_more_each_are_the_days_of_a_calendar(
    lengths: tuple[int, ...], digits: str, days: int
) -> None:
    """09 10 11 12."""
    printed = in_groups(lengths, apart=12, space=8, half=4)
    number = replace(printed.number, digits=tuple(map(int, digits)))
    assert are_days(replace(printed, number=number)) == days


@pytest.mark.parametrize(
    ("lengths", "letters", "telephone"), [((2, 2, 3, 2, 2), 3, 1), ((2, 2, 3, 2, 2), 0, 0), ((4, 4), 3, 0)]
)
def test_a_telephone_number_stands_in_a_line_with_letters(
    lengths: tuple[int, ...], letters: int, telephone: int
) -> None:
    """Fon 06 31 452 30 09; 4711 4712 behind a label is none."""
    printed = in_groups(lengths, apart=12, space=8, half=4)
    lettered = replace(printed, number=replace(printed.number, letters=letters))
    assert is_labelled_telephone(lettered, zero=0) == telephone


@pytest.mark.parametrize(
    ("lengths", "space", "grouped"),
    [((3, 3, 4), 3, 1), ((3, 3, 4), 0, 0), ((2, 2, 2), 3, 0), ((3, 4), 3, 0)],
    ids=["014 831 2260", "none", "pairs, as narrow ones are", "two groups"],
)
def test_spaces_of_narrow_digits_are_narrow(lengths: tuple[int, ...], space: int, grouped: int) -> None:
    """Between large groups they are told, though they are hardly wider than a gap."""
    assert is_grouped(in_groups(lengths, apart=11, space=space, half=5)) == grouped


@pytest.mark.parametrize(
    ("lengths", "lacks"),
    [
        ((3, 3), 0),
        ((4, 4, 1), 0),
        ((2, 4, 4), 0),
        ((1, 3, 3), 0),
        ((3, 4), 1),
        ((7, 1), 1),
        ((2, 2), 1),
        ((2, 2, 2), 0),
        ((3, 1, 3), 1),
        ((6,), 0),
    ],
)
def test_a_space_as_wide_as_a_digit_may_be_one_that_is_gone(lengths: tuple[int, ...], lacks: int) -> None:
    """1234567 9 may lack its 8; 462 094 311 is in groups, and so is 4623 0943 1."""
    assert may_lack_digit(in_groups(lengths, apart=14, space=14, half=5)) == lacks
