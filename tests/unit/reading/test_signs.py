"""What stands among digits tells whether they are a number, and which."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sheetid.numbers import Number
from sheetid.signs import (
    are_even,
    groups,
    has_disc,
    is_divided,
    is_patchy,
    is_telephone,
    may_have_slash,
    stands_in_cells,
    without_label,
    without_phantoms,
)
from sheetid.words import NOTHING, Beside
from tests.unit.reading.four_digits import CENTRES, FIVE, NUMBER, parted, strip_with


def labelled(strip: npt.NDArray[np.uint8], end: int = 48) -> npt.NDArray[np.uint8]:
    """Return a strip with a letter before its digits, up to a column."""
    strip[4:24, end - 10 : end] = 220
    return strip


def strip_with_stroke(lean: float, bottom: int) -> npt.NDArray[np.uint8]:
    """Return a strip with five digits, the third of which is a stroke that leans and ends at a row."""
    strip = strip_with((4, 24), (4, 24), (0, 0), (4, 24))
    strip[4:24, 135:145] = 220
    for row in range(4, bottom):
        column = round(100 + lean * (14 - row))
        strip[row, column - 2 : column + 2] = 220
    return strip


def test_a_zero_lower_than_the_digits_behind_it_is_the_labels_o() -> None:
    """The number goes without it, beside what is now other print; so do others that may stand there."""
    shorter = Number((4, 2, 1), CENTRES[1:], (0.9, 0.9, 0.9), 0.05)
    longer = replace(NUMBER, digits=(6, 4, 2, 7), share=0.04)
    strip = labelled(strip_with((10, 24), (4, 24), (4, 24), (5, 24)))
    number = without_label(strip, replace(NUMBER, variants=(longer, shorter)), 0)
    assert number.digits == (4, 2, 7)
    assert number.centres == CENTRES[1:]
    assert number.probabilities == (0.99, 0.98, 0.97)
    assert number.before == Beside(1.0, joined=True)
    assert [other.digits for other in number.variants] == [(4, 2, 7), (4, 2, 1)]


@pytest.mark.parametrize(
    ("extents", "number"),
    [
        ([(4, 24), (4, 24), (4, 24), (4, 24)], NUMBER),
        ([(10, 28), (4, 24), (4, 24), (4, 24)], NUMBER),
        ([(10, 24), (4, 24), (10, 24), (10, 28)], NUMBER),
        ([(10, 24), (4, 24), (4, 24), (4, 24)], replace(NUMBER, before=NOTHING)),
        ([(10, 24), (4, 24), (4, 24), (4, 24)], replace(NUMBER, digits=(6, 4, 2, 7))),
    ],
    ids=["as high", "lower below too", "old-style figures", "no letter before it", "no zero"],
)
def test_what_may_be_a_digit_stays(extents: list[tuple[int, int]], number: Number) -> None:
    """Only what is lower, on the line, beside a letter and before digits of one height is no digit."""
    assert without_label(labelled(strip_with(*extents)), number, 0) is number


def test_a_lower_zero_behind_a_space_is_worn() -> None:
    """An o of a label is as near to its other letters as to the number."""
    strip = labelled(strip_with((10, 24), (4, 24), (4, 24), (4, 24)), end=38)
    assert without_label(strip, NUMBER, 0) is NUMBER


def test_too_few_digits_tell_nothing_of_their_height() -> None:
    """Then a 0 stays one."""
    short = replace(NUMBER, digits=(0, 4, 2), centres=CENTRES[:3], probabilities=(0.9, 0.9, 0.9))
    strip = labelled(strip_with((10, 24), (4, 24), (4, 24), (4, 24)))
    assert without_label(strip, short, 0) is short


@pytest.mark.parametrize(
    ("moved", "rows", "columns", "divided"),
    [
        (8, (20, 23), (92, 94), 1),
        (8, (12, 15), (87, 101), 1),
        (8, (20, 23), (20, 22), 0),
        (0, (20, 23), (89, 91), 0),
    ],
    ids=["a point", "a hyphen that touches both digits", "a speck elsewhere", "no room for a sign"],
)
def test_digits_with_a_sign_between_them_are_divided(
    moved: int, rows: tuple[int, int], columns: tuple[int, int], divided: int
) -> None:
    """A date or an amount shows a sign where its digits stand farther apart; specks stand anywhere."""
    strip, number = parted(moved, 7)
    strip[slice(*rows), slice(*columns)] = 220
    assert is_divided(strip, number, 1) == divided


@pytest.mark.parametrize(
    ("digits", "lean", "bottom", "divided"),
    [
        ((1, 2, 1, 2, 1), 0.4, 28, 1),
        ((1, 2, 1, 2, 1), 0.4, 24, 1),
        ((3, 2, 1, 2, 3), 0.4, 28, 1),
        ((3, 2, 1, 2, 3), 0.4, 24, 0),
        ((1, 2, 1, 2, 1), 0.0, 28, 0),
        ((1, 2, 7, 2, 1), 0.4, 28, 0),
    ],
    ids=["12/21", "other 1s upright", "32/23", "an italic 1", "a 1 on a wall", "no 1"],
)
def test_a_one_that_leans_and_goes_on_below_the_digits_around_it_is_a_slash(
    digits: tuple[int, ...], lean: float, bottom: int, divided: int
) -> None:
    """Page 12 of 21 is not 12121; nor do the 1s of one number lean each in its way."""
    assert is_divided(strip_with_stroke(lean, bottom), Number(digits, FIVE, (0.99,) * 5, 0.99), 1) == divided


@pytest.mark.parametrize(("off", "divided"), [(0, 0), (5, 1)], ids=["an italic 1", "6 / 120"])
def test_a_one_that_leans_and_stands_off_is_a_slash(off: int, divided: int) -> None:
    """It is no higher than digits in some fonts, but set off by spaces."""
    centres = (60.0, 80.0, 100.0 + off, 120.0 + 2 * off, 140.0 + 2 * off)
    strip = np.zeros((28, 180), np.uint8)
    for centre in (*centres[:2], *centres[3:]):
        strip[4:24, int(centre) - 5 : int(centre) + 5] = 220
    for row in range(4, 24):
        column = round(centres[2] + 0.4 * (14 - row))
        strip[row, column - 2 : column + 2] = 220
    assert is_divided(strip, Number((3, 2, 1, 2, 3), centres, (0.99,) * 5, 0.99), 1) == divided


@pytest.mark.parametrize(
    ("digits", "seen", "lean", "slash"),
    [
        ((1, 2, 1, 2, 1), 0.05, 0.4, 1),
        ((1, 2, 1, 2, 1), 0.01, 0.4, 0),
        ((1, 2, 1, 2, 1), 0.05, 0.1, 0),
        ((1, 2, 7, 2, 1), 0.05, 0.4, 0),
    ],
    ids=["12/21", "an italic 1", "an upright 1", "no 1"],
)
def test_a_one_that_leans_may_be_a_slash_where_the_model_thinks_it_possible(
    digits: tuple[int, ...], seen: float, lean: float, slash: int
) -> None:
    """In some fonts a slash is no higher than digits; in some a 1 leans."""
    number = Number(digits, FIVE, (0.99,) * 5, 0.99, others=(0.5, 0.0, seen, 0.0, 0.5))
    assert may_have_slash(strip_with_stroke(lean, 24), number, 1) == slash


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
    assert groups(strip, replace(NUMBER, centres=centres)) == lengths


def test_groups_of_two_have_as_many_spaces_as_neighbours() -> None:
    """93 97 23: the usual distance is that within groups, though every other one is that of a space."""
    centres = (40.0, 52.0, 73.0, 85.0, 106.0, 118.0)
    strip = np.zeros((28, 180), np.uint8)
    for centre in centres:
        strip[4:24, int(centre) - 4 : int(centre) + 4] = 220
    assert groups(strip, replace(NUMBER, digits=(9, 3, 9, 7, 2, 3), centres=centres)) == [2, 2, 2]


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

    Many pairs are one too, or the days of a calendar.
    """
    centres: list[float] = []
    for length in lengths:
        first = centres[-1] + 12 + space if centres else 40.0
        centres += [first + 12 * place for place in range(length)]
    strip = np.zeros((28, 260), np.uint8)
    for centre in centres:
        strip[4:24, int(centre) - 4 : int(centre) + 4] = 220
    number = replace(NUMBER, digits=(4,) * len(centres), centres=tuple(centres))
    assert is_telephone(strip, number) == telephone


