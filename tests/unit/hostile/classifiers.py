"""Classifiers that answer whatever a model could answer, and remember how much they were asked."""

import numpy as np
import numpy.typing as npt

from sheetid.prediction import Prediction
from sheetid.result import Model

MODEL = Model("digits", "11")
CLASSES = 12


class AnyScores:
    """Answers each glyph with a valid row of scores drawn by a seed; `sharpness` makes them sure or vague."""

    def __init__(self, seed: int, sharpness: float = 1.0) -> None:
        self._random = np.random.default_rng(seed)
        self._sharpness = sharpness
        self.asked: list[int] = []

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`; they have to be what a model can be asked."""
        assert images.dtype == np.float32
        assert images.shape[1:] == (28, 28, 1)
        assert np.isfinite(images).all()
        assert images.min() >= 0
        assert images.max() <= 1
        self.asked.append(len(images))
        return softmax(self._random.normal(size=(len(images), CLASSES)) * self._sharpness)


class ByContent:
    """Answers each glyph by its pixels alone, so that the same picture has the same reading, whoever asks."""

    def __init__(self, seed: int) -> None:
        self._weights = np.random.default_rng(seed).normal(size=(28 * 28, CLASSES))
        self.asked: list[bytes] = []

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`, and remember them."""
        self.asked.append(images.tobytes())
        return softmax(images.reshape(len(images), -1).astype(np.float64) @ self._weights)


class EvenRow:
    """Answers as if digits stood at even distances all along every line, each as sure as `sureness`."""

    def __init__(self, sureness: float) -> None:
        self._sureness = sureness

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`: of seven windows three show a digit."""
        windows = np.arange(len(images))
        shown = np.where(windows % 7 < 3, windows // 7 % (CLASSES - 1), CLASSES - 1)
        scores = np.full((len(images), CLASSES), (1 - self._sureness) / (CLASSES - 1), np.float32)
        scores[windows, shown] = self._sureness
        return Prediction(scores, MODEL)


def softmax(logits: npt.NDArray[np.float64]) -> Prediction:
    """A prediction with the probabilities of these logits, `[N, classes]`."""
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    return Prediction(scores.astype(np.float32), MODEL)
