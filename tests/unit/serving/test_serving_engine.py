"""The engine computes batches in pieces; nobody must notice."""

from pathlib import Path

import numpy as np
import pytest

from serving.standin.engine import PADDED, PIECE, Engine
from sheetid.glyphs import SIDE

MODELS = Path(__file__).parents[3] / "serving" / "models" / "digits"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return the newest model's engine."""
    return Engine(max(MODELS.iterdir(), key=lambda path: int(path.name)))


@pytest.mark.parametrize("rows", [0, 1, PADDED, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_a_row_has_the_same_scores_in_every_batch(engine: Engine, rows: int) -> None:
    """However many there are, and wherever it stands among them."""
    images = np.random.default_rng(rows).random((rows, SIDE, SIDE, 1), np.float32)
    scores = engine.run({"images": images})["scores"]
    assert scores.shape == (rows, 12)
    for row in range(0, rows, 7):
        alone = engine.run({"images": images[row : row + 1]})["scores"]
        np.testing.assert_allclose(scores[row], alone[0], atol=1e-6)
