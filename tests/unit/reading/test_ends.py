"""Where a number may go on beyond what was read, its ends are open."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from sheetid.evidence.end import ends_of
from sheetid.evidence.ends import is_like_a_digit, open_ends
from sheetid.evidence.letters import is_beside_letter
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import Beside

CENTRES = (60.0, 76.0, 92.0, 108.0)
WIDTH = 180
CLEAN = np.zeros(WIDTH, np.bool_)


def strip_of(*others: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Return a strip with four digits, 12 px wide and 4 apart, and further print between some columns."""
    strip = np.zeros((28, WIDTH), np.uint8)
    for centre in CENTRES:
        strip[5:23, int(centre) - 6 : int(centre) + 6] = 220
    for left, right in others:
        strip[5:23, left:right] = 200
    return strip


def number_with(before: float | None = None, behind: float | None = None) -> Number:
    """Return these digits, with other print beside them as sure as that."""
    return Number((4, 0, 8, 2), CENTRES, (0.99,) * 4, 0.99, Beside(before), Beside(behind))


def test_number_that_stands_alone_is_closed() -> None:
    """Paper on both sides leaves no doubt."""
    assert open_ends(ends_of(Printed(strip_of(), number_with()), (0, WIDTH), CLEAN)) == 0


@pytest.mark.parametrize(("sureness", "ends"), [(0.5, 1), (0.99, 0), (None, 1)])
def test_print_that_may_be_a_digit_leaves_an_end_open(sureness: float | None, ends: int) -> None:
    """What stands as close as the digits may be one, unless the model is sure that it is a letter."""
    assert (
        open_ends(ends_of(Printed(strip_of((118, 130)), number_with(behind=sureness)), (0, WIDTH), CLEAN))
        == ends
    )


