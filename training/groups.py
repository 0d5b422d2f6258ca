"""Which fonts of Chars74K are one and the same: four styles in a row, and fonts with the same pictures."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from training.data import CHARS74K_FONTS, DIGITS, decode, read_members

STYLES = ("regular", "bold", "italic", "bolditalic")  # of one font, at indices that follow each other
SHARED = 5  # digits of ten that two fonts have in common, pixel by pixel, to be one


def write_groups(archive: Path, path: Path) -> None:
    """Write `index,group,style` for every font of the official archive."""
    digests = {
        (character, index): hashlib.sha256(decode(content, str(archive)).tobytes()).hexdigest()
        for character, index, content in read_members(archive)
        if character in DIGITS
    }
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("index", "group", "style"))
        for index, group in group_fonts(digests).items():
            writer.writerow((index, group, STYLES[(index - 1) % len(STYLES)]))


def group_fonts(digests: Mapping[tuple[str, int], str]) -> dict[int, int]:
    """Return the group of every font by its index.

    Args:
        digests: Of the picture of each (digit, index).
    """
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (digit, index), digest in digests.items():
        holders[digit, digest].append(index)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for indices in holders.values():
        for pair in combinations(indices, 2):
            shared[pair] += 1
    parent = {index: first_of_block(index) for index in range(1, CHARS74K_FONTS + 1)}

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for (one, other), count in shared.items():
        if count >= SHARED:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    numbers: dict[int, int] = {}
    return {index: numbers.setdefault(root(index), len(numbers)) for index in sorted(parent)}


def first_of_block(index: int) -> int:
    """Return the index of the regular style of a font."""
    return index - (index - 1) % len(STYLES)
