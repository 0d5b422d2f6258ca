"""The project's reader, as deployed but for the network between it and the model."""

from sheetid.errors import PermanentError
from sheetid.reader import read_sheet
from sheetid.result import Status
from sheetid.settings import ReadingSettings
from tests.benchmarks.answers import Answer
from tests.benchmarks.engine import InProcessClassifier


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
