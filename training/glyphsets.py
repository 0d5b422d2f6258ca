"""Sets of labelled glyphs, windows with one character or none: what networks are tested on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import SIDE, Ink, centred
from training.data import Grey, Picture

HIGHEST = 60  # pixels: pictures of characters are kept no larger
EDGE = 0.45  # of the darkest ink: where the edge of a stroke is


@dataclass(frozen=True, slots=True)
class GlyphSet:
    """Glyphs `[N, 28, 28]` uint8 (0 paper, 255 ink) with labels `[N]` int64 and groups `[N]` str."""

    images: Grey
    labels: npt.NDArray[np.int64]
    groups: npt.NDArray[np.str_]

    def __len__(self) -> int:
        """Return how many glyphs there are."""
        return len(self.labels)

    def __getitem__(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.intp] | slice) -> "GlyphSet":
        """Return the glyphs at some positions, or where a mask is true."""
        return GlyphSet(self.images[which], self.labels[which], self.groups[which])

    @classmethod
    def of(cls, glyphs: Iterable[tuple[Grey, int, str]]) -> Self:
        """Collect windows, `[28, 28]` uint8, with their labels and groups."""
        images, labels, groups = [], [], []
        for glyph, label, group in glyphs:
            images.append(glyph)
            labels.append(label)
            groups.append(group)
        stacked = np.asarray(images, np.uint8).reshape(-1, SIDE, SIDE)
        return cls(stacked, np.asarray(labels, np.int64), np.asarray(groups, np.str_))

    @classmethod
    def join(cls, *sets: "GlyphSet") -> Self:
        """Put several sets one after the other."""
        return cls(
            np.concatenate([each.images for each in sets]),
            np.concatenate([each.labels for each in sets]),
            np.concatenate([each.groups for each in sets]),
        )

    def batch(self) -> npt.NDArray[np.float32]:
        """Return the glyphs as the model takes them: `[N, 28, 28, 1]` float32, 0 to 1."""
        return (self.images[..., None] / np.float32(255)).astype(np.float32)


def ink_of(image: Grey) -> Ink:
    """Cut a picture of one character, dark on light, tightly out: where its ink is seen.

    Returns:
        `[height, width]` float32, 0 to 1, at most 60 px high; a picture without ink comes back whole.
    """
    ink = (255 - image).astype(np.float32) / np.float32(255)
    ink = tight(ink)
    return ink if ink.shape[0] <= HIGHEST else scaled(ink, HIGHEST)


def tight(ink: Ink) -> Ink:
    """Return the part of a picture in which there is ink; all of it if there is none."""
    rows, columns = np.nonzero(ink > EDGE * ink.max())
    if rows.size == 0:
        return ink
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def scaled(ink: Ink, height: float) -> Ink:
    """Return a picture brought to a height in whole pixels."""
    scale = round(height) / ink.shape[0]
    size = (max(1, round(ink.shape[1] * scale)), round(height))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, size, interpolation=how), np.float32)


def from_pictures(pictures: Iterable[Picture], alphabet: str) -> GlyphSet:
    """Make windows of pictures; a character outside the `alphabet` gets the class after its last."""
    classes = {character: label for label, character in enumerate(alphabet)}
    return GlyphSet.of(
        (centred(ink_of(picture.image)), classes.get(picture.character, len(alphabet)), picture.group)
        for picture in pictures
    )
