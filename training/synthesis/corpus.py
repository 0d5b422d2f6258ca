"""Synthetic strips by the ten thousand: scenes composed, scanned and labelled in parallel."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import cv2
import numpy as np

from training.splits import Part
from training.stripsets import Strip, StripSet
from training.synthesis.degradations import scan
from training.synthesis.foundry import Foundry
from training.synthesis.layout import compose
from training.synthesis.lines import strips_of

DIGIT_HEIGHTS = (14.0, 60.0)  # pixels; higher print is brought down to the strip's height anyway
BATCH = 20  # scenes that one worker makes at a time

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
) -> StripSet:
    """Make a set of strips; the same recipe and fonts give the same strips, however many `workers` there are.

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
    return StripSet.join(*parts)


def make_scene(recipe: Recipe, foundry: Foundry, number: int) -> Iterator[tuple[Strip, str]]:
    """Yield the labelled strips of the scene of that number, with the kin of its number's typeface."""
    random = np.random.default_rng([recipe.seed, _SEED_OF_PART[recipe.part], number])
    digit_height = float(np.exp(random.uniform(*np.log(DIGIT_HEIGHTS))))
    number_type, text_type, kin = foundry.types(digit_height, random)
    scene = compose(number_type, text_type, digit_height, recipe.alphabet, random)
    grey, scene = scan(scene, random)
    for strip in strips_of(grey, scene, recipe.alphabet, random):
        yield strip, kin


def _mapped(recipe: Recipe, foundry: Foundry, batches: list[range], workers: int) -> Iterator[StripSet]:
    if workers == 0:
        yield from map(partial(_make_batch, recipe, foundry), batches)
        return
    # A process that has TensorFlow's threads must not be forked.
    with ProcessPoolExecutor(workers, get_context("spawn"), _initialise, (recipe, foundry)) as pool:
        yield from pool.map(_make_own_batch, batches)


def _make_batch(recipe: Recipe, foundry: Foundry, numbers: range) -> StripSet:
    return StripSet.of(item for number in numbers for item in make_scene(recipe, foundry, number))


_own: list[tuple[Recipe, Foundry]] = []  # of a worker process: sent to it once, not with every batch


def _initialise(recipe: Recipe, foundry: Foundry) -> None:
    cv2.setNumThreads(1)
    _own[:] = [(recipe, foundry)]


def _make_own_batch(numbers: range) -> StripSet:
    return _make_batch(*_own[0], numbers)
