"""What the shipped model learns from, chooses by and is tested on, put together from all sources."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress

from training import sources
from training.data import CAPITALS, DIGITS, Picture
from training.glyphsets import GlyphSet, from_pictures
from training.lookalikes import without_lookalikes
from training.paths import BUILD, FONTS, ROOT, DataDirectory
from training.splits import Part
from training.synthesis.corpus import Recipe, label_of, synthesise
from training.synthesis.fonts import find_faces
from training.synthesis.foundry import Foundry

NO_CHARACTERS = ("junk", "twins")  # the test sets of what is none
REFERENCES = 30_000  # characters that junk is compared with
VARIANTS = 5  # of each picture of a character in Chars74K, beside the picture itself
EVERY_LETTER = 3  # one of so many pictures of other characters is learned as junk
UPRIGHT = "347"
EVERY_UPSIDE_DOWN = 8  # one of so many is also learned upside down
GLYPH_CODE = (  # what decides what glyphs look like: sets are made anew when it changes
    *("function/sheetid/*.py", "training/synthesis/*"),
    *(
        f"training/{name}.py"
        for name in ("augment", "data", "datasets", "glyphsets", "lookalikes", "sources")
    ),
    "training/splits.py",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is put together: for which alphabet, how many synthetic scenes of each part, by which seed."""

    alphabet: str = DIGITS
    scenes: int = 13_000
    dev_scenes: int = 800
    test_scenes: int = 2_000
    seed: int = 1

    @property
    def junk(self) -> int:
        """The class of what is not one clean character."""
        return len(self.alphabet)

    @property
    def twin(self) -> int:
        """The class, known to these sets alone, of junk that resembles a character: an S, say, a 5."""
        return self.junk + 1

    def count(self, part: Part) -> int:
        """Return how many scenes a part has."""
        return {Part.TRAIN: self.scenes, Part.DEV: self.dev_scenes, Part.TEST: self.test_scenes}[part]


@dataclass(frozen=True, slots=True)
class Datasets:
    """The sets.

    Attributes:
        junk: The class of what is no character.
        clean: Chars74K's pictures as they are, by part.
        synthetic: What segmentation cuts from synthetic scans, by part.
        variants: For training: Chars74K's pictures varied, and its other characters as junk.
    """

    junk: int
    clean: dict[Part, GlyphSet]
    synthetic: dict[Part, GlyphSet]
    variants: GlyphSet

    def train(self) -> GlyphSet:
        """Return all that the shipped model learns from; a letter like a digit is junk as well."""
        return GlyphSet.join(self.clean[Part.TRAIN], self.variants, self.synthetic[Part.TRAIN]).at_most(
            self.junk
        )

    def dev(self) -> GlyphSet:
        """Return what choices and calibration go by."""
        return self.synthetic[Part.DEV].at_most(self.junk)


def assemble(plan: Plan, data: DataDirectory, fonts: Path = FONTS) -> Datasets:
    """Put the sets together; they are kept until the plan, or the code that makes them, changes.

    Raises:
        DataError: Data or fonts are missing or corrupt.
    """
    kept = BUILD / "sets" / f"{key(plan)}.npz"
    if not kept.is_file():
        _keep(_make(plan, data, fonts), kept)
    return _load(kept, plan.junk)


def tests(data: DataDirectory, sets: Datasets, plan: Plan) -> Iterator[tuple[str, GlyphSet]]:
    """Yield the test sets by name: held-out fonts clean and synthetic, junk, real digits, and MNIST."""
    synthetic = sets.synthetic[Part.TEST]
    yield "chars74k", sets.clean[Part.TEST]
    yield "synthetic", synthetic[synthetic.labels < plan.junk]
    yield "junk", synthetic[synthetic.labels == plan.junk]
    yield "twins", synthetic[synthetic.labels == plan.twin].at_most(plan.junk)
    yield from sources.real(data, plan.alphabet)
    if data.mnist("t10k")[0].is_file():
        yield "mnist", sources.mnist(data, Part.TEST)


def upside_down(glyphs: GlyphSet, plan: Plan) -> GlyphSet:
    """Return some characters turned by 180 degrees, as junk: sheets are read either way up.

    Only those that are nothing then; a 6 is a 9, and who can tell a 2 or a 5.
    """
    classes = [plan.alphabet.index(character) for character in UPRIGHT if character in plan.alphabet]
    chosen = glyphs[np.isin(glyphs.labels, classes)][::EVERY_UPSIDE_DOWN]
    return GlyphSet(chosen.images[:, ::-1, ::-1], np.full(len(chosen), plan.junk), chosen.groups)


def _make(plan: Plan, data: DataDirectory, fonts: Path) -> Datasets:
    pictures = sources.chars74k(data, plan.alphabet)
    others = "".join(c for c in CAPITALS + CAPITALS.lower() if label_of(c, plan.alphabet) == plan.junk)
    clean = {part: from_pictures(sources.in_part(pictures, part, plan.seed), plan.alphabet) for part in Part}
    synthetic = _synthetic(plan, pictures, fonts)
    letters = sources.in_part(sources.chars74k(data, others), Part.TRAIN, plan.seed)
    variants = GlyphSet.join(
        sources.varied(sources.in_part(pictures, Part.TRAIN, plan.seed), plan.alphabet, VARIANTS, plan.seed),
        sources.varied(letters[::EVERY_LETTER], plan.alphabet, 1, plan.seed + 1),
        upside_down(synthetic[Part.TRAIN], plan),
    )
    known = GlyphSet.join(clean[Part.TRAIN], synthetic[Part.TRAIN])
    characters = known[known.labels < plan.junk]
    some = np.random.default_rng(plan.seed).permutation(len(characters))[:REFERENCES]
    references = characters[some]
    return Datasets(
        plan.junk,
        clean,
        {part: without_lookalikes(glyphs, references, plan.junk) for part, glyphs in synthetic.items()},
        without_lookalikes(variants, references, plan.junk),
    )


def _synthetic(plan: Plan, pictures: list[Picture], fonts: Path) -> dict[Part, GlyphSet]:
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


def key(plan: Plan) -> str:
    """Return a name that changes with the plan and with the code by which glyphs are made."""
    digest = hashlib.sha256(json.dumps(asdict(plan)).encode())
    for path in sorted(path for pattern in GLYPH_CODE for path in ROOT.glob(pattern) if path.is_file()):
        digest.update(path.read_bytes())
    return f"{plan.alphabet[0]}-{plan.alphabet[-1]}-{digest.hexdigest()[:12]}"


def _keep(sets: Datasets, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {f"clean-{part}": glyphs for part, glyphs in sets.clean.items()}
    named |= {f"synthetic-{part}": glyphs for part, glyphs in sets.synthetic.items()}
    arrays: dict[str, Any] = {}
    for name, glyphs in (named | {"variants": sets.variants}).items():
        arrays |= {
            f"{name}/images": glyphs.images,
            f"{name}/labels": glyphs.labels,
            f"{name}/groups": glyphs.groups,
        }
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, allow_pickle=False, **arrays)
    unfinished.rename(path)


def _load(path: Path, junk: int) -> Datasets:
    with np.load(path) as arrays:

        def named(name: str) -> GlyphSet:
            return GlyphSet(*(arrays[f"{name}/{field}"] for field in ("images", "labels", "groups")))

        return Datasets(
            junk,
            {part: named(f"clean-{part}") for part in Part},
            {part: named(f"synthetic-{part}") for part in Part},
            named("variants"),
        )
