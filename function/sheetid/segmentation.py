"""From a run of print to candidate glyphs: cut where it may be cut, joined where it may be joined."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.geometry import Matrix
from sheetid.glyphs import Ink, normalise
from sheetid.ink import InkMap, Mask, remove_lines, threshold
from sheetid.runs import Run

HEIGHT = 36  # pixels: every run is brought to digits of this height
MARGIN = 14  # pixels of that scale, above, below and at both ends
RULE = 58  # pixels of that scale: a level line as long is a rule, not the bars of touching digits
POST = 40  # pixels of that scale: an upright line as long is the side of a frame, not a stroke
LINE_THICKNESS = 7
SPECK = 14  # pixels of area: less is no part of a digit
NARROWEST_CUT = 5  # pixels: no slice of a touching component is narrower
WIDE = 0.72  # of the height: a wider component may be several digits
WIDEST = 1.1  # of the height: no digit is wider
LOWEST = 0.62  # of the height: no digit is lower
MOST_ATOMS = 40  # of one run; longer lines of print are no sheet number
MOST_JOINED = 4  # atoms in one candidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of a run that may be one digit.

    Attributes:
        first, last: The atoms it consists of, both included.
        box: left, top, right, bottom in the strip, in pixels.
        glyph: `[28, 28]` float32, as the model takes it.
    """

    first: int
    last: int
    box: tuple[int, int, int, int]
    glyph: Ink


@dataclass(frozen=True, slots=True)
class Strip:
    """A run brought upright and to the common height, cut into atoms.

    Attributes:
        ink: `[height, width]` uint8.
        to_region: 2x3 matrix from the strip's points to those of the ink that it was cut from.
        atoms: `[N, 4]` left, top, right, bottom of the parts that are never cut further, from left to right.
        candidates: What may be one digit, each of one to four atoms.
    """

    ink: InkMap
    to_region: Matrix
    atoms: npt.NDArray[np.int32]
    candidates: tuple[Candidate, ...]


