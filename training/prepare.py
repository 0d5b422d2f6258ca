"""Chars74K as a directory tree of prepared glyphs: where the original recipe starts."""

from pathlib import Path

from training import sources
from training.data import DIGITS
from training.glyphsets import from_pictures
from training.paths import DataDirectory
from training.splits import ORIGINAL_DEV, Part, in_part, random_split
from training.tree import write_tree


def prepare_tree(data: DataDirectory, directory: Path, seed: int, *, at_random: bool) -> None:
    """Write `train/0..9` and `dev/0..9`: by groups of fonts, or 98/2 at random, which leaks."""
    glyphs = from_pictures(sources.chars74k(data, DIGITS), DIGITS)
    if at_random:
        dev = random_split(len(glyphs), ORIGINAL_DEV, seed)
        train = ~dev
    else:
        train, dev = (in_part(glyphs.groups, part, seed) for part in (Part.TRAIN, Part.DEV))
    write_tree(glyphs[train], directory, Part.TRAIN, DIGITS)
    write_tree(glyphs[dev], directory, Part.DEV, DIGITS)
