"""Real scans: words in lines of receipts."""

import io
import lzma
import tarfile
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.unit.training.archives import Grey
from training.errors import DataError
from training.real import read_receipts, word_windows

PITCH = 24  # pixels from one character to the next


def receipt_line(text: str) -> tuple[Grey, np.ndarray]:
    """Return a patch with a word on grey paper, and the word's box in it."""
    patch = np.full((60, 60 + PITCH * len(text)), 230, np.uint8)
    for place, character in enumerate(text):
        start = (25 + PITCH * place, 42)
        cv2.putText(patch, character, start, cv2.FONT_HERSHEY_DUPLEX, 1.0, 40, 2, cv2.LINE_AA)
    rows, columns = np.nonzero(patch < 200)
    return patch, np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], np.float64)


def test_a_word_gives_a_window_for_each_of_its_characters_from_left_to_right() -> None:
    """Each is in the middle of its window, dark on light paper having become light on dark."""
    patch, box = receipt_line("20847")
    windows = word_windows(patch, box, 5)
    assert len(windows) == 5
    for window in windows:
        rows = np.flatnonzero(window[:, 12:16].max(axis=1) > 128)
        assert 3 <= rows[0] <= 8
        assert 19 <= rows[-1] <= 25
    assert not any((one == other).all() for one, other in pairwise(windows))


def test_only_the_words_own_characters_are_taken() -> None:
    """What stands before and after it in the line is not."""
    patch, box = receipt_line("20847")
    inner = np.array([box[0] + PITCH, box[1], box[2] - PITCH, box[3]])
    whole, part = word_windows(patch, box, 5), word_windows(patch, inner, 3)
    assert len(part) == 3
    np.testing.assert_array_equal(np.array(part), np.array(whole[1:4]))


def test_a_word_whose_pieces_do_not_tell_its_characters_is_left_out() -> None:
    """Two digits that touch are one piece."""
    patch, box = receipt_line("20847")
    cv2.line(patch, (30, 35), (100, 35), 40, 3)
    assert word_windows(patch, box, 5) == []


def test_receipts_are_read_with_their_texts_and_documents(tmp_path: Path) -> None:
    """A receipt is a group."""
    patch, box = receipt_line("20847")
    _, png = cv2.imencode(".png", patch)
    rows = f"file,text,doc,word_box_in_patch\na.png,20847,doc-1,{' '.join(str(edge) for edge in box)}\n"
    with io.BytesIO() as raw:
        with tarfile.open(fileobj=raw, mode="w") as tar:
            for name, content in (("truth.csv", rows.encode()), ("a.png", png.tobytes())):
                member = tarfile.TarInfo(f"./sroie_lines/{name}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        (tmp_path / "real.tar.xz").write_bytes(lzma.compress(raw.getvalue()))
    glyphs = read_receipts(tmp_path / "real.tar.xz", "0123456789")
    assert glyphs.labels.tolist() == [2, 0, 8, 4, 7]
    assert set(glyphs.groups.tolist()) == {"doc-1"}


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    """With its name."""
    (tmp_path / "real.tar.xz").write_bytes(b"nothing of the kind")
    with pytest.raises(DataError, match=r"real\.tar\.xz"):
        read_receipts(tmp_path / "real.tar.xz", "0123456789")
