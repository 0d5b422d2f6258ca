"""Sheets as they come in every day, a few of them moderately bad; all of them have to be read right."""

import functools
import zlib
from typing import TYPE_CHECKING, Any

from tests.corpus.files import Stored, encode
from tests.corpus.fixture import Expected, Fixture, doubts, reads
from tests.corpus.render import render
from tests.corpus.spec import LANDSCAPE, PAGE, Colour, Number, Paper, Printing, Scan, SheetSpec, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

_YELLOW: Colour = (0.96, 0.90, 0.62)
_PINK: Colour = (0.95, 0.80, 0.82)
_GREEN: Colour = (0.80, 0.92, 0.80)
_RED_INK: Colour = (0.72, 0.12, 0.12)
_BLUE_INK: Colour = (0.12, 0.16, 0.55)


def _draw(spec: SheetSpec, stored: Stored) -> bytes:
    return encode(render(spec).image, stored)


def _sheet(
    name: str,
    number: Number,
    stored: Stored | None = None,
    expected: "Callable[[str], Expected]" = reads,
    **spec: Any,  # noqa: ANN401 -- SheetSpec's own fields
) -> Fixture:
    # The name seeds the sheet, so that adding one leaves the others as they are.
    seed = zlib.crc32(name.encode())
    stored = stored or Stored(dpi=spec.get("dpi", 200))
    drawn = SheetSpec(seed=seed, number=number, **spec)
    return Fixture(f"{name}.{stored.ending}", expected(number.text), functools.partial(_draw, drawn, stored))


def _around(label: str = "", **others: Any) -> Surroundings:  # noqa: ANN401 -- Surroundings' own fields
    return Surroundings(label=label, **others)


_CROPS = (
    _sheet("corner-plain", Number("4082913", "Roboto-Regular")),
    _sheet("corner-leading-zeros", Number("0004127", "Caladea-Regular")),
    _sheet("corner-four-digits", Number("7305", "HankenGrotesk-Bold", 7)),
    _sheet("corner-five-digits", Number("91836", "cmss10", 6)),
    _sheet("corner-ten-digits", Number("5520198364", "SourceSerifPro-Regular", 4.5)),
    _sheet(
        "corner-typewriter",
        Number("0639572", "cmtt10", 4.5, spacing=0.02),
        printing=Printing(rough=0.04, mottle=0.3),
    ),
    _sheet("corner-bold", Number("66814", "Roboto-Bold", 8), printing=Printing(weight=0.03)),
    _sheet("corner-light", Number("2917403", "Roboto-Light", 5), printing=Printing(weight=-0.02)),
    _sheet("corner-italic", Number("8140577", "Caladea-Italic", 5.5)),
    _sheet("corner-small-digits", Number("30771465", "Roboto-Medium", 3.0, spacing=0.08)),
    _sheet("corner-large-digits", Number("90214", "SourceSerifPro-Semibold", 8.5)),
    _sheet("corner-wide-spacing", Number("158026", "HankenGrotesk-Regular", 4.5, spacing=0.4)),
    _sheet("corner-numbering-stamp", Number("004713", "cmb10", 6, spacing=0.15, jitter=0.05)),
    _sheet("label-no", Number("7719305", "Caladea-Bold", 4.5), around=_around("No.")),
    _sheet(
        "label-sheet-id",
        Number("00912", "Roboto-Regular", 5),
        around=_around("Sheet ID:", label_place="above"),
    ),
    _sheet(
        "label-formular",
        Number("448120", "HankenGrotesk-Medium", 4),
        around=_around("Formular-Nr.", label_size=0.6),
    ),
    _sheet(
        "label-and-prose", Number("6350248", "Caladea-Regular", 5), around=_around("Nr.", prose=6, dates=True)
    ),
    _sheet("frame", Number("380214", "SourceSerifPro-Bold", 5.5), around=_around(frame=1.6, rule=0.3)),
    _sheet(
        "frame-cells",
        Number("902617", "Roboto-Medium", 5, spacing=0.5),
        around=_around(frame=1.1, cells=True),
    ),
    _sheet("underline", Number("5177094", "cmr10", 5), around=_around("No.", underline=0.7)),
    _sheet("barcode-below", Number("00283916", "Roboto-Regular", 4), around=_around(barcode="below")),
    _sheet(
        "barcode-above",
        Number("8824017", "HankenGrotesk-Regular", 4, top=22),
        around=_around(barcode="above"),
    ),
    _sheet(
        "handwriting-and-stamp", Number("73105", "Caladea-Bold", 6), around=_around(handwriting=2, stamp=True)
    ),
)

