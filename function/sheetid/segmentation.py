"""From a run of print to candidate glyphs: cut where it may be cut, joined where it may be joined."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.atoms import END_MARGIN, HEIGHT, MARGIN, Atoms, cut_atoms
from sheetid.geometry import Box, Matrix, after, half_turn
from sheetid.glyphs import Ink, normalise
from sheetid.ink import InkMap, Mask, level_lines, remove_lines, threshold
from sheetid.runs import Run

RULE = 58  # pixels: a level line as long is a rule, not the bars of touching digits
POST = 40  # pixels: an upright line as long is the side of a frame, not a stroke
LINE_THICKNESS = 7  # pixels
WALL = 0.25  # of the height: a wall is no thicker
TOUCH = 4  # pixels: what comes so close to a rule touches it
WIDEST = 1.1  # of the height: no digit is wider
LOWEST = 0.62  # of the height: no digit is lower
MOST_ATOMS = 40  # of one run; longer lines of print are no sheet number
FULL = 0.85  # of the height: an atom as high is no piece of a digit broken across
PAIR = 0.75  # of the height: two such atoms that take more are no digit broken in two
MOST_JOINED = 4  # atoms in one candidate
FEWEST_BARS = 8  # of a barcode
BARS_A_HEIGHT = 2.2  # in a stretch as long as they are high; digits are fewer
ALIKE = 0.93  # correlation of the upper, middle and lower part of bars
ALIASING = 1.5  # times: a run is smoothed before it is reduced by more


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
    box: Box
    glyph: Ink


@dataclass(frozen=True, slots=True)
class Strip:
    """A run brought upright and to the common height, cut into atoms.

    Attributes:
        ink: `[height, width]` uint8.
        free: The same without straight lines.
        to_region: 2x3 matrix from the strip's points to those of the ink that it was cut from.
        boxes: `[N, 4]` int32, left, top, right, bottom of the atoms, from left to right.
        components: `[N]` int32, which connected component each atom is a part of.
        candidates: What may be one digit, each of one to four atoms, by their first and last atom.
    """

    ink: InkMap
    free: InkMap
    to_region: Matrix
    boxes: npt.NDArray[np.int32]
    components: npt.NDArray[np.int32]
    candidates: tuple[Candidate, ...]

    def upside_down(self) -> Self:
        """Return the strip as it is when the sheet is turned by a half turn."""
        height, width = self.ink.shape
        turned = [self._turned(candidate) for candidate in reversed(self.candidates)]
        return replace(
            self,
            ink=np.ascontiguousarray(self.ink[::-1, ::-1]),
            free=np.ascontiguousarray(self.free[::-1, ::-1]),
            to_region=after(self.to_region, half_turn(width, height)),
            boxes=(np.array([width, height] * 2) - self.boxes[::-1][:, [2, 3, 0, 1]]).astype(np.int32),
            components=self.components[::-1],
            candidates=tuple(sorted(turned, key=lambda candidate: (candidate.first, candidate.last))),
        )

    def _turned(self, candidate: Candidate) -> Candidate:
        (height, width), last = self.ink.shape, len(self.boxes) - 1
        left, top, right, bottom = candidate.box
        box = (width - right, height - bottom, width - left, height - top)
        glyph = np.ascontiguousarray(candidate.glyph[::-1, ::-1])
        return Candidate(last - candidate.last, last - candidate.first, box, glyph)


def segment(ink: InkMap, run: Run, floor: float) -> Strip:
    """Cut a run of print into candidate glyphs.

    Args:
        ink: `[height, width]` uint8, the run lying level in it to within a few degrees.
        run: Where the run is, in pixels of `ink`.
        floor: What is paler is paper, 0 to 255.
    """
    strip, to_region = straighten(ink, run)
    if is_barcode(strip):
        nothing = np.zeros((0, 4), np.int32)
        return Strip(strip, strip, to_region, nothing, nothing[:, 0], ())
    mask = threshold(strip, HEIGHT // 2, floor)
    cleared = remove_walls(remove_lines(mask, RULE, POST, LINE_THICKNESS), mask)
    lines = np.asarray(mask - cleared, np.uint8)
    atoms = cut_atoms(cleared)
    candidates = join_atoms(strip, atoms) if len(atoms.boxes) <= MOST_ATOMS else []
    return Strip(strip, without(strip, lines), to_region, atoms.boxes, atoms.components, tuple(candidates))


def remove_walls(cleared: Mask, mask: Mask) -> Mask:
    """Remove what is left of the upright walls of a frame or of cells, which may look like ones.

    Args:
        cleared: The strip's ink without its lines.
        mask: The same with them: only between two rules, one above and one below, are there walls.
    """
    rules = np.flatnonzero(level_lines(mask, RULE, LINE_THICKNESS).any(axis=1))
    above, below = rules[rules < MARGIN + HEIGHT // 4], rules[rules >= MARGIN + HEIGHT - HEIGHT // 4]
    if not above.size or not below.size:
        return cleared
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cleared, connectivity=8)
    top, height = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    slim = stats[:, cv2.CC_STAT_WIDTH] <= WALL * HEIGHT
    touching = (top <= above.max() + TOUCH) | (top + height >= below.min() - TOUCH)
    wall = slim & touching
    wall[0] = False
    return np.asarray(cleared * ~wall[labels], np.uint8)


def is_barcode(strip: InkMap) -> bool:
    """Tell upright bars from characters: they are many, and the same in upper, middle and lower part."""
    third = HEIGHT // 3
    parts = [strip[MARGIN + i * third : MARGIN + (i + 1) * third].mean(axis=0) for i in range(3)]
    whole = np.mean(parts, axis=0)
    inked = np.flatnonzero(whole > whole.max() / 2)
    if inked.size == 0:
        return False
    span = slice(inked[0], inked[-1] + 1)
    bars = np.count_nonzero(np.diff((whole[span] > whole[span].mean()).astype(np.int8)) > 0)
    if bars < FEWEST_BARS or bars < BARS_A_HEIGHT * (inked[-1] - inked[0]) / HEIGHT:
        return False
    spans = np.stack([part[span] for part in parts])
    varied = bool((spans.std(axis=1) > 0).all())
    return varied and float(np.corrcoef(spans).min()) > ALIKE


def straighten(ink: InkMap, run: Run) -> tuple[InkMap, Matrix]:
    """Cut the run out, level, at the common height, with margins; return it with its 2x3 matrix to `ink`."""
    scale = run.height / HEIGHT
    width = max(1, round((run.right - run.left) / scale)) + 2 * END_MARGIN
    height = HEIGHT + 2 * MARGIN
    length = float(np.hypot(1, run.slope))
    along = np.array([1, run.slope]) / length * scale
    across = np.array([-run.slope, 1]) / length * scale
    origin = np.array([run.left, run.middle]) - along * END_MARGIN - across * (height / 2)
    to_region = np.column_stack([along, across, origin])
    source = cv2.GaussianBlur(ink, (0, 0), 0.35 * scale) if scale > ALIASING else ink
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(source, to_region, (width, height), flags=flags), np.uint8), to_region


def without(strip: InkMap, lines: Mask) -> InkMap:
    """Return the ink without that of lines, their soft edges included."""
    wide = cv2.dilate(lines, np.ones((3, 5), np.uint8))
    return np.asarray(strip * (wide == 0), np.uint8)


def join_atoms(strip: InkMap, atoms: Atoms) -> list[Candidate]:
    """Return every candidate: neighbouring atoms that together have the size of a digit."""
    candidates = []
    for first in range(len(atoms.boxes)):
        for last in range(first, min(first + MOST_JOINED, len(atoms.boxes))):
            members = atoms.boxes[first : last + 1]
            left, top = members[:, :2].min(axis=0).tolist()
            right, bottom = members[:, 2:].max(axis=0).tolist()
            if right - left > WIDEST * HEIGHT:
                break
            if bottom - top < LOWEST * HEIGHT or stand_alone(atoms, first, last):
                continue
            box = (left, top, right, bottom)
            candidates.append(Candidate(first, last, box, cut_glyph(strip, atoms, box, first, last)))
    return candidates


def stand_alone(atoms: Atoms, first: int, last: int) -> bool:
    """Tell whether two atoms next to each other are so high, and so wide together, that each is a digit."""
    members = atoms.boxes[first : last + 1]
    high = (members[:, 3] - members[:, 1]) >= FULL * HEIGHT
    apart = np.diff(atoms.components[first : last + 1]) != 0
    width = members[1:, 2] - members[:-1, 0]
    return bool((high[1:] & high[:-1] & apart & (width > PAIR * HEIGHT)).any())


def cut_glyph(strip: InkMap, atoms: Atoms, box: Box, first: int, last: int) -> Ink:
    """Cut a glyph from the ink: with its soft edges, without the ink of other atoms."""
    left, top, right, bottom = box
    window = (slice(max(0, top - 1), bottom + 1), slice(max(0, left - 1), right + 1))
    inside = atoms.labels[window]
    own = (inside > first) & (inside <= last + 1)
    near = cv2.dilate(own.view(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    keep = near & ((inside == 0) | own)
    return normalise(np.where(keep, strip[window], 0).astype(np.float32) / np.float32(255))
