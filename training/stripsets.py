"""Sets of labelled strips: what the shipped network learns from, and where its test glyphs are taken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import BAND, SIDE, STEP
from sheetid.vision.glyphs import windows as windows_of
from sheetid.vision.ink import InkMap
from training.glyphsets import GlyphSet
from training.labels import UNDECIDED

Marks = npt.NDArray[np.float32]  # [M, 2]: x of a character's centre in a strip, and its class or UNDECIDED
Strip = tuple[InkMap, Marks]
Labels = npt.NDArray[np.int64]

CENTRED = 2.2  # pixels between the middles of a window and of a character that is centred in it
ASIDE = 3.8  # pixels from which on it certainly is not; between these, either answer would do
NONE_KEPT = 4  # windows of one strip that are tested as none; all of them would be millions
INKED = 0.04  # of a window's band, in full ink: with less there is nothing to be taken for a character


@dataclass(frozen=True, slots=True)
class StripSet:
    """Strips of different widths, one after the other.

    Attributes:
        ink: `[28, total width]` uint8, 0 paper to 255 ink.
        ends: `[N]`, where each strip ends in `ink`.
        marks: `[M, 2]` float32, the marks of all strips.
        mark_ends: `[N]`, where each strip's marks end.
        groups: `[N]`, what no split divides.
    """

    ink: InkMap
    ends: npt.NDArray[np.int64]
    marks: Marks
    mark_ends: npt.NDArray[np.int64]
    groups: npt.NDArray[np.str_]

    def __len__(self) -> int:
        """Return how many strips there are."""
        return len(self.ends)

    def __getitem__(self, index: int) -> Strip:
        """Return one strip and its marks."""
        first, mark = (int(ends[index - 1]) if index else 0 for ends in (self.ends, self.mark_ends))
        return self.ink[:, first : self.ends[index]], self.marks[mark : self.mark_ends[index]]

    def __iter__(self) -> Iterator[Strip]:
        """Yield the strips."""
        return (self[index] for index in range(len(self)))

    @classmethod
    def of(cls, strips: Iterable[tuple[Strip, str]]) -> Self:
        """Collect strips with their groups."""
        inks, marks, groups = [np.zeros((SIDE, 0), np.uint8)], [np.zeros((0, 2), np.float32)], []
        for (ink, of_strip), group in strips:
            inks.append(ink)
            marks.append(of_strip)
            groups.append(group)
        ends, mark_ends = np.cumsum([ink.shape[1] for ink in inks]), np.cumsum([len(each) for each in marks])
        return cls(
            np.concatenate(inks, axis=1),
            ends[1:],
            np.concatenate(marks),
            mark_ends[1:],
            np.array(groups, np.str_),
        )

    @classmethod
    def join(cls, *sets: "StripSet") -> Self:
        """Put several sets one after the other."""
        before = np.cumsum([0, *(each.ink.shape[1] for each in sets)])
        marks_before = np.cumsum([0, *(len(each.marks) for each in sets)])
        return cls(
            np.concatenate([each.ink for each in sets], axis=1),
            np.concatenate([each.ends + start for each, start in zip(sets, before, strict=False)]),
            np.concatenate([each.marks for each in sets]),
            np.concatenate([each.mark_ends + start for each, start in zip(sets, marks_before, strict=False)]),
            np.concatenate([each.groups for each in sets]),
        )

    @classmethod
    def of_glyphs(cls, glyphs: GlyphSet, none: int) -> Self:
        """Return single windows as strips of their own, the character, unless it is `none`, in the middle."""
        marks = [[(SIDE / 2, label)] if label < none else [] for label in glyphs.labels]
        return cls.of(
            ((image, np.array(mark, np.float32).reshape(-1, 2)), str(group))
            for image, mark, group in zip(glyphs.images, marks, glyphs.groups, strict=True)
        )

    def characters(self) -> GlyphSet:
        """Return the window nearest to each character that has a class."""
        return GlyphSet.of(self._characters())

    def _characters(self) -> Iterator[tuple[InkMap, int, str]]:
        for (ink, marks), group in zip(self, self.groups, strict=True):
            slid = windows_of(ink)
            nearest = np.round((marks[:, 0] - SIDE / 2) / STEP).astype(np.intp)
            for at, label in zip(nearest, marks[:, 1], strict=True):
                if label != UNDECIDED and 0 <= at < len(slid):
                    yield slid[at], int(label), str(group)

    def nones(self, none: int, seed: int) -> GlyphSet:
        """Return some windows of each strip, drawn at random, with ink in them but no character centred."""
        return GlyphSet.of(self._nones(none, np.random.default_rng(seed)))

    def _nones(self, none: int, random: np.random.Generator) -> Iterator[tuple[InkMap, int, str]]:
        for (ink, marks), group in zip(self, self.groups, strict=True):
            slid = windows_of(ink)
            classes = classes_at(marks, SIDE / 2 + STEP * np.arange(len(slid), dtype=np.float64), none)
            inked = slid[:, BAND].mean(axis=(1, 2)) >= INKED * 255
            for at in random.permutation(np.flatnonzero((classes == none) & inked))[:NONE_KEPT]:
                yield slid[at], none, str(group)


def classes_at(marks: Marks, middles: npt.NDArray[np.float64], none: int) -> Labels:
    """Return the class of the windows with those middles, `[N]`: a character's, `none`, or UNDECIDED."""
    if not len(marks):
        return np.full(len(middles), none, np.int64)
    distance = np.abs(middles[:, None] - marks[:, 0])
    classes = np.where((distance < ASIDE).any(axis=1), UNDECIDED, none)
    decided = marks[marks[:, 1] != UNDECIDED]
    if len(decided):
        distance = np.abs(middles[:, None] - decided[:, 0])
        nearest = distance.argmin(axis=1)
        centred = distance[np.arange(len(middles)), nearest] <= CENTRED
        classes = np.where(centred, decided[nearest, 1], classes)
    return classes.astype(np.int64)
