"""Fills a whole page, from its head to its foot, with all that stands on it but for its number."""

from collections.abc import Callable

import numpy as np

from tests.corpus import blocks, figures, marks, words
from tests.corpus.blocks import HEAD_RULE, LAST_COLUMN, LINE, MARGIN
from tests.corpus.canvas import Canvas, text_width
from tests.corpus.matter import Body, Matter
from tests.corpus.spec import PAGE

_MIDDLE = 80.0
"""Where the middle of the head is, in mm; what is centred farther right would run into the number."""
_ADDRESS = HEAD_RULE + 9
_REFERENCES = 128.0, 158.0
"""Where their names and their values start, in mm."""
_FOOT = 276.0
_BARCODE = 254.0
_SIGNATURE = 24.0

_Room = tuple[float, float]
"""From where to where a part of the body may reach down, in mm."""


def fill(canvas: Canvas, pen: Canvas, matter: Matter, rng: np.random.Generator, *, numbered: bool) -> None:
    """Print on `canvas` and write with `pen` what is on the page; a number has the corner for itself."""
    _head(canvas, matter, rng)
    if not numbered:
        _corner(canvas, matter, rng)
    y = max(
        _lines(canvas, matter, (MARGIN, _ADDRESS), figures.address(rng)), _references(canvas, matter, rng)
    )
    y += 4 * matter.height
    if matter.head != "title":
        canvas.text((MARGIN, y), str(rng.choice(words.HEADINGS)), matter.heading, 1.6 * matter.height)
    y += 3 * matter.height
    bottom = (_BARCODE if matter.barcode else _FOOT) - 3 * matter.height
    for part in matter.body:
        y = _BODIES[part](canvas, pen, matter, (y, bottom), rng) + 2 * matter.height
    if matter.signed and y + _SIGNATURE < bottom:
        _signature(canvas, pen, matter, y, rng)
    if matter.barcode:
        _barcode(canvas, matter, rng)
    _foot(canvas, matter, rng)
    if matter.staple:
        marks.staple(canvas, (rng.uniform(4, 12), rng.uniform(12, 18)), rng)


def _lines(canvas: Canvas, matter: Matter, start: tuple[float, float], lines: list[str]) -> float:
    """Set lines below each other, and return where the next one would stand."""
    x, y = start
    for line in lines:
        canvas.text((x, y), line, matter.face, matter.height)
        y += LINE * matter.height
    return y


def _head(canvas: Canvas, matter: Matter, rng: np.random.Generator) -> None:
    if matter.head == "letterhead":
        blocks.letterhead(canvas, matter.face, rng)
        _lines(canvas, matter, (MARGIN + 22, 31), figures.contact(rng))
    elif matter.head == "title":
        y = rng.uniform(16, 28)
        canvas.text((MARGIN, y), str(rng.choice(words.HEADINGS)), matter.heading, rng.uniform(4, 6.5))
        canvas.text((MARGIN, y + 4 * matter.height), words.phrase(rng, 4), matter.face, matter.height)
    elif matter.head == "middle":
        y = rng.uniform(14, 18)
        _centred(canvas, words.name(rng), matter.heading, 4.0, y)
        for line in figures.contact(rng):
            y += LINE * matter.height + 1
            _centred(canvas, line, matter.face, matter.height, y)


def _centred(canvas: Canvas, text: str, face: str, height: float, y: float) -> None:
    canvas.text((_MIDDLE - text_width(text, face, height) / 2, y), text, face, height)


def _flush_right(canvas: Canvas, text: str, matter: Matter, y: float) -> None:
    width = text_width(text, matter.face, matter.height)
    canvas.text((PAGE.width - MARGIN - width, y), text, matter.face, matter.height)


def _corner(canvas: Canvas, matter: Matter, rng: np.random.Generator) -> None:
    """Fill the place where other pages have their number."""
    y = rng.uniform(12, 26)
    if matter.corner == "contact":
        for line in figures.contact(rng):
            _flush_right(canvas, line, matter, y)
            y += LINE * matter.height
    elif matter.corner == "date":
        _flush_right(canvas, figures.date(rng), matter, y)
    elif matter.corner == "page":
        _flush_right(canvas, figures.page_number(rng), matter, y)
    elif matter.corner == "name":
        _flush_right(canvas, words.name(rng), matter, y)
    elif matter.corner == "logo":
        marks.logo(canvas, (PAGE.width - MARGIN - 24, y, PAGE.width - MARGIN - 8, y + 12), rng)


