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
from sheetid.glyphs import HEIGHT, SIDE, straighten
from sheetid.ink import InkMap, extract_ink
from sheetid.page import Region
from sheetid.runs import Run
from sheetid.strips import find_lines
from training.labels import UNDECIDED, label_of, upside_down
from training.stripsets import Marks, Strip
from training.synthesis.scene import Scene

AIMED = 2  # lines of each scene by the number's true place
FOUND = 3  # lines at most where the function finds them
SHARE_ON_PRINT = 0.7  # of the misplaced lines go through some character; the others go anywhere
SHARE_UPSIDE_DOWN = 0.15  # of the scenes

# How far the aimed lines are off, standard deviations: degrees, and shares of the height.
ASLANT, HIGHER, LARGER = 0.9, 0.05, 0.06

OFF_LINE = 3.5  # pixels of the strip between a character's middle and the line's: it still fits
OFF_HEIGHT = 0.25  # of the logarithm of the height: likewise
ROUGHLY = 1.5  # times as much: neither that character nor none
UNLIKE = 0.45  # correlation with its undegraded ink, at which a character is beyond recognition

Outlines = list[npt.NDArray[np.float64] | None]


@dataclass(frozen=True, slots=True)
class Print:
    """A picture of a scene, and what is known of it.

    Attributes:
        scene: What was printed, lying as in the picture.
        ink: The picture's ink, as the function extracts it.
        outlines: For each of the scene's characters the corners of its convex hull, `[N, 2]` x and y, or
            None if nothing of it is in the picture.
        alphabet: The character of each class.
    """

    scene: Scene
    ink: InkMap
    outlines: Outlines
    alphabet: str

    def strip(self, ink: InkMap, run: Run, to_picture: Matrix) -> Strip:
        """Straighten a line found in `ink`, from which the matrix leads to the picture, and label it."""
        strip, to_ink = straighten(ink, run)
        to_scene = after(to_picture, to_ink)
        return strip, self._marks(strip, to_scene)

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
            if not fits or likeness(strip, np.where(owners == index + 1, printed, 0)) < UNLIKE:
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
            x = (left + right) / 2
            off = max(
                abs((top + bottom) / 2 - SIDE / 2) / OFF_LINE,
                abs(np.log(max(bottom - top, 1.0) / HEIGHT)) / OFF_HEIGHT,
            )
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
    known = Print(scene, extract_ink(grey), outlines(scene), alphabet)
    here = np.eye(2, 3)
    number = [outline for outline in known.outlines[: scene.digits] if outline is not None]
    if len(number) > 1:
        true = line_through(number)
        for _ in range(AIMED):
            yield known.strip(known.ink, missed(true, random), here)
        yield known.strip(known.ink, misplaced(true, known, random), here)
        if random.random() < SHARE_UPSIDE_DOWN:
            ink, marks = known.strip(known.ink, true, here)
            yield ink[::-1, ::-1], turned(marks, ink.shape[1], alphabet)
    lines = find_lines(Region(grey, here), reduction=1)
    for run, _ in lines.runs[:FOUND]:
        yield known.strip(lines.ink, run, lines.to_image)


def outlines(scene: Scene) -> Outlines:
    """Return the convex hull of each character's pixels."""
    rows, columns = np.nonzero(scene.owners > 0)
    owners = scene.owners[rows, columns]
    order = np.argsort(owners, kind="stable")
    points = np.column_stack([columns, rows])[order].astype(np.int32)
    ends = np.searchsorted(owners[order], np.arange(1, len(scene.characters) + 2))
    return [
        cv2.convexHull(points[start:end])[:, 0].astype(np.float64) + 0.5 if end > start else None
        for start, end in pairwise(ends)
    ]


def line_through(number: Sequence[npt.NDArray[np.float64]]) -> Run:
    """Return the line that a number's characters stand on, by their outlines."""
    middles = np.array([(points.min(axis=0) + points.max(axis=0)) / 2 for points in number])
    x, y = middles.T
    slope = float(np.polyfit(x, y, 1)[0]) if len(number) > 2 else 0.0  # noqa: PLR2004 - two may differ in height
    length = np.hypot(1, slope)
    heights = [np.ptp((points @ [-slope, 1]) / length) for points in number]
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


def likeness(strip: InkMap, undegraded: npt.NDArray[np.float32]) -> float:
    """Return the correlation of a strip with the undegraded ink of one character, where that is."""
    columns = np.flatnonzero(undegraded.any(axis=0))
    rows = np.flatnonzero(undegraded.any(axis=1))
    if columns.size == 0:
        return 0.0
    window = (slice(max(0, rows[0] - 2), rows[-1] + 3), slice(max(0, columns[0] - 2), columns[-1] + 3))
    ideal = cv2.GaussianBlur(undegraded[window], (0, 0), 1.0)
    seen = cv2.GaussianBlur(strip[window].astype(np.float32), (0, 0), 0.5)
    ideal, seen = ideal - ideal.mean(), seen - seen.mean()
    return float((ideal * seen).sum() / max(float(np.linalg.norm(ideal) * np.linalg.norm(seen)), 1e-6))
