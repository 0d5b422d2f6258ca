"""Which character is centred where in a strip, by what was printed and where that lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.geometry import Matrix, transform
from sheetid.glyphs import HEIGHT, SIDE
from sheetid.ink import InkMap
from training.labels import UNDECIDED, label_of, upside_down
from training.stripsets import Marks
from training.synthesis.scene import CLUTTER, Scene

OFF_LINE = 3.5  # pixels of the strip between a character's middle and the line's: it still fits
OFF_HEIGHT = 0.25  # of the logarithm of the height: likewise
ROUGHLY = 1.5  # times as much: neither that character nor none
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

        A character that lies in the strip as one of the line does has its class. UNDECIDED has one that does
        so only roughly, that is beyond recognition, or that is none of the alphabet but may be taken for one.
        What else there is has no mark.
        """
        height, width = strip.shape
        seen = [(i, fit) for i, fit in enumerate(self._fits(to_scene, width)) if fit is not None]
        printed, owners = (
            cv2.warpAffine(of, to_scene, (width, height), flags=how | cv2.WARP_INVERSE_MAP)
            for of, how in ((self.scene.ink, cv2.INTER_LINEAR), (self.scene.owners, cv2.INTER_NEAREST))
        )
        marks = []
        for index, (x, fits) in seen:
            label = label_of(self.scene.characters[index], self.alphabet)
            if label is None:
                continue
            if not fits or not is_legible(strip, printed, owners, index + 1):
                label = UNDECIDED
            marks.append((x, label))
        return np.array(marks, np.float32).reshape(-1, 2)

    def _fits(self, to_scene: Matrix, width: int) -> Iterator[tuple[float, bool] | None]:
        """Yield for each character where it is in a strip and whether it fits, None if not even roughly."""
        from_scene = np.asarray(cv2.invertAffineTransform(to_scene), np.float64)
        for outline in self.outlines:
            if outline is None:
                yield None
                continue
            points = transform(outline, from_scene)
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            x, y = (left + right + 1) / 2, (top + bottom + 1) / 2  # of pixels' edges, not their centres
            height = bottom - top + float(np.hypot(*from_scene[1, :2]))
            off = max(abs(y - SIDE / 2) / OFF_LINE, abs(np.log(height / HEIGHT)) / OFF_HEIGHT)
            near = off <= ROUGHLY and -SIDE < x < width + SIDE
            yield (x, off <= 1) if near else None


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
    """Return the marks of a strip turned upside down: some may be taken for one then, others are none."""
    labels = [
        UNDECIDED if label < 0 or upside_down(alphabet[int(label)], alphabet) else None for _, label in marks
    ]
    return np.array(
        [(width - x, label) for (x, _), label in zip(marks, labels, strict=True) if label is not None],
        np.float32,
    ).reshape(-1, 2)


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
