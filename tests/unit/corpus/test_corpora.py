"""The benchmark's corpora hold what their names say, whichever sheet is asked for first."""

import re
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest

from tests.corpus import fonts
from tests.corpus.axes import AXES, LEVELS
from tests.corpus.corpora import NAMES, RenderedCorpus, Split, corpus
from tests.corpus.render import render

DRAWN = [name for name in NAMES if not name.endswith(("-1", "-2", "-3")) and name not in {"page", "real"}]


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a directory with two scanned words, one of them too short for a sheet's number."""
    patch = np.full((60, 160), 235, np.uint8)
    cv2.putText(patch, "48213", (34, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30.0, 2)
    cv2.imwrite(str(tmp_path / "a.png"), patch)
    (tmp_path / "truth.csv").write_text(
        "file,text,word_box_in_patch,digit_h\na.png,48213,32 18 128 42,20\na.png,482,32 18 80 42,20\n"
    )
    monkeypatch.setenv("SHEETID_REAL_WORDS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", ["mild", "hard", "none", "blur-3"])
def test_any_sheet_in_any_order(name: str) -> None:
    """A sheet does not depend on which ones were drawn before it."""
    one, other = corpus(name), corpus(name)
    first = one.sheet(5)
    other.sheet(2)
    assert other.sheet(5) == first


@pytest.mark.parametrize("name", DRAWN)
def test_numbers_lie_in_the_picture(name: str) -> None:
    """Every digit is wholly in the picture and high enough; the number has four to ten of them."""
    drawn = RenderedCorpus(name, "dev")
    for index in range(12 if name in {"mild", "hard"} else 1):
        sheet = render(drawn.spec(index)[0])
        height, width = sheet.image.shape[:2]
        for left, top, right, bottom in sheet.truth.digits:
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height
            assert bottom - top >= 12
        assert (sheet.truth.number is None) == (name == "none")
        assert sheet.truth.number is None or re.fullmatch(r"\d{4,10}", sheet.truth.number)


@pytest.mark.parametrize("axis", AXES)
def test_levels_change_the_fault_alone(axis: str) -> None:
    """A sheet of an axis shows the same number in the same font at every level, with another fault."""
    drawn = [RenderedCorpus(f"{axis}-{level}", "dev").spec(3) for level in range(LEVELS)]
    assert len({(spec.number.text, spec.number.face, spec.seed) for spec, _ in drawn}) == 1
    assert len(set(drawn)) == LEVELS


@pytest.mark.parametrize("axis", ["motion", "jpeg", "touching", "underline", "clutter"])
def test_levels_look_different(axis: str) -> None:
    """No two levels give the same picture."""
    assert len({corpus(f"{axis}-{level}").sheet(3).data for level in range(LEVELS)}) == LEVELS


def test_splits_share_neither_fonts_nor_sheets() -> None:
    """What is tuned on and what is reported have different numbers in different fonts."""
    fonts_of: dict[Split, set[str]] = {}
    texts_of: dict[Split, list[str]] = {}
    for split in get_args(Split):
        specs = [RenderedCorpus("hard", split).spec(index)[0] for index in range(40)]
        fonts_of[split] = {fonts.FACES[spec.number.face].family for spec in specs}
        texts_of[split] = [spec.number.text for spec in specs]
    assert not fonts_of["dev"] & fonts_of["test"]
    assert texts_of["dev"] != texts_of["test"]


def test_every_length_and_leading_zeros_occur() -> None:
    """Everyday numbers have every length from four to ten, and some start with zeros."""
    texts = [RenderedCorpus("mild", "test").spec(index)[0].number.text for index in range(200)]
    assert {len(text) for text in texts} == set(range(4, 11))
    assert 20 < sum(text.startswith("0") for text in texts) < 100


def test_real_words_are_pasted_at_forty_pixels(words: Path) -> None:
    """A real word stands in the upper right of a 450x400 corner, its digits 40 pixels high, on even paper."""
    sample = corpus("real").sheet(1)
    image = cv2.imdecode(np.frombuffer(sample.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert sample.number == "48213"
    assert image is not None
    assert image.shape == (400, 450)
    rows, columns = np.nonzero(np.asarray(image) < 120)
    assert np.ptp(rows) == pytest.approx(40, abs=6)
    assert rows.mean() < 200
    assert columns.mean() > 225
    assert float(np.median(np.asarray(image)[250:])) == pytest.approx(235, abs=5)
    assert corpus("real").sheet(2).data != sample.data
    assert words.is_dir()


def test_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown corpus and absent real words are told apart."""
    monkeypatch.delenv("SHEETID_REAL_WORDS", raising=False)
    with pytest.raises(FileNotFoundError, match="SHEETID_REAL_WORDS"):
        corpus("real")
    with pytest.raises(ValueError, match="no corpus is called tame"):
        corpus("tame")
