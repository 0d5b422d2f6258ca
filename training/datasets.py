"""What the shipped model learns from, chooses by and is tested on, put together from all sources."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress

from training import sources
from training.data import CAPITALS, DIGITS, Picture
from training.glyphsets import GlyphSet, from_pictures
from training.labels import none
from training.paths import BUILD, FONTS, ROOT, DataDirectory
from training.rows import rows_of
from training.splits import Part
from training.stripsets import StripSet
from training.synthesis.corpus import Recipe, synthesise
from training.synthesis.fonts import find_faces
from training.synthesis.foundry import Foundry

JUNK = "junk"  # the test set of what is no character
COPIES = 10  # of each picture of Chars74K in rows: as it is, and varied
EVERY_LETTER = 3  # one of so many pictures of other characters stands in the rows too
STRIP_CODE = (  # what decides what strips look like: sets are made anew when it changes
    *(
        f"function/sheetid/{name}.py"
        for name in (
            "bands",
            "decoding",
            "geometry",
            "glyphs",
            "ink",
            "lines",
            "looks",
            "page",
            "reverse",
            "rings",
            "rows",
            "runs",
        )
    ),
    "training/synthesis/*",
    *(
        f"training/{name}.py"
        for name in ("augment", "data", "datasets", "glyphsets", "labels", "rows", "sources", "splits")
    ),
    "training/stripsets.py",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is put together: for which alphabet, how many synthetic scenes of each part, by which seed."""

    alphabet: str = DIGITS
    scenes: int = 16_000
    dev_scenes: int = 500
    test_scenes: int = 1_500
    seed: int = 1

    @property
    def none(self) -> int:
        """The class of windows in which no print is centred, the last one."""
        return none(self.alphabet)

    def count(self, part: Part) -> int:
        """Return how many scenes a part has."""
        return {Part.TRAIN: self.scenes, Part.DEV: self.dev_scenes, Part.TEST: self.test_scenes}[part]


@dataclass(frozen=True, slots=True)
class Datasets:
    """The sets.

    Attributes:
        key: What they are kept by.
        clean: Windows with Chars74K's pictures as they are, by part.
        synthetic: Strips from synthetic scans, by part.
        rows: For training: strips that are rows of Chars74K's pictures.
    """

    key: str
    clean: dict[Part, GlyphSet]
    synthetic: dict[Part, StripSet]
    rows: StripSet

    def train(self) -> StripSet:
        """Return all that the shipped model learns from."""
        return StripSet.join(self.rows, self.synthetic[Part.TRAIN])

    def dev(self) -> StripSet:
        """Return what choices and calibration go by."""
        return self.synthetic[Part.DEV]

    def sizes(self) -> dict[str, str]:
        """Return how large each set is, in words."""
        sizes = {f"Chars74K, {part}": f"{len(glyphs):,} pictures" for part, glyphs in self.clean.items()}
        for part, strips in self.synthetic.items():
            sizes[f"synthetic, {part}"] = f"{len(strips):,} lines, {len(strips.marks):,} characters"
        return sizes | {
            "Chars74K in rows, varied": f"{len(self.rows):,} lines, {len(self.rows.marks):,} characters"
        }


def assemble(plan: Plan, data: DataDirectory, fonts: Path = FONTS) -> Datasets:
    """Put the sets together; they are kept until the plan, or the code that makes them, changes.

    Raises:
        DataError: Data or fonts are missing or corrupt.
    """
    kept = BUILD / "sets" / f"{key(plan)}.npz"
    if not kept.is_file():
        _keep(_make(plan, data, fonts, kept.stem), kept)
    return _load(kept)


def glyphs_of(strips: StripSet, plan: Plan) -> GlyphSet:
    """Return windows of strips: those at their print, and some in which none is centred."""
    return GlyphSet.join(strips.characters(), strips.nones(plan.none, plan.seed))


def tests(data: DataDirectory, sets: Datasets, plan: Plan) -> Iterator[tuple[str, GlyphSet]]:
    """Yield the test sets by name: held-out fonts clean and synthetic, none, real digits, and MNIST."""
    synthetic = glyphs_of(sets.synthetic[Part.TEST], plan)
    characters = synthetic.labels < len(plan.alphabet)
    yield "chars74k", sets.clean[Part.TEST]
    yield "synthetic", synthetic[characters]
    yield JUNK, synthetic[~characters]
    yield from sources.real(data, plan.alphabet)
    if data.mnist("t10k")[0].is_file():
        yield "mnist", sources.mnist(data, Part.TEST)


def key(plan: Plan) -> str:
    """Return a name that changes with the plan and with the code by which strips are made."""
    digest = hashlib.sha256(json.dumps(asdict(plan)).encode())
    for path in sorted(path for pattern in STRIP_CODE for path in ROOT.glob(pattern) if path.is_file()):
        digest.update(path.read_bytes())
    return f"{plan.alphabet[0]}-{plan.alphabet[-1]}-{digest.hexdigest()[:12]}"


def _make(plan: Plan, data: DataDirectory, fonts: Path, name: str) -> Datasets:
    pictures = sources.chars74k(data, plan.alphabet)
    others = "".join(c for c in CAPITALS + CAPITALS.lower() if c not in plan.alphabet)
    letters = sources.in_part(sources.chars74k(data, others), Part.TRAIN, plan.seed)[::EVERY_LETTER]
    learned = sources.in_part(pictures, Part.TRAIN, plan.seed) + letters
    return Datasets(
        name,
        {part: from_pictures(sources.in_part(pictures, part, plan.seed), plan.alphabet) for part in Part},
        _synthetic(plan, pictures, fonts),
        StripSet.of(rows_of(learned, plan.alphabet, COPIES, plan.seed)),
    )


def _synthetic(plan: Plan, pictures: list[Picture], fonts: Path) -> dict[Part, StripSet]:
    pictured = sources.pictured_fonts(pictures)
    faces = find_faces(fonts, plan.alphabet)
    made = {}
    with Progress() as progress:
        for part in Part:
            foundry = Foundry(faces, pictured, part, plan.seed)
            task = progress.add_task(f"synthetic scenes, {part}", total=plan.count(part))
            recipe = Recipe(plan.alphabet, plan.count(part), part, plan.seed)
            made[part] = synthesise(recipe, foundry, os.cpu_count() or 1, partial(progress.advance, task))
    return made


def _keep(sets: Datasets, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    named: dict[str, GlyphSet | StripSet] = {f"clean-{part}": glyphs for part, glyphs in sets.clean.items()}
    named |= {f"synthetic-{part}": strips for part, strips in sets.synthetic.items()}
    arrays: dict[str, Any] = {
        f"{name}/{field.name}": getattr(each, field.name)
        for name, each in (named | {"rows": sets.rows}).items()
        for field in fields(each)
    }
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, allow_pickle=False, **arrays)
    unfinished.rename(path)


def _load(path: Path) -> Datasets:
    with np.load(path) as arrays:

        def glyphs(name: str) -> GlyphSet:
            return GlyphSet(*(arrays[f"{name}/{field.name}"] for field in fields(GlyphSet)))

        def strips(name: str) -> StripSet:
            return StripSet(*(arrays[f"{name}/{field.name}"] for field in fields(StripSet)))

        return Datasets(
            path.stem,
            {part: glyphs(f"clean-{part}") for part in Part},
            {part: strips(f"synthetic-{part}") for part in Part},
            strips("rows"),
        )
