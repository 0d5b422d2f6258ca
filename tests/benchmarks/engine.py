"""The project's own model without a server in between."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from serving.standin.engine import Engine
from sheetid.manifest import load_manifest
from sheetid.prediction import Prediction
from sheetid.result import Model

MODELS = Path(__file__).parents[2] / "serving" / "models"


class InProcessClassifier:
    """Scores glyphs with the newest model version that has a manifest, in this process."""

    def __init__(self, name: str = "digits") -> None:
        """Load the model; raises ValueError if no version has a manifest."""
        versions = sorted(
            (int(path.name) for path in (MODELS / name).iterdir() if path.name.isdigit()), reverse=True
        )
        known = [version for version in versions if load_manifest(name, str(version))]
        if not known:
            raise ValueError(f"no version of {name} has a manifest")
        self._model = Model(name, str(known[0]))
        self._engine = Engine(MODELS / name / str(known[0]))

    def predict(self, images: npt.NDArray[np.float32]) -> Prediction:
        """Score `images`, `[N, 28, 28, 1]` float32, in one call."""
        return Prediction(self._engine.run({"images": images})["scores"], self._model)