@pytest.mark.parametrize(
    ("top", "bottom", "ends"), [(11, 23, 0), (9, 19, 0), (5, 23, 1), (11, 27, 1), (5, 19, 1)]
)
def test_lower_print_on_the_same_line_is_no_digit(top: int, bottom: int, ends: int) -> None:
    """The o of "No" stands as close as a digit, but is lower than all of them, as is all of a small label."""
    strip = strip_of()
    strip[top:bottom, 118:130] = 200
    assert open_ends(ends_of(Printed(strip, number_with(behind=0.5)), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(
    ("centres", "others", "ends"),
    [
        ((36, 52, 84, 100, 132, 148), (0, 10), 1),
        ((36, 52, 84, 100, 132, 148), (0, 0), 0),
        ((36, 52, 68, 84, 100, 116), (0, 10), 0),
        ((52, 68, 100, 116, 148, 164), (16, 26), 0),
    ],
    ids=["ink at the line's end", "paper there", "no groups", "where the model looks"],
)
def test_a_group_that_the_line_cuts_leaves_an_end_open(
    centres: tuple[int, ...], others: tuple[int, int], ends: int
) -> None:
    """5 41 73 72: the first digit is too close to the end of the line for the model to be asked of it."""
    strip = np.zeros((28, 200), np.uint8)
    for centre in centres:
        strip[5:23, centre - 6 : centre + 6] = 220
    strip[5:23, slice(*others)] = 220
    places = tuple(map(float, centres))
    number = Number((4,) * len(places), places, (0.99,) * len(places), 0.99)
    assert open_ends(ends_of(Printed(strip, number), (0, 200), np.zeros(200, np.bool_))) == ends


@pytest.mark.filterwarnings("error")
def test_a_number_of_specks_alone_is_like_no_digit_beside_it() -> None:
    """Without print of its own it has no darkness that other print could have."""
    strip = strip_of((116, 128))
    strip[:, :115] = 0
    for row in range(6, 22, 4):
        for column in range(54, 114, 4):
            strip[row : row + 2, column : column + 2] = 220
    assert not any(map(is_like_a_digit, ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)))


def test_specks_are_no_print() -> None:
    """They make no letter or digit as high as the strip, and stand in no digit's place."""
    strip = strip_of()
    strip[11:23, 118:130] = 200
    strip[2:4, [60, 124]] = strip[26:28, [76, 122]] = 220
    assert open_ends(ends_of(Printed(strip, number_with(behind=0.5)), (0, WIDTH), CLEAN)) == 0
    strip = strip_of()
    strip[8:10, 118:120] = 220
    assert open_ends(ends_of(Printed(strip, number_with(behind=0.0)), (0, WIDTH), CLEAN)) == 0


@pytest.mark.parametrize(
    ("left", "top", "bottom", "sureness", "code"),
    [
        (40, 5, 23, 0.95, 1),
        (34, 5, 23, 0.95, 0),
        (40, 5, 23, 0.7, 0),
        (40, 11, 23, 0.95, 0),
        (40, 0, 28, 0.95, 0),
        (37, 5, 23, 0.95, 1),
    ],
    ids=["GB7", "behind a space", "hardly a letter", "low", "a wall", "R7"],
)
def test_a_capital_letter_as_close_as_digits_makes_a_code(
    left: int, top: int, bottom: int, sureness: float, code: int
) -> None:
    """It is as high as they are."""
    strip = strip_of()
    strip[top:bottom, left : left + 11] = 200
    number = number_with(before=sureness)
    assert is_beside_letter(ends_of(Printed(strip, number), (0, WIDTH), CLEAN), sure=True) == code


@pytest.mark.parametrize(
    ("top", "letter", "code"), [(13, 5, 1), (19, 5, 0), (13, 11, 0)], ids=["K-4082", "No. 4082", "o-4082"]
)
def test_a_capital_letter_behind_a_hyphen_makes_a_code(top: int, letter: int, code: int) -> None:
    """A point is of a label, and so is a hyphen behind a low letter."""
    strip = strip_of()
    strip[top : top + 3, 43:50] = 200
    strip[letter:23, 27:40] = 200
    assert (
        is_beside_letter(ends_of(Printed(strip, number_with(before=0.95)), (0, WIDTH), CLEAN), sure=True)
        == code
    )


def test_the_letter_next_to_a_number_alone_tells_a_code() -> None:
    """Nr 4082 is none: r is low, and N stands behind it."""
    strip = strip_of((36, 42))
    strip[11:23, 45:51] = 200
    assert not is_beside_letter(
        ends_of(Printed(strip, number_with(before=0.95)), (0, WIDTH), CLEAN), sure=True
    )


def test_the_wall_of_a_frame_is_no_letter_of_a_code() -> None:
    """The letter of a label stands behind it."""
    strip = strip_of((34, 44))
    strip[5:23, 48:50] = 200
    assert not is_beside_letter(
        ends_of(Printed(strip, number_with(before=0.95)), (0, WIDTH), CLEAN), sure=True
    )


@pytest.mark.parametrize(("top", "ends"), [(11, 0), (5, 1), (20, 1)], ids=["an o", "a digit", "a point"])
def test_letter_between_a_number_and_another_closes_its_end(top: int, ends: int) -> None:
    """The l and the i of "Folio" look like digits, but its o does not."""
    strip = strip_of((20, 26))
    strip[top:23, 38:50] = 200
    number = replace(number_with(), before=Beside(0.0, digit=True))
    assert open_ends(ends_of(Printed(strip, number), (0, WIDTH), CLEAN)) == ends


def test_corner_of_a_frame_is_no_digit() -> None:
    """It is higher than they are, though it does not go through the whole line."""
    strip = strip_of()
    strip[1:3, 118:131] = strip[25:27, 118:131] = strip[1:27, 127:131] = 200
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == 0


def test_the_arc_of_an_oval_is_no_digit() -> None:
    """It goes on above and below them."""
    digit, arc = strip_of((118, 128)), strip_of()
    arc[:, 118:122] = arc[:3, 118:128] = arc[25:, 118:128] = 200
    assert open_ends(ends_of(Printed(digit, number_with()), (0, WIDTH), CLEAN)) == 1
    assert open_ends(ends_of(Printed(arc, number_with()), (0, WIDTH), CLEAN)) == 0


def test_print_that_stands_farther_off_than_digits_is_none_of_them() -> None:
    """A label stands off by more than the gap between digits."""
    assert open_ends(ends_of(Printed(strip_of((30, 42)), number_with(before=0.5)), (0, WIDTH), CLEAN)) == 0
    assert open_ends(ends_of(Printed(strip_of((38, 50)), number_with(before=0.5)), (0, WIDTH), CLEAN)) == 1


@pytest.mark.parametrize(("sureness", "left", "ends"), [(0.0, 123, 1), (0.5, 123, 0), (0.0, 128, 0)])
def test_half_seen_digit_may_stand_a_little_farther_off(sureness: float, left: int, ends: int) -> None:
    """A 1 is narrow in its place."""
    number = number_with(behind=sureness)
    assert open_ends(ends_of(Printed(strip_of((left, left + 3)), number), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(
    ("left", "top", "bottom", "ends"),
    [(122, 5, 23, 1), (42, 5, 23, 1), (122, 0, 28, 0), (122, 0, 23, 0), (116, 5, 23, 0), (122, 11, 23, 0)],
)
def test_stroke_of_a_one_that_the_model_takes_for_nothing_leaves_an_end_open(
    left: int, top: int, bottom: int, ends: int
) -> None:
    """It stands where the next digit would, as high as the digits; walls are higher, or stand closer."""
    strip = strip_of()
    strip[top:bottom, left : left + 3] = 200
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(("fall", "ends"), [(2.4, 1), (-2.4, 1), (1.0, 0)])
def test_print_out_of_a_line_that_lies_aslant_leaves_an_end_open(fall: float, ends: int) -> None:
    """What stands at the next place is not all in the strip: the model may have taken it for nothing."""
    strip = np.zeros((28, WIDTH), np.uint8)
    for place, centre in enumerate((*CENTRES, 124)):
        top = round(5 + (place - 1.5) * fall)
        strip[max(0, top) : top + 18, int(centre) - 6 : int(centre) + 6] = 220
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends
    strip[:, 117:] = 0
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == 0


def test_digit_that_stands_on_its_own_nearby_leaves_an_end_open() -> None:
    """One between may have been missed, however wide the gap."""
    number = replace(number_with(), before=Beside(0.0, digit=True))
    assert open_ends(ends_of(Printed(strip_of((30, 42)), number), (0, WIDTH), CLEAN)) == 1


def test_both_ends_may_be_open() -> None:
    """Each end counts by itself."""
    strip = strip_of((38, 50), (118, 130))
    assert open_ends(ends_of(Printed(strip, number_with(0.5, 0.5)), (0, WIDTH), CLEAN)) == 2


@pytest.mark.parametrize(
    ("seen", "ends"),
    [
        ((0, WIDTH), 0),
        ((55, WIDTH), 1),
        ((0, 112), 1),
        ((0, 115), 1),
        ((0, 116), 0),
        ((55, 112), 2),
        ((40, 140), 0),
    ],
)
def test_edge_of_the_image_leaves_an_end_open(seen: tuple[int, int], ends: int) -> None:
    """A number that ends at the image's edge may have been cut there."""
    assert open_ends(ends_of(Printed(strip_of(), number_with()), seen, CLEAN)) == ends


@pytest.mark.parametrize(
    ("column", "width", "ends"),
    [(124, 12, 1), (44, 12, 1), (136, 12, 0), (124, 4, 0), (124, 9, 0), (100, 12, 0)],
)
def test_streak_where_a_one_would_stand_leaves_an_end_open(column: int, width: int, ends: int) -> None:
    """A streak as broad as the digits' strokes hides a 1; elsewhere, or narrower, it hides none."""
    strip = strip_of()
    streaked = np.zeros(WIDTH, np.bool_)
    streaked[column - width // 2 : column - width // 2 + width] = True
    strip[:, streaked] = 220
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), streaked)) == ends


@pytest.mark.parametrize(("seen", "ends"), [(130, 0), (WIDTH, 1)])
def test_bed_beside_the_sheet_hides_nothing(seen: int, ends: int) -> None:
    """What is dark up to the image's end is no streak across the sheet."""
    strip, streaked = strip_of(), CLEAN.copy()
    streaked[118:130] = True
    strip[:, streaked] = 220
    assert open_ends(ends_of(Printed(strip, number_with()), (0, seen), streaked)) == ends


def test_what_the_strip_does_not_show_leaves_an_end_open() -> None:
    """A digit beyond the last window would have been missed."""
    assert open_ends(ends_of(Printed(strip_of()[:, 45:], moved(-45)), (0, WIDTH - 45), CLEAN[45:])) == 1


def moved(by: float) -> Number:
    """Return the number moved along its strip."""
    return Number((4, 0, 8, 2), tuple(centre + by for centre in CENTRES), (0.99,) * 4, 0.99)


@pytest.mark.parametrize(("rows", "ends"), [([2, 25], 0), ([2], 2), ([], 2)])
def test_walls_of_a_frame_are_no_ones(rows: list[int], ends: int) -> None:
    """Where rules end at a stroke, above and below the digits, it is a wall."""
    strip = strip_of()
    for left in (43, 122):
        strip[4:24, left : left + 3] = 200
    for row in rows:
        strip[row : row + 2, 43:125] = 200
        strip[min(row, 4) : max(row + 2, 24), [43, 44, 45, 122, 123, 124]] = 200
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(
    ("left", "top", "ink", "ends"),
    [
        (118, 0, 200, 1),  # a digit that is printed higher
        (118, 12, 200, 1),  # or lower
        (132, 0, 200, 0),  # too far off
        (118, 20, 200, 0),  # too low
        (118, 0, 100, 0),  # another ink
    ],
)
def test_ink_as_of_a_digit_in_the_next_place_leaves_an_end_open(
    left: int, top: int, ink: int, ends: int
) -> None:
    """The model takes a digit for nothing that stands too high or too low for it."""
    strip = strip_of()
    hollow = np.full((16, 11), ink, np.uint8)
    hollow[3:13, 3:8] = 0
    room = strip[top : top + 16, left : left + 11]
    room[:] = hollow[: len(room)]
    for box in CENTRES:
        strip[8:20, int(box) - 3 : int(box) + 3] = 0
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(("left", "ends"), [(122, 1), (None, 0)], ids=["a digit", "nothing"])
def test_a_digit_that_noise_leaves_in_pieces_leaves_an_end_open(left: int | None, ends: int) -> None:
    """Its place has as much more ink than paper as those of other digits have."""
    strip = strip_of()
    if left is not None:
        strip[2:22, left : left + 10] = 200
    noise = np.random.default_rng(3)
    strip = np.where(noise.random(strip.shape) < 0.5, strip, 0).astype(np.int16)
    strip = np.clip(strip + noise.normal(50, 25, strip.shape), 0, 255).astype(np.uint8)
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(("square", "below", "ends"), [(2, 28, 0), (2, 23, 1), (7, 28, 1)])
def test_matrix_code_beside_a_number_leaves_it_closed(square: int, below: int, ends: int) -> None:
    """It goes on below the digits, in squares smaller than a digit's parts; what does not may be a digit."""
    strip = strip_of()
    rows, columns = np.indices((28, 28)) // square
    code = np.where((rows + columns) % 2 == 0, 220, 0).astype(np.uint8)
    code[:, :2] = 220
    strip[5:below, 118:146] = code[5:below]
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(("bars", "ends"), [((2, 4, 2, 6, 3, 2), 0), ((3,), 1)], ids=["a barcode", "a 1"])
def test_bars_as_high_as_digits_leave_a_number_closed(bars: tuple[int, ...], ends: int) -> None:
    """One bar alone may be a 1."""
    strip, left = strip_of(), 121
    for width in bars:
        strip[4:24, left : left + width] = 220
        left += width + 3
    assert open_ends(ends_of(Printed(strip, number_with()), (0, WIDTH), CLEAN)) == ends


@pytest.mark.parametrize(("joined", "ends"), [(True, 1), (False, 0)])
def test_digits_behind_hardly_a_letter_leave_an_end_open_however_wide_the_gap(
    *, joined: bool, ends: int
) -> None:
    """Walls between digits make the usual gap seem narrow."""
    number = replace(number_with(), before=Beside(0.0, joined=joined))
    assert open_ends(ends_of(Printed(strip_of((24, 36)), number), (0, WIDTH), CLEAN)) == ends


def test_large_matrix_code_that_begins_with_its_square_leaves_a_number_closed() -> None:
    """The square at its corner is as wide as the digits are high; the small ones are behind it."""
    strip = np.pad(strip_of(), ((0, 0), (0, 40)))
    strip[5:26, 118:139] = 220
    strip[8:23, 121:136] = 0
    strip[11:20, 124:133] = 220
    rows, columns = np.indices((28, 24)) // 3
    strip[:, 141:165] = np.where((rows + columns) % 2 == 0, 220, 0)
    strip[26:, 118:139] = 220
    width = strip.shape[1]
    number = replace(number_with(), behind=Beside(beyond=True))
    assert open_ends(ends_of(Printed(strip, number), (0, width), np.zeros(width, np.bool_))) == 0


def test_wall_is_not_the_nearest_print() -> None:
    """Behind the wall of a cell stands a label, farther off than digits do."""
    strip = strip_of((30, 42))
    strip[:, 48:51] = 220
    assert open_ends(ends_of(Printed(strip, number_with(before=0.5)), (0, WIDTH), CLEAN)) == 0
