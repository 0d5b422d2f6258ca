"""The way from strips to one batch, and from its answer back to the strips."""

import numpy as np

from sheetid.geometry import shift
from sheetid.glyphs import SIDE, windows
from sheetid.reader import glyphs_of, spread
from sheetid.strips import Strip

CLASSES = 12


def strip(*strokes: int) -> Strip:
    """Return a line with upright strokes at some columns."""
    ink = np.zeros((SIDE, 100), np.uint8)
    ink[6:22, list(strokes)] = 255
    return Strip(ink, (0, 100), shift(0, 0), 20.0, 0.0, len(strokes), 0)


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
