"""Junk that no eye tells from a character: half a 0 that is a 1, the letter O that is a 0.

To train such a glyph as "not a character" would teach the network to doubt the characters themselves, so it
is left out. Which ones these are is found by their looks, not from a list: by the character most like it.
"""

import cv2
import numpy as np
import numpy.typing as npt

from training.glyphsets import GlyphSet

ALIKE = 0.975  # correlation with a character from which on junk is left out
SIDE = 14  # pixels: glyphs are compared at half their size, where a stroke's exact edge matters less
_ROWS = 2048  # compared at a time


def likeness(glyphs: GlyphSet, characters: GlyphSet) -> npt.NDArray[np.float32]:
    """Return how like each of N glyphs is to the character most like it: `[N]` correlation, at most 1."""
    references = _vectors(characters).T
    found = [
        (_vectors(glyphs[slice(first, first + _ROWS)]) @ references).max(axis=1)
        for first in range(0, len(glyphs), _ROWS)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.float32)


def without_lookalikes(glyphs: GlyphSet, characters: GlyphSet, junk: int) -> GlyphSet:
    """Return the glyphs without those of class `junk` or higher that look like one of the `characters`."""
    suspects = np.flatnonzero(glyphs.labels >= junk)
    keep = np.ones(len(glyphs), np.bool_)
    keep[suspects] = likeness(glyphs[suspects], characters) < ALIKE
    return glyphs[keep]


def _vectors(glyphs: GlyphSet) -> npt.NDArray[np.float32]:
    small = np.stack(
        [cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in glyphs.images]
    )
    vectors = (
        cv2.GaussianBlur(small.reshape(-1, SIDE), (3, 1), 0.6).reshape(len(glyphs), -1).astype(np.float32)
    )
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), np.float32)
