"""The figures of a model on every test set."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import openvino as ov

from sheetid.prediction import weighed
from sheetid.vision.glyphs import SIDE
from training import measures
from training.glyphsets import GlyphSet
from training.measures import Labels, Scores

TIMED_BATCH = 256  # windows of a common sheet
REPEATS = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """What a model got wrong on one set, with the 95 % interval of that share.

    `confused` of the errors are left when it must name a character, as one must that knows nothing else.
    """

    glyphs: int
    errors: int
    error_rate: float
    low: float
    high: float
    confused: int


@dataclass(frozen=True, slots=True)
class Junk:
    """Windows with no character in the middle, and how many scored one of them at `threshold` or more.

    `lettered` of the windows have other print in the middle, and `letters_passed` of these scored so.
    """

    glyphs: int
    threshold: float
    passed: int
    lettered: int
    letters_passed: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model takes: weights, bytes of its SavedModel, and one thread's time for 256 windows."""

    parameters: int
    bytes: int
    milliseconds: float


def figure(scores: Scores, glyphs: GlyphSet, characters: int) -> Figure:
    """Count the errors on one set, all of it of so many characters, whose classes come first.

    Other print is weighed against characters as it is on a sheet; `confused` asks for characters alone.
    """
    wrong = measures.errors(weighed(scores, characters), glyphs.labels)
    low, high = measures.interval(wrong, len(glyphs))
    confused = measures.errors(scores[:, :characters], glyphs.labels)
    return Figure(len(glyphs), wrong, wrong / len(glyphs), low, high, confused)


def junk_figure(scores: Scores, labels: Labels, characters: int, threshold: float) -> Junk:
    """Count what passes as one of so many characters; `scores` are calibrated, all of what is none."""
    likely = weighed(scores, characters)
    letters = likely[labels == characters]
    passed, letters_passed = (
        measures.junk_passing(some, characters, threshold) for some in (likely, letters)
    )
    return Junk(len(likely), threshold, passed, len(letters), letters_passed)


def cost(directory: Path, parameters: int, windows: GlyphSet) -> Cost:
    """Measure an exported model under OpenVINO, which serves it in the local stack, on one thread.

    A cascade's time depends on what it sees: the first of the `windows`, again if these are too few.
    """
    core = ov.Core()
    core.set_property("CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"})
    compiled = core.compile_model(str(directory), "CPU")
    images = np.resize(windows.batch(), (TIMED_BATCH, SIDE, SIDE, 1))
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        compiled({"images": images})
        times.append(time.perf_counter() - start)
    size = sum(path.stat().st_size for path in (directory / "variables").iterdir())
    size += (directory / "saved_model.pb").stat().st_size
    return Cost(parameters, size, round(float(np.median(times)) * 1000, 2))


def to_dict(figures: Mapping[str, Figure]) -> dict[str, dict[str, float]]:
    """Return figures for JSON."""
    return {name: asdict(figure) for name, figure in figures.items()}
