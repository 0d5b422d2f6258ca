"""Digits along a line are put together to numbers, with what may stand beside them."""

import pytest

from sheetid.recognition.numbers import find_numbers
from tests.unit.reading.lines import NONE, OTHER, evenly, scores_along

SURE = [{digit: 0.999} for digit in (4, 0, 8, 2)]


def texts(places: list[tuple[int, dict[int, float]]], windows: int = 90) -> list[str]:
    """The numbers along a line, as text."""
    numbers = find_numbers(scores_along(places, windows))
    return ["".join(map(str, number.digits)) for number in numbers]


def test_digits_at_like_distances_are_one_number() -> None:
    """Four digits side by side are a number that is almost sure."""
    (number,) = find_numbers(scores_along(evenly(*SURE)))
    assert number.digits == (4, 0, 8, 2)
    assert number.share > 0.99
    assert number.pitch == 14


def test_widely_spaced_digits_are_one_number() -> None:
    """Digits in the cells of a form stand more than their height apart."""
    assert texts(evenly(*SURE, apart=13)) == ["4082"]
    assert texts(evenly(*SURE, apart=18)) == ["4082"]


def test_a_wide_gap_parts_two_numbers() -> None:
    """What stands well apart is not of the number: the o of a label, another number."""
    label = [(4, {OTHER: 0.99}), (10, {0: 0.9})]
    assert texts([*label, *evenly(*SURE, start=25)])[-1] == "4082"
    assert texts([*evenly(*SURE), *evenly(*SURE, start=50)]) == ["4082", "4082"]


@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        ((4, 4), ["40824082"]),
        ((4, 3), ["4082408"]),
        ((2, 2), ["4040"]),
        ((1, 3, 3), ["4408408"]),
        ((4, 4, 4, 4), ["4082"] * 4),
    ],
)
def test_a_space_parts_groups_of_one_number(groups: tuple[int, ...], numbers: list[str]) -> None:
    """426 584, where all characters are as wide; what would be too long a number is in columns."""
    places = evenly(*[sure for count in groups for sure in (*SURE[:count], {})])
    assert texts([(place, sure) for place, sure in places if sure], 180) == numbers


def test_groups_may_be_spaced_out() -> None:
    """In print whose digits stand more than their height apart, so do its groups."""
    places = evenly(*SURE[:3], {}, *SURE, apart=12)
    assert texts([(place, sure) for place, sure in places if sure], 120) == ["4084082"]


def test_a_narrow_digit_between_wide_ones_parts_nothing() -> None:
    """Proportional ones stand closer to one neighbour than to the other."""
    assert texts([(10, {1: 0.99}), (15, {1: 0.99}), (23, {4: 0.99}), (31, {1: 0.99}), (36, {1: 0.99})]) == [
        "11411"
    ]


@pytest.mark.parametrize("place", [3, 38])
def test_doubt_beside_the_number_is_doubt_about_it(place: int) -> None:
    """A digit that may be there before the first or after the last lowers the number's share."""
    (number,) = find_numbers(scores_along([*evenly(*SURE), (place, {7: 0.4})]))
    assert number.digits == (4, 0, 8, 2)
    assert number.share < 0.6


def test_doubt_far_from_the_number_is_none_about_it() -> None:
    """What may be a digit elsewhere on the line does not matter."""
    (number,) = find_numbers(scores_along([*evenly(*SURE), (60, {7: 0.4})], windows=90))
    assert number.share > 0.99


def test_other_numbers_that_may_stand_there_are_told() -> None:
    """Where a digit is in doubt, the number with the other one is a variant, with its share."""
    (number,) = find_numbers(scores_along([*evenly(*SURE[:3]), (31, {3: 0.52, 8: 0.47})], width=2))
    assert number.digits == (4, 0, 8, 3)
    assert [(other.digits, round(other.share, 1)) for other in number.variants][:1] == [((4, 0, 8, 8), 0.4)]
    assert number.share + sum(other.share for other in number.variants) <= 1.0001


