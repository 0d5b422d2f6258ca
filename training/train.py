"""One run: from the sets to a trained model, its figures and its report."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import keras
from rich.console import Console

from training import measures
from training.datasets import Plan, assemble, tests
from training.export import export
from training.fitting import SHIPPED, Schedule, fit, predict
from training.glyphsets import GlyphSet
from training.model import NETWORKS
from training.paths import BUILD, DataDirectory
from training.report import MODEL, Trained, report
from training.splits import Part
from training.tree import read_tree

NAME = "digits"  # under which the model is served


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained: a `network` on a `plan`'s sets by a `schedule`, and on own `crops`, if any."""

    plan: Plan = field(default_factory=Plan)
    network: str = "compact"
    schedule: Schedule = SHIPPED
    crops: Path | None = None


def train(run: Run, data: DataDirectory, runs: Path = BUILD) -> Path:
    """Train, test and report; return the new directory of the run below `runs`."""
    console = Console()
    sets = assemble(run.plan, data)
    learned, chosen_by = sets.train(), sets.dev()
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
    trained = Trained(model, run.network, run.plan, course, temperature)
    report(trained, sets, tests(data, sets, run.plan), directory)
    console.print(f"report: {directory}")
    return directory
