"""Strips drawn by hand, for tests of the lattice."""

import numpy as np

from sheetid.atoms import HEIGHT
from sheetid.glyphs import SIDE
from sheetid.segmentation import Candidate, Strip

Atom = tuple[int, int, int, int]


def strip_of(atoms: list[Atom], edges: list[tuple[int, int]]) -> Strip:
    """A strip with these atom boxes, and a candidate for each (first, last) pair of atoms."""
    boxes = np.array(atoms, np.int32).reshape(-1, 4)
    candidates = []
    for first, last in edges:
        members = boxes[first : last + 1]
        box = (*members[:, :2].min(axis=0).tolist(), *members[:, 2:].max(axis=0).tolist())
        candidates.append(Candidate(first, last, box, np.zeros((SIDE, SIDE), np.float32)))
    components = np.arange(len(boxes), dtype=np.int32)
    ink = np.zeros((64, 400), np.uint8)
    for left, top, right, bottom in boxes:
        ink[top:bottom, left:right] = 200
    return Strip(ink, ink, np.eye(2, 3), boxes, components, tuple(candidates))


def row_of(count: int, gap: int = 5, width: int = 20) -> list[Atom]:
    """Digits of full height side by side."""
    return [(14 + i * (width + gap), 14, 14 + i * (width + gap) + width, 14 + HEIGHT) for i in range(count)]


def scores_of(
    rows: list[dict[int, float]], classes: int = 11
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Log-probabilities: each row names some classes' probabilities, the rest share what is left."""
    table = np.zeros((len(rows), classes))
    for index, row in enumerate(rows):
        rest = (1 - sum(row.values())) / (classes - len(row))
        table[index] = [row.get(c, rest) for c in range(classes)]
    return np.log(np.maximum(table, 1e-12))
