"""Where things stand on the page: the number with what belongs to it, and the rest of the page around it."""

import itertools
from dataclasses import dataclass

import numpy as np

from tests.corpus import blocks, figures, filling, fonts, marks, words
from tests.corpus.canvas import Box, Canvas, text_width
from tests.corpus.spec import PAGE, Number, SheetSpec, Surroundings, View

_EDGE = 5.0
"""How far print stays away from the paper's edge, in mm."""
_TEXT_FACES = ("Caladea-Regular", "Roboto-Regular", "SourceSerifPro-Regular", "HankenGrotesk-Regular")


@dataclass(frozen=True, slots=True)
class Layers:
    """The page's inks, in the order in which they went onto the paper.

    Attributes:
        print: Everything printed except the number.
        number: The number.
        pen: What was written or stamped.
        digits: The box of each digit's ink, in mm on the page.
    """

    print: Canvas
    number: Canvas
    pen: Canvas
    digits: tuple[Box, ...]


def lay_out(spec: SheetSpec, view: View, scale: float, rng: np.random.Generator) -> Layers:
    """Draw the page's ink within `view` at `scale` pixels to the millimetre."""
    layers = [Canvas(view, scale) for _ in range(3)]
    print_, number, pen = layers
    digits = _set_number(number, spec.number, rng)
    place = _place(spec.number, digits)
    _set_off(print_, spec, place, digits, rng)
    lowest = _label_and_barcode(print_, spec, place, rng)
    _prose(print_, spec, place, lowest, rng)
    if spec.matter is None:
        _page(print_, pen, spec.around, rng)
    else:
        filling.fill(print_, pen, spec.matter, rng, numbered=bool(digits))
    _by_hand(pen, spec, place, rng)
    return Layers(print_, number, pen, tuple(digits))


def number_width(number: Number) -> float:
    """Return the number's width in mm."""
    advances = sum(text_width(digit, number.face, number.height) for digit in number.text)
    return advances + number.spacing * number.height * max(0, len(number.text) - 1)


def _set_number(canvas: Canvas, number: Number, rng: np.random.Generator) -> list[Box]:
    x = PAGE.width - number.right - number_width(number)
    baseline = number.top + number.height
    boxes = []
    for digit in number.text:
        off = rng.normal(0, number.jitter * number.height / 2) if number.jitter else 0.0
        canvas.text((x, baseline + off), digit, number.face, number.height)
        boxes.append(canvas.ink_box((x, baseline + off), digit, number.face, number.height))
        x += text_width(digit, number.face, number.height) + number.spacing * number.height
    return boxes


def _place(number: Number, digits: list[Box]) -> Box:
    """The number's box, or where it would be if there were one."""
    if not digits:
        right = PAGE.width - number.right
        return right - 6 * number.height, number.top, right, number.top + number.height
    left, top, right, bottom = np.asarray(digits).T
    return float(left.min()), float(top.min()), float(right.max()), float(bottom.max())


def _set_off(
    canvas: Canvas, spec: SheetSpec, place: Box, digits: list[Box], rng: np.random.Generator
) -> None:
    """Frame, underline and strike out the number."""
    around = spec.around
    left, top, right, bottom = place
    if around.frame is not None:
        gap = around.frame
        radius = float(rng.choice([0, 0, 1.2])) if not around.cells else 0.0
        canvas.rectangle((left - gap, top - gap, right + gap, bottom + gap), around.rule, radius)
        if around.cells:
            for one, other in itertools.pairwise(digits):
                x = (one[2] + other[0]) / 2
                canvas.line([(x, top - gap), (x, bottom + gap)], around.rule)
    if around.underline is not None:
        y = bottom + around.underline + around.rule / 2
        canvas.line([(left - 1, y), (right + 1, y)], around.rule)
    if around.strike:
        drop = rng.uniform(-0.15, 0.15) * (bottom - top)
        y = top + rng.uniform(0.35, 0.65) * (bottom - top)
        canvas.line([(left - 1, y - drop), (right + 1, y + drop)], around.rule)


