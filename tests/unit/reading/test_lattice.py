"""The lattice finds the digits of a run, however it was cut, and knows when another reading is as good."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetid.lattice import Path, best_path
from tests.unit.reading.strips import row_of, scores_of, strip_of

JUNK = 10


def number_of(path: Path | None) -> str | None:
    """The digits of a path as text."""
    return None if path is None else "".join(map(str, path.classes))


def test_clean_row_is_read_as_it_stands() -> None:
    """One sure candidate an atom gives their digits, almost surely."""
    strip = strip_of(row_of(4), [(i, i) for i in range(4)])
    path = best_path(strip, scores_of([{i: 0.999} for i in (3, 0, 0, 7)]), 10)
    assert number_of(path) == "3007"
    assert path is not None
    assert path.posterior > 0.98


def test_broken_digit_is_joined() -> None:
    """Two junk halves that together are one digit are read as that digit."""
    atoms = [(14, 14, 34, 50), (40, 14, 48, 50), (50, 14, 58, 50), (64, 14, 84, 50)]
    edges = [(0, 0), (1, 1), (1, 2), (2, 2), (3, 3)]
    scores = scores_of([{1: 0.99}, {JUNK: 0.97}, {0: 0.97}, {JUNK: 0.97}, {4: 0.99}])
    assert number_of(best_path(strip_of(atoms, edges), scores, 10)) == "104"


def test_touching_digits_are_split() -> None:
    """A pair is junk as a whole; its parts are digits."""
    atoms = row_of(3, gap=0)
    edges = [(0, 0), (0, 1), (1, 1), (2, 2)]
    scores = scores_of([{5: 0.95}, {JUNK: 0.98}, {6: 0.95}, {7: 0.99}])
    assert number_of(best_path(strip_of(atoms, edges), scores, 10)) == "567"


def test_label_is_left_out() -> None:
    """Letters before the number are not read as digits."""
    strip = strip_of(row_of(5), [(i, i) for i in range(5)])
    scores = scores_of([{JUNK: 0.999}, {JUNK: 0.999}, {1: 0.99}, {2: 0.99}, {3: 0.99}])
    assert number_of(best_path(strip, scores, 10)) == "123"


def test_lower_letter_that_looks_like_a_digit_is_left_out() -> None:
    """The o of "No" is no zero: it is lower than the digits."""
    atoms = [(14, 26, 30, 50), *[(x, 14, x + 20, 50) for x in (44, 69, 94)]]
    strip = strip_of(atoms, [(i, i) for i in range(4)])
    scores = scores_of([{0: 0.6, JUNK: 0.4}, {1: 0.99}, {2: 0.99}, {3: 0.99}])
    assert number_of(best_path(strip, scores, 10)) == "123"


def test_speck_between_digits_is_passed_over() -> None:
    """Dirt between two digits does not part the number."""
    atoms = [(14, 14, 34, 50), (37, 30, 41, 34), (45, 14, 65, 50)]
    path = best_path(strip_of(atoms, [(0, 0), (2, 2)]), scores_of([{8: 0.99}, {9: 0.99}]), 10)
    assert number_of(path) == "89"


def test_doubt_at_the_end_shows_in_the_posterior() -> None:
    """A last glyph that may be a digit or junk leaves the whole number in doubt."""
    strip = strip_of(row_of(4), [(i, i) for i in range(4)])
    path = best_path(strip, scores_of([{1: 0.99}, {2: 0.99}, {3: 0.99}, {4: 0.05, JUNK: 0.94}]), 10)
    assert path is not None
    assert path.posterior < 0.8


def test_nothing_but_junk_gives_no_path() -> None:
    """A word is no number."""
    strip = strip_of(row_of(4), [(i, i) for i in range(4)])
    assert best_path(strip, scores_of([{JUNK: 0.99999}] * 4), 10) is None


@given(
    st.lists(st.lists(st.floats(0.001, 1), min_size=11, max_size=11), min_size=9, max_size=9),
)
def test_posterior_is_a_share(rows: list[list[float]]) -> None:
    """Whatever the model says, the posterior lies in 0 to 1 and the best number has a full path."""
    strip = strip_of(row_of(5, gap=2), [(i, j) for i in range(5) for j in (i, i + 1) if j < 5])
    table = np.array(rows)
    path = best_path(strip, np.log(table / table.sum(axis=1, keepdims=True)), 10)
    if path is not None:
        assert 0 < path.posterior <= 1
        assert all(a.last < b.first for a, b in zip(path.candidates, path.candidates[1:], strict=False))


def test_posteriors_of_two_equal_readings_share() -> None:
    """When 3 and 8 are equally likely, neither number has more than half."""
    strip = strip_of(row_of(3), [(i, i) for i in range(3)])
    path = best_path(strip, scores_of([{1: 0.999}, {3: 0.5, 8: 0.4999}, {2: 0.999}]), 10)
    assert path is not None
    assert path.posterior == pytest.approx(0.5, abs=0.02)
