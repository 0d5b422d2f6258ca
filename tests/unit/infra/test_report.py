"""The demo's page and its verdict."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from infra.local import demo
from infra.local.application import Answer, RoundTrip
from infra.local.pictures import detail, glyph_pictures, open_sheet, overview
from infra.local.report import Exhibit, Glyph, Outcome, render
from infra.local.stack import ROOT
from sheetid.result import Digit
from tests.corpus.fixtures import FIXTURES

DIGITS = (Digit("7", 0.999, (300, 20, 20, 30)), Digit("1", 0.97, (330, 20, 12, 30)))
REGION = np.array([[295, 15], [350, 15], [350, 55], [295, 55]], np.float64)
MADE = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def outcome(file: str, complaint: str | None = None, **result: Any) -> Outcome:  # noqa: ANN401 - JSON fields
    """Return the outcome of a sheet; one without result fields had no answer."""
    answer = Answer({"bucket": "sheets", "image": file, "generation": "1", **result}, {}, 0.0)
    return Outcome(file, "read 71", RoundTrip(file, answer if result else None, 0.1234), complaint)


def sheet_bytes(mode: str = "RGB", size: tuple[int, int] = (450, 400)) -> bytes:
    """Return a white PNG."""
    out = io.BytesIO()
    Image.new(mode, size, 65535 if mode == "I;16" else "white").save(out, "png")
    return out.getvalue()


def exhibit(shown: Outcome) -> Exhibit:
    """Return an exhibit with every picture there can be."""
    sheet = open_sheet(sheet_bytes())
    glyphs = glyph_pictures(np.zeros((2, 28, 28), np.float32))
    pairs = tuple(Glyph(picture, digit) for picture, digit in zip(glyphs, DIGITS, strict=True))
    return Exhibit(
        shown, overview(sheet), detail(sheet, REGION, DIGITS), "295,15 350,15 350,55 295,55", pairs
    )


def test_the_page_needs_nothing_else() -> None:
    """It opens without a network: no address in it but data."""
    page = render([exhibit(outcome("a.jpg", status="read", sheetNumber="71"))], {"Pub/Sub": "ours"}, MADE)
    addresses = re.findall(r'(?:src|href)="([^"]{0,20})', page)
    assert addresses
    assert all(address.startswith("data:image/") for address in addresses)
    assert "http" not in re.sub(r"data:[^\"]*", "", page)


def test_the_page_counts() -> None:
    """The verdict and the filters say how many sheets there are of each kind."""
    shown = [
        Exhibit(outcome("a.jpg", status="read", sheetNumber="71")),
        Exhibit(outcome("b.jpg", "read 12, which is wrong", status="read", sheetNumber="12")),
        Exhibit(outcome("c.jpg", status="rejected", reason="no_digits")),
        Exhibit(outcome("d.jpg", "no answer")),
    ]
    page = " ".join(render(shown, {}, MADE).split())
    assert "2 of 4 sheets were not answered as expected." in page
    assert "2 read, 0 for review, 1 rejected, 1 without an answer." in page
    assert page.count('class="wrong"') == 2


def test_names_are_escaped() -> None:
    """Whatever an object is called, it does not become part of the page's code."""
    page = render([exhibit(outcome('<script>"x"</script>.jpg', status="review", candidate="71"))], {}, MADE)
    assert "<script>&#34;" not in page
    assert '<script>"x"' not in page
    assert "&lt;script&gt;" in page


def test_the_detail_shows_the_region_and_every_box() -> None:
    """The part of the sheet that is enlarged holds the region and all boxes, within the sheet."""
    x, y, width, height = detail(open_sheet(sheet_bytes()), REGION, DIGITS).view
    assert 0 <= x <= 295
    assert 0 <= y <= 15
    assert 350 <= x + width <= 451
    assert 55 <= y + height <= 401


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_any_kind_of_image_is_shown_in_colour(mode: str) -> None:
    """White stays white, whatever the file calls it."""
    sheet = open_sheet(sheet_bytes(mode))
    assert sheet.mode == "RGB"
    assert sheet.getpixel((0, 0)) == (255, 255, 255)


def test_the_demo_succeeds_only_when_every_sheet_is_right() -> None:
    """The exit code is 0 for all right, else 1, and what is wrong or missing is named."""
    right = [outcome(fixture.file, status="read", sheetNumber="71") for fixture in FIXTURES]
    wrong = outcome("frame.jpg", "read 12, which is wrong", status="read", sheetNumber="12")
    for outcomes, code, said in [
        (right, 0, f"{len(FIXTURES)} of {len(FIXTURES)} sheets"),
        ([*right[1:], wrong], 1, "frame.jpg: read 12, which is wrong"),
        (right[2:], 1, "2 more were not sent"),
    ]:
        console = Console(file=io.StringIO(), width=200)
        assert demo.conclude(console, outcomes, 1.0, ROOT / "build") == code
        assert isinstance(console.file, io.StringIO)
        assert said in console.file.getvalue()


def test_rows_name_status_number_and_time() -> None:
    """A row of the demo's table has the file, status, number, confidence and milliseconds."""
    console = Console(file=io.StringIO(), width=200)
    console.print(demo.outcome_row(outcome("a.jpg", status="review", candidate="71", confidence=0.8125)))
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().split() == ["a.jpg", "review", "71?", "81.25", "%", "123"]
