"""Which character is centred where in a strip, by what was printed and where that lies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.geometry import Matrix, transform
from sheetid.vision.glyphs import HEIGHT, SIDE
from sheetid.vision.ink import InkMap
from training.labels import SIGNS, UNDECIDED, label_of, other, upside_down
from training.stripsets import Marks
from training.synthesis.scene import CLUTTER, Scene

OFF_LINE = 3.5  # pixels of the strip between a character's middle and the line's: it still fits
OFF_HEIGHT = 0.25  # of the logarithm of the height: likewise
ROUGHLY = 1.5  # times as much: neither that character nor none
OTHER_HEIGHTS = (0.42, 1.6)  # of the height, between which other print beside digits is seen as such
OTHER_OFF_LINE = 6.0  # pixels of the strip between its middle and the line's
BARELY = 2.0  # times as much: neither other print nor none
NEIGHBOUR = 1.3  # of the height: characters whose middles are no farther apart stand side by side
AROUND = 4.0  # of the height: digits as near as that show where their line is
HIGHER_ONES = 60  # percentile of digits' heights that is their line's
# Correlation of a character with its undegraded ink, below which it is beyond recognition: over all of its
# place, and where no clutter is in the way.
UNLIKE, UNLIKE_BARE = 0.3, 0.5

Outlines = list[npt.NDArray[np.float64] | None]
Image = npt.NDArray[Any]  # of any depth


@dataclass(frozen=True, slots=True)
class Truth:
    """What was printed in a picture.

    Attributes:
        scene: What was printed, lying as in the picture.
        outlines: For each of the scene's characters the pixels at the corners of its convex hull, `[N, 2]` x
            and y, or None if nothing of it is in the picture.
        alphabet: The character of each class.
    """

    scene: Scene
    outlines: Outlines
    alphabet: str

    def marks(self, strip: InkMap, to_scene: Matrix) -> Marks:
        """Return the marks of a strip, from whose pixels the 2x3 matrix leads to those of the scene.

        A character that lies in the strip as one of the line does has its class, one that is none of the
        alphabet that of other print. UNDECIDED has one that does so only roughly, that is beyond recognition,
        or that is none of the alphabet but may be taken for one. What else there is has no mark.
        """
        height, width = strip.shape
        places = list(self._places(to_scene))
        printed, owners = (
            cv2.warpAffine(of, to_scene, (width, height), flags=how | cv2.WARP_INVERSE_MAP)
            for of, how in ((self.scene.ink, cv2.INTER_LINEAR), (self.scene.owners, cv2.INTER_NEAREST))
        )
        marks = []
        for index, place in enumerate(places):
            if place is None or not -SIDE < place.x < width + SIDE:
                continue
            label = label_of(self.scene.characters[index], self.alphabet)
            if label == UNDECIDED and not self._may_be_taken_for_one(index, places):
                label = other(self.alphabet)
            fits = self._fits(index, places, label)
            if fits is None:
                continue
            if label >= 0 and (not fits or not is_legible(strip, printed, owners, index + 1)):
                label = UNDECIDED
            marks.append((place.x, label))
        return np.array(marks, np.float32).reshape(-1, 2)

    def _fits(self, index: int, places: Sequence["Place | None"], label: int) -> bool | None:
        """Tell whether a character lies in the strip as one of the line does; None if not even roughly.

        A sign is small, and seldom in the middle of its line: it does as one of its neighbours does. So does
        a digit of the number, if it does not by itself: old-style figures are of two heights, at three.
        """
        own = places[index]
        if own is None:
            return None
        if self.scene.characters[index] in SIGNS:
            near = [places[i] for i in (index - 1, index + 1) if 0 <= i < len(places)]
            fit = [place.fits() for place in near if place is not None and own.is_beside(place)]
            return True if True in fit else False if False in fit else None
        if label == other(self.alphabet):
            return own.fits_as_other()
        fits = own.fits()
        uneven = not fits and index < self.scene.digits and self._line(own, places).fits()
        return True if uneven else fits

    def _line(self, own: "Place", places: Sequence["Place | None"]) -> "Place":
        """Return the place that a digit of the number has by the digits around it: as high as most are."""
        near = [
            place
            for place, character in zip(places[: self.scene.digits], self.scene.characters, strict=False)
            if place is not None and abs(place.x - own.x) <= AROUND * HEIGHT and character not in SIGNS
        ]
        middle = float(np.median([place.y for place in near]))
        return Place(own.x, middle, float(np.percentile([place.height for place in near], HIGHER_ONES)))

    def _may_be_taken_for_one(self, index: int, places: Sequence["Place | None"]) -> bool:
        """Tell whether what is like a character of the alphabet stands alone or beside one, not in a word."""
        own = places[index]
        near = [
            self.scene.characters[i]
            for i in (index - 1, index + 1)
            if 0 <= i < len(places) and (place := places[i]) and own and place.is_beside(own)
        ]
        return not near or any(character in self.alphabet for character in near)

    def _places(self, to_scene: Matrix) -> Iterator["Place | None"]:
        """Yield where each character is in a strip, None for one of which nothing is in the picture."""
        from_scene = np.asarray(cv2.invertAffineTransform(to_scene), np.float64)
        for outline in self.outlines:
            if outline is None:
                yield None
                continue
            points = transform(outline, from_scene)
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            height = bottom - top + float(np.hypot(*from_scene[1, :2]))
            yield Place((left + right + 1) / 2, (top + bottom + 1) / 2, height)  # of pixels' edges


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character is in a strip: its middle and its height, in pixels."""

    x: float
    y: float
    height: float

    def fits(self) -> bool | None:
        """Tell whether it lies there as one of the line does; None if not even roughly."""
        off = max(abs(self.y - SIDE / 2) / OFF_LINE, abs(np.log(self.height / HEIGHT)) / OFF_HEIGHT)
        return bool(off <= 1) if off <= ROUGHLY else None

    def fits_as_other(self) -> bool | None:
        """Tell whether it would be seen as other print beside the line's digits; None if not even barely."""
        low, high = (share * HEIGHT for share in OTHER_HEIGHTS)
        if low <= self.height <= high and abs(self.y - SIDE / 2) <= OTHER_OFF_LINE:
            return True
        barely = low / BARELY <= self.height <= high * BARELY
        return False if barely and abs(self.y - SIDE / 2) <= BARELY * OTHER_OFF_LINE else None

    def is_beside(self, other: "Place") -> bool:
        """Tell whether two characters stand side by side."""
        reach = NEIGHBOUR * max(self.height, other.height)
        return abs(self.x - other.x) <= reach and abs(self.y - other.y) <= reach / 2


