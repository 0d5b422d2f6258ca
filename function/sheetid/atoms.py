"""Atoms: the parts of a run that are never cut further, and may be joined to digits."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.ink import Mask

HEIGHT = 36  # pixels: every run is brought to digits of this height
MARGIN = 14  # pixels of that scale, above and below
END_MARGIN = 46  # pixels of that scale, at both ends: a digit that the run has missed is seen
OUTSIDE = 5  # pixels above and below the digits that still belong to them
LEAST_INSIDE = 0.25  # of the height: print above or below reaches into the line by less
SPECK = 14  # pixels of area: less is no part of a digit
NARROWEST_CUT = 5  # pixels: no slice of a touching component is narrower
WIDE = 0.66  # of the height: a wider component may be several digits
USUAL_WIDTH = 0.55  # of the height: that of a digit
THICKEST_CUT = 0.6  # of the height: where more ink stands in a column, nothing is cut
STACKED = 0.6  # of the narrower one's columns: pieces that share as many stand above each other

Labels = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Atoms:
    """The atoms of one strip, from left to right.

    Attributes:
        labels: `[height, width]` int32: i + 1 where atom i has ink, 0 elsewhere.
        boxes: `[N, 4]` int32: left, top, right, bottom of each.
        components: `[N]` int32: which connected component each is a part of.
    """

    labels: Labels
    boxes: Boxes
    components: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Part:
    """A component or a slice of one: its place, its shape `[height, width]` bool, and the component."""

    left: int
    top: int
    shape: npt.NDArray[np.bool_]
    component: int

    @property
    def right(self) -> int:
        """The column after its last."""
        return self.left + int(self.shape.shape[1])

    @property
    def bottom(self) -> int:
        """The row after its last."""
        return self.top + int(self.shape.shape[0])


def cut_atoms(mask: Mask) -> Atoms:
    """Cut the ink of a strip into atoms.

    Wide components are sliced where little ink joins their parts; components above each other are one atom;
    what lies above or below the line of print is cut off, so that a digit with a streak through it stays.

    Args:
        mask: `[HEIGHT + 2 * MARGIN, width]` uint8, 1 where there is ink.
    """
    line = np.zeros_like(mask)
    line[MARGIN - OUTSIDE : MARGIN + HEIGHT + OUTSIDE] = mask[MARGIN - OUTSIDE : MARGIN + HEIGHT + OUTSIDE]
    count, components, stats, _ = cv2.connectedComponentsWithStats(line, connectivity=8)
    parts: list[Part] = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[number])
        inside = min(top + height, MARGIN + HEIGHT) - max(top, MARGIN)
        cut_off = top == MARGIN - OUTSIDE or top + height == MARGIN + HEIGHT + OUTSIDE
        if area < SPECK or inside <= 0 or (cut_off and inside < LEAST_INSIDE * HEIGHT):
            continue
        shape = components[top : top + height, left : left + width] == number
        for start, end in pairwise([0, *cuts(shape), width]):
            parts.append(trimmed(Part(left + start, top, shape[:, start:end], number)))
    parts.sort(key=lambda part: part.left + part.right)
    return label(merge_stacked(parts), mask.shape)


def trimmed(part: Part) -> Part:
    """Return a slice without the empty rows that its component had elsewhere."""
    rows = np.flatnonzero(part.shape.any(axis=1))
    first, last = int(rows[0]), int(rows[-1])
    return Part(part.left, part.top + first, part.shape[first : last + 1], part.component)


def cuts(shape: npt.NDArray[np.bool_]) -> list[int]:
    """Return the columns at which a component may be cut: minima of its ink, none close to another."""
    width = shape.shape[1]
    if width <= WIDE * HEIGHT:
        return []
    profile = np.convolve(shape.sum(axis=0), [0.25, 0.5, 0.25], "same")
    inner = np.arange(NARROWEST_CUT, width - NARROWEST_CUT)
    is_minimum = (profile[inner] <= profile[inner - 1]) & (profile[inner] <= profile[inner + 1])
    minima = inner[is_minimum & (profile[inner] <= THICKEST_CUT * HEIGHT)]
    chosen: list[int] = []
    for column in minima[np.argsort(profile[minima], kind="stable")].tolist():
        if all(abs(column - other) > NARROWEST_CUT for other in chosen):
            chosen.append(column)
    digits = max(1, round(width / (USUAL_WIDTH * HEIGHT)))
    return sorted(chosen[: 2 * digits - 1])


def merge_stacked(parts: list[Part]) -> list[list[Part]]:
    """Put parts that stand above each other together: they are pieces of one broken digit, or its dirt."""
    atoms: list[list[Part]] = []
    for part in parts:
        if atoms and stacked(atoms[-1], part):
            atoms[-1].append(part)
        else:
            atoms.append([part])
    return atoms


def stacked(atom: list[Part], part: Part) -> bool:
    """Tell whether a part shares most of its columns, or theirs, with the parts of an atom."""
    left, right = min(p.left for p in atom), max(p.right for p in atom)
    shared = min(right, part.right) - max(left, part.left)
    return shared > STACKED * min(right - left, part.right - part.left)


def label(atoms: list[list[Part]], size: tuple[int, ...]) -> Atoms:
    """Draw atoms by their numbers, and box them."""
    labels = np.zeros(size, np.int32)
    boxes = np.zeros((len(atoms), 4), np.int32)
    for index, parts in enumerate(atoms):
        for part in parts:
            labels[part.top : part.bottom, part.left : part.right][part.shape] = index + 1
        boxes[index] = (
            min(part.left for part in parts),
            min(part.top for part in parts),
            max(part.right for part in parts),
            max(part.bottom for part in parts),
        )
    return Atoms(labels, boxes, np.array([parts[0].component for parts in atoms], np.int32))
