"""What stands among digits tells whether they are a number, and which."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sheetid.evidence.signs import (
    are_bubbles,
    are_cells,
    has_disc,
    has_logo,
    is_divided,
    is_patchy,
    is_round,
    stands_in_cells,
    without_label,
    without_phantoms,
)
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import NOTHING, Beside
from tests.unit.reading.four_digits import CENTRES, FIVE, NUMBER, parted, strip_with


def labelled(strip: npt.NDArray[np.uint8], end: int = 48) -> npt.NDArray[np.uint8]:
    """Return a strip with a letter before its digits, up to a column."""
    strip[4:24, end - 10 : end] = 220
    return strip


def test_a_zero_lower_than_the_digits_behind_it_is_the_labels_o() -> None:
    """The number goes without it, beside what is now other print; so do others that may stand there."""
    shorter = Number((4, 2, 1), CENTRES[1:], (0.9, 0.9, 0.9), 0.05)
    longer = replace(NUMBER, digits=(6, 4, 2, 7), share=0.04)
    strip = labelled(strip_with((10, 24), (4, 24), (4, 24), (5, 24)))
    number = without_label(Printed(strip, replace(NUMBER, variants=(longer, shorter))), 0, 9).number
    assert number.digits == (4, 2, 7)
    assert number.centres == CENTRES[1:]
    assert number.probabilities == (0.99, 0.98, 0.97)
    assert number.before == Beside(1.0, joined=True)
    assert [other.digits for other in number.variants] == [(4, 2, 7), (4, 2, 1)]


@pytest.mark.parametrize("extents", [(8, 24), (9, 28)], ids=["as low as they", "below them"])
def test_a_nine_that_hangs_lower_beside_a_letter_is_the_labels_g(extents: tuple[int, int]) -> None:
    """That of a smaller label goes down to the line that the number stands on."""
    strip = labelled(strip_with(extents, (4, 24), (4, 24), (5, 24)))
    number = without_label(Printed(strip, replace(NUMBER, digits=(9, 4, 2, 7))), 0, 9).number
    assert number.digits == (4, 2, 7)


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
    assert without_label(Printed(labelled(strip_with(*extents)), number), 0, 9).number is number


def test_a_lower_zero_behind_a_space_is_worn() -> None:
    """An o of a label is as near to its other letters as to the number."""
    strip = labelled(strip_with((10, 24), (4, 24), (4, 24), (4, 24)), end=38)
    assert without_label(Printed(strip, NUMBER), 0, 9).number is NUMBER


def test_too_few_digits_tell_nothing_of_their_height() -> None:
    """Then a 0 stays one."""
    short = replace(NUMBER, digits=(0, 4, 2), centres=CENTRES[:3], probabilities=(0.9, 0.9, 0.9))
    strip = labelled(strip_with((10, 24), (4, 24), (4, 24), (4, 24)))
    assert without_label(Printed(strip, short), 0, 9).number is short


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
    assert is_divided(Printed(strip, number), 1) == divided


@pytest.mark.parametrize(("top", "divided"), [(22, 0), (18, 1)], ids=["below", "through its feet"])
def test_a_rule_parts_no_digits_but_may_hide_what_does(top: int, divided: int) -> None:
    """One that is set off from the digits is no sign between them."""
    strip, number = parted(8, 7)
    strip[20:24] = 0
    strip[top : top + 2, 45:140] = 220
    assert is_divided(Printed(strip, number), 1) == divided


@pytest.mark.parametrize(
    ("place", "rows", "divided"),
    [(2, (4, 24), 0), (1, (4, 24), 0), (2, (20, 24), 1)],
    ids=["the next 0", "the 0 before", "a point before a 1"],
)
def test_half_of_a_thin_zero_is_no_sign(place: int, rows: tuple[int, int], divided: int) -> None:
    """Its top and bottom are too thin to be seen; what is lower than a stroke is a point."""
    strip, number = parted(8, 7)
    centre = int(number.centres[place])
    strip[:, centre - 7 : centre + 7] = 0
    strip[slice(*rows), centre - 7 : centre - 4] = 220
    strip[4:24, centre + 4 : centre + 7] = 220
    assert is_divided(Printed(strip, number), 1) == divided


def test_a_frame_aslant_is_no_sign() -> None:
    """It comes into the rows of the digits in the gap between two, and does not touch them."""
    strip, number = parted(8, 7)
    strip[18:] = 0
    for column in range(40, 150):
        strip[20 + (column - 40) // 30, column] = 220
    assert not is_divided(Printed(strip, number), 1)


@pytest.mark.parametrize(("what", "digit", "disc"), [("disc", 0, 1), ("ring", 0, 0), ("disc", 8, 0)])
def test_a_disc_is_no_zero(what: str, digit: int, disc: int) -> None:
    """A hole of punched paper beside a number is one; a bold 0 has paper in its middle."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 110:131] = 0
    cv2.ellipse(strip, (120, 14), (9, 9), 0, 0, 360, 220, -1 if what == "disc" else 5)
    assert has_disc(Printed(strip, replace(NUMBER, digits=(4, 4, 2, digit))), zero=0) == disc