@pytest.mark.parametrize(("what", "digit", "disc"), [("disc", 0, 1), ("ring", 0, 0), ("disc", 8, 0)])
def test_a_disc_is_no_zero(what: str, digit: int, disc: int) -> None:
    """A hole of punched paper beside a number is one; a bold 0 has paper in its middle."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 110:131] = 0
    cv2.ellipse(strip, (120, 14), (9, 9), 0, 0, 360, 220, -1 if what == "disc" else 3)
    assert has_disc(strip, replace(NUMBER, digits=(4, 4, 2, digit)), zero=0) == disc


def test_a_bold_slashed_zero_is_no_disc() -> None:
    """There is ink in most of its box, but two places amid it are paler."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 110:131] = 0
    cv2.ellipse(strip, (120, 14), (9, 9), 0, 0, 360, 220, -1)
    strip[10:13, 116:119] = strip[15:18, 121:124] = 150
    assert not has_disc(strip, replace(NUMBER, digits=(4, 4, 2, 0)), zero=0)


@pytest.mark.parametrize(("darkness", "patchy"), [(80, 1), (140, 0), (220, 0)])
def test_a_digit_much_paler_than_the_others_is_in_doubt(darkness: int, patchy: int) -> None:
    """Where the toner of a 3 is gone, what is left is like a 7."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 75:85] = np.minimum(strip[:, 75:85], darkness)
    assert is_patchy(strip, NUMBER) == patchy


@pytest.mark.parametrize(("probability", "patchy"), [(0.98, 1), (0.995, 0)])
def test_a_pale_digit_that_the_model_is_sure_of_is_that_digit(probability: float, patchy: int) -> None:
    """So much is left of it, then, that it can be told."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 75:85] = np.minimum(strip[:, 75:85], 80)
    number = replace(NUMBER, probabilities=(0.9, probability, 0.9, 0.9))
    assert is_patchy(strip, number, 0.99) == patchy


