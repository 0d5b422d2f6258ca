"""The project's reader, as deployed but for the network between it and the model."""

import cv2
import numpy as np

from sheetid.errors import PermanentError
from sheetid.reader import read_sheet
from sheetid.result import Status
from sheetid.settings import ReadingSettings
from tests.benchmarks.answers import Answer
from tests.benchmarks.engine import InProcessClassifier

NLM = (
    15,
    7,
    21,
)  # strength, and sides of patch and search window, as in the recipe that the project replaces


class DenoisedReader:
    """Denoises by non-local means first: does that earn its time?"""

    def __init__(self) -> None:
        """Load the model."""
        self._reader = OurReader()

    def read(self, image: bytes) -> Answer:
        """Read the image file's bytes."""
        grey = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            return Answer()
        quiet = cv2.fastNlMeansDenoising(np.asarray(grey, np.uint8), None, *NLM)
        return self._reader.read(cv2.imencode(".bmp", quiet)[1].tobytes())


class OurReader:
    """Reads with the default settings: 4 to 12 digits, no check digit, no pattern."""

    def __init__(self) -> None:
        """Load the model."""
        self._classifier = InProcessClassifier()
        self._settings = ReadingSettings()

    def read(self, image: bytes) -> Answer:
        """Read the image file's bytes."""
        try:
            reading = read_sheet(image, self._classifier, self._settings).reading
        except PermanentError:
            return Answer()
        if reading.status is Status.READ:
            return Answer(reading.number, None, reading.confidence)
        if reading.status is Status.REVIEW:
            return Answer(None, reading.number, reading.confidence)
        return Answer()
