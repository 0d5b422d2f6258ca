"""From an uploaded file's bytes to a grey image, without trusting what the file says of itself."""

import os
from dataclasses import dataclass
from io import BytesIO
from typing import Any

# Read by OpenCV when it is imported: what a file's header says is checked first, but the header may lie.
os.environ.setdefault(
    "OPENCV_IO_MAX_IMAGE_PIXELS",
    os.environ["SHEETID_MAX_PIXELS"] if os.environ.get("SHEETID_MAX_PIXELS", "").isdecimal() else "40000000",
)
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")  # damaged files are told of once, as a result

import cv2
import imagesize
import numpy as np
import numpy.typing as npt

from sheetid.errors import PermanentError
from sheetid.result import Reason

Grey = npt.NDArray[np.uint8]

SHORTEST_SIDE = 16  # pixels; nothing smaller holds a number
LONGEST_SIDE = 30_000  # pixels; OpenCV's own coordinates end at 32,767
ENOUGH_WIDTH = 1600  # pixels across the shorter side of a page: about 200 dpi on A4
REDUCED = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
JPEG_MARK, JPEG_SCAN = 0xFF, 0xDA
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
PNG_DEPTH, PNG_COLOUR, PNG_WITH_ALPHA, PNG_DEEP = 24, 25, (4, 6), 16
WEBP_START, WEBP_NAME = b"RIFF", b"WEBP"
GIF_START = b"GIF8"
# What is decoded at all. OpenCV reads more, but AVIF and JPEG 2000 take 18 bytes of memory for a pixel, and
# what their headers say of the size is not what their decoders go by.
STARTS = (
    JPEG_START,
    PNG_START,
    WEBP_START,
    GIF_START,
    b"II*\0",  # TIFF
    b"MM\0*",
    b"BM",
    *(b"P%d" % kind for kind in range(1, 7)),  # PBM, PGM, PPM
)
BAND = 256  # rows that are flattened at once


@dataclass(frozen=True, slots=True)
class Scan:
    """A decoded image.

    Attributes:
        grey: `[height, width]` uint8, 255 is white, upright as a viewer shows it (EXIF orientation applied).
        reduction: How many pixels of the uploaded image make one of `grey`, in each direction.
    """

    grey: Grey
    reduction: int