@pytest.mark.parametrize(("place", "sureness"), [(38, 0.7), (44, None)])
def test_other_print_close_to_a_number_is_told(place: int, sureness: float | None) -> None:
    """A blot, or a letter, where the next digit would stand may be one; what is farther away is not."""
    (number,) = find_numbers(scores_along([*evenly(*SURE), (place, {OTHER: 0.7})]))
    assert number.digits == (4, 0, 8, 2)
    assert number.before.letter is None
    assert number.behind.letter == (sureness and pytest.approx(sureness, abs=0.01))


@pytest.mark.parametrize(("place", "sureness"), [(38, 0.0), (42, None)])
def test_what_one_window_sees_beside_a_number_is_told(place: int, sureness: float | None) -> None:
    """One window is too little for a digit, but where the next one would stand it leaves a doubt."""
    scores = scores_along(evenly(*SURE))
    scores[place, [1, NONE]] = 0.6, 0.4
    (number,) = find_numbers(scores)
    assert number.digits == (4, 0, 8, 2)
    assert number.behind.letter == sureness


@pytest.mark.parametrize(("place", "missed"), [(13, 0.14), (12, 0.0)], ids=["between", "beside a digit"])
def test_digit_that_may_stand_between_two_is_told(place: int, missed: float) -> None:
    """It is too narrow, and touches both; the edge of a digit is none."""
    scores = scores_along(evenly(*SURE))
    scores[place, [1, NONE]] = 0.14, 0.86
    (number,) = find_numbers(scores)
    assert number.digits == (4, 0, 8, 2)
    assert number.missed == pytest.approx(missed, abs=0.01)


@pytest.mark.parametrize(
    ("places", "in_text"),
    [
        ([(place, OTHER) for place in (28, 36)], False),
        ([(92, OTHER)], True),
        ([(120, OTHER)], False),
        ([(12, 1), (20, 4), (28, OTHER), (36, OTHER)], True),
        ([(12, OTHER), (20, 1), (28, OTHER), (36, OTHER)], False),
        ([(12, 1), (20, 4)], False),
        ([(20, 8), (27, OTHER), (34, OTHER)], False),
        ([(20, 8), (32, OTHER), (39, OTHER)], True),
        ([(place, OTHER) for place in range(100, 220, 7)], True),
    ],
    ids=[
        "a label",
        "a letter behind",
        "far behind",
        "digits and words",
        "l in a label",
        "digits",
        "B of Ballot",
        "8 May",
        "many letters",
    ],
)
def test_number_in_a_line_of_text_is_told(places: list[tuple[int, int]], *, in_text: bool) -> None:
    """So are post codes, house numbers, and the years and days of dates; a label stands before its number."""
    others = [(place, {character: 0.999}) for place, character in places]
    numbers = find_numbers(scores_along([*evenly(*SURE, start=58), *others], windows=230))
    assert [number.in_text for number in numbers if number.digits == (4, 0, 8, 2)] == [in_text]


def test_other_print_within_a_number_parts_it() -> None:
    """A digit that cannot be told is not passed over: where digits go on behind it, it is no sure letter."""
    places = evenly(*SURE[:2], {OTHER: 0.999}, *SURE[2:])
    one, other = find_numbers(scores_along(places))
    assert one.digits == (4, 0)
    assert one.behind.letter == 0
    assert other.digits == (8, 2)
    assert other.before.letter == 0


@pytest.mark.parametrize(
    ("walls", "numbers"),
    [
        ((1, 1, 1, 1), ["40827"]),
        ((1, 0, 1, 1), ["40827"]),
        ((1, 0, 0, 1), ["4", "082", "7"]),
        ((2, 1, 1, 1), ["4", "0827"]),
    ],
)
def test_other_print_in_most_gaps_of_a_number_is_the_walls_of_cells(
    walls: tuple[int, ...], numbers: list[str]
) -> None:
    """Signs are not so many; beside such a number, other print is a label as ever."""
    places = [(10, {4: 0.999})]
    for count, digit in zip(walls, (0, 8, 2, 7), strict=True):
        start = places[-1][0]
        places += [(start + 5 * (1 + wall), {OTHER: 0.999}) for wall in range(count)]
        places.append((start + (15 if count > 1 else 10), {digit: 0.999}))
    assert texts(places) == numbers
    if numbers == ["40827"]:
        (number,) = find_numbers(scores_along([*places, (places[-1][0] + 10, {OTHER: 0.999})], 90))
        assert number.in_cells
        assert number.behind.letter == pytest.approx(0.999, abs=1e-3)


