"""The table that explains why: what a network learned from, against what it is tested on."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from rich.console import Console

from training import evaluate, sources
from training.data import CAPITALS, DIGITS
from training.datasets import JUNK, Datasets, Plan, assemble, glyphs_of, key, tests
from training.export import export
from training.fitting import ORIGINAL, SHIPPED, Schedule, fit, fit_strips, predict
from training.glyphsets import GlyphSet, from_pictures
from training.model import original, sliding
from training.paths import BUILD, DataDirectory
from training.report import METRICS
from training.results import to_markdown
from training.splits import ORIGINAL_DEV, Part, random_split
from training.train import Run, train
from training.tree import read_tree, write_tree

ALPHANUMERIC = Plan(alphabet=DIGITS + CAPITALS, scenes=5_000, dev_scenes=200, test_scenes=500)
ON_MNIST = replace(ORIGINAL, epochs=2)  # it is eight times as large as Chars74K
ON_WINDOWS = replace(SHIPPED, epochs=2, batch=128)
WINDOWS = 80_000  # of the synthetic ones, for the original network


@dataclass(frozen=True, slots=True)
class Contender:
    """The original network and what it learns from; without `junk`, it knows characters only, as it did."""

    title: str
    schedule: Schedule
    learns: Callable[[], tuple[GlyphSet, GlyphSet]]
    junk: bool = False

    @property
    def name(self) -> str:
        """A name for files."""
        return f"original-{self.title}".replace(" ", "")


def contenders(data: DataDirectory, sets: Datasets, plan: Plan, tree: Path) -> list[Contender]:
    """Return who is compared; the second is the baseline, trained the original way from a directory tree."""

    def from_mnist() -> tuple[GlyphSet, GlyphSet]:
        return halves(sources.mnist(data, Part.TRAIN), plan.seed)

    def from_fonts() -> tuple[GlyphSet, GlyphSet]:
        for part in (Part.TRAIN, Part.DEV):
            if not (tree / part).is_dir():
                write_tree(sets.clean[part], tree, part, plan.alphabet)
        return read_tree(tree, Part.TRAIN, plan.alphabet), read_tree(tree, Part.DEV, plan.alphabet)

    def from_all() -> tuple[GlyphSet, GlyphSet]:
        synthetic = glyphs_of(sets.synthetic[Part.TRAIN], plan)
        some = np.random.default_rng(plan.seed).permutation(len(synthetic))[:WINDOWS]
        return GlyphSet.join(sets.clean[Part.TRAIN], synthetic[some]), glyphs_of(sets.dev(), plan)

    return [
        Contender("MNIST", ON_MNIST, from_mnist),
        Contender("Chars74K", ORIGINAL, from_fonts),
        Contender("Chars74K + synthesis", ON_WINDOWS, from_all, junk=True),
    ]


def compare(plan: Plan, data: DataDirectory, directory: Path = BUILD / "comparison") -> str:
    """Train and test everyone, and a network for 0-9A-Z; return the page.

    What is done is kept below `directory`, by the sets that it was done with, and is not done again; the
    shipped network's figures are those of its latest run.
    """
    sets = assemble(plan, data)
    scored_on = {name: glyphs for name, glyphs in tests(data, sets, plan) if name != JUNK}
    place = directory / key(plan)
    rows = [
        kept(place / f"{each.name}.json", partial(run, each, scored_on, plan, place))
        for each in contenders(data, sets, plan, place / "tree")
    ]
    return to_markdown(
        {
            "rows": [*rows, shipped(latest_run(plan) or train(Run(plan), data))],
            "random_split": kept(place / "random-split.json", partial(random_split_figure, data, plan)),
            "alphanumeric": kept(place / "alphanumeric.json", partial(alphanumeric, data)),
        }
    )


def latest_run(plan: Plan, runs: Path = BUILD) -> Path | None:
    """Return the directory of the latest run that learned from the sets of a plan, if there is one."""
    for metrics in sorted(runs.glob(f"*/{METRICS}"), reverse=True):
        if json.loads(metrics.read_text())["sets_key"] == key(plan):
            return metrics.parent
    return None


def shipped(run_directory: Path) -> dict[str, Any]:
    """Return the row of a run of the shipped network."""
    metrics = json.loads((run_directory / METRICS).read_text())
    return {
        "learned": "Chars74K + synthesis",
        **{name: metrics[name] for name in ("network", "figures", "cost")},
    }


def kept(path: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what an earlier comparison found, or find it now and keep it."""
    if not path.is_file():
        Console().print(f"comparison: {path.stem}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(make(), indent=2) + "\n")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def run(
    contender: Contender, scored_on: Mapping[str, GlyphSet], plan: Plan, directory: Path
) -> dict[str, Any]:
    """Train one contender and test it on every set."""
    learned, watched = contender.learns()
    keras.utils.set_random_seed(plan.seed)
    model = original(plan.none + 1 if contender.junk else len(plan.alphabet))
    fit(model, learned, watched, contender.schedule, plan.seed)
    exported = directory / contender.name
    shutil.rmtree(exported, ignore_errors=True)
    export(model, exported, "digits")
    figures = {
        name: evaluate.figure(predict(model, glyphs), glyphs, len(plan.alphabet))
        for name, glyphs in scored_on.items()
    }
    return {
        "learned": contender.title,
        "network": model.name,
        "figures": evaluate.to_dict(figures),
        "cost": asdict(evaluate.cost(exported, model.count_params(), watched)),
    }


def random_split_figure(data: DataDirectory, plan: Plan) -> dict[str, float]:
    """Test the original network on the 2 % of Chars74K that a random split holds out."""
    glyphs = from_pictures(sources.chars74k(data, plan.alphabet), plan.alphabet)
    learned, held_out = halves(glyphs, plan.seed)
    keras.utils.set_random_seed(plan.seed)
    model = original(len(plan.alphabet))
    fit(model, learned, held_out, ORIGINAL, plan.seed)
    return asdict(evaluate.figure(predict(model, held_out), held_out, len(plan.alphabet)))


def alphanumeric(data: DataDirectory, plan: Plan = ALPHANUMERIC) -> dict[str, dict[str, float]]:
    """Train the shipped network for 0-9A-Z by the same code, and test it."""
    sets = assemble(plan, data)
    keras.utils.set_random_seed(plan.seed)
    model = sliding(plan.none + 1)
    fit_strips(model, sets.train(), sets.dev(), replace(SHIPPED, epochs=3), plan.seed)
    synthetic = sets.synthetic[Part.TEST].characters()
    characters = synthetic[synthetic.labels < len(plan.alphabet)]
    held_out = {"chars74k": sets.clean[Part.TEST], "synthetic": characters}
    figures = {
        name: evaluate.figure(predict(model, glyphs), glyphs, len(plan.alphabet))
        for name, glyphs in held_out.items()
    }
    return evaluate.to_dict(figures)


def halves(glyphs: GlyphSet, seed: int) -> tuple[GlyphSet, GlyphSet]:
    """Split as the original recipe does, 98 to 2, at random."""
    held_out = random_split(len(glyphs), ORIGINAL_DEV, seed)
    return glyphs[~held_out], glyphs[held_out]
