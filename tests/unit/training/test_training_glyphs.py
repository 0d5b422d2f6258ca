"""Pictures to glyphs, sets of glyphs, the directory tree."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from sheetid.vision.glyphs import BAND, SIDE, centred
from tests.unit.training.archives import drawn
from training import augment
from training.data import Picture
from training.errors import DataError
from training.glyphsets import GlyphSet, from_pictures, ink_of
from training.splits import Part
from training.tree import read_tree, write_tree


def glyphs_of(characters: str, alphabet: str = "0123456789", fonts: int = 3) -> GlyphSet:
    """Return some glyphs of each character."""
    pictures = [Picture(drawn(c, font), c, str(font)) for c in characters for font in range(fonts)]
    return from_pictures(pictures, alphabet)


def test_a_picture_becomes_the_window_that_the_function_would_see() -> None:
    """White on black, 20 pixels high in the middle; neither paper nor place in the picture matter."""
    here, there = (np.pad(drawn("7"), edges, constant_values=255) for edges in ((0, 9), (17, 2)))
    (glyph,) = from_pictures([Picture(here, "7", "f")], "0123456789").images
    (same,) = from_pictures([Picture(there, "7", "f")], "0123456789").images
    np.testing.assert_array_equal(glyph, same)
    rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
    assert (rows[0], rows[-1] + 1) == (BAND.start, BAND.stop)
    assert abs((columns[0] + columns[-1] + 1) / 2 - SIDE / 2) <= 1
    assert glyph.max() == 255


def test_a_blank_picture_gives_a_blank_glyph() -> None:
    """There is nothing to cut out, and nothing to divide by."""
    assert centred(ink_of(np.full((20, 30), 255, np.uint8))).max() == 0


def test_large_pictures_are_kept_small() -> None:
    """They are by the ten thousand in memory."""
    large = np.asarray(cv2.resize(drawn("8"), None, fx=4, fy=4), np.uint8)
    assert ink_of(large).shape[0] == 60
    assert ink_of(drawn("8")).shape[0] < 60


def test_a_character_outside_the_alphabet_is_junk() -> None:
    """It gets the class after the last character."""
    assert glyphs_of("0A", fonts=1).labels.tolist() == [0, 10]


def test_sets_can_be_joined_and_chosen_from() -> None:
    """Images, labels and groups stay together."""
    both = GlyphSet.join(glyphs_of("12"), glyphs_of("3"))
    chosen = both[both.labels == 3]
    assert len(both) == 9
    assert chosen.labels.tolist() == [3, 3, 3]
    assert chosen.groups.tolist() == ["0", "1", "2"]
    assert chosen.batch().shape == (3, SIDE, SIDE, 1)
    assert chosen.batch().dtype == np.float32
    assert chosen.batch().max() == 1


def test_a_tree_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Prepared glyphs are files of 28x28 pixels, white on black; what is no character is in `other`."""
    glyphs = glyphs_of("0123456789A")
    write_tree(glyphs, tmp_path, Part.TRAIN, "0123456789")
    assert (tmp_path / "train" / "7").is_dir()
    back = read_tree(tmp_path, Part.TRAIN, "0123456789")
    np.testing.assert_array_equal(back.images, glyphs.images)
    np.testing.assert_array_equal(back.labels, glyphs.labels)


def test_own_crops_of_any_size_are_prepared(tmp_path: Path) -> None:
    """People keep crops as they were cut, dark on light."""
    for digit in "0123456789":
        folder = tmp_path / "dev" / digit
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / "mine.jpg"), drawn(digit), [cv2.IMWRITE_JPEG_QUALITY, 100])
    read, made = read_tree(tmp_path, Part.DEV, "0123456789"), glyphs_of("0123456789", fonts=1)
    assert read.labels.tolist() == list(range(10))
    assert np.abs(read.images.astype(int) - made.images).mean() < 3


def test_small_and_capital_letters_have_different_folders(tmp_path: Path) -> None:
    """Also on file systems that do not tell them apart."""
    write_tree(glyphs_of("aA", "aA", fonts=1), tmp_path, Part.TRAIN, "aA")
    assert sorted(path.name.lower() for path in (tmp_path / "train").iterdir()) == ["a", "a_"]


def test_a_tree_without_a_character_is_refused(tmp_path: Path) -> None:
    """Nobody trains a network that never saw a 9 without being told."""
    write_tree(glyphs_of("012345678"), tmp_path, Part.TRAIN, "0123456789")
    with pytest.raises(DataError, match=r"9: no pictures"):
        read_tree(tmp_path, Part.TRAIN, "0123456789")


def test_variants_differ_and_are_repeatable() -> None:
    """The same random numbers give the same variant; it is still the same character's ink, not a blank."""
    ink = ink_of(drawn("5"))
    first, again, other = (augment.vary(ink, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()
    whole = centred(ink).astype(np.float32)
    for seed in range(30):
        varied = centred(augment.vary(ink, np.random.default_rng(seed))).astype(np.float32)
        likeness = float((varied * whole).sum() / np.linalg.norm(varied) / np.linalg.norm(whole))
        assert likeness > 0.5
