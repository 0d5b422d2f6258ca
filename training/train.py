"""One run: from the sets to a trained model, its figures and its report."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import keras
from rich.console import Console

from training import measures
from training.datasets import Datasets, Plan, assemble, glyphs_of, tests
from training.errors import DataError
from training.export import export, restore
from training.fitting import SHIPPED, Schedule, fit_strips, predict
from training.glyphsets import GlyphSet
from training.model import FILTERS, QUICK, sliding
from training.paths import BUILD, MODELS, DataDirectory
from training.release import Places
from training.report import MODEL, Trained, model_in, name_of, report
from training.splits import Part
from training.stripsets import StripSet
from training.tree import read_tree

NAME = "digits"  # under which the model is served


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained: a sliding network on a `plan`'s sets by a `schedule`, and on own `crops`, if any.

    Attributes:
        plan: What is put together to learn from and to be tested on.
        schedule: How long and how fast it learns.
        crops: A tree of own crops.
        quick: Whether it is a network that is asked first, in a cascade.
        teachers: Released versions that it learns from.
        onward: A run, or the directory of a version, whose network goes on learning: of a cascade the one
            that is asked first if it is to be `quick`, else the one in that `place`.
        place: Of a cascade's networks, in the order in which they are asked, from 1.
    """

    plan: Plan = field(default_factory=Plan)
    schedule: Schedule = SHIPPED
    crops: Path | None = None
    quick: bool = False
    teachers: tuple[int, ...] = ()
    onward: Path | None = None
    place: int = 2


def train(run: Run, data: DataDirectory, runs: Path = BUILD) -> Path:
    """Train, test and report; return the new directory of the run below `runs`."""
    teachers = released(run.teachers, run.plan)
    onward = going_on(run)
    sets = assemble(run.plan, data)
    learned, chosen_by = sets.train(), glyphs_of(sets.dev(), run.plan)
    if run.crops is not None:
        own = read_tree(run.crops, Part.TRAIN, run.plan.alphabet)
        learned = StripSet.join(learned, StripSet.of_glyphs(own, run.plan.none))
        chosen_by = GlyphSet.join(chosen_by, read_tree(run.crops, Part.DEV, run.plan.alphabet))
    Console().print(f"{len(learned)} strips to learn from, {len(chosen_by)} windows to calibrate by")
    keras.utils.set_random_seed(run.plan.seed)
    model = onward or sliding(run.plan.none + 1, QUICK if run.quick else FILTERS)
    course = fit_strips(model, learned, sets.dev(), run.schedule, run.plan.seed, teachers=teachers)
    temperature = calibrated(model, chosen_by)
    gone_on = name_of(run.onward) if run.onward else None
    trained = Trained(model, run.plan, course, temperature, sets.key, sets.sizes(), run.teachers, gone_on)
    return finished(trained, sets, data, runs)


def going_on(run: Run) -> keras.Model | None:
    """Return the network that goes on learning, if one does; raises DataError as `released` does."""
    if run.onward is None:
        return None
    networks = restored(model_in(run.onward), run.plan)
    place = 1 if run.quick or len(networks) == 1 else run.place
    if place > len(networks):
        raise DataError(f"of the {len(networks)} networks in {run.onward} none is in place {place}")
    return networks[place - 1]


def calibrated(model: keras.Model, glyphs: GlyphSet) -> float:
    """Return the temperature that calibrates a model's scores for some windows."""
    return measures.best_temperature(predict(model, glyphs), glyphs.labels)


def finished(trained: Trained, sets: Datasets, data: DataDirectory, runs: Path) -> Path:
    """Export a model, test it and report; return the new directory of the run below `runs`."""
    directory = runs / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    export(trained.model, directory / MODEL, NAME)
    report(trained, tests(data, sets, trained.plan), directory, latest(trained.plan))
    Console().print(f"report: {directory}")
    return directory


def latest(plan: Plan) -> Path | None:
    """Return the directory of the latest released version; None if there is none for the plan's alphabet."""
    places = Places()
    version = max(places.versions(NAME), default=None)
    if version is None or json.loads(places.manifest(NAME, version).read_text())["alphabet"] != plan.alphabet:
        return None
    return places.models / NAME / str(version)


def released(versions: Sequence[int], plan: Plan, models: Path = MODELS) -> list[keras.Model]:
    """Return the sliding networks of some released versions.

    Raises:
        DataError: There is no such version, or it is one for another alphabet than the plan's.
    """
    directories = [models / NAME / str(version) for version in versions]
    return [network for directory in directories for network in restored(directory, plan)]


def restored(directory: Path, plan: Plan) -> list[keras.Model]:
    """Return the sliding networks of one SavedModel; raises DataError as `released` does."""
    if not (directory / "saved_model.pb").is_file():
        raise DataError(f"there is no model in {directory}")
    networks = restore(directory)
    if networks[0].output_shape[-1] != plan.none + 1:
        raise DataError(f"the model in {directory} knows other characters")
    return networks
