"""What a file says of itself: looked at before anything is decoded, in the order in which `decode` does."""

from sheetid.errors import PermanentError
from sheetid.vision.decoding import (
    STARTS,
    check_complete,
    check_size,
    dimensions,
    is_deep_png,
    may_be_translucent,
)
from tests.fuzz.targets import file

MOST_PIXELS = 40_000_000


def run(data: bytes) -> None:
    """Look at a header: with its own first bytes, and with those of the format that the first names."""
    look(data)
    if data:
        look(STARTS[data[0] % len(STARTS)] + data[1:])


def look(data: bytes) -> None:
    """Look at one header; it is refused, or its size is a size."""
    try:
        width, height = dimensions(data)
        check_size(width, height, MOST_PIXELS // (2 if is_deep_png(data) else 1))
        may_be_translucent(data)
        check_complete(data)
    except PermanentError:
        return
    if not 0 < width * height <= MOST_PIXELS:
        raise AssertionError(f"{width} x {height} pixels")


seeds = file.seeds