_SCANNED = (
    _sheet("rotated-2-degrees", Number("1960735", "Roboto-Regular"), scan=Scan(rotation=2, bed=0.95)),
    _sheet(
        "rotated-minus-5-degrees", Number("684209", "Caladea-Regular", 5.5), scan=Scan(rotation=-5, bed=0.15)
    ),
    _sheet(
        "rotated-5-degrees-label", Number("0587143", "cmss10"), around=_around("ID:"), scan=Scan(rotation=5)
    ),
    _sheet("blurred", Number("2201987", "SourceSerifPro-Semibold", 5), scan=Scan(defocus=0.14)),
    _sheet("smeared", Number("7046518", "Roboto-Medium", 5.5), scan=Scan(motion=0.4)),
    _sheet("noisy", Number("5309216", "HankenGrotesk-Medium", 5), scan=Scan(noise=0.07)),
    _sheet("salt-and-pepper", Number("880419", "Roboto-Bold", 6), scan=Scan(salt_pepper=0.02)),
    _sheet("dusty", Number("4417025", "Caladea-Bold", 6), scan=Scan(specks=8, noise=0.02)),
    _sheet("streaks", Number("916038", "Roboto-Medium", 6), scan=Scan(streaks=3)),
    _sheet("uneven-light", Number("3751802", "Caladea-Regular", 5), scan=Scan(light=0.5, noise=0.02)),
    _sheet("shadow", Number("6092744", "cmr10", 5.5), scan=Scan(shadow=0.5, noise=0.02)),
    _sheet(
        "low-contrast", Number("1284650", "Roboto-Regular", 5), scan=Scan(black=0.35, white=0.75, noise=0.015)
    ),
    _sheet(
        "faint-print",
        Number("7730926", "HankenGrotesk-Medium", 5),
        printing=Printing(density=0.45, mottle=0.2),
    ),
    _sheet(
        "worn-ribbon",
        Number("240851", "cmtt10", 6),
        printing=Printing(weight=0.06, rough=0.05, voids=0.1, mottle=0.4),
    ),
    _sheet("dot-matrix", Number("0917350", "cmtt10", 5), printing=Printing(weight=0.05, dots=0.26)),
    _sheet(
        "sharpened",
        Number("5582013", "SourceSerifPro-Regular", 5),
        scan=Scan(sharpen=1.0, defocus=0.08, noise=0.02),
    ),
    _sheet("jpeg-60", Number("3048175", "Caladea-Regular", 4.5), Stored(quality=60), scan=Scan(noise=0.02)),
    _sheet("jpeg-95", Number("8160294", "Roboto-Light", 5), Stored(quality=95)),
    _sheet(
        "crumpled",
        Number("4920671", "Roboto-Regular", 5.5),
        paper=Paper(texture=0.03, fold=0.35, show_through=0.1),
    ),
    _sheet(
        "everything-a-little",
        Number("0375186", "Caladea-Bold", 5),
        Stored(quality=70),
        around=_around("No.", prose=3, handwriting=1),
        printing=Printing(rough=0.03, mottle=0.25, voids=0.04),
        scan=Scan(rotation=-3, bed=0.9, light=0.25, defocus=0.08, noise=0.03, specks=2),
    ),
    _sheet("upside-down", Number("7416920", "Roboto-Regular", 5), around=_around("No."), turn=2),
)

_COLOURED = (
    _sheet(
        "yellow-paper",
        Number("6187402", "Caladea-Regular"),
        coloured=True,
        paper=Paper(_YELLOW, texture=0.015),
    ),
    _sheet("red-ink", Number("0049318", "cmb10", 6, colour=_RED_INK), coloured=True, around=_around("Nr.")),
    _sheet(
        "blue-on-green",
        Number("583067", "Roboto-Medium", colour=_BLUE_INK),
        coloured=True,
        paper=Paper(_GREEN),
    ),
    _sheet(
        "red-on-pink",
        Number("27904", "HankenGrotesk-Bold", 7, colour=_RED_INK),
        coloured=True,
        paper=Paper(_PINK),
    ),
)

