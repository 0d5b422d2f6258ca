"""Readers of the collections: what they read, and how they refuse what is not right."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.archives import drawn, write_chars74k, write_groups, write_idx
from training.data import CHARS74K_FONTS, decode, read_chars74k, read_font_groups, read_mnist
from training.errors import DataError


def test_every_picture_of_the_wanted_characters_is_read_with_its_group(tmp_path: Path) -> None:
    """Characters that nobody asked for are skipped; four fonts in a row are one group."""
    archive = write_chars74k(tmp_path / "a.tgz", "07A")
    pictures = list(read_chars74k([archive], write_groups(tmp_path / "groups.csv"), "07"))
    assert [picture.character for picture in pictures] == ["0"] * CHARS74K_FONTS + ["7"] * CHARS74K_FONTS
    assert [picture.group for picture in pictures[:5]] == ["0", "0", "0", "0", "1"]
    np.testing.assert_array_equal(pictures[CHARS74K_FONTS].image, drawn("7", 1))


def test_two_archives_may_hold_the_characters_together(tmp_path: Path) -> None:
    """Digits and letters come in files of their own."""
    archives = [write_chars74k(tmp_path / f"{name}.tgz", name) for name in "3B"]
    pictures = list(read_chars74k(archives, write_groups(tmp_path / "groups.csv"), "3B"))
    assert {picture.character for picture in pictures} == {"3", "B"}


def test_a_short_collection_is_refused(tmp_path: Path) -> None:
    """A download that broke off must not pass as a smaller data set."""
    archive = write_chars74k(tmp_path / "a.tgz", "5", fonts=20)
    with pytest.raises(DataError, match=r"'5': 20"):
        list(read_chars74k([archive], write_groups(tmp_path / "groups.csv"), "5"))


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    """Half a file is corrupt, wherever it ends."""
    archive = write_chars74k(tmp_path / "a.tgz", "5", fonts=40)
    archive.write_bytes(archive.read_bytes()[:-2000])
    with pytest.raises(DataError, match="missing or corrupt"):
        list(read_chars74k([archive], write_groups(tmp_path / "groups.csv"), "5"))


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    """The message says which file is not there."""
    with pytest.raises(DataError, match=r"absent\.tgz"):
        list(read_chars74k([tmp_path / "absent.tgz"], write_groups(tmp_path / "groups.csv"), "5"))


@pytest.mark.parametrize("content", ["index,group\n1,0\n", "nothing\n", "index,group\nx,y\n"])
def test_incomplete_or_broken_groups_are_refused(tmp_path: Path, content: str) -> None:
    """Without every font's group, a split could leak."""
    path = tmp_path / "groups.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=r"groups\.csv"):
        read_font_groups(path)


def test_mnist_is_read_dark_on_light(tmp_path: Path) -> None:
    """Its white-on-black digits are inverted, as all pictures are dark on light here."""
    digits = np.zeros((3, 28, 28), np.uint8)
    digits[:, 5, 6] = 200
    images = write_idx(tmp_path / "images.gz", digits, 2051)
    labels = write_idx(tmp_path / "labels.gz", np.array([4, 0, 9], np.uint8), 2049)
    pictures = list(read_mnist(images, labels))
    assert [picture.character for picture in pictures] == ["4", "0", "9"]
    assert pictures[0].image[5, 6] == 55
    assert pictures[0].image[0, 0] == 255
    assert len({picture.group for picture in pictures}) == 3


def test_mnist_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """Three pictures and two labels are a mistake."""
    images = write_idx(tmp_path / "images.gz", np.zeros((3, 28, 28), np.uint8), 2051)
    labels = write_idx(tmp_path / "labels.gz", np.zeros(2, np.uint8), 2049)
    with pytest.raises(DataError, match=r"3 pictures.*2 labels"):
        list(read_mnist(images, labels))


@pytest.mark.parametrize("damage", ["truncated", "wrong kind", "not gzip", "missing"])
def test_damaged_idx_files_are_refused(tmp_path: Path, damage: str) -> None:
    """Whatever is wrong with the file, its name is in the message."""
    images = tmp_path / "images.gz"
    labels = write_idx(tmp_path / "labels.gz", np.zeros(2, np.uint8), 2049)
    if damage == "truncated":
        write_idx(images, np.zeros((2, 28, 28), np.uint8), 2051)
        images.write_bytes(images.read_bytes()[:-6])
    elif damage == "wrong kind":
        write_idx(images, np.zeros((2, 28, 28), np.uint8), 2052)
    elif damage == "not gzip":
        images.write_bytes(b"hello")
    with pytest.raises(DataError, match=r"images\.gz"):
        list(read_mnist(images, labels))


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_what_is_no_picture_is_refused_by_name(content: bytes) -> None:
    """Empty and undecodable files alike."""
    with pytest.raises(DataError, match="crop"):
        decode(content, "crop")
