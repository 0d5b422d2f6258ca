"""Type to print with: a font's face at a size, or the pictures of one Chars74K font."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from sheetid.vision.glyphs import Ink
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

    def __init__(self, face: Face, digit_height: float, width: float = 1.0) -> None:
        """Choose the size by the height of the digit 8, in pixels; print so many times as wide as it is."""
        probe = draw("8", face.at(100)).shape[0]
        self._font = face.at(max(4, round(digit_height * 100 / max(probe, 1))))
        self._width = width

    def sort(self, character: str) -> Sort | None:
        """Return the piece for a character, None for one without ink."""
        ink = draw(character, self._font)
        if ink.max() == 0:
            return None
        top = int(self._font.getbbox(character, anchor="ls")[1])
        size = (max(1, round(ink.shape[1] * self._width)), ink.shape[0])
        return Sort(resized(ink, size), -top, self._width * float(self._font.getlength(character)))


class PictureType:
    """Pictures of one font's characters, all brought to one height."""

    def __init__(self, pictures: Mapping[str, Ink], digit_height: float, width: float = 1.0) -> None:
        """Take tightly cut `pictures` by character; print so many times as wide as they are."""
        self._pictures = pictures
        self._height = max(4, round(digit_height))
        self._width = width

    def sort(self, character: str) -> Sort | None:
        """Return the piece for a character, None if it was not pictured."""
        picture = self._pictures.get(character)
        if picture is None:
            return None
        scale = self._width * self._height / picture.shape[0]
        ink = resized(picture, (max(1, round(picture.shape[1] * scale)), self._height))
        return Sort(ink, self._height, ink.shape[1] + 0.14 * self._height)


class OldStyle:
    """Another typeface's digits as old-style figures: 0, 1, 2 low, 3, 4, 5, 7, 9 sunk below the baseline."""

    LOW, SUNK = "012", "34579"

    def __init__(self, typeface: Typeface, low: float) -> None:
        """Take the height of the low ones, a share of the others'."""
        self._typeface = typeface
        self._low = low

    def sort(self, character: str) -> Sort | None:
        """Return the piece for a character, None if there is none."""
        sort = self._typeface.sort(character)
        if sort is None or character not in self.LOW + self.SUNK:
            return sort
        rise = max(1, round(self._low * sort.rise))
        if character in self.SUNK:
            return Sort(sort.ink, rise, sort.advance)
        width = float(np.sqrt(self._low))  # between round, as most are, and as narrow as they were
        size = (max(1, round(width * sort.ink.shape[1])), max(1, round(self._low * sort.ink.shape[0])))
        return Sort(resized(sort.ink, size), rise, width * sort.advance)


def resized(ink: Ink, size: tuple[int, int]) -> Ink:
    """Return ink brought to a `size` (width, height), 0 to 1."""
    if size == ink.shape[::-1]:
        return ink
    shrinks = size[0] * size[1] < ink.size
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(np.clip(cv2.resize(ink, size, interpolation=how), 0, 1), np.float32)
