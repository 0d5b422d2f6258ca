"""Files that were made to do harm, and the builders of what is in them."""

import io
import struct
import zlib
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
LZW_FREE, DEFLATE = 1, 8
SHORT, LONG = 3, 4


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The file of an image, by Pillow."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def by_opencv(extension: str, pixels: npt.NDArray[np.generic], options: Sequence[int] = ()) -> bytes:
    """The file of an image, by OpenCV, which knows depths that Pillow does not."""
    done, data = cv2.imencode(extension, np.asarray(pixels), options)
    assert done
    return data.tobytes()


def number(width: int = 300, height: int = 120) -> Image.Image:
    """A sheet number in print, dark on bright."""
    pixels = np.full((height, width), 235, np.uint8)
    cv2.putText(pixels, "408291", (30, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 25, 4, cv2.LINE_AA)
    return Image.fromarray(pixels)


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, depth: int = 8, colour: int = GREY, rows: int | None = None) -> bytes:
    """A PNG file of one colour; its header may promise more rows than there are."""
    row = bytes(1) + b"\xc8" * (-(-width * depth * SAMPLES[colour] // 8))
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return PngImagePlugin._MAGIC + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")  # noqa: SLF001 - no other name for it


def tiff(tags: Sequence[tuple[int, int, int]], pixels: bytes) -> bytes:
    """A little-endian TIFF file of these (tag, type, value), in the order given; its pixels are at byte 8."""
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + directory


def grey_tiff(width: int, height: int, pixels: bytes, extra: Sequence[tuple[int, int, int]] = ()) -> bytes:
    """An uncompressed grey TIFF file; `extra` tags come after those that say what it is."""
    tags = [(256, LONG, width), (257, LONG, height), *extra, (258, SHORT, 8), (259, SHORT, 1)]
    tags += [(262, SHORT, 1), (273, LONG, 8), (277, SHORT, 1), (278, LONG, height), (279, LONG, len(pixels))]
    return tiff(tags, pixels)


def with_jpeg_size(data: bytes, width: int, height: int) -> bytes:
    """A JPEG file whose frame header says another size than its scan has."""
    frame = next(at for at in range(len(data)) if data[at : at + 2] in {b"\xff\xc0", b"\xff\xc2"})
    return data[: frame + 5] + struct.pack(">HH", height, width) + data[frame + 9 :]


def with_png_text(data: bytes, content: bytes) -> bytes:
    """A PNG file with a compressed comment."""
    return data[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(content)) + data[33:]


def frames(count: int, kind: str, **options: object) -> bytes:
    """A file of a number and then as many empty frames, or pages."""
    pages = [Image.new("L", (300, 120), 200 + i) for i in range(count)]
    return encoded(number(), kind, save_all=True, append_images=pages, **options)
