"""A cascade of networks that were trained one by one."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.datasets import Plan, assemble, glyphs_of
from training.errors import DataError
from training.fitting import Course
from training.model import cascade
from training.paths import BUILD, DataDirectory
from training.report import METRICS, MODEL, Trained, is_run, model_in, name_of
from training.train import calibrated, finished, restored


def join(first: Path, others: Sequence[Path], data: DataDirectory, runs: Path = BUILD) -> Path:
    """Make a cascade, test and report; return the new directory of the run below `runs`.

    Args:
        first: The directory of the run whose network is asked first.
        others: Those of runs, or of released versions, whose networks are asked where that one is not sure.
        data: Where the sets to test on come from.
        runs: Where runs are kept.

    Raises:
        DataError: One of these holds no model, or one that knows other characters.
    """
    if not is_run(first):
        raise DataError(f"{first} is no run")
    metrics = json.loads((first / METRICS).read_text())
    plan = Plan(**metrics["plan"])
    (quick,) = restored(first / MODEL, plan)
    asked = [network for place in others for network in restored(model_in(place), plan)]
    model = cascade(quick, asked)
    sets = assemble(replace(plan, scenes=1), data)  # what is chosen by and tested on is the same
    trained = Trained(
        model,
        plan,
        Course.from_dict(metrics["course"]),
        calibrated(model, glyphs_of(sets.dev(), plan)),
        sets.key,
        metrics["sets"],
        tuple(metrics["teachers"]),
        metrics["onward"],
        tuple(name_of(place) for place in others),
    )
    return finished(trained, sets, data, runs)
