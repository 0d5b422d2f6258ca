"""One run: from the sets to a trained model, its figures and its report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import keras
from rich.console import Console

from training import measures
from training.datasets import Plan, assemble, glyphs_of, tests
from training.errors import DataError
from training.export import export, restore
from training.fitting import SHIPPED, Schedule, fit_strips, predict
from training.glyphsets import GlyphSet
from training.model import sliding, together
from training.paths import BUILD, MODELS, DataDirectory
from training.report import MODEL, Trained, report
from training.splits import Part
from training.stripsets import StripSet
from training.tree import read_tree

NAME = "digits"  # under which the model is served


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained: the shipped network on a `plan`'s sets by a `schedule`, and on own `crops`, if any.

    Released versions may be its `teachers`, or answer together with it, `beside` it.
    """

    plan: Plan = field(default_factory=Plan)
    schedule: Schedule = SHIPPED
    crops: Path | None = None
    teachers: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()


def train(run: Run, data: DataDirectory, runs: Path = BUILD) -> Path:
    """Train, test and report; return the new directory of the run below `runs`."""
    console = Console()
    teachers, beside = (released(versions, run.plan) for versions in (run.teachers, run.beside))
    sets = assemble(run.plan, data)
    learned, chosen_by = sets.train(), glyphs_of(sets.dev(), run.plan)
    if run.crops is not None:
        own = read_tree(run.crops, Part.TRAIN, run.plan.alphabet)
        learned = StripSet.join(learned, StripSet.of_glyphs(own, run.plan.none))
        chosen_by = GlyphSet.join(chosen_by, read_tree(run.crops, Part.DEV, run.plan.alphabet))
    console.print(f"{len(learned)} strips to learn from, {len(chosen_by)} windows to calibrate by")
    keras.utils.set_random_seed(run.plan.seed)
    model = sliding(run.plan.none + 1)
    course = fit_strips(model, learned, sets.dev(), run.schedule, run.plan.seed, teachers=teachers)
    if beside:
        model = together([model, *beside])
    directory = runs / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    export(model, directory / MODEL, NAME)
    temperature = measures.best_temperature(predict(model, chosen_by), chosen_by.labels)
    trained = Trained(model, run.plan, course, temperature, run.teachers, run.beside)
    report(trained, sets, tests(data, sets, run.plan), directory)
    console.print(f"report: {directory}")
    return directory


def released(versions: Sequence[int], plan: Plan, models: Path = MODELS) -> list[keras.Model]:
    """Return the sliding networks of some released versions.

    Raises:
        DataError: There is no such version, or it is one for another alphabet than the plan's.
    """
    networks = []
    for version in versions:
        directory = models / NAME / str(version)
        if not directory.is_dir():
            raise DataError(f"there is no version {version} of {NAME}")
        for network in restore(directory):
            if network.output_shape[-1] != plan.none + 1:
                raise DataError(f"version {version} of {NAME} knows other characters")
            networks.append(network)
    return networks
