"""One run: from the sets to a trained model, its figures and its report."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np
from rich.console import Console

from training import evaluate, measures, pictures
from training.card import write_card
from training.datasets import Datasets, Plan, assemble, tests
from training.export import checksums, export
from training.fitting import SHIPPED, Course, Schedule, fit, predict
from training.glyphsets import GlyphSet
from training.model import NETWORKS
from training.paths import BUILD, DataDirectory
from training.splits import Part
from training.tree import read_tree

THRESHOLD = 0.9  # calibrated probability from which on a glyph counts as a character
METRICS = "metrics.json"
MODEL = "model"
NAME = "digits"  # under which the model is served


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained: a `network` on a `plan`'s sets by a `schedule`, with the tree of one's own crops, if any."""

    plan: Plan = Plan()
    network: str = "compact"
    schedule: Schedule = SHIPPED
    crops: Path | None = None


def train(run: Run, data: DataDirectory, runs: Path = BUILD) -> Path:
    """Train, test and report; return the new directory of the run below `runs`."""
    console = Console()
    sets = assemble(run.plan, data)
    learned, chosen_by = sets.train(), sets.synthetic[Part.DEV]
    if run.crops is not None:
        learned = GlyphSet.join(learned, read_tree(run.crops, Part.TRAIN, run.plan.alphabet))
        chosen_by = GlyphSet.join(chosen_by, read_tree(run.crops, Part.DEV, run.plan.alphabet))
    console.print(f"{len(learned)} glyphs to learn from, {len(chosen_by)} to calibrate by")
    keras.utils.set_random_seed(run.plan.seed)
    model = NETWORKS[run.network](len(run.plan.alphabet) + 1)
    course = fit(model, learned, chosen_by, run.schedule, run.plan.seed)
    directory = runs / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    export(model, directory / MODEL, NAME)
    temperature = measures.best_temperature(predict(model, chosen_by), chosen_by.labels)
    report(model, run, course, sets, temperature, data, directory)
    console.print(f"report: {directory}")
    return directory


def report(
    model: keras.Model,
    run: Run,
    course: Course,
    sets: Datasets,
    temperature: float,
    data: DataDirectory,
    directory: Path,
) -> None:
    """Test a model on the held-out sets, once, and write the figures, pictures and card of its run."""
    scored = {name: (glyphs, predict(model, glyphs)) for name, glyphs in tests(data, sets, run.plan)}
    figures = {
        name: evaluate.figure(scores, glyphs) for name, (glyphs, scores) in scored.items() if name != "junk"
    }
    synthetic = GlyphSet.join(scored["synthetic"][0], scored["junk"][0])
    raw = np.concatenate([scored["synthetic"][1], scored["junk"][1]])
    calibrated = measures.at_temperature(raw, temperature)
    before, after = (measures.reliability(scores, synthetic.labels) for scores in (raw, calibrated))
    metrics = {
        "alphabet": run.plan.alphabet,
        "network": run.network,
        "plan": asdict(run.plan),
        "temperature": temperature,
        "figures": evaluate.to_dict(figures),
        "junk": asdict(evaluate.junk_figure(calibrated, synthetic, THRESHOLD)),
        "calibration_error": {"before": before.expected_error, "after": after.expected_error},
        "cost": asdict(evaluate.cost(directory / MODEL, model.count_params())),
        "course": course.to_dict(),
        "sets": sizes(sets),
        "sha256": checksums(directory / MODEL),
    }
    (directory / METRICS).write_text(json.dumps(metrics, indent=2) + "\n")
    pictures.learning_curves(course.history, directory / "learning-curves.png")
    pictures.reliability(before, after, directory / "reliability.png")
    names = [*run.plan.alphabet, "other"]
    pictures.confusion(measures.confusion(raw, synthetic.labels), names, directory / "confusion.png")
    pictures.worst_mistakes(synthetic, calibrated, names, directory / "worst-mistakes.png")
    write_card(metrics, directory / "MODEL_CARD.md")


def sizes(sets: Datasets) -> dict[str, int]:
    """Return how many glyphs each set has."""
    named = {f"Chars74K, {part}": len(glyphs) for part, glyphs in sets.clean.items()}
    named |= {f"synthetic, {part}": len(glyphs) for part, glyphs in sets.synthetic.items()}
    return named | {"Chars74K, varied, and other letters": len(sets.variants)}
