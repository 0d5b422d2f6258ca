"""Sets of strips, what is taught of their windows, and the pieces that are learned from."""

import numpy as np
import pytest

from sheetid.vision.glyphs import SIDE, windows
from tests.unit.training.archives import drawn
from tests.unit.training.lines import strip_with
from training.crops import OVERHANG, STRIDE, WIDTH, WINDOWS, endless, pieces, varied
from training.crops import drawn as drawn_cut
from training.data import Picture
from training.glyphsets import GlyphSet
from training.labels import UNDECIDED
from training.rows import rows_of
from training.stripsets import NONE_KEPT, StripSet, classes_at

NONE = 11


def test_sets_of_strips_keep_ink_marks_and_groups_together() -> None:
    """Also joined ones, with strips of several widths, and strips without marks."""
    first = StripSet.of([(strip_with((30, 1), (50, 2)), "a"), (strip_with(width=60), "b")])
    joined = StripSet.join(first, StripSet.of([(strip_with((20, 7), width=80), "c")]))
    assert len(joined) == 3
    assert [ink.shape for ink, _ in joined] == [(28, 100), (28, 60), (28, 80)]
    assert [marks[:, 1].tolist() for _, marks in joined] == [[1, 2], [], [7]]
    assert joined.groups.tolist() == ["a", "b", "c"]
    np.testing.assert_array_equal(joined[2][0], strip_with(width=80)[0])


def test_a_window_is_taught_by_how_near_the_next_character_is() -> None:
    """Centred within 2.2 px: that character; from 3.8 px on: none; between them nothing is said."""
    marks = np.array([[50, 4]], np.float32)
    taught = classes_at(marks, np.array([46.0, 46.5, 47.5, 48.0, 50.0, 52.0, 53.0, 54.0]), NONE)
    assert taught.tolist() == [NONE, UNDECIDED, UNDECIDED, 4, 4, 4, UNDECIDED, NONE]


def test_nothing_is_taught_near_an_undecided_character_unless_another_is_nearer() -> None:
    """An O beside a 4 does not hide the 4."""
    marks = np.array([[50, UNDECIDED], [55, 4]], np.float32)
    assert classes_at(marks, np.array([50.0, 54.0, 60.0]), NONE).tolist() == [UNDECIDED, 4, NONE]
    assert classes_at(marks[:0], np.array([50.0]), NONE).tolist() == [NONE]