def test_a_bold_slashed_zero_is_no_disc() -> None:
    """There is ink in most of its box, but two places amid it are paler."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 110:131] = 0
    cv2.ellipse(strip, (120, 14), (9, 9), 0, 0, 360, 220, -1)
    strip[10:13, 116:119] = strip[15:18, 121:124] = 150
    assert not has_disc(Printed(strip, replace(NUMBER, digits=(4, 4, 2, 0))), zero=0)


@pytest.mark.parametrize(("darkness", "patchy"), [(80, 1), (140, 0), (220, 0)])
def test_a_digit_much_paler_than_the_others_is_in_doubt(darkness: int, patchy: int) -> None:
    """Where the toner of a 3 is gone, what is left is like a 7."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 75:85] = np.minimum(strip[:, 75:85], darkness)
    assert is_patchy(Printed(strip, NUMBER)) == patchy


@pytest.mark.parametrize(("probability", "patchy"), [(0.98, 1), (0.995, 0)])
def test_a_pale_digit_that_the_model_is_sure_of_is_that_digit(probability: float, patchy: int) -> None:
    """So much is left of it, then, that it can be told."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 75:85] = np.minimum(strip[:, 75:85], 80)
    number = replace(NUMBER, probabilities=(0.9, probability, 0.9, 0.9))
    assert is_patchy(Printed(strip, number), 0.99) == patchy


@pytest.mark.parametrize(("darkness", "gain"), [(60, 1 / (1 - 0.9 * 0.28)), (200, 1.0)])
def test_a_digit_more_that_is_as_pale_as_the_papers_grain_is_hardly_there(darkness: int, gain: float) -> None:
    """What its variant loses, the others gain by their shares."""
    strip = np.pad(strip_with((4, 24), (4, 24), (4, 24), (4, 24)), ((0, 0), (0, 20)))
    strip[4:24, 135:145] = darkness
    longer = Number((*NUMBER.digits, 7), (*CENTRES, 140.0), (0.9,) * 5, 0.28)
    other = replace(NUMBER, digits=(8, 4, 2, 7), share=0.02)
    told = without_phantoms(Printed(strip, replace(NUMBER, share=0.7, variants=(longer, other)))).number
    assert told.share == pytest.approx(0.7 * gain)
    assert told.variants[1].share == pytest.approx(0.02 * gain)
    assert told.share + sum(each.share for each in told.variants) == pytest.approx(1.0)


@pytest.mark.parametrize(("top", "bottom", "gain"), [(0, 28, 1), (4, 28, 0)], ids=["a wall", "a tail"])
def test_variants_with_a_wall_for_a_digit_hardly_count(top: int, bottom: int, gain: int) -> None:
    """The wall of a frame goes on above the digits and below them, be it dashed."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[top:bottom:2, 138:142] = 220
    longer = Number((*NUMBER.digits, 1), (*CENTRES, 140.0), (0.9,) * 5, 0.3)
    told = without_phantoms(Printed(strip, replace(NUMBER, share=0.7, variants=(longer,)))).number
    assert told.share == pytest.approx(0.7 / 0.73 if gain else 0.7)


