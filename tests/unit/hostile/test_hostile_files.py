"""Files made to do harm: each ends as a reading, or as a PermanentError that names its reason."""

import struct

import numpy as np
import pytest
from PIL import Image

from sheetid.errors import PermanentError
from sheetid.reader import read_sheet
from sheetid.result import Reason
from sheetid.settings import ReadingSettings
from sheetid.vision.decoding import decode
from tests.unit.hostile import files
from tests.unit.hostile.classifiers import AnyScores

SETTINGS = ReadingSettings()
LARGE, SMALL, NONE = Reason.TOO_LARGE, Reason.TOO_SMALL, Reason.NOT_AN_IMAGE
JPEG = files.encoded(files.number(), "JPEG", quality=90)
PNG = files.encoded(files.number(), "PNG")
TIFF_PIXELS = bytes(64 * 64)
COLOURS = np.full((40, 60, 3), 0.5, np.float32)

REFUSED = {
    "png says a billion pixels": (files.png(40_000, 40_000, rows=1), LARGE),
    "png says the most that fits its header": (files.png(2**31 - 1, 2**31 - 1, rows=0), LARGE),
    "png says no pixels": (files.png(0, 0, rows=0), NONE),
    "png says a few more rows than it has": (files.png(300, 400, rows=120), NONE),
    "png of 16-bit colour and transparency": (files.png(8000, 4000, 16, files.RGBA, rows=1), LARGE),
    "jpeg says 65535 x 65535": (files.with_jpeg_size(JPEG, 65_535, 65_535), LARGE),
    "jpeg says no rows": (files.with_jpeg_size(JPEG, 300, 0), NONE),
    "tiff says four billion columns": (files.grey_tiff(2**32 - 1, 64, TIFF_PIXELS), LARGE),
    "tiff says 20000 x 20000": (files.grey_tiff(20_000, 20_000, TIFF_PIXELS), LARGE),
    "tiff says 64 first and 30000 then": (
        files.grey_tiff(64, 64, TIFF_PIXELS, [(256, files.LONG, 30_000), (257, files.LONG, 30_000)]),
        LARGE,
    ),
    "tiff says 30000 first and 64 then": (
        files.grey_tiff(30_000, 30_000, TIFF_PIXELS, [(256, files.LONG, 64), (257, files.LONG, 64)]),
        NONE,
    ),
    "tiff whose directory is its own successor": (b"II*\0\x08\0\0\0\0\0\x08\0\0\0", NONE),
    "tiff whose directory lies beyond its end": (b"MM\0*\x7f\xff\xff\xff", NONE),
    "gif says 32767 x 32767": (b"GIF89a\xff\x7f\xff\x7f" + bytes(20) + b";", LARGE),
    "webp says 16383 x 16383": (
        b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\x3f\0\xfe\x3f\0",
        LARGE,
    ),
    "bmp says a negative size": (b"BM" + bytes(12) + struct.pack("<Iii", 40, -100, -100) + bytes(40), NONE),
    "pgm says a billion pixels": (b"P5\n40000 40000\n255\n" + bytes(64), LARGE),
    "pgm says what python would not print": (b"P5\n" + b"9" * 5000 + b" 40\n255\n" + bytes(64), NONE),
    "one row": (files.png(2000, 1), SMALL),
    "one column": (files.png(1, 2000), SMALL),
    "one pixel": (files.png(1, 1), SMALL),
    "longer than OpenCV can turn": (files.png(32_800, 16), LARGE),
    "float tiff": (files.by_opencv(".tiff", COLOURS), NONE),
    "double tiff": (files.by_opencv(".tiff", COLOURS.astype(np.float64)), NONE),
    "radiance hdr": (files.by_opencv(".hdr", COLOURS), NONE),
    "openexr": (b"\x76\x2f\x31\x01\x02\0\0\0" + bytes(200), NONE),
    "portable float map": (files.by_opencv(".pfm", COLOURS), NONE),
    "jpeg 2000": (files.by_opencv(".jp2", (COLOURS * 255).astype(np.uint8)), NONE),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"/>', NONE),
    "svg that names a file": (
        b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg width="300" height="120">&x;</svg>',
        NONE,
    ),
    "pdf": (b"%PDF-1.7\n" + JPEG, NONE),
    "zip with an image behind": (b"PK\x03\x04" + PNG, NONE),
    "script": (b"#!/bin/sh\nexit 0\n" + PNG, NONE),
    "riff that is sound": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(200), NONE),
}

