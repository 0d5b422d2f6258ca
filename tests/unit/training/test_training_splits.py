"""Splits that keep what looks alike on one side."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.data import CHARS74K_FONTS
from training.groups import group_fonts
from training.splits import Part, in_part, part_of, random_split


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=60), st.integers(0, 5))
def test_every_item_is_in_exactly_one_part_with_all_of_its_group(names: list[str], seed: int) -> None:
    """No group is divided, and nothing is lost or used twice."""
    groups = np.array(names, np.str_)
    masks = {part: in_part(groups, part, seed) for part in Part}
    np.testing.assert_array_equal(np.sum(list(masks.values()), axis=0), 1)
    for part, mask in masks.items():
        assert all(part_of(str(name), seed) is part for name in groups[mask])


def test_parts_have_about_their_shares() -> None:
    """Of many groups, 15 % are for the test and 8 % for choices."""
    parts = [part_of(str(number), 1) for number in range(20_000)]
    assert 0.14 < parts.count(Part.TEST) / 20_000 < 0.16
    assert 0.07 < parts.count(Part.DEV) / 20_000 < 0.09


def test_more_data_moves_nothing() -> None:
    """What is held out today is held out when the collection has grown."""
    few = np.array([str(number) for number in range(50)])
    many = np.array([str(number) for number in range(500)])
    np.testing.assert_array_equal(in_part(few, Part.TEST, 3), in_part(many, Part.TEST, 3)[:50])


def test_another_seed_draws_another_split() -> None:
    """The split is not a property of the names alone."""
    names = np.array([str(number) for number in range(300)])
    assert (in_part(names, Part.TEST, 1) != in_part(names, Part.TEST, 2)).any()


def test_the_original_split_is_random_repeatable_and_of_the_right_size() -> None:
    """98 to 2, without regard to groups."""
    first, again = random_split(1000, 0.02, 7), random_split(1000, 0.02, 7)
    assert first.sum() == 20
    np.testing.assert_array_equal(first, again)


def test_fonts_with_the_same_pictures_are_one_group() -> None:
    """Five digits of ten in common join two fonts, with their other styles; four do not."""
    digests = {(digit, index): f"{digit}-{index}" for digit in "0123456789" for index in range(1, 41)}
    for digit in "01234":
        digests[digit, 30] = digests[digit, 2]
    for digit in "0123":
        digests[digit, 38] = digests[digit, 10]
    groups = group_fonts(digests)
    assert len(groups) == CHARS74K_FONTS
    assert groups[1] == groups[2] == groups[30] == groups[29]
    assert groups[38] != groups[10]
    assert groups[5] != groups[1]
