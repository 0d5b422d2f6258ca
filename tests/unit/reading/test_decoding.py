"""Decoding refuses what it cannot trust, and reads every usual format alike."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from sheetid.errors import PermanentError
from sheetid.result import Reason
from sheetid.vision.decoding import decode

LIMIT = 1_000_000


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """A grey ramp with a dark left upper quarter."""
    pixels = np.full((height, width), 220, np.uint8)
    pixels[: height // 2, : width // 2] = 30
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The file of an image."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


FORMATS = {
    "jpeg": encoded(picture(), "JPEG", quality=95),
    "progressive jpeg": encoded(picture(), "JPEG", quality=95, progressive=True),
    "cmyk jpeg": encoded(picture().convert("CMYK"), "JPEG", quality=95),
    "png": encoded(picture(), "PNG"),
    "palette png": encoded(picture().convert("P"), "PNG"),
    "png with alpha": encoded(picture().convert("LA"), "PNG"),
    "16-bit png": encoded(Image.fromarray(np.asarray(picture(), np.uint16) * 257), "PNG"),
    "tiff lzw": encoded(picture(), "TIFF", compression="tiff_lzw"),
    "webp": encoded(picture().convert("RGB"), "WEBP", lossless=True),
    "bmp": encoded(picture(), "BMP"),
    "gif": encoded(picture(), "GIF"),
}


@pytest.mark.parametrize("data", FORMATS.values(), ids=FORMATS.keys())
def test_every_usual_format_gives_the_same_grey_image(data: bytes) -> None:
    """Format, colour model and depth do not change what is read."""
    grey = decode(data, LIMIT).grey
    assert grey.shape == (40, 60)
    assert grey.dtype == np.uint8
    assert abs(int(grey[5, 5]) - 30) <= 4
    assert abs(int(grey[35, 55]) - 220) <= 4


def test_transparent_pixels_are_white_paper() -> None:
    """Black print on a transparent page is not black on black."""
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    grey = decode(encoded(image, "PNG"), LIMIT).grey
    assert grey[0, 0] == 255
    assert grey[15, 15] == 0


def test_exif_orientation_is_applied() -> None:
    """A camera's or scanner's orientation tag turns the image as a viewer shows it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter, clockwise
    grey = decode(encoded(picture(), "JPEG", quality=95, exif=exif), LIMIT).grey
    assert grey.shape == (60, 40)
    assert grey[5, 35] < 60  # the dark quarter came to the right


def test_large_jpeg_is_decoded_at_reduced_scale() -> None:
    """A page at 600 dpi is not decoded at more than reading needs."""
    scan = decode(encoded(picture(3400, 4800), "JPEG"), 40_000_000)
    assert scan.reduction == 2
    assert scan.grey.shape == (2400, 1700)


BAD = {
    "empty": (b"", Reason.EMPTY_FILE),
    "text": (b"this is not an image", Reason.NOT_AN_IMAGE),
    "header only": (FORMATS["jpeg"][:30], Reason.NOT_AN_IMAGE),
    "half a jpeg": (FORMATS["jpeg"][: len(FORMATS["jpeg"]) // 2], Reason.NOT_AN_IMAGE),
    "half a png": (FORMATS["png"][:-20], Reason.NOT_AN_IMAGE),
    "half a webp": (FORMATS["webp"][:-30], Reason.NOT_AN_IMAGE),
    "half a tiff": (FORMATS["tiff lzw"][:-60], Reason.NOT_AN_IMAGE),
    "tiny": (encoded(picture(12, 9), "PNG"), Reason.TOO_SMALL),
    "bomb": (encoded(Image.new("1", (10_000, 8_000)), "PNG"), Reason.TOO_LARGE),
    "long": (encoded(Image.new("1", (31_000, 20)), "PNG"), Reason.TOO_LARGE),
    "lying png header": (
        FORMATS["png"][:16] + struct.pack(">II", 300, 300) + FORMATS["png"][24:],
        Reason.NOT_AN_IMAGE,
    ),
}


@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD.keys())
def test_bad_files_are_refused_with_their_reason(data: bytes, reason: Reason) -> None:
    """Whatever is wrong with a file, the outcome is permanent and has a name."""
    with pytest.raises(PermanentError) as error:
        decode(data, LIMIT)
    assert error.value.reason is reason


def test_jpeg_cut_short_after_its_thumbnail_is_refused() -> None:
    """The end mark of an embedded thumbnail is not taken for the image's own."""
    exif = Image.Exif()
    data = encoded(picture(600, 400), "JPEG", exif=exif, comment=FORMATS["jpeg"])
    with pytest.raises(PermanentError) as error:
        decode(data[: len(data) // 2 + 400], LIMIT)
    assert error.value.reason is Reason.NOT_AN_IMAGE