def test_other_print_in_uneven_gaps_parts_a_number() -> None:
    """5.3.1.27: where there are points, digits stand farther apart."""
    places = [
        (10, {4: 0.999}),
        (15, {OTHER: 0.999}),
        (20, {0: 0.999}),
        (25, {OTHER: 0.999}),
        (30, {8: 0.999}),
    ]
    places += [(35, {OTHER: 0.999}), (40, {2: 0.999}), (46, {7: 0.999})]
    assert texts(places) == ["4", "0", "8", "27"]


def test_digit_that_may_have_been_missed_is_told() -> None:
    """Where a further digit stands more than two places on, the one between may have been missed."""
    (number, last) = find_numbers(scores_along([*evenly(*SURE), (49, {6: 0.999})], windows=90))
    assert (number.digits, number.behind.digit) == ((4, 0, 8, 2), True)
    assert (last.digits, last.before.digit) == ((6,), True)


def test_digit_that_belongs_to_a_word_is_not_of_the_number() -> None:
    """The o of a label, close behind its N and farther from the number, may be taken for a zero."""
    places = [(5, {OTHER: 0.99}), (13, {0: 0.9}), *evenly(*SURE, start=25, apart=8)]
    (number,) = find_numbers(scores_along(places, 90))
    assert number.digits == (4, 0, 8, 2)
    assert number.before.letter == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("o", "start", "read", "letter"),
    [(13, 25, "4082", 0.9), (13, 22, "4082", 0.0), (13, 21, "04082", 0.99)],
)
def test_letter_that_looks_like_a_digit_is_told_by_where_it_stands(
    o: int, start: int, read: str, letter: float
) -> None:
    """It is of the word where that is nearer; where it hardly is, there is a doubt."""
    places = [(5, {OTHER: 0.99}), (o, {0: 0.9}), *evenly(*SURE, start=start, apart=8)]
    (number,) = find_numbers(scores_along(places, 90))
    assert "".join(map(str, number.digits)) == read
    assert number.before.letter == pytest.approx(letter, abs=0.01)


def test_digit_that_no_letter_is_like_is_of_the_number_wherever_it_stands() -> None:
    """The 6 of "Nr69734" is nearer to the r than to the 9."""
    places = [(5, {OTHER: 0.99}), (13, {6: 0.99}), *evenly(*SURE, start=23, apart=8)]
    (number,) = find_numbers(scores_along(places, 90))
    assert number.digits == (6, 4, 0, 8, 2)


def test_letters_do_not_tell_how_far_digits_stand_apart() -> None:
    """The narrow letters of a label stand closer."""
    places = [(5, {OTHER: 0.99}), (10, {OTHER: 0.99}), (17, {8: 0.99}), *evenly(*SURE, start=27, apart=8)]
    (number,) = find_numbers(scores_along(places, 90))
    assert number.digits == (8, 4, 0, 8, 2)


@pytest.mark.parametrize(
    ("behind", "parted"),
    [([(36, OTHER), (41, 7)], 1), ([(36, OTHER), (41, 1)], 1), ([(36, OTHER), (41, 1), (47, OTHER)], 0),
     ([(38, OTHER), (47, 7)], 0), ([(38, OTHER), (47, 7), (54, 1)], 1), ([(36, OTHER)], 0),
     ([(37, OTHER), (44, OTHER), (51, 3)], 0)],
    ids=["a point", "a 1 alone", "a letter like a 1", "a letter", "a number", "nothing behind", "a word"],
)  # fmt: skip
def test_digits_behind_other_print_part_a_number(behind: list[tuple[int, int]], parted: int) -> None:
    """It is a sign where they stand as close as only a sign lets them, or where several go on."""
    places = [*evenly(*SURE), *((place, {character: 0.99}) for place, character in behind)]
    number, *_ = find_numbers(scores_along(places, 80))
    assert number.digits == (4, 0, 8, 2)
    assert number.behind.parted == parted


