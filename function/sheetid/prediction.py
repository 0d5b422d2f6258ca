"""What the model is asked and what it answers, whoever runs it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sheetid.result import Model

OTHER_ODDS = 0.1  # of other print where there may be a character: the model saw more of it than sheets have


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer to one batch.

    Attributes:
        scores: `[N, classes]` float32, rows add up to 1.
        model: The model that gave them.
    """

    scores: npt.NDArray[np.float32]
    model: Model


class Classifier(Protocol):
    """Anything that scores a batch of glyphs."""

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`, `[N, 28, 28, 1]` float32 in 0 to 1, in one call.

        Raises:
            TransientError: There is no answer.
        """
        ...


def at_temperature(scores: npt.NDArray[np.floating], temperature: float) -> npt.NDArray[np.float64]:
    """Return scores, `[N, classes]`, with their logarithms divided by `temperature` (Guo et al. 2017)."""
    logits = np.log(np.maximum(scores.astype(np.float64), 1e-30)) / temperature
    sharpened = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(sharpened / sharpened.sum(axis=1, keepdims=True), np.float64)


def weighed(scores: npt.NDArray[np.floating], characters: int) -> npt.NDArray[np.float64]:
    """Return scores as they are read on a sheet, where print along a line is a character rather than not.

    Args:
        scores: `[N, classes]`, rows add up to 1.
        characters: How many of the classes are characters; other print comes after them.
    """
    weights = np.ones(scores.shape[1])
    weights[characters : characters + 1] = OTHER_ODDS
    likelier = scores * weights
    return np.asarray(likelier / likelier.sum(axis=1, keepdims=True), np.float64)
