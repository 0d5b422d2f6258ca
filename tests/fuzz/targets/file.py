"""A file of any kind: decoded and, if it is an image, read."""

import cv2
import numpy as np

from sheetid.vision.decoding import STARTS
from tests.fuzz.targets.reading import read


def run(data: bytes) -> None:
    """Read a file."""
    read(data, data)


def seeds() -> list[bytes]:
    """Return small files of every format, and the first bytes of each."""
    picture = np.full((32, 96), 235, np.uint8)
    cv2.putText(picture, "4082", (6, 25), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 25, 2)
    colour = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA)
    files = [cv2.imencode(end, picture)[1].tobytes() for end in (".jpg", ".png", ".tiff", ".bmp", ".pgm")]
    files += [cv2.imencode(end, colour)[1].tobytes() for end in (".png", ".webp", ".tiff")]
    return [*files, *STARTS]
