"""Synthetic glyphs by the ten thousand: scenes composed, scanned, cut and labelled in parallel."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import cv2
import numpy as np

from sheetid.glyphs import Ink
from training.glyphsets import GlyphSet
from training.splits import Part
from training.synthesis.cutting import cut
from training.synthesis.degradations import scan
from training.synthesis.foundry import Foundry
from training.synthesis.layout import compose

DIGIT_HEIGHTS = (14.0, 60.0)  # pixels; higher print is brought down to the strip's height anyway
JUNK_KEPT = 8  # of one scene's candidates that are no character; noise alone would give hundreds
BATCH = 20  # scenes that one worker makes at a time

SAME = dict.fromkeys("Oo", "0O") | dict.fromkeys("Il|", "1I")  # printed alike in many fonts: no one can tell
RESEMBLING = {  # printed much like a character in some font, but to be told in most
    **dict.fromkeys("QD", "0O"),
    **dict.fromkeys("i!/()[]", "1I"),
    "Z": "2",
    "z": "2Z",
    "S": "5",
    "s": "5S",
    "$": "5S",
    "B": "8",
    "b": "6",
    "G": "6",
    "g": "9",
    "q": "9",
    **{letter: letter.upper() for letter in "ckpuvwxy"},
}
_SEED_OF_PART = {Part.TRAIN: 0, Part.DEV: 1, Part.TEST: 2}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make: numbers of `alphabet` on so many `scenes`, in the fonts of one `part`, all by `seed`."""

    alphabet: str
    scenes: int
    part: Part
    seed: int


def synthesise(
    recipe: Recipe, foundry: Foundry, workers: int, advance: Callable[[int], None] = lambda _: None
) -> GlyphSet:
    """Make a set of glyphs; the same recipe and fonts give the same glyphs, however many `workers` there are.

    Args:
        recipe: What is to be made.
        foundry: The typefaces of the recipe's part.
        workers: Processes; 0 makes them in this one.
        advance: Told how many scenes have been added.
    """
    batches = [range(first, min(first + BATCH, recipe.scenes)) for first in range(0, recipe.scenes, BATCH)]
    parts = []
    for made, batch in zip(_mapped(recipe, foundry, batches, workers), batches, strict=True):
        parts.append(made)
        advance(len(batch))
    return GlyphSet.join(*parts)


def make_scene(recipe: Recipe, foundry: Foundry, number: int) -> Iterator[tuple[Ink, int, str]]:
    """Yield the labelled glyphs of the scene of that number."""
    random = np.random.default_rng([recipe.seed, _SEED_OF_PART[recipe.part], number])
    digit_height = float(np.exp(random.uniform(*np.log(DIGIT_HEIGHTS))))
    number_type, text_type, kin = foundry.types(digit_height, random)
    scene = compose(number_type, text_type, digit_height, recipe.alphabet, random)
    grey, scene = scan(scene, random)
    junk = []
    for glyph, character in cut(grey, scene):
        if character is None:
            junk.append(glyph)
        elif (label := label_of(character, recipe.alphabet)) is not None:
            yield glyph, label, kin
    for index in random.permutation(len(junk))[:JUNK_KEPT]:
        yield junk[index], len(recipe.alphabet), kin


def label_of(character: str, alphabet: str) -> int | None:
    """Return a character's class in an alphabet of N characters.

    Outside the alphabet, that is N for junk, N + 1 for junk that resembles a character of it, and None for
    what is printed just like one.
    """
    if character in alphabet:
        return alphabet.index(character)
    if any(like in alphabet for like in SAME.get(character, "")):
        return None
    return len(alphabet) + any(like in alphabet for like in RESEMBLING.get(character, ""))


def _mapped(recipe: Recipe, foundry: Foundry, batches: list[range], workers: int) -> Iterator[GlyphSet]:
    if workers == 0:
        yield from map(partial(_make_batch, recipe, foundry), batches)
        return
    # A process that has TensorFlow's threads must not be forked.
    with ProcessPoolExecutor(workers, get_context("spawn"), _initialise, (recipe, foundry)) as pool:
        yield from pool.map(_make_own_batch, batches)


def _make_batch(recipe: Recipe, foundry: Foundry, numbers: range) -> GlyphSet:
    return GlyphSet.of(item for number in numbers for item in make_scene(recipe, foundry, number))


_own: list[tuple[Recipe, Foundry]] = []  # of a worker process: sent to it once, not with every batch


def _initialise(recipe: Recipe, foundry: Foundry) -> None:
    cv2.setNumThreads(1)
    _own[:] = [(recipe, foundry)]


def _make_own_batch(numbers: range) -> GlyphSet:
    return _make_batch(*_own[0], numbers)
