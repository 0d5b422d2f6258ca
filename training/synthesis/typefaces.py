"""Type to print with: a font's face at a size, or the pictures of one Chars74K font."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from sheetid.glyphs import Ink
from training.synthesis.fonts import Face, draw


@dataclass(frozen=True, slots=True)
class Sort:
    """One piece of type: `ink` tightly cut, `rise` pixels of it above the baseline, `advance` to the next."""

    ink: Ink
    rise: int
    advance: float


class Typeface(Protocol):
    """Anything that has a piece of type for a character."""

    def sort(self, character: str) -> Sort | None:
        """Return the piece for a character, None if there is none."""
        ...


class FontType:
    """A face at the size at which its digits have a wanted height."""

    def __init__(self, face: Face, digit_height: float) -> None:
        """Choose the size by the height of the digit 8, in pixels."""
        probe = draw("8", face.at(100)).shape[0]
        self._font = face.at(max(4, round(digit_height * 100 / max(probe, 1))))

    def sort(self, character: str) -> Sort | None:
        """Return the piece for a character, None for one without ink."""
        ink = draw(character, self._font)
        if ink.max() == 0:
            return None
        top = int(self._font.getbbox(character, anchor="ls")[1])
        return Sort(ink, -top, float(self._font.getlength(character)))


class PictureType:
    """Pictures of one font's characters, all brought to one height."""

    def __init__(self, pictures: Mapping[str, Ink], digit_height: float) -> None:
        """Take tightly cut `pictures` by character."""
        self._pictures = pictures
        self._height = max(4, round(digit_height))

    def sort(self, character: str) -> Sort | None:
        """Return the piece for a character, None if it was not pictured."""
        picture = self._pictures.get(character)
        if picture is None:
            return None
        width = max(1, round(picture.shape[1] * self._height / picture.shape[0]))
        shrinks = self._height < picture.shape[0]
        interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        ink = np.clip(cv2.resize(picture, (width, self._height), interpolation=interpolation), 0, 1)
        return Sort(np.asarray(ink, np.float32), self._height, width + 0.14 * self._height)
