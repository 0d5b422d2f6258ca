"""Ink on paper, and to which character every pixel of it belongs."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import Ink

Owners = npt.NDArray[np.int16]
Matrix = npt.NDArray[np.float64]

NOBODY = 0  # paper
CLUTTER = -1  # ink that is no character

_SOLID = 0.35  # ink from which on a pixel belongs to what put it there


@dataclass(slots=True)
class Scene:
    """A printed patch of paper.

    Attributes:
        ink: `[height, width]` float32, 0 paper to 1 ink.
        owners: `[height, width]` int16: `NOBODY`, `CLUTTER`, or i + 1 for the i-th of `characters`.
        characters: What is printed, in the order of printing.
        digits: How many of them, the first ones, are the number's.
        digit_height: Of the number's digits, in pixels; what the strength of degradations goes by.
    """

    ink: Ink
    owners: Owners
    digit_height: float
    characters: list[str] = field(default_factory=list)
    digits: int = 0

    @classmethod
    def blank(cls, height: int, width: int, digit_height: float) -> "Scene":
        """Return white paper."""
        return cls(np.zeros((height, width), np.float32), np.zeros((height, width), np.int16), digit_height)

    def put(self, ink: Ink, x: int, y: int, character: str | None = None) -> None:
        """Print `ink`, its top left corner at (x, y), as a character or clutter; what falls off is lost."""
        height, width = ink.shape
        top, left = max(0, y), max(0, x)
        bottom, right = min(self.ink.shape[0], y + height), min(self.ink.shape[1], x + width)
        if bottom <= top or right <= left:
            return
        if character is not None:
            self.characters.append(character)
        owner = CLUTTER if character is None else len(self.characters)
        window = (slice(top, bottom), slice(left, right))
        part = ink[top - y : bottom - y, left - x : right - x]
        self.owners[window][(part > _SOLID) & (part > self.ink[window])] = owner
        np.maximum(self.ink[window], part, out=self.ink[window])

    def warped(self, matrix: Matrix, size: tuple[int, int]) -> "Scene":
        """Return the scene moved by a 3x3 matrix onto paper of `size` (width, height)."""
        ink = cv2.warpPerspective(self.ink, matrix, size, flags=cv2.INTER_LINEAR)
        owners = cv2.warpPerspective(self.owners, matrix, size, flags=cv2.INTER_NEAREST)
        return replace(self, ink=np.asarray(ink, np.float32), owners=np.asarray(owners, np.int16))
