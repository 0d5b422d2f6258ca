"""Lines of print in a picture of a scene, straightened and labelled: the strips that are learned from.

Most lines lie where the number is, a little off, or where the function's own code finds lines. Others lie
beside any print, or upside down: of these the network learns what is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey
from sheetid.vision.geometry import Matrix, after
from sheetid.vision.glyphs import IDENTITY, straighten
from sheetid.vision.lines import find_lines
from sheetid.vision.page import CROP_WORK, Region
from sheetid.vision.runs import Run
from training.labels import SIGNS
from training.stripsets import Strip
from training.synthesis.labelling import HIGHER_ONES, Outlines, Truth, outlines, turned
from training.synthesis.scene import Scene

AIMED = 2  # lines of each scene by the number's true place
FOUND = 3  # lines at most where the function finds them
SHARE_ON_PRINT = 0.7  # of the misplaced lines go through some character; the others go anywhere
SHARE_UPSIDE_DOWN = 0.15  # of the scenes

# How far the aimed lines are off, standard deviations: degrees, and shares of the height.
ASLANT, HIGHER, LARGER = 0.9, 0.05, 0.06


def strips_of(grey: Grey, scene: Scene, alphabet: str, random: np.random.Generator) -> Iterator[Strip]:
    """Yield the labelled strips of a picture: aimed, found, misplaced, and now and then upside down.

    Args:
        grey: The picture.
        scene: What was printed, lying as in the picture.
        alphabet: The character of each class.
        random: Draws how far lines are off.
    """
    lines = find_lines(Region(grey, IDENTITY, max(1, min(grey.shape) // CROP_WORK)), reduction=1)
    truth = Truth(scene, outlines(scene), alphabet)

    def labelled(run: Run, to_picture: Matrix = IDENTITY) -> Strip:
        strip, to_run = straighten(lines.ink, run, to_picture)
        return strip, truth.marks(strip, after(to_picture, to_run))

    number = digits_of(scene, truth.outlines)
    if len(number) > 1:
        true = line_through(number)
        for _ in range(AIMED):
            yield labelled(missed(true, random))
        yield labelled(misplaced(true, truth.outlines, grey.shape, random))
        if random.random() < SHARE_UPSIDE_DOWN:
            ink, marks = labelled(true)
            yield ink[::-1, ::-1], turned(marks, ink.shape[1], alphabet)
    for run, _ in lines.runs[:FOUND]:
        yield labelled(run, lines.to_ink)


def digits_of(scene: Scene, printed: Outlines) -> list[npt.NDArray[np.float64]]:
    """Return the outlines of a scene's number, without those of the signs in it, which are lower."""
    number = zip(scene.characters[: scene.digits], printed, strict=False)
    return [outline for character, outline in number if outline is not None and character not in SIGNS]


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
    return Run(left, right, middle, slope, max(6.0, float(np.percentile(heights, HIGHER_ONES))), len(number))


def missed(line: Run, random: np.random.Generator) -> Run:
    """Return a line a little off: turned about its middle, moved, of another height, longer or shorter."""
    slope = line.slope + np.radians(random.normal(0, ASLANT))
    height = line.height * float(np.exp(random.normal(0, LARGER)))
    centre = (line.left + line.right) / 2
    middle = line.middle + line.slope * (centre - line.left) + random.normal(0, HIGHER) * height
    reach = [random.uniform(-0.3, 2.0) * height * random.integers(2) for _ in range(2)]
    left, right = line.left - reach[0], line.right + reach[1]
    return Run(left, right, middle + slope * (left - centre), slope, height, line.even)


def misplaced(line: Run, printed: Outlines, shape: tuple[int, ...], random: np.random.Generator) -> Run:
    """Return a line through some character, at its height or another, or one anywhere."""
    rows, columns = shape
    seen = [outline for outline in printed if outline is not None]
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
