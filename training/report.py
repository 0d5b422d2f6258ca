"""What a run leaves behind: metrics, learning curves, confusion, reliability, mistakes, a model card."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from sheetid.prediction import at_temperature
from training import evaluate, measures, pictures
from training.card import write_card
from training.checksums import checksums
from training.datasets import JUNK, Plan
from training.export import exported
from training.fitting import Course, predict
from training.glyphsets import GlyphSet
from training.model import SURE, SURE_ENOUGH

THRESHOLD = 0.9  # calibrated probability from which on a window counts as a character
METRICS = "metrics.json"
MODEL = "model"


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and how it came about.

    Attributes:
        model: Exported already.
        plan: What it was trained for.
        course: How the training went; in a cascade, that of the network that is asked first.
        temperature: Calibrates its scores.
        sets_key: What the sets are kept by.
        sizes: How large each set is that it learned from, was chosen by or tested on.
        teachers: Released versions that it learned from.
        onward: The run or version where it went on.
        asked: The runs and versions whose networks are asked where it is not sure.
    """

    model: keras.Model
    plan: Plan
    course: Course
    temperature: float
    sets_key: str
    sizes: dict[str, str]
    teachers: tuple[int, ...] = ()
    onward: str | None = None
    asked: tuple[str, ...] = ()


def report(
    trained: Trained, held_out: Iterable[tuple[str, GlyphSet]], directory: Path, latest: Path | None = None
) -> None:
    """Test a model on the `held_out` sets, once, and write the figures, pictures and card of its run.

    Args:
        trained: The model and how it came about; exported to `directory/model` already.
        held_out: By name; `synthetic` and `junk` must be among them.
        directory: Of the run.
        latest: The directory of the released version to hold it against, on the same sets.
    """
    scored = {name: (glyphs, predict(trained.model, glyphs)) for name, glyphs in held_out}
    characters = len(trained.plan.alphabet)
    judged = {name: glyphs for name, (glyphs, _) in scored.items() if name != JUNK}
    figures = {name: evaluate.figure(scored[name][1], glyphs, characters) for name, glyphs in judged.items()}
    junk, said = scored[JUNK]
    passing = evaluate.junk_figure(
        at_temperature(said, trained.temperature), junk.labels, characters, THRESHOLD
    )
    scans = [scored[name] for name in ("synthetic", JUNK)]
    synthetic = GlyphSet.join(*(glyphs for glyphs, _ in scans))
    raw = np.concatenate([scores for _, scores in scans])
    windows = synthetic[np.random.default_rng(trained.plan.seed).permutation(len(synthetic))]
    calibrated = at_temperature(raw, trained.temperature)
    before, after = (measures.reliability(scores, synthetic.labels) for scores in (raw, calibrated))
    metrics = {
        "alphabet": trained.plan.alphabet,
        "network": trained.model.name,
        "plan": asdict(trained.plan),
        "teachers": trained.teachers,
        "onward": trained.onward,
        "asked": trained.asked,
        "sure": SURE,
        "sure_enough": SURE_ENOUGH,
        "sets_key": trained.sets_key,
        "temperature": trained.temperature,
        "figures": evaluate.to_dict(figures),
        "latest": None if latest is None else compared(latest, judged, characters),
        JUNK: asdict(passing),
        "calibration_error": {"before": before.expected_error, "after": after.expected_error},
        "cost": asdict(evaluate.cost(directory / MODEL, trained.model.count_params(), windows)),
        "course": trained.course.to_dict(),
        "sets": trained.sizes,
        "sha256": checksums(directory / MODEL),
    }
    (directory / METRICS).write_text(json.dumps(metrics, indent=2) + "\n")
    pictures.learning_curves(trained.course.history, directory / "learning-curves.png")
    pictures.reliability(before, after, directory / "reliability.png")
    names = [*trained.plan.alphabet, "other", "none"]
    pictures.confusion(measures.confusion(raw, synthetic.labels), names, directory / "confusion.png")
    pictures.worst_mistakes(synthetic, calibrated, names, directory / "worst-mistakes.png")
    write_card(metrics, directory / "MODEL_CARD.md")


def compared(latest: Path, sets: Mapping[str, GlyphSet], characters: int) -> dict[str, object]:
    """Return the version and the figures of a released model, on the same sets."""
    answers = exported(latest)
    figures = {
        name: evaluate.figure(answers(glyphs.batch()), glyphs, characters) for name, glyphs in sets.items()
    }
    return {"version": int(latest.name), "figures": evaluate.to_dict(figures)}


def model_in(place: Path) -> Path:
    """Return the directory of the SavedModel of a run, or of a released version."""
    return place / MODEL if is_run(place) else place


def name_of(place: Path) -> str:
    """Return what a card calls a run or a released version."""
    return f"{'run' if is_run(place) else 'version'} {place.name}"


def is_run(place: Path) -> bool:
    """Tell a run's directory from a released version's."""
    return (place / METRICS).is_file()
