"""The blocks that pages are made of: a head, paragraphs, a form's fields, a table."""

from collections.abc import Callable, Iterable

import numpy as np

from tests.corpus import marks, words
from tests.corpus.canvas import Canvas, text_width
from tests.corpus.spec import PAGE

MARGIN = 22.0
"""Where text starts and ends, in mm from the page's edges."""
HEAD_RULE = 46.0
"""How far down the letterhead reaches, in mm."""
LINE = 2.1
"""From one line of text to the next, in digit heights."""
FIELD_PITCH = 11.0
ROW_HEIGHT = 8.0
_COLUMNS = (MARGIN, 70.0, 120.0, 155.0, PAGE.width - MARGIN)

LAST_COLUMN = len(_COLUMNS) - 2
"""The table's rightmost column, counted from 0."""


def letterhead(canvas: Canvas, face: str, rng: np.random.Generator) -> None:
    """Set a logo, a sender and a rule below them."""
    top = rng.uniform(10, 15)
    marks.logo(canvas, (MARGIN, top, MARGIN + 16, top + 12), rng)
    canvas.text((MARGIN + 22, top + 6), words.name(rng), face, 3.6)
    canvas.text((MARGIN + 22, top + 11), words.phrase(rng, 4), face, 1.8)
    canvas.line([(MARGIN - 2, HEAD_RULE), (PAGE.width - 14, HEAD_RULE)], 0.3)


def paragraph(canvas: Canvas, face: str, height: float, y: float, lines: Iterable[str]) -> float:
    """Set lines of text between the margins, and return where the next paragraph's first line stands.

    Args:
        canvas: Where to.
        face: The text's face.
        height: The height of its digits, in mm.
        y: The first line's baseline, in mm.
        lines: The text; words that do not fit are left out.
    """
    width = PAGE.width - 2 * MARGIN
    for line in lines:
        text = line
        while text_width(text, face, height) > width:
            text = text.rsplit(" ", 1)[0]
        canvas.text((MARGIN, y), text, face, height)
        y += LINE * height
    return y + 2 * height


def form(
    canvas: Canvas, pen: Canvas, face: str, rng: np.random.Generator, *, top: float, bottom: float
) -> float:
    """Set two columns of fields from `top` down to `bottom`, most of them filled in by hand.

    Returns:
        Where the next row would stand, in mm.
    """
    y = top
    while y < bottom:
        for x in (MARGIN, PAGE.width / 2 + 4):
            name = str(rng.choice(words.FIELDS))
            width = text_width(name, face, 2.2)
            canvas.text((x, y), name, face, 2.2)
            canvas.line([(x + width + 2, y + 0.6), (x + 76, y + 0.6)], 0.2)
            if rng.random() < 0.6:
                marks.scribble(pen, (x + width + 5, y - 1.2), rng.uniform(12, 30), rng.uniform(3, 5), rng)
        y += FIELD_PITCH
    return y


def table(canvas: Canvas, face: str, y: float, rows: int, cell: Callable[[int], str]) -> float:
    """Rule a table whose top is at `y`, fill its columns with what `cell` says, and return where it ends."""
    bottom = y + ROW_HEIGHT * rows
    for edge in _COLUMNS:
        canvas.line([(edge, y), (edge, bottom)], 0.25)
    for row in range(rows + 1):
        canvas.line([(_COLUMNS[0], y + ROW_HEIGHT * row), (_COLUMNS[-1], y + ROW_HEIGHT * row)], 0.25)
    for row in range(rows):
        for column, edge in enumerate(_COLUMNS[:-1]):
            canvas.text((edge + 2, y + ROW_HEIGHT * row + 5.5), cell(column), face, 2.1)
    return bottom
