"""The way from strips to one batch, from its answer back to the strips, and what several looks add up to."""

import numpy as np
import pytest

from sheetid.geometry import shift
from sheetid.glyphs import SIDE, windows
from sheetid.numbers import Number
from sheetid.reader import ReadNumber, glyphs_of, spread, without_repeats
from sheetid.reading import Finding
from sheetid.strips import Strip

CLASSES = 12


def strip(*strokes: int) -> Strip:
    """Return a line with upright strokes at some columns."""
    ink = np.zeros((SIDE, 100), np.uint8)
    ink[6:22, list(strokes)] = 255
    return Strip(ink, (0, 100), np.zeros(100, np.bool_), shift(0, 0), 20.0, 0.0, len(strokes), 0)


def test_answers_come_back_to_the_windows_that_were_asked() -> None:
    """Every window has the scores it was given; those that were not asked, for want of ink, show none."""
    strips = [strip(30), strip(), strip(20, 71)]
    batch = glyphs_of(strips)
    answers = np.random.default_rng(1).dirichlet(np.ones(CLASSES), len(batch))
    asked = 0
    for line, along in zip(strips, spread(strips, answers), strict=True):
        slid = windows(line.ink)
        assert along.shape == (len(slid), CLASSES)
        for window, scores in zip(slid, along, strict=True):
            if asked < len(batch) and (scores == answers[asked]).all():
                np.testing.assert_array_equal(np.round(batch[asked, ..., 0] * 255), window)
                asked += 1
            else:
                assert scores.tolist() == [0] * (CLASSES - 1) + [1]
    assert asked == len(batch) > 0


@pytest.mark.parametrize(("sure", "unsure", "left"), [(0.99, 0.4, 0.98), (0.9, 0.9, 0.45), (0.6, 0.0, 0.6)])
def test_looks_that_disagree_share_their_confidence_by_their_odds(
    sure: float, unsure: float, left: float
) -> None:
    """Of two looks at the same print the surer one is kept, the less doubtful the less the other one says."""
    centres = (40.0, 54.0, 68.0, 82.0)
    looks = [
        ReadNumber(strip(), Number((4, 0, 8, last), centres, (1.0,) * 4, share), Finding(text, share, 20))
        for last, text, share in ((2, "4082", sure), (3, "4083", unsure))
    ]
    (kept,) = without_repeats(looks)
    assert kept.finding.number == "4082"
    assert kept.finding.confidence == pytest.approx(left, abs=0.01)