def _label_and_barcode(canvas: Canvas, spec: SheetSpec, place: Box, rng: np.random.Generator) -> float:
    """Set what stands beside the number, and return how far down it reaches."""
    around, number = spec.around, spec.number
    left, top, right, bottom = place
    gap = (around.frame or 0.0) + rng.uniform(1.0, 2.0)
    face = number.face if fonts.FACES[number.face].sets_words else _text_face(spec, rng)
    height = number.height * around.label_size
    if around.label and around.label_place == "left":
        left -= gap + text_width(around.label, face, height)
        canvas.text((left, number.top + number.height), around.label, face, height)
    elif around.label:
        canvas.text((left, top - gap), around.label, face, height)
        top -= gap + height
    lowest = bottom + gap
    size = rng.uniform(5, 9)
    if around.barcode == "below":
        marks.barcode(canvas, (right - rng.uniform(30, 44), lowest, right, lowest + size), rng)
        lowest += size
    elif around.barcode == "above":
        marks.barcode(canvas, (right - rng.uniform(30, 44), top - gap - size, right, top - gap), rng)
    elif around.barcode == "left":
        marks.barcode(canvas, (left - gap - 33, bottom - size, left - gap - 3, bottom), rng)
    return lowest


def _prose(canvas: Canvas, spec: SheetSpec, place: Box, lowest: float, rng: np.random.Generator) -> None:
    """Set small print directly below the number, flush left with it or starting left of it."""
    face = _text_face(spec, rng)
    height = rng.uniform(1.6, 2.2)
    left = place[0] - rng.uniform(0, 12)
    y = lowest + 2.2 * height
    for line in range(spec.around.prose):
        text = words.phrase(rng, 5)
        if spec.around.dates and line == 1:
            text = figures.date(rng)
        # The corners let it run over the paper's edge, which a whole page would show.
        last = PAGE.width - _EDGE - text_width(text, face, height) if spec.matter else left
        canvas.text((min(left, last), y), text, face, height)
        y += height * 1.9


def _page(canvas: Canvas, pen: Canvas, around: Surroundings, rng: np.random.Generator) -> None:
    """Fill the rest of the page."""
    face = str(rng.choice(_TEXT_FACES))
    if around.letterhead:
        blocks.letterhead(canvas, face, rng)
        if around.dates:
            canvas.text((PAGE.width - 45, 52), figures.date(rng), face, 2.2)
    y = rng.uniform(58, 66)
    if around.body != "none":
        canvas.text((blocks.MARGIN, y), str(rng.choice(words.HEADINGS)), face, 4.0)
    if around.body == "letter":
        _letter(canvas, face, y + 12, rng)
    elif around.body == "form":
        blocks.form(canvas, pen, face, rng, top=y + 12, bottom=PAGE.height - 30)
    elif around.body == "table":
        _table(canvas, face, y + 10, around, rng)


def _letter(canvas: Canvas, face: str, y: float, rng: np.random.Generator) -> None:
    height = rng.uniform(2.0, 2.5)
    while y < PAGE.height - 40:
        lines = [words.phrase(rng, 16) for _ in range(rng.integers(3, 8))]
        y = blocks.paragraph(canvas, face, height, y, lines)


def _table(canvas: Canvas, face: str, y: float, around: Surroundings, rng: np.random.Generator) -> None:
    def cell(column: int) -> str:
        money = around.dates and column == blocks.LAST_COLUMN
        return figures.amount(rng) if money else words.phrase(rng, 1 + column % 2)

    blocks.table(canvas, face, y, int(rng.integers(8, 20)), cell)


def _by_hand(pen: Canvas, spec: SheetSpec, place: Box, rng: np.random.Generator) -> None:
    around = spec.around
    left, top, right, bottom = place
    for index in range(around.handwriting):
        x, y = (left - 16, bottom + 9) if index == 0 else (rng.uniform(60, 190), rng.uniform(60, 280))
        marks.scribble(pen, (x + rng.uniform(-6, 10), y), rng.uniform(14, 28), rng.uniform(4, 7), rng)
    if around.handwriting > 1:
        marks.tick(pen, (right + 2, top + 2), 3.5)
    if around.stamp:
        beside = (left - rng.uniform(2, 16), bottom + rng.uniform(7, 14))
        marks.stamp(pen, beside, _text_face(spec, rng), rng)


def _text_face(spec: SheetSpec, rng: np.random.Generator) -> str:
    """Return the face of small print: the page's, or one of a few where no more of the page is known."""
    return spec.matter.face if spec.matter else str(rng.choice(_TEXT_FACES))
