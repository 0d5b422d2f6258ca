"""What the function cuts out of a picture, and which of it is one clean character."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.atoms import HEIGHT
from sheetid.decoding import Grey
from sheetid.glyphs import Ink, normalise
from sheetid.page import search_region
from sheetid.segmentation import Candidate
from sheetid.strips import LocatedStrip, region_strips
from training.synthesis.scene import CLUTTER, NOBODY, Owners, Scene

WHOLE = 0.88  # share of a character's ink that lies in the box of a candidate that is that character
PART = 0.72  # share at which it is certainly not all of it
CLEAN = (0.07, 0.25)  # as much ink as this share of its own may be other characters', and clutter's: a digit
DIRTY = (0.30, 0.60)  # in a cell keeps bits of the line, and is that digit; from these shares on, it is junk
CLOSE = 0.20  # of the strip's height by which a box may reach beyond the character on any side
LOOSE = 0.40  # by which it certainly misses the character
SOUND = 0.85  # share of the character's ink that must be seen: not lost in the print, nor to another part
MAIMED = 0.60  # share at which it is no longer that character
LIKE = 0.78  # correlation with the undegraded character from which on it can be told
UNLIKE = 0.45  # correlation at which it is beyond recognition

_SEEN = 0.25  # of a glyph's darkest ink, from which on a pixel counts
_NEIGHBOURS = np.ones((3, 3), np.uint8)  # a stroke may be a pixel off, and has soft edges
_SOFT = 1.0  # pixels of the glyph: the undegraded character is blurred as much before it is compared


@dataclass(frozen=True, slots=True)
class Truth:
    """What was printed, brought into a strip.

    Attributes:
        ink: `[height, width]` float32.
        owners: `[height, width]` int16, as in a scene.
        totals: How many pixels each owner has at the strip's scale, in the strip or not.
    """

    ink: Ink
    owners: Owners
    totals: npt.NDArray[np.float64]


def cut(grey: Grey, scene: Scene) -> Iterator[tuple[Ink, str | None]]:
    """Cut a picture with the real segmentation, and tell what each candidate shows.

    Args:
        grey: The picture.
        scene: What was printed, lying as in the picture.

    Yields:
        A glyph, and its character; None where it is none: part of one, several, a line, dirt. What lies
        between, almost whole or not quite clean, is left out: either answer would do.
    """
    for located in region_strips(search_region(grey), turns=0, reduction=1):
        truth = truth_in(located, scene)
        for candidate in located.strip.candidates:
            shown = shows(candidate, truth)
            if shown is not None:
                yield candidate.glyph, scene.characters[shown - 1] if shown > 0 else None


def truth_in(located: LocatedStrip, scene: Scene) -> Truth:
    """Bring the truth into a strip."""
    size = (located.strip.ink.shape[1], located.strip.ink.shape[0])
    inverse = cv2.WARP_INVERSE_MAP
    ink = cv2.warpAffine(scene.ink, located.to_image, size, flags=cv2.INTER_LINEAR | inverse)
    owners = cv2.warpAffine(scene.owners, located.to_image, size, flags=cv2.INTER_NEAREST | inverse)
    printed = np.bincount(scene.owners[scene.owners > 0], minlength=len(scene.characters) + 1)
    area = abs(float(np.linalg.det(located.to_image[:, :2])))
    return Truth(np.asarray(ink, np.float32), np.asarray(owners, np.int16), printed / area)


def shows(candidate: Candidate, truth: Truth) -> int | None:
    """Return which character a candidate is, by its number; 0 for no one character; None for undecided."""
    left, top, right, bottom = candidate.box
    window = (slice(max(0, top - 1), bottom + 1), slice(max(0, left - 1), right + 1))
    owners = truth.owners[window]
    counts = np.bincount(owners[owners > 0], minlength=len(truth.totals))
    main = int(np.argmax(counts))
    if counts[main] == 0:
        return 0
    whole = counts[main] / truth.totals[main]
    seen = in_window(candidate.glyph, owners.shape)
    others = np.count_nonzero(seen[(owners > NOBODY) & (owners != main)] > _SEEN) / counts[main]
    clutter = np.count_nonzero(seen[owners == CLUTTER] > _SEEN) / counts[main]
    sound = np.count_nonzero(cv2.dilate(seen, _NEIGHBOURS)[owners == main] > _SEEN) / counts[main]
    reach = loosest(owners == main) / HEIGHT
    like = likeness(candidate.glyph, np.where(owners == main, truth.ink[window], 0))
    good = (
        whole >= WHOLE,
        sound >= SOUND,
        others <= CLEAN[0],
        clutter <= CLEAN[1],
        reach <= CLOSE,
        like >= LIKE,
    )
    bad = (
        whole <= PART,
        sound <= MAIMED,
        others >= DIRTY[0],
        clutter >= DIRTY[1],
        reach >= LOOSE,
        like <= UNLIKE,
    )
    return main if all(good) else 0 if any(bad) else None


def loosest(own: npt.NDArray[np.bool_]) -> int:
    """Return the pixels between a character and the farthest side of its box."""
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    height, width = own.shape
    return int(max(rows[0], columns[0], height - 1 - rows[-1], width - 1 - columns[-1]))


def likeness(glyph: Ink, undegraded: Ink) -> float:
    """Return the correlation of a glyph with the undegraded ink of the same window."""
    ideal = cv2.GaussianBlur(normalise(undegraded.astype(np.float32)), (0, 0), _SOFT)
    seen = cv2.GaussianBlur(glyph, (0, 0), _SOFT / 2)
    ideal, seen = ideal - ideal.mean(), seen - seen.mean()
    return float((ideal * seen).sum() / max(float(np.linalg.norm(ideal) * np.linalg.norm(seen)), 1e-6))


def in_window(glyph: Ink, shape: tuple[int, ...]) -> Ink:
    """Return a glyph at the size of its window of the strip: the way of `normalise`, backwards."""
    rows, columns = np.nonzero(normalise(np.ones(shape, np.float32)))
    inner = glyph[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.asarray(cv2.resize(inner, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
