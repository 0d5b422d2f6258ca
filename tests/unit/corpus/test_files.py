"""Files hold the image they were given, in the form they promise."""

import io
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.corpus.files import Format, Stored, encode

RAMP = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (48, 1))


@pytest.mark.parametrize("kind", get_args(Format))
def test_decodes_to_what_was_stored(kind: Format) -> None:
    """Seen as a viewer shows it, on white, every format gives the image back."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(encode(RAMP, Stored(kind, 95)))))
    shades = np.asarray(picture)
    if picture.mode == "I;16":
        picture = Image.fromarray((shades // 257).astype(np.uint8))
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    white.alpha_composite(seen)
    expected = np.where(RAMP > 150, 255, 0) if kind in {"png-1-bit", "tiff-g4"} else RAMP
    assert np.abs(np.asarray(white.convert("L")).astype(int) - expected).mean() < 5


@pytest.mark.parametrize(
    ("kind", "mode"), [("jpeg-cmyk", "CMYK"), ("png-palette", "P"), ("png-16-bit", "I;16"), ("tiff-g4", "1")]
)
def test_is_stored_as_promised(kind: Format, mode: str) -> None:
    """The unusual colour modes are in the file, not only in its name."""
    assert Image.open(io.BytesIO(encode(RAMP, Stored(kind)))).mode == mode


def test_exif_rotated_lies_on_its_side() -> None:
    """Without its EXIF orientation the stored image lies on its side."""
    stored = Image.open(io.BytesIO(encode(RAMP, Stored("jpeg-exif"))))
    assert stored.size == (48, 64)
    assert stored.getexif()[0x0112] == 6


def test_progressive_is_progressive() -> None:
    """The progressive JPEG has several scans."""
    assert Image.open(io.BytesIO(encode(RAMP, Stored("jpeg-progressive")))).info["progressive"]
