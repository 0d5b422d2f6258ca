"""Image files as scanners, mobile phones and office programs write them."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

Format = Literal[
    "jpeg",
    "jpeg-progressive",
    "jpeg-cmyk",
    "jpeg-exif",
    "png",
    "png-palette",
    "png-alpha",
    "png-transparent",
    "png-16-bit",
    "png-1-bit",
    "tiff-lzw",
    "tiff-g4",
    "webp",
    "gif",
    "bmp",
]

ENDINGS = {"jpeg": "jpg", "tiff": "tif"}
_EXIF_ORIENTATION = 0x0112
_ROTATE_90_CLOCKWISE_TO_SEE = 6


@dataclass(frozen=True, slots=True)
class Stored:
    """How an image is written.

    Attributes:
        format: The file format and its variant. `jpeg-exif` stores the image lying on its side and says so in
            its EXIF orientation; `png-transparent` holds nothing but ink, its paper being transparent;
            `png-16-bit` has 16-bit shades; `tiff-g4` and `png-1-bit` have black and white only.
        quality: For JPEG and WebP, 1 to 100; below 40 artefacts are plain to see.
        dpi: The resolution that the file claims.
    """

    format: Format = "jpeg"
    quality: int = 85
    dpi: int = 200

    @property
    def ending(self) -> str:
        """The file name's ending, without the dot."""
        family = self.format.split("-")[0]
        return ENDINGS.get(family, family)


def encode(image: npt.NDArray[np.uint8], stored: Stored) -> bytes:
    """Return the file of `image`, `[height, width]` or `[height, width, 3]` (red, green, blue)."""
    picture = _MODES.get(stored.format, _unchanged)(Image.fromarray(image))
    family = stored.format.split("-")[0]
    options: dict[str, Any] = dict(_OPTIONS.get(stored.format, {}))
    if family in {"jpeg", "webp"}:
        options["quality"] = stored.quality
    if family in {"jpeg", "png", "tiff"}:
        options["dpi"] = (stored.dpi, stored.dpi)
    out = io.BytesIO()
    picture.save(out, family, **options)
    return out.getvalue()


def _unchanged(picture: Image.Image) -> Image.Image:
    return picture


def _cmyk(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").convert("CMYK")


def _on_its_side(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_90)


def _palette(picture: Image.Image) -> Image.Image:
    return picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=32)


def _opaque(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA")


def _ink_only(picture: Image.Image) -> Image.Image:
    shades = np.asarray(picture.convert("L"))
    return Image.fromarray(np.dstack([np.zeros_like(shades), 255 - shades]))


def _sixteen_bit(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)


def _black_and_white(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda shade: 255 * (shade > 150), "1")


def _lying_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[_EXIF_ORIENTATION] = _ROTATE_90_CLOCKWISE_TO_SEE
    return exif


_MODES: dict[Format, Callable[[Image.Image], Image.Image]] = {
    "jpeg-cmyk": _cmyk,
    "jpeg-exif": _on_its_side,
    "png-palette": _palette,
    "png-alpha": _opaque,
    "png-transparent": _ink_only,
    "png-16-bit": _sixteen_bit,
    "png-1-bit": _black_and_white,
    "tiff-g4": _black_and_white,
}

_OPTIONS: dict[Format, dict[str, Any]] = {
    "jpeg-progressive": {"progressive": True},
    "jpeg-exif": {"exif": _lying_exif()},
    "tiff-lzw": {"compression": "tiff_lzw"},
    "tiff-g4": {"compression": "group4"},
}