@pytest.mark.parametrize(
    ("rows", "even"), [((0, 28), 1), ((4, 28), 1), ((10, 24), 0), ((10, 28), 0), ((0, 18), 0)]
)
def test_digits_are_even_though_a_streak_crosses_one(rows: tuple[int, int], even: int) -> None:
    """Old-style figures are lower than the others, or reach below the line with all their height."""
    assert are_even(np.array([(4, 24), (4, 24), rows, (4, 24)], np.float64)) == even


@pytest.mark.parametrize(("darkness", "gain"), [(60, 1 / (1 - 0.9 * 0.28)), (200, 1.0)])
def test_a_digit_more_that_is_as_pale_as_the_papers_grain_is_hardly_there(darkness: int, gain: float) -> None:
    """What its variant loses, the others gain by their shares."""
    strip = np.pad(strip_with((4, 24), (4, 24), (4, 24), (4, 24)), ((0, 0), (0, 20)))
    strip[4:24, 135:145] = darkness
    longer = Number((*NUMBER.digits, 7), (*CENTRES, 140.0), (0.9,) * 5, 0.28)
    other = replace(NUMBER, digits=(8, 4, 2, 7), share=0.02)
    told = without_phantoms(strip, replace(NUMBER, share=0.7, variants=(longer, other)))
    assert told.share == pytest.approx(0.7 * gain)
    assert told.variants[1].share == pytest.approx(0.02 * gain)
    assert told.share + sum(each.share for each in told.variants) == pytest.approx(1.0)


@pytest.mark.parametrize(("top", "bottom", "gain"), [(0, 28, 1), (4, 28, 0)], ids=["a wall", "a tail"])
def test_variants_with_a_wall_for_a_digit_hardly_count(top: int, bottom: int, gain: int) -> None:
    """The wall of a frame goes on above the digits and below them, be it dashed."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[top:bottom:2, 138:142] = 220
    longer = Number((*NUMBER.digits, 1), (*CENTRES, 140.0), (0.9,) * 5, 0.3)
    told = without_phantoms(strip, replace(NUMBER, share=0.7, variants=(longer,)))
    assert told.share == pytest.approx(0.7 / 0.73 if gain else 0.7)


def test_variants_may_stand_at_the_edge_of_the_strip() -> None:
    """A digit's middle may be nearer to it than half a digit."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    variant = Number((1, *NUMBER.digits), (2.0, *CENTRES), (0.9,) * 5, 0.3)
    assert without_phantoms(strip, replace(NUMBER, share=0.7, variants=(variant,))).share >= 0.7


def test_where_a_number_is_patchy_itself_its_variants_keep_their_shares() -> None:
    """A ribbon that prints weakly may have printed that digit too."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 75:85] = np.minimum(strip[:, 75:85], 60)
    number = replace(NUMBER, variants=(replace(NUMBER, share=0.1),))
    assert without_phantoms(strip, number) is number


@pytest.mark.parametrize(
    ("gaps", "top", "bottom", "darkness", "cells"),
    [
        ((70, 90, 110, 130), 14, 28, 120, 1),
        ((70, 90, 110), 14, 28, 120, 1),
        ((70, 110), 14, 28, 120, 0),
        ((70, 90, 110, 130), 21, 25, 220, 0),
        ((70, 90, 110, 130), 14, 28, 40, 0),
    ],
    ids=["all", "nearly all", "half", "points", "pale"],
)
def test_walls_that_go_down_between_the_digits_are_those_of_cells(
    gaps: tuple[int, ...], top: int, bottom: int, darkness: int, cells: int
) -> None:
    """A comb has no upper rule, and its walls are lower than the digits."""
    strip = np.zeros((28, 180), np.uint8)
    for centre in FIVE:
        strip[4:24, int(centre) - 6 : int(centre) + 6] = 220
    for gap in gaps:
        strip[top:bottom, gap] = darkness
    assert stands_in_cells(strip, replace(NUMBER, digits=(0, 4, 2, 7, 1), centres=FIVE)) == cells