_RESOLUTIONS = (
    _sheet("corner-100-dpi", Number("91527", "Roboto-Medium", 5.5), dpi=100, scan=Scan(defocus=0.08)),
    _sheet("corner-150-dpi", Number("3306158", "Caladea-Regular", 4.5), dpi=150),
    _sheet(
        "corner-300-dpi", Number("0760249", "Roboto-Regular", 4.5), dpi=300, around=_around("No.", prose=4)
    ),
    _sheet(
        "corner-600-dpi", Number("5498130", "SourceSerifPro-Regular", 5), dpi=600, scan=Scan(rotation=1.5)
    ),
    _sheet("page-150-dpi", Number("4173068", "Roboto-Regular"), view=PAGE, dpi=150, around=_around("Nr.")),
    _sheet(
        "page-200-dpi-letter",
        Number("0062951", "Caladea-Regular"),
        view=PAGE,
        around=_around(holes=True, dates=True),
    ),
    _sheet(
        "page-200-dpi-form",
        Number("9350417", "Roboto-Medium", 4.5),
        view=PAGE,
        around=_around("Sheet ID:", body="form", handwriting=1, holes=True, dates=True),
        scan=Scan(rotation=-2, bed=0.92, noise=0.02),
    ),
    _sheet(
        "page-200-dpi-table",
        Number("184207", "HankenGrotesk-Medium", 6),
        view=PAGE,
        around=_around(body="table", frame=1.5, dates=True),
        scan=Scan(light=0.3, noise=0.02),
    ),
    _sheet(
        "page-300-dpi",
        Number("7250386", "SourceSerifPro-Semibold"),
        Stored(quality=80, dpi=300),
        view=PAGE,
        dpi=300,
        around=_around("No.", body="letter", barcode="below", dates=True),
        scan=Scan(rotation=1, bed=0.1, noise=0.02),
    ),
    _sheet(
        "page-600-dpi",
        Number("0319864", "Caladea-Regular", 5),
        Stored(quality=60, dpi=600),
        view=PAGE,
        dpi=600,
        # Thirty-five million pixels: a clean print of the usual things keeps drawing them quick.
        printing=Printing(rough=0, mottle=0),
        paper=Paper(texture=0),
    ),
    _sheet("page-upside-down", Number("8603172", "Roboto-Regular"), view=PAGE, turn=2, around=_around("No.")),
    _sheet("page-quarter-turned", Number("2047591", "Caladea-Bold"), view=PAGE, dpi=150, turn=1),
    _sheet(
        "page-landscape",
        Number("5092716", "Roboto-Medium"),
        view=LANDSCAPE,
        around=_around("Nr.", body="table", dates=True),
    ),
    _sheet(
        "page-landscape-turned",
        Number("0738149", "Caladea-Regular"),
        view=LANDSCAPE,
        dpi=150,
        turn=3,
        around=_around(body="form"),
    ),
)

_FORMATS = (
    _sheet("jpeg-progressive", Number("5136087", "Roboto-Regular"), Stored("jpeg-progressive")),
    _sheet("jpeg-cmyk", Number("2890174", "Caladea-Regular"), Stored("jpeg-cmyk", 90), coloured=True),
    _sheet(
        "jpeg-exif-rotated",
        Number("9417350", "HankenGrotesk-Medium"),
        Stored("jpeg-exif"),
        around=_around("No."),
    ),
    _sheet("png-grey", Number("7082641", "cmss10"), Stored("png")),
    _sheet("png-palette", Number("4639105", "Roboto-Medium"), Stored("png-palette"), coloured=True),
    _sheet("png-alpha", Number("0158273", "Caladea-Bold"), Stored("png-alpha"), coloured=True),
    _sheet("png-transparent", Number("6720948", "Roboto-Regular"), Stored("png-transparent")),
    _sheet("png-16-bit", Number("3594026", "SourceSerifPro-Regular"), Stored("png-16-bit")),
    _sheet("png-1-bit", Number("8271460", "Roboto-Medium", 5.5), Stored("png-1-bit")),
    _sheet("tiff-lzw", Number("1903675", "HankenGrotesk-Regular"), Stored("tiff-lzw")),
    _sheet(
        "tiff-fax-g4",
        Number("6045829", "cmr10", 5.5),
        Stored("tiff-g4"),
        view=PAGE,
        around=_around("Nr.", dates=True),
    ),
    _sheet("webp", Number("0846317", "Caladea-Regular"), Stored("webp", 80)),
    _sheet("gif", Number("7390215", "Roboto-Regular"), Stored("gif")),
    _sheet("bmp", Number("4581762", "SourceSerifPro-Semibold"), Stored("bmp")),
)

_DOUBTFUL = (
    _sheet(
        "doubtful-struck-out",
        Number("5803916", "Roboto-Regular", 5),
        expected=doubts,
        around=_around(strike=True, rule=0.6),
    ),
    _sheet(
        "doubtful-faded",
        Number("6188305", "Caladea-Regular", 4),
        Stored(quality=40),
        expected=doubts,
        printing=Printing(density=0.2, voids=0.35, mottle=0.5),
        scan=Scan(noise=0.07, defocus=0.12),
    ),
    _sheet(
        "doubtful-out-of-focus",
        Number("3896085", "cmss10", 3),
        expected=doubts,
        scan=Scan(defocus=0.45, noise=0.03),
    ),
)

GOOD: tuple[Fixture, ...] = (*_CROPS, *_SCANNED, *_COLOURED, *_RESOLUTIONS, *_FORMATS)
DOUBTFUL: tuple[Fixture, ...] = _DOUBTFUL
