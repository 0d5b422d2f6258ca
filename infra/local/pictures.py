"""The pictures in the demo's report: a sheet, the run that was read, and the glyphs as the model saw them."""

import base64
import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from sheetid.result import Digit
from sheetid.vision.glyphs import Ink

OVERVIEW_SIDE = 560
DETAIL_SIDE = 1100
MARGIN = 0.6  # around the run, in heights of its digits
JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the part of the sheet that it shows.

    Attributes:
        source: A `data:` URL.
        view: x, y, width and height of what it shows, in pixels of the sheet.
    """

    source: str
    view: tuple[int, int, int, int]


def open_sheet(data: bytes) -> Image.Image:
    """Return a sheet in colour, upright as a viewer shows it; the bytes must be an image of bearable size."""
    image: Image.Image = Image.open(io.BytesIO(data))
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16-bit grey, which Pillow would cut off at 255
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image if image.mode == "RGB" else image.convert("RGB")


def overview(sheet: Image.Image) -> Picture:
    """Return the whole sheet, made small."""
    return picture(sheet, (0, 0, sheet.width, sheet.height), OVERVIEW_SIDE)


def detail(sheet: Image.Image, region: npt.NDArray[np.float64], digits: tuple[Digit, ...]) -> Picture:
    """Return the surroundings of the run that was read.

    Args:
        sheet: The whole sheet.
        region: `[4, 2]`, the run's corners.
        digits: The run's digits.
    """
    boxes = np.array([digit.box for digit in digits], np.float64).reshape(-1, 4)
    points = np.vstack([region, boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
    margin = MARGIN * float(np.median(boxes[:, 2:].max(axis=1))) if len(boxes) else 0.0
    left, top = np.maximum(points.min(axis=0) - margin, 0)
    right, bottom = np.minimum(points.max(axis=0) + margin, sheet.size)
    return picture(sheet, (int(left), int(top), int(right - left) + 1, int(bottom - top) + 1), DETAIL_SIDE)


def picture(sheet: Image.Image, view: tuple[int, int, int, int], longest: int) -> Picture:
    """Return a part of the sheet as a JPEG of at most `longest` pixels across."""
    x, y, width, height = view
    part = sheet.crop((x, y, x + width, y + height))
    part.thumbnail((longest, longest))
    encoded = io.BytesIO()
    part.save(encoded, "jpeg", quality=JPEG_QUALITY)
    return Picture(data_url(encoded.getvalue(), "image/jpeg"), view)


def glyph_pictures(glyphs: Ink) -> list[str]:
    """Return each of `[N, 28, 28]` glyphs as the `data:` URL of a PNG, pixel by pixel."""
    sources = []
    for glyph in glyphs:
        encoded = io.BytesIO()
        Image.fromarray(np.rint(glyph * 255).astype(np.uint8)).save(encoded, "png")
        sources.append(data_url(encoded.getvalue(), "image/png"))
    return sources


def data_url(data: bytes, kind: str) -> str:
    """Return a URL that holds the data itself."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
