"""What the model is asked and what it answers, whoever runs it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sheetid.result import Model


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