def test_the_window_nearest_to_each_character_is_a_test_glyph_of_it() -> None:
    """Undecided ones, and those whose window is not in the strip, are none."""
    ink, marks = strip_with((50.9, 3), (30, UNDECIDED), (-20, 5))
    glyphs = StripSet.of([((ink, marks), "font")]).characters()
    assert glyphs.labels.tolist() == [3]
    np.testing.assert_array_equal(glyphs.images[0], windows(ink)[(50 - SIDE // 2) // 2])


def test_windows_of_none_are_few_have_ink_and_are_far_from_every_mark() -> None:
    """Blank paper proves nothing."""
    ink, marks = strip_with((50, 3), (64, UNDECIDED))
    inked = ink.copy()
    inked[:, :30] = 0
    inked[:, 80:] = 0
    glyphs = StripSet.of([((inked, marks), "font")] * 20).nones(NONE, seed=1)
    assert len(glyphs) <= 20 * NONE_KEPT
    assert set(glyphs.labels.tolist()) == {NONE}
    middles = {
        SIDE / 2 + 2 * number
        for number, window in enumerate(windows(inked))
        if any((window == glyph).all() for glyph in glyphs.images)
    }
    assert len(middles) > NONE_KEPT
    assert all(abs(middle - x) > 3.8 for middle in middles for x in (50, 64))
    blank = StripSet.of([((np.zeros_like(inked), marks), "font")])
    assert len(blank.nones(NONE, seed=1)) == 0


def test_own_crops_are_strips_of_one_window() -> None:
    """With the character in the middle, or none."""
    glyphs = GlyphSet(np.ones((2, 28, 28), np.uint8), np.array([6, NONE]), np.array(["a", "b"]))
    strips = StripSet.of_glyphs(glyphs, NONE)
    assert [marks.tolist() for _, marks in strips] == [[[14, 6]], []]


def test_a_piece_is_taught_where_its_strip_has_marks() -> None:
    """Wherever the piece was cut from the strip; what reaches beyond the strip is blank."""
    ink, marks = strip_with((90, 3), width=200)
    strips = StripSet.of([((ink, marks), "font")])
    starts = set()
    for seed in range(40):
        images, classes = pieces(strips, np.array([0]), NONE, np.random.default_rng(seed))
        piece = np.round(images[0, 0, :, 0] * 255)
        where = np.flatnonzero(piece)
        start = int(piece[where[0]]) - 50 - int(where[0])
        starts.add(start)
        middles = start + SIDE / 2 + STRIDE * np.arange(WINDOWS)
        np.testing.assert_array_equal(classes[0] == 3, np.abs(middles - 90) <= 2.2)
        assert images.shape == (1, SIDE, WIDTH, 1)
    assert min(starts) < 0
    assert max(starts) > 200 - WIDTH
    assert min(starts) >= -OVERHANG


def test_a_bent_piece_has_its_marks_where_its_print_is() -> None:
    """Wider, higher, larger and aslant, yet taught what stands there."""
    ink = np.zeros((SIDE, 160), np.uint8)
    ink[10:18, 78:82] = 255
    marks = np.array([[80, 3]], np.float32)
    random = np.random.default_rng(1)
    places = set()
    for _ in range(40):
        cut = drawn_cut(160, random, bent=True)
        rows, columns = np.nonzero(cut.of(ink) > 127)
        ((x, label),) = cut.moved(marks)
        assert label == 3
        assert abs(x - (columns.mean() + 0.5)) < 1
        assert abs(rows.mean() + cut.risen - 13.5) < 0.7
        places.add((len(set(rows)), len(set(columns))))
    assert len(places) > 5


def test_every_strip_is_met_before_any_again_and_the_same_seed_gives_the_same() -> None:
    """An epoch is an epoch."""
    strips = StripSet.of([(strip_with((50, number)), "font") for number in range(8)])
    first, second = (endless(strips, 4, NONE, seed=3) for _ in range(2))
    met = [next(first) for _ in range(4)]
    told = [set(np.unique(classes)) - {NONE, UNDECIDED} for _, classes in met]
    assert told[0] | told[1] == told[2] | told[3] == set(range(8))
    np.testing.assert_array_equal(met[0][0], next(second)[0])


def test_pieces_vary_in_contrast_and_noise_but_stay_in_range() -> None:
    """A line's darkest ink is not always that of its digits."""
    images = np.full((50, 28, 40, 1), 0.5, np.float32)
    changed = varied(images, np.random.default_rng(1))
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 1
    means, spreads = changed.mean(axis=(1, 2, 3)), changed.std(axis=(1, 2, 3))
    assert means.min() < 0.3
    assert means.max() > 0.55
    assert spreads.max() > 0.05


@pytest.mark.parametrize(("character", "label"), [("7", 7), ("O", UNDECIDED), ("K", 10)])
def test_a_row_has_each_picture_so_many_times_with_a_mark_in_its_middle(character: str, label: int) -> None:
    """A letter that may be taken for a digit is undecided, another one is other print."""
    pictures = [Picture(drawn(character, font), character, str(font)) for font in range(12)]
    rows = StripSet.of(rows_of(pictures, "0123456789", copies=2, seed=1))
    assert len(rows) == 4
    assert rows.marks[:, 1].tolist() == [label] * 24
    for ink, marks in rows:
        for x in marks[:, 0]:
            around = ink[:, round(x) - 10 : round(x) + 11]
            assert around.max() > 70
            assert np.flatnonzero(around.max(axis=1) > 40).size in range(16, 26)