def test_variants_may_stand_at_the_edge_of_the_strip() -> None:
    """A digit's middle may be nearer to it than half a digit."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    variant = Number((1, *NUMBER.digits), (2.0, *CENTRES), (0.9,) * 5, 0.3)
    assert (
        without_phantoms(Printed(strip, replace(NUMBER, share=0.7, variants=(variant,)))).number.share >= 0.7
    )


def test_where_a_number_is_patchy_itself_its_variants_keep_their_shares() -> None:
    """A ribbon that prints weakly may have printed that digit too."""
    strip = strip_with((4, 24), (4, 24), (4, 24), (4, 24))
    strip[:, 75:85] = np.minimum(strip[:, 75:85], 60)
    number = replace(NUMBER, variants=(replace(NUMBER, share=0.1),))
    assert without_phantoms(Printed(strip, number)).number is number


@pytest.mark.parametrize(
    ("gaps", "top", "bottom", "darkness", "cells"),
    [
        ((70, 90, 110, 130), 14, 28, 120, 1),
        ((70, 90, 110), 14, 28, 120, 1),
        ((70, 110), 14, 28, 120, 0),
        ((70, 90, 110, 130), 21, 28, 120, 1),
        ((70, 90, 110, 130), 21, 25, 220, 0),
        ((70, 90, 110, 130), 14, 28, 40, 0),
    ],
    ids=["all", "nearly all", "half", "short ones", "points", "pale"],
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
    assert stands_in_cells(Printed(strip, replace(NUMBER, digits=(0, 4, 2, 7, 1), centres=FIVE))) == cells


@pytest.mark.parametrize(("width", "height", "round_"), [(8, 8, 1), (7, 10, 0), (10, 10, 1)])
def test_what_is_as_wide_as_its_own_height_is_round(width: int, height: int, round_: int) -> None:
    """A line may have been measured higher than its rings are."""
    strip = np.zeros((28, 180), np.uint8)
    for centre in CENTRES:
        cv2.ellipse(strip, (int(centre), 14), (width - 1, height - 1), 0, 0, 360, 220, 2)
    assert is_round(Printed(strip, replace(NUMBER, digits=(0, 0, 0, 0)))) == round_


@pytest.mark.parametrize(("round_", "cells"), [(0, 1), (1, 0)], ids=["cells", "zeros"])
def test_empty_cells_have_corners(round_: int, cells: int) -> None:
    """A 0 has none."""
    strip = np.zeros((28, 180), np.uint8)
    for centre in map(int, CENTRES):
        if round_:
            cv2.ellipse(strip, (centre, 14), (6, 9), 0, 0, 360, 220, 2)
        else:
            cv2.rectangle(strip, (centre - 6, 5), (centre + 6, 23), 220, 2)
    assert are_cells(Printed(strip, replace(NUMBER, digits=(0, 0, 0, 0)))) == cells


@pytest.mark.parametrize(
    ("outer", "inner", "apart", "bubbles"),
    [(8, 3, 24, 1), (8, 0, 24, 0), (8, 3, 17, 0), (5, 3, 20, 0), (5, 3, 26, 1)],
    ids=["bubbles", "empty", "touching", "narrow zeros with dots", "narrow ones far apart"],
)
def test_rings_with_characters_in_them_are_bubbles(outer: int, inner: int, apart: int, bubbles: int) -> None:
    """They are as good as round, and apart from each other."""
    centres = tuple(40.0 + apart * place for place in range(4))
    strip = np.zeros((28, 180), np.uint8)
    for centre in centres:
        cv2.ellipse(strip, (int(centre), 14), (outer, 10), 0, 0, 360, 220, 2)
        cv2.ellipse(strip, (int(centre), 14), (inner, inner), 0, 0, 360, 180 * bool(inner), -1)
    assert are_bubbles(Printed(strip, replace(NUMBER, digits=(0, 0, 0, 0), centres=centres))) == bubbles


@pytest.mark.parametrize(
    ("place", "half", "apart", "sure", "logo"),
    [
        (0, 9, 14, 0.9, 1),
        (3, 9, 14, 0.9, 1),
        (1, 9, 14, 0.9, 0),
        (0, 6, 14, 0.9, 0),
        (0, 9, 14, 0.999, 0),
        (0, 9, 6, 0.9, 0),
    ],
    ids=["before", "behind", "amid", "a zero", "a sure one", "a round zero of the face"],
)
def test_a_zero_at_an_end_that_is_round_and_much_wider_is_a_logo(
    place: int, half: int, apart: int, sure: float, logo: int
) -> None:
    """Amid a number, no picture stands."""
    halves = [half if here == place else 6 for here in range(4)]
    centres, left = [], 20
    for here, reach in enumerate(halves):
        centres.append(float(left + reach))
        left += 2 * reach + (apart if place in (here, here + 1) else 5)
    strip = np.zeros((28, 180), np.uint8)
    for centre, reach in zip(centres, halves, strict=True):
        strip[4:24, int(centre) - reach : int(centre) + reach] = 220
    digits = tuple(0 if here == place else 4 for here in range(4))
    number = replace(NUMBER, digits=digits, centres=tuple(centres), probabilities=(sure,) * 4)
    assert has_logo(Printed(strip, number), 0, 0.99) == logo
