"""Whole pages: the number in its corner however the page lies, and the rest in the split's fonts."""

import dataclasses
import re
from typing import get_args

import numpy as np
import pytest

from sheetid.settings import ReadingSettings
from tests.corpus import figures, fonts
from tests.corpus.canvas import Box, Canvas
from tests.corpus.corpora import RenderedCorpus, Split, corpus
from tests.corpus.layout import lay_out
from tests.corpus.render import Sheet, render
from tests.corpus.sampling import Drawn
from tests.corpus.spec import PAGE

MANY = 200


def drawn(split: Split = "dev") -> list[Drawn]:
    """Return what many pages are made of."""
    return [RenderedCorpus("page", split).spec(index) for index in range(MANY)]


def coarse(index: int) -> tuple[Sheet, int]:
    """Draw a page at 100 dpi, which is quick, and return it with its quarter turns."""
    spec, _ = RenderedCorpus("page", "dev").spec(index)
    return render(dataclasses.replace(spec, dpi=100)), spec.turn


def upright(box: Box, sheet: Sheet, turn: int) -> Box:
    """Return where `box` is on the page once it is turned upright, in shares of its width and height."""
    height, width = sheet.image.shape[:2]
    left, top, right, bottom = box[0] / width, box[1] / height, box[2] / width, box[3] / height
    for _ in range(turn):
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    return left, top, right, bottom


def test_the_same_page_every_time() -> None:
    """A page is drawn the same twice, and the other split has another one."""
    assert corpus("page").sheet(5) == corpus("page").sheet(5)
    one, other = RenderedCorpus("page", "dev"), RenderedCorpus("page", "test")
    assert one.spec(5)[0].seed != other.spec(5)[0].seed


def test_numbers_stand_in_the_corner() -> None:
    """Turned upright, a page has its number whole in the picture, on the right of the top fifth."""
    turns = set()
    for index in (2, 3, 6, 16, 40):
        sheet, turn = coarse(index)
        turns.add(turn)
        for box in sheet.truth.digits:
            left, top, right, bottom = upright(box, sheet, turn)
            assert 0.5 < left < right <= 1
            assert 0 <= top < bottom < 0.19
            assert max(box[2] - box[0], box[3] - box[1]) >= 12
        assert len(sheet.truth.digits) == len(sheet.truth.number or "")
    assert turns == {0, 1, 2, 3}


def test_pages_lie_all_ways_and_some_have_no_number() -> None:
    """Four of five lie upright, some upside down and few across, and one in seven has no number."""
    specs = [spec for spec, _ in drawn()]
    turns = [spec.turn for spec in specs]
    assert set(turns) == {0, 1, 2, 3}
    assert 0.7 < turns.count(0) / MANY < 0.9
    assert turns.count(2) > turns.count(1)
    assert 0.08 < sum(not spec.number.text for spec in specs) / MANY < 0.25


def test_nothing_is_too_large_to_be_read() -> None:
    """The finest pages have fewer pixels than the function takes, and few are that fine."""
    specs = [spec for spec, _ in drawn()]
    pixels = [spec.view.width * spec.view.height * (spec.dpi / 25.4) ** 2 for spec in specs]
    assert {spec.dpi for spec in specs} == {100, 150, 200, 300, 400, 600}
    assert max(pixels) < ReadingSettings().max_pixels
    assert sum(spec.dpi > 300 for spec in specs) < MANY / 10


def test_a_page_without_a_number_leaves_no_trace_of_one() -> None:
    """There is no label, no frame and no underline where the number would be."""
    bare = [spec.around for spec, _ in drawn() if not spec.number.text]
    assert {(around.label, around.frame, around.underline, around.barcode) for around in bare} == {
        ("", None, None, "none")
    }


def test_a_page_with_a_number_has_its_corner_for_it_alone() -> None:
    """Dates and telephone numbers stand in the corner only where there is no number."""
    corners: dict[bool, set[str]] = {True: set(), False: set()}
    for spec, _ in drawn():
        assert spec.matter is not None
        corners[bool(spec.number.text)].add(spec.matter.corner)
    assert corners[True] == {"nothing"}
    assert corners[False] >= {"contact", "date", "page"}


@pytest.mark.parametrize("split", get_args(Split))
def test_all_text_is_set_in_the_splits_fonts(split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number, what belongs to it and everything else on the page are in the split's fonts."""
    faces: set[str] = set()
    monkeypatch.setattr(Canvas, "text", lambda _self, _at, _text, face, _height: faces.add(face))
    for spec, _ in drawn(split)[:25]:
        lay_out(spec, PAGE, 1.0, np.random.default_rng(spec.seed))
    allowed = {"dev": fonts.DEVELOPMENT, "test": fonts.TEST}[split]
    assert faces <= {face.name for face in allowed}
    assert len({fonts.FACES[face].family for face in faces}) > 3


def test_the_file_is_what_a_scanner_writes() -> None:
    """Black and white pages are stored as such, and the file tells the resolution."""
    specs = drawn()
    forms = {stored.format for _, stored in specs}
    assert forms == {"jpeg", "jpeg-progressive", "png", "png-1-bit", "tiff-g4", "tiff-lzw"}
    assert all(stored.dpi == spec.dpi for spec, stored in specs)
    assert not any(spec.coloured for spec, stored in specs if stored.format in {"tiff-g4", "png-1-bit"})


def test_figures_are_no_unbroken_runs_alone() -> None:
    """A date has three parts, a telephone number starts with 0 or a country's, a page's number is short."""
    rng = np.random.default_rng(1)
    for _ in range(50):
        assert re.fullmatch(r"\d+([./-])\d+\1\d+", figures.date(rng))
        assert re.match(r"0|\(0|\+49", figures.telephone(rng))
        assert not re.search(r"\d{3}", figures.page_number(rng))
        assert re.fullmatch(r"\d{5,8}", figures.running(rng, 5, 8))