def decode(data: bytes, max_pixels: int) -> Scan:
    """Decode a JPEG, PNG, TIFF, WebP, GIF, BMP or PNM image, at no more resolution than reading needs.

    Of several pages or frames the first is decoded. Transparency of a TIFF is ignored.

    Args:
        data: The file.
        max_pixels: The most pixels that are decoded; more are refused before anything is decoded.

    Raises:
        PermanentError: The file is empty, no image, damaged, too small or too large.
    """
    if not data:
        raise PermanentError(Reason.EMPTY_FILE, "the file has no bytes")
    width, height = dimensions(data)
    translucent = may_be_translucent(data)
    # Colour and transparency are decoded as they are: at 16 bits that is twice the memory.
    weight = 2 if translucent and is_deep_png(data) else 1
    check_size(width, height, max_pixels // weight)
    check_complete(data)
    reduction = 1
    if data.startswith(JPEG_START):
        reduction = next((r for r in (8, 4, 2) if min(width, height) // r >= ENOUGH_WIDTH), 1)
    grey = flatten(read(data, cv2.IMREAD_UNCHANGED if translucent else REDUCED[reduction]))
    check_size(grey.shape[1] * reduction, grey.shape[0] * reduction, max_pixels * 2)
    return Scan(grey, reduction)


def dimensions(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the file's header tells them."""
    if not data.startswith(STARTS) or (data.startswith(WEBP_START) and data[8:12] != WEBP_NAME):
        raise PermanentError(Reason.NOT_AN_IMAGE, "not an image in a format that is read")
    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception as error:  # the library raises whatever a hostile header makes it stumble over
        raise PermanentError(Reason.NOT_AN_IMAGE, f"unreadable header: {error!r}") from error
    if width <= 0 or height <= 0:
        raise PermanentError(Reason.NOT_AN_IMAGE, "not an image in a format that is read")
    return int(width), int(height)


def may_be_translucent(data: bytes) -> bool:
    """Tell whether an image may have transparent pixels, which have to be decoded to be seen."""
    if data.startswith(PNG_START):
        return data[PNG_COLOUR] in PNG_WITH_ALPHA or b"tRNS" in data[: data.find(b"IDAT")]
    return data.startswith((WEBP_START, GIF_START))


def is_deep_png(data: bytes) -> bool:
    """Tell whether an image is a PNG of 16 bits a channel."""
    return data.startswith(PNG_START) and data[PNG_DEPTH] == PNG_DEEP


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse images with too many pixels to decode or too few to hold a number."""
    if width * height > max_pixels or max(width, height) > LONGEST_SIDE:
        raise PermanentError(Reason.TOO_LARGE, f"{width}x{height} pixels; at most {max_pixels} are read")
    if min(width, height) < SHORTEST_SIDE:
        raise PermanentError(Reason.TOO_SMALL, f"{width}x{height} pixels cannot hold a number")


def check_complete(data: bytes) -> None:
    """Refuse JPEG and PNG files whose end is missing: decoders fill the rest with grey and say nothing."""
    if data.startswith(JPEG_START) and data.rfind(JPEG_END) < jpeg_scan_offset(data):
        raise PermanentError(Reason.NOT_AN_IMAGE, "the JPEG file is cut short")
    if data.startswith(PNG_START) and PNG_END not in data[-4096:]:
        raise PermanentError(Reason.NOT_AN_IMAGE, "the PNG file is cut short")


def jpeg_scan_offset(data: bytes) -> int:
    """Return where the first scan of a JPEG file starts; its length if there is none.

    Segments before it are skipped by their lengths, since an embedded thumbnail has an end mark of its own.
    """
    position = 2
    while position + 4 <= len(data) and data[position] == JPEG_MARK:
        marker = data[position + 1]
        if marker == JPEG_SCAN:
            return position
        padding = marker == JPEG_MARK
        position += 1 if padding else 2 + int.from_bytes(data[position + 2 : position + 4])
    return len(data)


def read(data: bytes, mode: int) -> npt.NDArray[Any]:
    """Decode with OpenCV; it answers None for what it cannot read, and raises for some of it."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), mode)
    except cv2.error as error:
        raise PermanentError(Reason.NOT_AN_IMAGE, f"not decodable: {error.err}") from error
    if image is None:
        raise PermanentError(Reason.NOT_AN_IMAGE, "not decodable")
    return image


def flatten(image: npt.NDArray[Any]) -> Grey:
    """Return any decoded image as 8-bit grey; what is transparent shows white paper.

    Args:
        image: `[height, width]` or `[height, width, 1 to 4]`, uint8 or uint16.
    """
    if image.ndim == 2 and image.dtype == np.uint8:  # noqa: PLR2004 - height and width
        return np.ascontiguousarray(image, np.uint8)
    grey = np.empty(image.shape[:2], np.uint8)
    for top in range(0, len(grey), BAND):  # a large image's intermediate results would not fit the memory
        grey[top : top + BAND] = flatten_band(image[top : top + BAND])
    return grey


def flatten_band(image: npt.NDArray[Any]) -> Grey:
    """Do what `flatten` does, with some rows."""
    if image.dtype == np.uint16:
        image = cv2.convertScaleAbs(image, alpha=1 / 257)
    if image.ndim == 2:  # noqa: PLR2004 - height and width
        return np.asarray(image, np.uint8)
    if image.shape[2] in (2, 4):
        alpha = image[:, :, -1:].astype(np.float32) / 255
        image = (image[:, :, :-1] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    grey = image[:, :, 0] if image.shape[2] == 1 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(grey, np.uint8)
