"""Figures of a model: errors, calibration, junk that passes."""

import numpy as np
import pytest

from sheetid.prediction import at_temperature
from training import measures
from training.evaluate import Junk, figure, junk_figure
from training.glyphsets import GlyphSet


def scores_at(confidence: float, classes: int = 3) -> np.ndarray:
    """Return one row that gives class 0 the confidence, and the others the rest."""
    rest = (1 - confidence) / (classes - 1)
    return np.array([confidence, *[rest] * (classes - 1)], np.float32)


def test_errors_and_confusion_count_the_same() -> None:
    """The diagonal is what is right."""
    scores = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]], np.float32)
    labels = np.array([0, 1, 2])
    counts = measures.confusion(scores, labels)
    assert measures.errors(scores, labels) == 1
    assert counts[2, 0] == 1
    assert counts.sum() - np.trace(counts) == 1


def test_perfectly_calibrated_answers_have_no_calibration_error() -> None:
    """Of ten answers at 0.8, eight are right."""
    scores = np.stack([scores_at(0.8)] * 10)
    labels = np.array([0] * 8 + [1] * 2)
    assert measures.reliability(scores, labels).expected_error == pytest.approx(0, abs=1e-6)


def test_overconfident_answers_have_a_calibration_error_of_the_gap() -> None:
    """Of ten answers at 0.9, five are right: 0.4."""
    scores = np.stack([scores_at(0.9)] * 10)
    labels = np.array([0] * 5 + [1] * 5)
    assert measures.reliability(scores, labels).expected_error == pytest.approx(0.4, abs=1e-6)


def test_the_best_temperature_undoes_overconfidence() -> None:
    """Scores that were sharpened by a factor are calibrated by that factor."""
    random = np.random.default_rng(0)
    true = random.dirichlet([0.5] * 4, 20_000).astype(np.float32)
    labels = np.array([random.choice(4, p=row / row.sum()) for row in true.astype(np.float64)])
    sharpened = at_temperature(true, 0.5)
    temperature = measures.best_temperature(sharpened, labels)
    assert temperature == pytest.approx(2.0, rel=0.05)
    after = at_temperature(sharpened, temperature)
    assert measures.reliability(after, labels).expected_error < 0.01


def test_temperature_changes_no_answer() -> None:
    """Only how sure it is."""
    scores = np.random.default_rng(1).dirichlet([1] * 11, 200).astype(np.float32)
    for temperature in (0.5, 3.0):
        scaled = at_temperature(scores, temperature)
        np.testing.assert_array_equal(scaled.argmax(axis=1), scores.argmax(axis=1))
        np.testing.assert_allclose(scaled.sum(axis=1), 1, rtol=1e-5)


def test_junk_passes_when_a_character_scores_the_threshold() -> None:
    """Junk that is known as such, or doubted, does not."""
    scores = np.array([[0.95, 0.0, 0.05], [0.5, 0.1, 0.4], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]], np.float32)
    assert measures.junk_passing(scores, 1, 0.9) == 1
    assert measures.junk_passing(scores, 2, 0.9) == 2


def test_what_passes_is_told_apart_by_whether_it_is_print() -> None:
    """Letters that score a character are counted by themselves, too."""
    scores = np.array([[0.99, 0.0, 0.01], [0.99, 0.0, 0.01], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], np.float32)
    labels = np.array([1, 2, 1, 2])
    assert junk_figure(scores, labels, 1, 0.9) == Junk(4, 0.9, passed=2, lettered=2, letters_passed=1)


def test_the_interval_holds_the_share_and_narrows_with_more_glyphs() -> None:
    """Also where nothing is wrong, which is no proof of perfection."""
    low, high = measures.interval(5, 100)
    assert low < 0.05 < high
    assert measures.interval(500, 10_000)[1] < high
    assert measures.interval(0, 100)[0] == 0
    assert 0.03 < measures.interval(0, 100)[1] < 0.04


def test_errors_are_told_apart_from_those_that_are_left_when_a_character_must_be_named() -> None:
    """One is taken for another character, one for none though its own comes next; other print weighs less."""
    rows = [[0.8, 0.1, 0.0, 0.1], [0.7, 0.2, 0.0, 0.1], [0.1, 0.3, 0.0, 0.6], [0.1, 0.3, 0.6, 0.0]]
    scores = np.array(rows, np.float32)
    glyphs = GlyphSet(np.zeros((4, 28, 28), np.uint8), np.array([0, 1, 1, 1]), np.array(["f"] * 4))
    found = figure(scores, glyphs, characters=2)
    assert (found.errors, found.confused) == (2, 1)
