"""Lines of print as strips, and which character is centred where in them.

Most lines lie where the number is, a little off, or where the function's own code finds lines. Others lie
beside any print, or upside down: of these the network learns what is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.decoding import Grey
from sheetid.geometry import Matrix, after, transform
from sheetid.glyphs import HEIGHT, IDENTITY, SIDE, Ink, straighten
from sheetid.ink import InkMap
from sheetid.lines import find_lines
from sheetid.page import CROP_WORK, Region
from sheetid.runs import Run
from training.labels import UNDECIDED, label_of, upside_down
from training.stripsets import Marks, Strip
from training.synthesis.scene import CLUTTER, Owners, Scene

AIMED = 2  # lines of each scene by the number's true place
FOUND = 3  # lines at most where the function finds them
SHARE_ON_PRINT = 0.7  # of the misplaced lines go through some character; the others go anywhere
SHARE_UPSIDE_DOWN = 0.15  # of the scenes

# How far the aimed lines are off, standard deviations: degrees, and shares of the height.
ASLANT, HIGHER, LARGER = 0.9, 0.05, 0.06

OFF_LINE = 3.5  # pixels of the strip between a character's middle and the line's: it still fits
OFF_HEIGHT = 0.25  # of the logarithm of the height: likewise
ROUGHLY = 1.5  # times as much: neither that character nor none
UNLIKE = (
    0.3,
    0.5,
)  # correlation with its undegraded ink, where it is and where no clutter is in its way, below
# which a character is beyond recognition

Outlines = list[npt.NDArray[np.float64] | None]


@dataclass(frozen=True, slots=True)
class Print:
    """A picture of a scene, and what is known of it.

    Attributes:
        scene: What was printed, lying as in the picture.
        ink: The picture's ink, as the function extracts it.
        outlines: For each of the scene's characters the pixels at the corners of its convex hull, `[N, 2]` x
            and y, or None if nothing of it is in the picture.
        alphabet: The character of each class.
    """

    scene: Scene
    ink: InkMap
    outlines: Outlines
    alphabet: str

    def strip(self, run: Run, to_picture: Matrix = IDENTITY) -> Strip:
        """Straighten a line, from whose pixels the matrix leads to those of the picture, and label it."""
        strip, to_run = straighten(self.ink, run, to_picture)
        return strip, self._marks(strip, after(to_picture, to_run))

    def _marks(self, strip: InkMap, to_scene: Matrix) -> Marks:
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


def strips_of(grey: Grey, scene: Scene, alphabet: str, random: np.random.Generator) -> Iterator[Strip]:
    """Yield the labelled strips of a picture: aimed, found, misplaced, and now and then upside down.

    Args:
        grey: The picture.
        scene: What was printed, lying as in the picture.
        alphabet: The character of each class.
        random: Draws how far lines are off.
    """
    lines = find_lines(Region(grey, IDENTITY, max(1, min(grey.shape) // CROP_WORK)), reduction=1)
    known = Print(scene, lines.ink, outlines(scene), alphabet)
    number = [outline for outline in known.outlines[: scene.digits] if outline is not None]
    if len(number) > 1:
        true = line_through(number)
        for _ in range(AIMED):
            yield known.strip(missed(true, random))
        yield known.strip(misplaced(true, known, random))
        if random.random() < SHARE_UPSIDE_DOWN:
            ink, marks = known.strip(true)
            yield ink[::-1, ::-1], turned(marks, ink.shape[1], alphabet)
    for run, _ in lines.runs[:FOUND]:
        yield known.strip(run, lines.to_ink)


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


def line_through(number: Sequence[npt.NDArray[np.float64]]) -> Run:
    """Return the line that a number's characters stand on, by their outlines."""
    middles = np.array([(points.min(axis=0) + points.max(axis=0) + 1) / 2 for points in number])
    x, y = middles.T
    slope = float(np.polyfit(x, y, 1)[0]) if len(number) > 2 else 0.0  # noqa: PLR2004 - two may differ in height
    length = np.hypot(1, slope)
    heights = [np.ptp((points @ [-slope, 1]) / length) + 1 for points in number]
    left = min(float(points[:, 0].min()) for points in number)
    right = max(float(points[:, 0].max()) for points in number)
    middle = float(np.median(y - slope * (x - left)))
    return Run(left, right, middle, slope, max(6.0, float(np.percentile(heights, 60))), len(number))


def missed(line: Run, random: np.random.Generator) -> Run:
    """Return a line a little off: turned about its middle, moved, of another height, longer or shorter."""
    slope = line.slope + np.radians(random.normal(0, ASLANT))
    height = line.height * float(np.exp(random.normal(0, LARGER)))
    centre = (line.left + line.right) / 2
    middle = line.middle + line.slope * (centre - line.left) + random.normal(0, HIGHER) * height
    reach = [random.uniform(-0.3, 2.0) * height * random.integers(2) for _ in range(2)]
    left, right = line.left - reach[0], line.right + reach[1]
    return Run(left, right, middle + slope * (left - centre), slope, height, line.even)


def misplaced(line: Run, known: Print, random: np.random.Generator) -> Run:
    """Return a line through some character, at its height or another, or one anywhere."""
    rows, columns = known.ink.shape
    seen = [outline for outline in known.outlines if outline is not None]
    if random.random() < SHARE_ON_PRINT:
        points = seen[int(random.integers(len(seen)))]
        (left, top), (_, bottom) = points.min(axis=0), points.max(axis=0)
        height = max(5.0, float((bottom - top) * np.exp(random.normal(0, 0.3))))
        middle = float((top + bottom) / 2 + random.normal(0, 0.25) * height)
        slope = line.slope + np.radians(random.normal(0, 1.5))
        start = float(left - random.uniform(0, 5) * height)
    else:
        height = line.height * float(np.exp(random.uniform(-0.8, 0.7)))
        middle = random.uniform(0, rows)
        slope = line.slope + np.radians(random.normal(0, 2))
        start = random.uniform(0, 0.3 * columns)
    end = start + random.uniform(4, 9) * height
    return replace(line, left=start, right=end, middle=middle, slope=slope, height=height)


def turned(marks: Marks, width: int, alphabet: str) -> Marks:
    """Return the marks of a strip turned upside down: some may be taken for one then, others are none."""
    labels = [
        UNDECIDED if label < 0 or upside_down(alphabet[int(label)], alphabet) else None for _, label in marks
    ]
    return np.array(
        [(width - x, label) for (x, _), label in zip(marks, labels, strict=True) if label is not None],
        np.float32,
    ).reshape(-1, 2)


def is_legible(strip: InkMap, printed: Ink, owners: Owners, owner: int) -> bool:
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
    return likeness(seen, ideal) >= UNLIKE[0] and likeness(seen[own | bare], ideal[own | bare]) >= UNLIKE[1]


def likeness(seen: Ink, ideal: Ink) -> float:
    """Return the correlation of what is seen with what was printed."""
    seen, ideal = seen - seen.mean(), ideal - ideal.mean()
    return float((seen * ideal).sum() / max(float(np.linalg.norm(seen) * np.linalg.norm(ideal)), 1e-6))
