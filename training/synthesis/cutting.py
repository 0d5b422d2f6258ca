"""What the function cuts out of a picture, and which of it is one clean character."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
from sheetid.decoding import Grey
from sheetid.glyphs import Ink, normalise
from sheetid.page import search_region
from sheetid.segmentation import Candidate
from sheetid.strips import LocatedStrip, region_strips

from training.synthesis.scene import Owners, Scene

WHOLE = 0.85  # share of a character's ink that lies in the box of a candidate that is that character
PART = 0.70  # share at which it is certainly not all of it
SOUND = 0.55  # share of it that must not be lost in the print or to another atom
LOST = 0.40  # share at which it is beyond recognition
CLEAN = 0.08  # share of a candidate's ink that may be foreign
DIRTY = 0.22  # share at which it is certainly not clean

_INK = 0.25  # of a glyph, from which on its pixel counts


def cut(grey: Grey, scene: Scene) -> Iterator[tuple[Ink, str | None]]:
    """Cut a picture with the real segmentation, and tell what each candidate shows.

    Args:
        grey: The picture.
        scene: What was printed, lying as in the picture.

    Yields:
        A glyph, and its character; None where it is none: part of one, several, a line, dirt. What lies between,
        almost whole or not quite clean, is left out: either answer would do.
    """
    printed = np.bincount(scene.owners[scene.owners > 0], minlength=len(scene.characters) + 1)
    for located in region_strips(search_region(grey), turns=0, reduction=1):
        owners = owners_in(located, scene.owners)
        totals = printed / abs(float(np.linalg.det(located.to_image[:, :2])))
        for candidate in located.strip.candidates:
            shown = held(candidate, owners, totals)
            if shown is not None:
                yield candidate.glyph, scene.characters[shown - 1] if shown > 0 else None


def owners_in(located: LocatedStrip, owners: Owners) -> Owners:
    """Bring the truth into a strip."""
    size = (located.strip.ink.shape[1], located.strip.ink.shape[0])
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(owners, located.to_image, size, flags=flags), np.int16)


def held(candidate: Candidate, owners: Owners, totals: npt.NDArray[np.float64]) -> int | None:
    """Return whose ink a candidate is: a character's number, 0 for no one character's, None for undecided.

    Args:
        candidate: Cut from the strip.
        owners: Of the strip's pixels.
        totals: How many pixels each owner has, at the strip's scale, in the strip or not.
    """
    left, top, right, bottom = candidate.box
    window = owners[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]
    shape = mask_of(candidate.glyph, window.shape)
    inside = window[shape]
    counts = np.bincount(inside[inside > 0], minlength=len(totals))
    if counts.sum() == 0:
        return 0
    main = int(np.argmax(counts))
    whole = np.count_nonzero(window == main) / totals[main]
    sound = counts[main] / totals[main]
    foreign = 1 - counts[main] / max(int((inside != 0).sum()), 1)
    if whole >= WHOLE and sound >= SOUND and foreign <= CLEAN:
        return main
    return 0 if whole <= PART or sound <= LOST or foreign >= DIRTY else None


def mask_of(glyph: Ink, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return where in its window of the strip a glyph has ink: the way of `normalise`, backwards."""
    rows, columns = np.nonzero(normalise(np.ones(shape, np.float32)))
    inner = glyph[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = shape
    grown = cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown > _INK, np.bool_)


