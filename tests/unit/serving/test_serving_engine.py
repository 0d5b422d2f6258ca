"""The engine computes batches in pieces; nobody must notice."""

import numpy as np
import pytest

from serving.standin.engine import PADDED, PIECE
from sheetid.vision.glyphs import SIDE
from tests.benchmarks.engine import InProcessClassifier


@pytest.fixture(scope="module")
def classifier() -> InProcessClassifier:
    """Return the newest model in an engine."""
    return InProcessClassifier()


@pytest.mark.parametrize("rows", [0, 1, PADDED, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_a_row_has_the_same_scores_in_every_batch(classifier: InProcessClassifier, rows: int) -> None:
    """However many there are, and wherever it stands among them."""
    images = np.random.default_rng(rows).random((rows, SIDE, SIDE, 1), np.float32)
    scores = classifier.predict(images).scores
    assert scores.shape == (rows, 12)
    for row in range(0, rows, 7):
        alone = classifier.predict(images[row : row + 1]).scores
        np.testing.assert_allclose(scores[row], alone[0], atol=1e-6)