def _references(canvas: Canvas, matter: Matter, rng: np.random.Generator) -> float:
    """Set names and values in two columns, and return how far down they reach."""
    y = matter.references
    for name, value in figures.references(rng):
        for x, text in zip(_REFERENCES, (name, value), strict=True):
            canvas.text((x, y), text, matter.face, matter.height)
        y += LINE * matter.height
    return y


def _paragraphs(canvas: Canvas, pen: Canvas, matter: Matter, room: _Room, rng: np.random.Generator) -> float:
    del pen
    y, bottom = room
    for wanted in rng.integers(2, 9, rng.integers(1, 5)):
        fitting = int((bottom - y) / (LINE * matter.height))
        lines = [figures.sentence(rng) for _ in range(min(wanted, fitting))]
        y = blocks.paragraph(canvas, matter.face, matter.height, y, lines)
    return y


def _form(canvas: Canvas, pen: Canvas, matter: Matter, room: _Room, rng: np.random.Generator) -> float:
    y, bottom = room
    reach = y + blocks.FIELD_PITCH * rng.integers(3, 9)
    return blocks.form(canvas, pen, matter.face, rng, top=y, bottom=min(bottom, reach))


def _table(canvas: Canvas, pen: Canvas, matter: Matter, room: _Room, rng: np.random.Generator) -> float:
    """Set a table of articles: number, name, how many, and for how much."""
    del pen
    y, bottom = room
    digits = int(rng.integers(4, 9))

    def cell(column: int) -> str:
        if column == 0:
            return figures.running(rng, digits, digits)
        if column == LAST_COLUMN:
            return figures.amount(rng)
        return words.phrase(rng, 2) if column == 1 else str(rng.integers(1, 100))

    rows = min(int(rng.integers(3, 16)), int((bottom - y) / blocks.ROW_HEIGHT))
    return blocks.table(canvas, matter.face, y, max(1, rows), cell) + LINE * matter.height


_BODIES: dict[Body, Callable[[Canvas, Canvas, Matter, _Room, np.random.Generator], float]] = {
    "paragraphs": _paragraphs,
    "form": _form,
    "table": _table,
}


def _signature(canvas: Canvas, pen: Canvas, matter: Matter, y: float, rng: np.random.Generator) -> None:
    length = rng.uniform(25, 45)
    marks.scribble(pen, (MARGIN + 4, y + 9), length, rng.uniform(6, 10), rng)
    canvas.line([(MARGIN, y + 15), (MARGIN + 60, y + 15)], 0.2)
    canvas.text((MARGIN, y + 15 + 1.5 * matter.height), words.name(rng), matter.face, 0.8 * matter.height)


def _barcode(canvas: Canvas, matter: Matter, rng: np.random.Generator) -> None:
    left = float(rng.choice([MARGIN, PAGE.width - MARGIN - 50]))
    marks.barcode(canvas, (left, _BARCODE, left + 50, _BARCODE + 10), rng)
    canvas.text((left + 8, _BARCODE + 13), figures.running(rng, 12, 13), matter.face, 2.0)


def _foot(canvas: Canvas, matter: Matter, rng: np.random.Generator) -> None:
    """Set small print in columns below a rule, and the page's number below that."""
    canvas.line([(MARGIN, _FOOT), (PAGE.width - MARGIN, _FOOT)], 0.2)
    height = rng.uniform(1.3, 1.7)
    for column, lines in enumerate(figures.foot(rng)):
        for row, line in enumerate(lines):
            at = (MARGIN + 56 * column, _FOOT + 1.5 + 1.9 * height * (row + 1))
            canvas.text(at, line, matter.face, height)
    x = (MARGIN, PAGE.width / 2, PAGE.width - MARGIN - 20)[rng.integers(3)]
    canvas.text((x, PAGE.height - 7), figures.page_number(rng), matter.face, 0.9 * matter.height)
