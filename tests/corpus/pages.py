"""Whole A4 pages: what a scanner makes of a page when nobody has cut its corner out.

A page is an everyday sheet, or one of a bad day, whose number stands among all that pages are full of: names,
dates, telephone numbers, customers' numbers and amounts. Some pages have no number; nothing on them may be
taken for one.
"""

import dataclasses
from collections.abc import Sequence
from typing import get_args

import numpy as np

from tests.corpus.fields import stream
from tests.corpus.files import Format, Stored
from tests.corpus.fonts import Face
from tests.corpus.layout import number_width
from tests.corpus.matter import Body, Corner, Head, Matter
from tests.corpus.sampling import Drawn, bad_day, chance, either, everyday, fitted
from tests.corpus.scanning import homography, moved
from tests.corpus.spec import BLACK, PAGE, WHITE, SheetSpec, Surroundings, View

_NUMBERLESS, _BAD_DAYS, _BILEVEL = 0.15, 1 / 6, 0.12
_DPI = {100: 0.05, 150: 0.2, 200: 0.42, 300: 0.28, 400: 0.03, 600: 0.02}
_TURNED = (0.8, 0.04, 0.12, 0.04)
"""How many pages lie so, by the quarter turns clockwise."""
_CORNER_WIDTH = 90.0
"""How much of the page's width the number and its label may take, with the margin, in mm."""
_CLEAR = 2.0
"""How far the number stays away from the picture's edge, in mm."""
_LEAST_BILEVEL_DPI, _MOST_COLOURED_DPI = 200, 300
_GREYS: tuple[Format, ...] = ("jpeg", "jpeg", "jpeg", "jpeg-progressive", "png", "tiff-lzw")
_BLACK_AND_WHITE: tuple[Format, ...] = ("tiff-g4", "tiff-g4", "png-1-bit")
_HEADS: tuple[Head, ...] = ("letterhead", "letterhead", "title", "middle", "none")
_CORNERS: tuple[Corner, ...] = get_args(Corner)
_BODIES: tuple[tuple[Body, ...], ...] = (
    ("paragraphs",),
    ("paragraphs", "paragraphs"),
    ("table",),
    ("table", "paragraphs"),
    ("paragraphs", "table"),
    ("form",),
    ("form", "paragraphs"),
    ("paragraphs", "form"),
)


def page(rng: np.random.Generator, faces: Sequence[Face]) -> Drawn:
    """Draw lots for a whole page."""
    bad = chance(rng, _BAD_DAYS)
    spec, stored = bad_day(rng, faces) if bad else everyday(rng, faces)
    numbered = not chance(rng, _NUMBERLESS)
    spec = dataclasses.replace(
        spec,
        number=dataclasses.replace(
            spec.number,
            text=spec.number.text if numbered else "",
            height=float(rng.uniform(3, 6)),
            right=float(rng.uniform(8, 25)),
            top=float(rng.uniform(8, 24)),
        ),
        view=_view(rng),
        dpi=int(rng.choice(list(_DPI), p=list(_DPI.values()))),
        turn=int(rng.choice(len(_TURNED), p=_TURNED)),
        around=_around(rng, spec.around if numbered else Surroundings()),
        scan=dataclasses.replace(spec.scan, rotation=either(rng, 0.15, -5, 5, float(rng.uniform(-2, 2)))),
        matter=_matter(rng, faces, numbered=numbered),
    )
    if chance(rng, _BILEVEL) and spec.dpi >= _LEAST_BILEVEL_DPI and not bad:
        spec, form = _bilevel(spec), _BLACK_AND_WHITE[rng.integers(len(_BLACK_AND_WHITE))]
    else:
        spec = dataclasses.replace(spec, coloured=spec.coloured and spec.dpi <= _MOST_COLOURED_DPI)
        form = "jpeg" if spec.coloured else _GREYS[rng.integers(len(_GREYS))]
    return _kept_in(fitted(spec, _CORNER_WIDTH)), Stored(form, stored.quality, spec.dpi)


def _view(rng: np.random.Generator) -> View:
    """Return what the scanner saw: the page, now and then more than that or not all of it."""
    left, top, right, bottom = np.zeros(4)
    if chance(rng, 0.25):
        left, top, right, bottom = rng.uniform(0, 6, 4)
    elif chance(rng, 0.1):
        left, top, right, bottom = rng.uniform(-3, 0, 4)
    return View(
        -float(left), -float(top), PAGE.width + float(left + right), PAGE.height + float(top + bottom)
    )


def _around(rng: np.random.Generator, around: Surroundings) -> Surroundings:
    """Return what surrounds the number, with no more around it than a page's corner has room for."""
    coded = around.barcode != "none"
    return dataclasses.replace(
        around,
        barcode="below" if coded else "none",
        prose=0 if coded else min(around.prose, 3),
        dates=chance(rng, 0.5),
        handwriting=int(rng.integers(1, 4)) if chance(rng, 0.3) else 0,
        stamp=chance(rng, 0.1),
        holes=chance(rng, 0.3),
    )


def _matter(rng: np.random.Generator, faces: Sequence[Face], *, numbered: bool) -> Matter:
    face, heading = rng.choice([face.name for face in faces if face.sets_words], 2)
    return Matter(
        str(face),
        str(heading),
        height=float(rng.uniform(1.7, 2.6)),
        head=_HEADS[rng.integers(len(_HEADS))],
        corner="nothing" if numbered else _CORNERS[rng.integers(len(_CORNERS))],
        # A customer's number in the corner of a page without another would be the sheet's for all one knows.
        references=float(rng.uniform(54 if numbered else 64, 72)),
        body=_BODIES[rng.integers(len(_BODIES))],
        signed=chance(rng, 0.4),
        barcode=chance(rng, 0.2),
        staple=chance(rng, 0.15),
    )


def _bilevel(spec: SheetSpec) -> SheetSpec:
    """Return the page as it is when the scanner tells ink from paper: after it has evened out the light."""
    return dataclasses.replace(
        spec,
        coloured=False,
        number=dataclasses.replace(spec.number, colour=BLACK),
        paper=dataclasses.replace(spec.paper, colour=WHITE, show_through=0.0),
        scan=dataclasses.replace(spec.scan, light=0.0, black=0.0, white=1.0),
    )


def _kept_in(spec: SheetSpec) -> SheetSpec:
    """Return the page with its number moved down and left as far as skew would cut it off otherwise."""
    number = spec.number
    right, bottom = PAGE.width - number.right, number.top + number.height
    to_scan = homography(spec.scan, spec.view, 1.0, stream(spec.seed, "geometry"))
    _, top, end, _ = moved((right - number_width(number), number.top, right, bottom), to_scan)
    kept = dataclasses.replace(
        number,
        top=number.top + max(0.0, _CLEAR - top),
        right=number.right + max(0.0, end - (spec.view.width - _CLEAR)),
    )
    return dataclasses.replace(spec, number=kept)