def outlines(scene: Scene) -> Outlines:
    """Return the convex hull of each character's pixels."""
    rows, columns = np.nonzero(scene.owners > 0)
    owners = scene.owners[rows, columns]
    order = np.argsort(owners, kind="stable")
    points = np.column_stack([columns, rows])[order].astype(np.int32)
    ends = np.searchsorted(owners[order], np.arange(1, len(scene.characters) + 2))
    return [
        cv2.convexHull(points[start:end])[:, 0].astype(np.float64) if end > start else None
        for start, end in pairwise(ends)
    ]


def turned(marks: Marks, width: int, alphabet: str) -> Marks:
    """Return the marks of a strip turned upside down, where some characters look like others."""

    def label(of: float) -> int:
        return upside_down(alphabet[int(of)], alphabet) if 0 <= of < len(alphabet) else int(of)

    return np.array([(width - x, label(of)) for x, of in marks], np.float32).reshape(-1, 2)


def is_legible(strip: InkMap, printed: Image, owners: Image, owner: int) -> bool:
    """Tell whether a character may be recognised in a strip, by its likeness to its undegraded ink.

    Args:
        strip: `[28, width]` uint8, what is seen.
        printed: `[28, width]` float32, the undegraded ink of all characters and clutter.
        owners: `[28, width]` int16, whose each pixel is.
        owner: The character's number among them.
    """
    rows, columns = np.nonzero(owners == owner)
    if rows.size == 0:
        return False
    window = (
        slice(max(0, rows.min() - 2), rows.max() + 3),
        slice(max(0, columns.min() - 2), columns.max() + 3),
    )
    own = owners[window] == owner
    ideal = cv2.GaussianBlur(np.where(own, printed[window], 0), (0, 0), 1.0)
    seen = cv2.GaussianBlur(strip[window].astype(np.float32), (0, 0), 0.5)
    bare = cv2.dilate((owners[window] == CLUTTER).astype(np.uint8), np.ones((3, 3))) == 0
    return likeness(seen, ideal) >= UNLIKE and likeness(seen[own | bare], ideal[own | bare]) >= UNLIKE_BARE


def likeness(seen: Image, ideal: Image) -> float:
    """Return the correlation of what is seen with what was printed."""
    seen, ideal = seen - seen.mean(), ideal - ideal.mean()
    return float((seen * ideal).sum() / max(float(np.linalg.norm(seen) * np.linalg.norm(ideal)), 1e-6))
