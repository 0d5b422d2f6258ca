"""Print drawn on paper, for tests of what is found on it."""

import cv2
import numpy as np

from sheetid.vision.decoding import Grey


def paper(height: int = 400, width: int = 450, shade: int = 230) -> Grey:
    """Bare paper."""
    return np.full((height, width), shade, np.uint8)


def printed(
    text: str, at: tuple[int, int] = (120, 110), size: float = 1.5, ink: int = 40, thickness: int = 4
) -> Grey:
    """Paper with a line of text on it."""
    image = paper()
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, thickness, cv2.LINE_AA)
    return image
