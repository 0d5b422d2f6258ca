"""The recipe that the project replaces: one scanner's pixel sizes, one prediction for each digit.

Denoise by non-local means, equalise, blur, threshold by the local mean, take every outline that is 21 to 30
pixels wide and 37 to 43 high for a digit, from left to right, and ask the model about one after the other. It
gets our model, so that what differs is the way to the glyphs and the lack of doubt.
"""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import centred, stack
from tests.benchmarks.answers import LONGEST, SHORTEST, Answer
from tests.benchmarks.engine import InProcessClassifier

_WIDTHS = range(21, 31)
_HEIGHTS = range(37, 44)
_CORNER = (400, 450)


class RecipeReader:
    """Reads as the original recipe did."""

    def __init__(self) -> None:
        """Load the model."""
        self._classifier = InProcessClassifier()

    def read(self, image: bytes) -> Answer:
        """Read the image file's bytes."""
        grey = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            return Answer()
        ink = _threshold(np.asarray(grey[: _CORNER[0], -_CORNER[1] :], np.uint8))
        scores = [self._score(ink[y : y + h, x : x + w]) for x, y, w, h in _boxes(ink)]
        if not SHORTEST <= len(scores) <= LONGEST:
            return Answer()
        number = "".join(str(int(row.argmax())) for row in scores)
        return Answer(number, None, float(np.prod([row.max() for row in scores])))

    def _score(self, glyph: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        batch = stack([centred(glyph.astype(np.float32) / np.float32(255))[None]])
        return self._classifier.predict(batch).scores[0, :10]


def _threshold(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return 255 where there is ink."""
    quiet = cv2.fastNlMeansDenoising(grey, None, 15, 7, 21)
    even = cv2.createCLAHE(2.0, (8, 8)).apply(quiet)
    soft = cv2.GaussianBlur(even, (5, 5), 0)
    ink = cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    return np.asarray(ink, np.uint8)


def _boxes(ink: npt.NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """Return what is as large as a digit, left to right, as x, y, width, height."""
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [cv2.boundingRect(outline) for outline in outlines]
    return sorted((x, y, w, h) for x, y, w, h in found if w in _WIDTHS and h in _HEIGHTS)
