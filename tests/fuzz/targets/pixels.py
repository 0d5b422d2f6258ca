"""A picture of any pixels: the input's first bytes say how wide it is and how its others are enlarged."""

import cv2
import numpy as np

from sheetid.vision.decoding import SHORTEST_SIDE
from tests.fuzz.targets.reading import MOST_PIXELS, read


def run(data: bytes) -> None:
    """Read a picture, as the plainest of files."""
    if len(data) < SHORTEST_SIDE:
        return
    width, zoom = 1 + data[0], 1 + data[1] % 12
    pixels = np.frombuffer(data[2:], np.uint8)
    small = np.resize(pixels, (-(-len(pixels) // width), width))
    height, width = (max(SHORTEST_SIDE, side * zoom) for side in small.shape)
    if height * width <= MOST_PIXELS:
        picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
        read(b"P5\n%d %d\n255\n" % (width, height) + picture.tobytes(), data)


def seeds() -> list[bytes]:
    """Return print, stripes and a blank, as `run` takes them."""
    picture = np.full((24, 80), 235, np.uint8)
    cv2.putText(picture, "4082", (4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 25, 1)
    stripes = np.tile(np.array([0, 255], np.uint8), (20, 40))
    return [
        bytes([79, zoom]) + pixels.tobytes()
        for zoom in (1, 2)
        for pixels in (picture, stripes, picture * 0 + 9)
    ]