READABLE = {
    "16-bit grey": files.by_opencv(".png", np.asarray(files.number()).astype(np.uint16) * 257),
    "16-bit colour and transparency": files.png(300, 120, 16, files.RGBA),
    "1-bit": files.encoded(files.number().convert("1"), "PNG"),
    "palette": files.encoded(files.number().convert("P"), "PNG"),
    "palette, its first colour transparent": files.encoded(
        files.number().convert("P"), "PNG", transparency=0
    ),
    "palette without its colours in the file's range": files.encoded(
        Image.fromarray(np.full((40, 60), 250, np.uint8), "P"), "PNG"
    ),
    "grey and transparency": files.encoded(files.number().convert("LA"), "PNG"),
    "transparent bmp": files.encoded(files.number().convert("RGBA"), "BMP"),
    "cmyk jpeg": files.encoded(files.number().convert("CMYK"), "JPEG"),
    "cmyk tiff": files.encoded(files.number().convert("CMYK"), "TIFF"),
    "lab tiff": files.encoded(files.number().convert("RGB").convert("LAB"), "TIFF"),
    "16-bit tiff": files.by_opencv(".tiff", np.full((40, 60, 3), 40_000, np.uint16)),
    "animated gif": files.frames(20, "GIF"),
    "animated webp": files.frames(20, "WEBP", lossless=True),
    "animated png": files.frames(20, "PNG"),
    "tiff of many pages": files.frames(50, "TIFF"),
    "jpeg and a zip archive": JPEG + b"PK\x03\x04" + bytes(2000) + b"PK\x05\x06" + bytes(18),
    "jpeg and a page of html": JPEG + b"<html><script>alert(1)</script></html>",
    "png with a comment of 20 MB": files.with_png_text(PNG, bytes(20_000_000)),
    "jpeg with a colour profile of 4 MB": files.encoded(files.number(), "JPEG", icc_profile=bytes(4_000_000)),
    "jpeg with exif of nonsense": files.encoded(
        files.number(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 60_000
    ),
    "jpeg with an orientation that does not exist": files.encoded(
        files.number(),
        "JPEG",
        exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\xff\xff\0\0\0\0\0\0",
    ),
    "30000 x 16": files.png(30_000, 16),
    "16 x 30000": files.png(16, 30_000),
    "16 x 16": files.png(16, 16),
    "noise": files.by_opencv(".png", np.random.default_rng(4).integers(0, 2, (900, 900), np.uint8) * 255),
    "stripes": files.by_opencv(".png", np.tile(np.array([0, 0, 0, 255, 255, 255], np.uint8), (400, 100))),
    "checks": files.by_opencv(".png", np.kron(np.indices((60, 60)).sum(0) % 2, np.ones((9, 9))) * 255),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_harmful_files_are_refused_with_their_reason(data: bytes, reason: Reason) -> None:
    """What lies about its size, has no size that can be read, or is of another kind, is refused for good."""
    with pytest.raises(PermanentError) as error:
        read_sheet(data, AnyScores(1), SETTINGS)
    assert error.value.reason is reason


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE.keys())
def test_odd_files_are_read(data: bytes) -> None:
    """What is odd but an image gets a reading, and the model is asked once at most."""
    classifier = AnyScores(2)
    reading = read_sheet(data, classifier, SETTINGS).reading
    assert len(reading.digits) == len(reading.number or "")
    assert len(classifier.asked) <= 1


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP"])
def test_the_first_page_counts(kind: str) -> None:
    """Of several frames or pages the first is read, whatever the others hold."""
    grey = decode(files.frames(5, kind), SETTINGS.max_pixels).grey
    assert grey.shape == (120, 300)
    assert grey.min() < 60


@pytest.mark.parametrize("length", [1, 2, 3, 4, 11, 12, 20, 24, 25, 26, 30])
@pytest.mark.parametrize("start", [JPEG, PNG, *READABLE.values()], ids=lambda data: repr(data[:4]))
def test_files_that_end_in_their_header(start: bytes, length: int) -> None:
    """A file cut within its first bytes is no image."""
    with pytest.raises(PermanentError) as error:
        decode(start[:length], SETTINGS.max_pixels)
    assert error.value.reason in {NONE, SMALL, LARGE}
