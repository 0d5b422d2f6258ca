"""The table that explains why: what a network learned from, against what it is tested on."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import keras
from rich.console import Console

from training import evaluate, sources
from training.data import CAPITALS, DIGITS
from training.datasets import NO_CHARACTERS, Datasets, Plan, assemble, key, tests
from training.export import export
from training.fitting import ORIGINAL, SHIPPED, Schedule, fit, predict
from training.glyphsets import GlyphSet, from_pictures
from training.model import NETWORKS
from training.paths import BUILD, DataDirectory
from training.splits import ORIGINAL_DEV, Part, random_split
from training.tree import read_tree, write_tree

COLUMNS = {
    "mnist": "MNIST",
    "chars74k": "Chars74K, held-out fonts",
    "synthetic": "synthetic, held-out fonts",
    "books": "real: books",
    "receipts": "real: receipts",
}
_PAGE = """# Results

Written by `make compare-training`. Share of characters that are not told right, by what a network learned
from; a network that knows "not a character" may also be wrong by saying so. Milliseconds are those of one
thread for a batch of 64 candidates (OpenVINO, f32; BatchNorm folds into the convolutions).

{table}

Glyphs tested: {glyphs}. Nobody learned from real scans.

Published figures go by random splits: so split, with like fonts on both sides, the original network is wrong
on {leak} Chars74K digits that are held out.

The same code, alphabet 0-9A-Z, compact network: {plates}.
"""
ALPHANUMERIC = DIGITS + CAPITALS


@dataclass(frozen=True, slots=True)
class Contender:
    """A network and what it learns from; without `junk`, it knows characters only, as the original does."""

    title: str
    network: str
    schedule: Schedule
    learns: Callable[[], tuple[GlyphSet, GlyphSet]]
    junk: bool = True

    @property
    def name(self) -> str:
        """A name for files."""
        return f"{self.network}-{self.title}".replace(" ", "")


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
        return sets.train(), sets.dev()

    return [
        Contender("MNIST", "original", ORIGINAL, from_mnist, junk=False),
        Contender("Chars74K", "original", ORIGINAL, from_fonts, junk=False),
        Contender("Chars74K + synthesis", "original", SHIPPED, from_all),
        Contender("Chars74K + synthesis", "compact", SHIPPED, from_all),
    ]


def compare(plan: Plan, data: DataDirectory, directory: Path = BUILD / "comparison") -> str:
    """Train and test everyone, and a network for 0-9A-Z; return the page.

    What is done is kept below `directory`, by the sets that it was done with, and is not done again.
    """
    sets = assemble(plan, data)
    scored_on = {name: glyphs for name, glyphs in tests(data, sets, plan) if name not in NO_CHARACTERS}
    place = directory / key(plan)
    rows = [
        kept(place / f"{each.name}.json", partial(run, each, scored_on, plan, place))
        for each in contenders(data, sets, plan, place / "tree")
    ]
    return to_markdown(
        {
            "rows": rows,
            "random_split": kept(place / "random-split.json", partial(random_split_figure, data, plan)),
            "alphanumeric": kept(place / "alphanumeric.json", partial(alphanumeric, data)),
        }
    )


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
    model = NETWORKS[contender.network](len(plan.alphabet) + contender.junk)
    fit(model, learned, watched, contender.schedule, plan.seed)
    exported = directory / contender.name
    shutil.rmtree(exported, ignore_errors=True)
    export(model, exported, "digits")
    figures = {name: evaluate.figure(predict(model, glyphs), glyphs) for name, glyphs in scored_on.items()}
    return {
        "learned": contender.title,
        "network": contender.network,
        "figures": evaluate.to_dict(figures),
        "cost": asdict(evaluate.cost(exported, model.count_params())),
    }


def random_split_figure(data: DataDirectory, plan: Plan) -> dict[str, float]:
    """Test the original network on the 2 % of Chars74K that a random split holds out."""
    glyphs = from_pictures(sources.chars74k(data, plan.alphabet), plan.alphabet)
    held_out = random_split(len(glyphs), ORIGINAL_DEV, plan.seed)
    keras.utils.set_random_seed(plan.seed)
    model = NETWORKS["original"](len(plan.alphabet))
    fit(model, glyphs[~held_out], glyphs[held_out], ORIGINAL, plan.seed)
    return asdict(evaluate.figure(predict(model, glyphs[held_out]), glyphs[held_out]))


def alphanumeric(data: DataDirectory) -> dict[str, dict[str, float]]:
    """Train the shipped network for 0-9A-Z by the same code, and test it."""
    plan = Plan(alphabet=ALPHANUMERIC, scenes=6_000)
    sets = assemble(plan, data)
    keras.utils.set_random_seed(plan.seed)
    model = NETWORKS["compact"](len(plan.alphabet) + 1)
    fit(model, sets.train(), sets.dev(), SHIPPED, plan.seed)
    synthetic = sets.synthetic[Part.TEST]
    characters = synthetic[synthetic.labels < plan.junk]
    held_out = {"chars74k": sets.clean[Part.TEST], "synthetic": characters}
    return evaluate.to_dict({name: evaluate.figure(predict(model, s), s) for name, s in held_out.items()})


def halves(glyphs: GlyphSet, seed: int) -> tuple[GlyphSet, GlyphSet]:
    """Split as the original recipe does, 98 to 2, at random."""
    held_out = random_split(len(glyphs), ORIGINAL_DEV, seed)
    return glyphs[~held_out], glyphs[held_out]


def to_markdown(results: Mapping[str, Any]) -> str:
    """Return the page with the table: what each network gets wrong, and what it costs."""
    rows = results["rows"]
    tested = {name: title for name, title in COLUMNS.items() if name in rows[0]["figures"]}
    head = ["learned from", "network", *tested.values(), "weights", "kB", "ms for 64"]
    lines = [f"| {' | '.join(head)} |", f"| --- | --- |{' ---: |' * (len(head) - 2)}"]
    for row in rows:
        cost = row["cost"]
        wrong = [f"{row['figures'][name]['error_rate']:.2%}" for name in tested]
        size = [f"{cost['parameters']:,}", f"{cost['bytes'] // 1000:,}", str(cost["milliseconds"])]
        lines.append(f"| {' | '.join([row['learned'], row['network'], *wrong, *size])} |")
    glyphs = [f"{title} {rows[0]['figures'][name]['glyphs']:,}" for name, title in tested.items()]
    leak = results["random_split"]
    plates = [
        f"{COLUMNS[name]} {row['error_rate']:.2%} of {row['glyphs']:,} wrong"
        for name, row in results["alphanumeric"].items()
    ]
    return _PAGE.format(
        table="\n".join(lines),
        glyphs=", ".join(glyphs),
        leak=f"{leak['error_rate']:.2%} of {leak['glyphs']}",
        plates=", ".join(plates),
    )