def segment(ink: InkMap, run: Run, noise: float) -> Strip:
    """Cut a run of print into candidate glyphs.

    Args:
        ink: `[height, width]` uint8, the run lying level in it to within a few degrees.
        run: Where the run is, in pixels of `ink`.
        noise: Standard deviation of the pixel noise in `ink`.
    """
    strip, to_region = straighten(ink, run)
    mask = threshold(strip, HEIGHT // 2, noise * min(1.0, HEIGHT / run.height))
    mask = remove_lines(mask, RULE, POST, LINE_THICKNESS)
    labels, atoms = cut_atoms(mask)
    if len(atoms) > MOST_ATOMS:
        return Strip(strip, to_region, atoms, ())
    return Strip(strip, to_region, atoms, tuple(join_atoms(strip, labels, atoms)))


def straighten(ink: InkMap, run: Run) -> tuple[InkMap, Matrix]:
    """Cut the run out, level, at the common height, with a margin; return it with its 2x3 matrix to `ink`."""
    scale = run.height / HEIGHT
    width = max(1, round((run.right - run.left) / scale)) + 2 * MARGIN
    height = HEIGHT + 2 * MARGIN
    length = float(np.hypot(1, run.slope))
    along = np.array([1, run.slope]) / length * scale
    across = np.array([-run.slope, 1]) / length * scale
    origin = np.array([run.left, run.middle]) - along * MARGIN - across * (height / 2)
    to_region = np.column_stack([along, across, origin])
    source = cv2.GaussianBlur(ink, (0, 0), 0.35 * scale) if scale > 1.5 else ink  # noqa: PLR2004 - aliasing starts
    strip = cv2.warpAffine(source, to_region, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(strip, np.uint8), to_region


def cut_atoms(mask: Mask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the strip's atoms: int32 labels (0 is none, i + 1 is atom i) and `[N, 4]` boxes.

    Wide components are sliced where little ink joins their parts; components above each other are one atom.
    """
    count, components, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    parts: list[tuple[int, int, npt.NDArray[np.bool_], int, int]] = []
    for number in range(1, count):
        left, top, width, height, area = stats[number]
        inside = min(top + height, MARGIN + HEIGHT) - max(top, MARGIN)
        if area < SPECK or inside < height / 2:
            continue
        shape = components[top : top + height, left : left + width] == number
        edges = [0, *cuts(shape), width]
        parts += [(left + a, top, shape[:, a:b], a, b) for a, b in pairwise(edges)]
    parts.sort(key=lambda part: part[0] + part[2].shape[1] / 2)
    return label_atoms(merge_stacked([(left, top, shape) for left, top, shape, _, _ in parts]), mask.shape)


def cuts(shape: npt.NDArray[np.bool_]) -> list[int]:
    """Return the columns at which a component may be cut: local minima of its ink, none close to another."""
    width = shape.shape[1]
    if width <= WIDE * HEIGHT:
        return []
    profile = np.convolve(shape.sum(axis=0), [0.25, 0.5, 0.25], "same")
    inner = np.arange(NARROWEST_CUT, width - NARROWEST_CUT)
    is_minimum = (profile[inner] <= profile[inner - 1]) & (profile[inner] <= profile[inner + 1])
    minima = inner[is_minimum & (profile[inner] <= 0.6 * HEIGHT)]
    chosen: list[int] = []
    for column in minima[np.argsort(profile[minima], kind="stable")]:
        if all(abs(int(column) - other) >= NARROWEST_CUT + 1 for other in chosen):
            chosen.append(int(column))
    return sorted(chosen[: 3 * (width // (HEIGHT // 2))])


Part = tuple[int, int, npt.NDArray[np.bool_]]


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
    left, right = min(p[0] for p in atom), max(p[0] + p[2].shape[1] for p in atom)
    start, end = part[0], part[0] + part[2].shape[1]
    shared = min(right, end) - max(left, start)
    return bool(shared > 0.6 * min(right - left, end - start))


def label_atoms(
    atoms: list[list[Part]], size: tuple[int, ...]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Draw atoms by their numbers, and box them."""
    labels = np.zeros(size, np.int32)
    boxes = np.zeros((len(atoms), 4), np.int32)
    for index, parts in enumerate(atoms):
        for left, top, shape in parts:
            labels[top : top + shape.shape[0], left : left + shape.shape[1]][shape] = index + 1
        boxes[index] = (
            min(left for left, _, _ in parts),
            min(top for _, top, _ in parts),
            max(left + shape.shape[1] for left, _, shape in parts),
            max(top + shape.shape[0] for _, top, shape in parts),
        )
    return labels, boxes


def join_atoms(strip: InkMap, labels: npt.NDArray[np.int32], atoms: npt.NDArray[np.int32]) -> list[Candidate]:
    """Return every candidate: neighbouring atoms that together have the size of a digit."""
    candidates = []
    for first in range(len(atoms)):
        for last in range(first, min(first + MOST_JOINED, len(atoms))):
            members = atoms[first : last + 1]
            left, top = members[:, :2].min(axis=0)
            right, bottom = members[:, 2:].max(axis=0)
            if right - left > WIDEST * HEIGHT:
                break
            if bottom - top < LOWEST * HEIGHT:
                continue
            box = (int(left), int(top), int(right), int(bottom))
            candidates.append(Candidate(first, last, box, cut_glyph(strip, labels, box, first, last)))
    return candidates


def cut_glyph(
    strip: InkMap,
    labels: npt.NDArray[np.int32],
    box: tuple[int, int, int, int],
    first: int,
    last: int,
) -> Ink:
    """Cut a glyph from the ink: with its soft edges, without the ink of other atoms."""
    left, top, right, bottom = box
    window = (slice(max(0, top - 1), bottom + 1), slice(max(0, left - 1), right + 1))
    inside = labels[window]
    own = ((inside > first) & (inside <= last + 1)).astype(np.uint8)
    near = cv2.dilate(own, np.ones((3, 3), np.uint8)).astype(bool)
    keep = near & ((inside == 0) | own.astype(bool))
    return normalise(np.where(keep, strip[window], 0).astype(np.float32) / np.float32(255))