def test_how_likely_other_print_is_at_digits_and_between_them_is_told() -> None:
    """A slash may be taken for a 1, and a point for nothing."""
    places = evenly({4: 0.99}, {1: 0.9, OTHER: 0.09}, {8: 0.99}, {2: 0.99}, apart=9)
    scores = scores_along(places)
    scores[33, [OTHER, NONE]] = 0.2, 0.8
    scores[45, [OTHER, NONE]] = 0.3, 0.7
    (number,) = find_numbers(scores)
    assert number.digits == (4, 1, 8, 2)
    assert number.others == pytest.approx((0, 0.09, 0, 0), abs=0.001)
    assert number.between == pytest.approx((0, 0, 0.2), abs=0.01)


def test_other_print_beside_a_number_costs_it_nothing() -> None:
    """Whether there is a letter before it or none, the number is the same."""
    alone = find_numbers(scores_along(evenly(*SURE, start=20)))[0]
    (number,) = find_numbers(scores_along([(11, {OTHER: 0.45}), *evenly(*SURE, start=20)]))
    assert number.share == pytest.approx(alone.share, abs=0.02)


def test_a_digit_less_would_leave_a_gap() -> None:
    """Digits stand at even distances: in the middle of a number one is likelier than none."""
    (number,) = find_numbers(scores_along(evenly(SURE[0], {0: 0.8}, *SURE[2:], *SURE[:2])))
    assert number.digits == (4, 0, 8, 2, 4, 0)
    assert number.share > 0.95


def test_digit_far_off_is_told() -> None:
    """Between it and the number several may have been missed."""
    number, _ = find_numbers(scores_along([*evenly(*SURE), (62, {6: 0.999})], windows=90))
    assert number.behind.beyond
    assert number.behind.letter is None


def test_digit_that_may_be_other_print_is_in_no_variant() -> None:
    """Where a digit may as well be a blot, its number is in doubt, and none without it is offered instead."""
    (number,) = find_numbers(scores_along([*evenly(*SURE[:3]), (31, {3: 0.6, OTHER: 0.39})], width=2))
    assert number.digits == (4, 0, 8, 3)
    assert number.share < 0.8
    assert all(len(other.digits) == 4 or other.share < 0.01 for other in number.variants)


@pytest.mark.parametrize("wall", [0.3, 0.8])
def test_wall_of_a_cell_is_no_one(wall: float) -> None:
    """Digits stand at even distances: what may be a 1 halfway between two of them is rather a wall."""
    digits = evenly(*SURE, {6: 0.999}, start=10, apart=9)
    places = [*digits[:2], (23, {1: wall}), *digits[2:]]
    (number,) = find_numbers(scores_along(places, windows=80, width=2))
    assert number.digits == (4, 0, 8, 2, 6)
    assert number.share > 0.97
    assert number.variants[0].digits == (4, 0, 1, 8, 2, 6)


def test_nothing_gives_no_number() -> None:
    """A line without digits has no number."""
    assert find_numbers(scores_along([])) == []


@pytest.mark.parametrize(("probability", "in_text"), [(0.6, True), (0.4, False)])
def test_a_letter_that_is_half_seen_behind_a_number_is_of_a_text(
    probability: float, *, in_text: bool
) -> None:
    """90637 Nordheim, hardly printed, is an address."""
    letter = (92, {OTHER: probability})
    numbers = find_numbers(scores_along([*evenly(*SURE, start=58), letter], windows=230))
    assert [number.in_text for number in numbers if number.digits == (4, 0, 8, 2)] == [in_text]
