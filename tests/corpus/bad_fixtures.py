"""Uploads that hold no sheet number or no image, each with the reason that has to be published."""

import functools
import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from sheetid.result import Reason
from tests.corpus.files import Stored, encode
from tests.corpus.fixture import Fixture, rejects
from tests.corpus.render import render
from tests.corpus.spec import PAGE, Number, Scan, SheetSpec, Surroundings

_FACE = "Roboto-Regular"
_NOTHING = Surroundings(letterhead=False, body="none")


def _draw(spec: SheetSpec, stored: Stored, keep: float = 1.0) -> bytes:
    data = encode(render(spec).image, stored)
    return data[: int(len(data) * keep)]


def _drawn(
    name: str, reason: Reason, spec: SheetSpec, stored: Stored | None = None, keep: float = 1.0
) -> Fixture:
    stored = stored or Stored(dpi=spec.dpi)
    return Fixture(f"{name}.{stored.ending}", rejects(reason), functools.partial(_draw, spec, stored, keep))


def _made(file: str, reason: Reason, make: Callable[[], bytes]) -> Fixture:
    return Fixture(file, rejects(reason), make)


def _empty() -> bytes:
    return b""


def _text() -> bytes:
    return b"Sheet 4082913 was scanned on Monday. This is a text file, whatever its name says.\n" * 20


def _pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def _tiny() -> bytes:
    shades = np.linspace(90, 250, 12 * 9).reshape(9, 12).astype(np.uint8)
    return encode(shades, Stored("png"))


def _bomb() -> bytes:
    """Eighty million white pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (10_000, 8_000), 1).save(out, "png", optimize=False, compress_level=9)
    return out.getvalue()


def _number(text: str = "", height: float = 5.0) -> Number:
    return Number(text, _FACE, height)


_NO_NUMBER = (
    _drawn("no-number-label-only", Reason.NO_DIGITS, SheetSpec(1, _number(), around=Surroundings("No."))),
    _drawn(
        "no-number-empty-frame", Reason.NO_DIGITS, SheetSpec(2, _number(), around=Surroundings(frame=1.5))
    ),
    _drawn(
        "no-number-barcode", Reason.NO_DIGITS, SheetSpec(3, _number(), around=Surroundings(barcode="below"))
    ),
    _drawn(
        "no-number-handwriting",
        Reason.NO_DIGITS,
        SheetSpec(4, _number(), around=Surroundings("Nr.", handwriting=1)),
    ),
    _drawn("blank-corner", Reason.NO_DIGITS, SheetSpec(5, _number(), around=_NOTHING)),
    _drawn(
        "blank-page",
        Reason.NO_DIGITS,
        SheetSpec(6, _number(), view=PAGE, around=_NOTHING, scan=Scan(noise=0.02)),
    ),
    _drawn(
        "text-only-page",
        Reason.NO_DIGITS,
        SheetSpec(7, _number(), view=PAGE, around=Surroundings(body="letter")),
    ),
    _drawn(
        "dusty-blank-corner", Reason.NO_DIGITS, SheetSpec(8, _number(), around=_NOTHING, scan=Scan(specks=25))
    ),
    _drawn("too-few-digits", Reason.WRONG_LENGTH, SheetSpec(9, _number("417"), around=Surroundings("No."))),
    _drawn("too-many-digits", Reason.WRONG_LENGTH, SheetSpec(10, _number("40829137650214", 3.2))),
)

# A truncated JPEG is rejected however much of it is left. Its upload was cut short, decoders fill the rest
# with grey or with the last row, and a digit that happens to be whole is no proof that the next one is. The
# uploader sends it again.
_DAMAGED = (
    _drawn(
        "jpeg-truncated-in-header",
        Reason.NOT_AN_IMAGE,
        SheetSpec(11, _number("4082913"), around=Surroundings("No.")),
        keep=0.02,
    ),
    _drawn("jpeg-truncated-above-number", Reason.NOT_AN_IMAGE, SheetSpec(12, _number("4082913")), keep=0.12),
    _drawn("jpeg-truncated-half", Reason.NOT_AN_IMAGE, SheetSpec(13, _number("4082913")), keep=0.5),
    _drawn("jpeg-truncated-near-end", Reason.NOT_AN_IMAGE, SheetSpec(14, _number("4082913")), keep=0.95),
    _drawn(
        "jpeg-progressive-truncated",
        Reason.NOT_AN_IMAGE,
        SheetSpec(15, _number("4082913")),
        Stored("jpeg-progressive"),
        keep=0.6,
    ),
    _drawn("png-truncated", Reason.NOT_AN_IMAGE, SheetSpec(16, _number("4082913")), Stored("png"), keep=0.6),
)

_ODD = (
    _made("tiny.png", Reason.TOO_SMALL, _tiny),
    _made("empty-object.jpg", Reason.EMPTY_FILE, _empty),
    _made("text-file.jpg", Reason.NOT_AN_IMAGE, _text),
    _made("document.pdf", Reason.NOT_AN_IMAGE, _pdf),
    _made("bomb-80-megapixels.png", Reason.TOO_LARGE, _bomb),
)

BAD: tuple[Fixture, ...] = (*_NO_NUMBER, *_DAMAGED, *_ODD)
