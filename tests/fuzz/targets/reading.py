"""Reads a file with a model that answers with the input's own bytes: the fuzzer chooses its answers."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.errors import PermanentError
from sheetid.prediction import Prediction
from sheetid.reader import read_sheet
from sheetid.settings import ReadingSettings
from tests.unit.hostile.classifiers import CLASSES, MODEL
from tests.unit.hostile.results import check_reading

cv2.setNumThreads(1)  # small pictures are not worth sharing
# Enough to go everywhere, few enough to go there often.
MOST_PIXELS = 16_000
SETTINGS = ReadingSettings(max_pixels=MOST_PIXELS)


@dataclass(frozen=True, slots=True)
class BytesAsScores:
    """Answers with scores that are made of bytes."""

    data: bytes

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`."""
        raw = (
            np.resize(np.frombuffer(self.data, np.uint8), (len(images), CLASSES)).astype(np.float32) ** 3
            + 1e-6
        )
        return Prediction(raw / raw.sum(axis=1, keepdims=True), MODEL)


def read(file: bytes, answers: bytes) -> None:
    """Read a file: there is a sound reading, or it is refused for good."""
    try:
        sheet = read_sheet(file, BytesAsScores(answers), SETTINGS)
    except PermanentError:
        return
    check_reading(sheet)
