"""Windows are aligned with digits in the likeliest way, and the share of that way is right."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetid.recognition.alignment import (
    CLOSENESS,
    LENGTHS,
    LONGEST,
    MOST_TOUCHING,
    find_spots,
    log_mass,
    log_mass_of,
)
from sheetid.vision.glyphs import SIDE, STEP
from tests.unit.reading.lines import NONE, evenly, scores_along


def digits_of(scores: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> str:
    """The digits of all spots, as text."""
    return "".join(str(digit) for spot in find_spots(scores) for digit in spot.best.characters)


def shown_by(windows: tuple[int, ...], none: int) -> tuple[tuple[int, ...], float]:
    """Return what a row of labels says and how likely its gaps are: the rule in its simplest form."""
    digits, starts, length, weight = [], [-100], 0, 1.0
    for window, (before, label) in enumerate(itertools.pairwise((none, *windows, none))):
        weight *= LENGTHS.get(length, 0.0) if before not in {none, label} else 1.0
        length = length + 1 if label == before else 1
        if label == none:
            continue
        if length == 1:
            apart = window - starts[-1]
            weight *= float(before == none) * (1.0 if apart > LONGEST else CLOSENESS.get(apart, 0.0))
            starts.append(window)
            digits.append(label)
    return tuple(digits), weight


@pytest.mark.parametrize("windows", [1, 2, 4, 8])
def test_sums_are_those_over_all_alignments(windows: int) -> None:
    """The sums equal those of every row of labels, one after the other."""
    scores = np.random.default_rng(windows).dirichlet(np.ones(3), windows)
    masses: dict[tuple[int, ...], float] = {}
    for labels in itertools.product(range(3), repeat=windows):
        digits, weight = shown_by(labels, none=2)
        share = weight * float(np.prod(scores[np.arange(windows), list(labels)]))
        masses[digits] = masses.get(digits, 0.0) + share
    assert log_mass(scores) == pytest.approx(np.log(sum(masses.values())))
    for digits, mass in masses.items():
        if mass:
            assert log_mass_of(scores, list(digits)) == pytest.approx(np.log(mass))


def test_clean_row_is_read_as_it_stands() -> None:
    """Sure windows on four digits give these, almost surely, at their places."""
    spots = find_spots(scores_along(evenly(*({digit: 0.999} for digit in (3, 0, 0, 7)))))
    assert [spot.best.characters for spot in spots] == [(3,), (0,), (0,), (7,)]
    assert min(spot.best.share for spot in spots) > 0.99
    assert spots[1].best.centres == pytest.approx((SIDE / 2 + STEP * 17,))


def test_the_same_digit_twice_is_two_digits() -> None:
    """Windows of no digit between them part two threes; a gap too short for that does not."""
    assert digits_of(scores_along([(10, {3: 0.99}), (16, {3: 0.99})])) == "33"
    assert digits_of(scores_along([(10, {3: 0.99}), (12, {3: 0.99})], width=1)) == "3"


def test_touching_digits_are_told_apart() -> None:
    """Digits so close that no window between them is sure are still two."""
    scores = scores_along([(10, {5: 0.97}), (14, {6: 0.97})])
    scores[12] = scores_along([(0, {5: 0.2, 6: 0.2})], width=1)[0]
    (spot,) = find_spots(scores)
    assert spot.best.characters == (5, 6)


def test_of_touching_digits_others_are_considered_one_by_one() -> None:
    """Each may be another one, or none; of more digits than can be tried out nothing else is considered."""
    touching = [(10, {5: 0.6, 3: 0.39}), (14, {6: 0.97})]
    scores = scores_along(touching)
    scores[12] = scores_along([(0, {5: 0.2, 6: 0.2})], width=1)[0]
    (spot,) = find_spots(scores)
    assert {option.characters for option in spot.options} >= {(5, 6), (3, 6), (6,)}
    many = evenly(*[{5: 0.8, 3: 0.15}] * (MOST_TOUCHING + 1), apart=5)
    (spot,) = find_spots(scores_along(many, width=4))
    assert len(spot.best.characters) == MOST_TOUCHING + 1
    assert spot.options == (spot.best,)


def test_windows_of_one_digit_are_few() -> None:
    """Six that show a 1 are two ones, as they stand in narrow print."""
    assert digits_of(scores_along([(10, {1: 0.99})], width=4)) == "1"
    assert digits_of(scores_along([(10, {1: 0.98})], width=7)) == "11"


def test_doubt_shows_in_the_posterior() -> None:
    """Where 3 and 8 are equally likely, neither has more than half."""
    (spot,) = find_spots(scores_along([(10, {3: 0.5, 8: 0.4999})], width=1))
    assert [option.characters for option in spot.options] == [(3,), (8,), ()]
    assert [option.share for option in spot.options] == pytest.approx([0.5, 0.5, 0], abs=0.01)


def test_doubtful_digit_is_a_spot_without_one() -> None:
    """A place where there is rather no digit is told of, with the share of that."""
    (spot,) = find_spots(scores_along([(10, {4: 0.4})], width=2))
    assert spot.best.characters == ()
    assert 0.7 < spot.best.share < 0.9


def test_what_one_window_says_may_be_noise() -> None:
    """A digit that only one window sees is rather none; two that see it are believed."""
    (alone,) = find_spots(scores_along([(10, {4: 0.9})], width=1))
    (both,) = find_spots(scores_along([(10, {4: 0.9})], width=2))
    assert alone.best.characters == ()
    assert both.best.characters == (4,)


def test_sure_paper_has_no_spots() -> None:
    """Where every window says none, there is nothing to align."""
    assert find_spots(scores_along([])) == []


@given(st.lists(st.lists(st.floats(0.001, 1), min_size=NONE + 1, max_size=NONE + 1), min_size=1, max_size=20))
def test_posteriors_are_shares(rows: list[list[float]]) -> None:
    """Whatever the model says, spots follow each other, and each has a share between 0 and 1."""
    table = np.array(rows)
    spots = find_spots(table / table.sum(axis=1, keepdims=True))
    assert all(0 <= option.share <= 1 for spot in spots for option in spot.options)
    assert all(one.middle < other.middle for one, other in itertools.pairwise(spots))
    centres = [centre for spot in spots for centre in spot.best.centres]
    assert centres == sorted(centres)
