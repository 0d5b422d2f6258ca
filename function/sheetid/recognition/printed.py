"""A number as it is printed along a line: where the ink of its digits is, and how dark they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sheetid.recognition.numbers import Number
from sheetid.vision.geometry import Box
from sheetid.vision.glyphs import BAND, HEIGHT
from sheetid.vision.ink import DARKNESS, InkMap, percentile

Extents = npt.NDArray[np.float64]  # [..., 2]: the first row with ink, and the one after the last

PALE = 0.35  # of the darkest column's ink: a digit's box ends where there is less
CORE = 0.25  # of the usual distance, to each side: the digit alone, without what stands beside it
STROKE = 0.5  # of a digit's darkest ink: its strokes
FEWEST = 3  # other digits, which show how high digits are
LOWER = 0.15  # of the digits' height: the top of an o is lower than theirs by so much, at least
HIGHER = 0.15  # of it: a slash, or a wall, is higher than they are by so much, at least
LEVEL = 0.1  # of the digits' height: other tops and bottoms are no farther apart


@dataclass(frozen=True)
class Printed:
    """A number in its line.

    Attributes:
        strip: `[28, width]` uint8, the line.
        number: What was read in it, or may stand there.
    """

    strip: InkMap
    number: Number

    @cached_property
    def boxes(self) -> list[Box]:
        """Left, top, right and bottom of each digit's ink in the strip, as far as it is its own."""
        darkest = self.strip[BAND].max(axis=0).tolist()
        places = places_of(self.number, 0.5)
        return [box_within(darkest, round(left), round(right)) for left, right in places]

    @cached_property
    def widths(self) -> list[int]:
        """How wide each digit's ink is, in pixels of the strip."""
        return [right - left for left, _, right, _ in self.boxes]

    @cached_property
    def gaps(self) -> list[int]:
        """How much paper there is between neighbouring digits, in pixels of the strip."""
        return [other[0] - one[2] for one, other in pairwise(self.boxes)]

    @cached_property
    def cores(self) -> Extents:
        """The top and the bottom of each digit's middle, `[digits, 2]`."""
        return cores(self.strip, self.number.centres, self.number.pitch)

    @cached_property
    def dark(self) -> int:
        """How dark its digits are, 0 to 255."""
        return percentile(self.strip[BAND, self.boxes[0][0] : self.boxes[-1][2]], DARKNESS)


def places_of(number: Number, beyond: float) -> Iterator[tuple[float, float]]:
    """Return from where to where each digit has its place: midway to its neighbours.

    The first one's, and the last one's, reach `beyond` them, times the usual distance.
    """
    centres, beside = number.centres, beyond * number.pitch
    middles = [(one + other) / 2 for one, other in pairwise(centres)]
    return pairwise([centres[0] - beside, *middles, centres[-1] + beside])


def box_within(darkest: list[int], left: int, right: int) -> Box:
    """Return the box of the ink between two columns, in the rows that digits take.

    Args:
        darkest: The darkest ink of each of the strip's columns in those rows.
        left: The first of the columns.
        right: The one after the last.
    """
    left, right = max(0, left), max(min(len(darkest), right), left + 1)
    columns = darkest[left:right]
    least = PALE * max([1, *columns])
    inked = [column for column, dark in enumerate(columns, left) if dark >= least] or [left, right - 1]
    return inked[0], BAND.start, inked[-1] + 1, BAND.stop


def cores(strip: InkMap, centres: Sequence[float], pitch: float) -> Extents:
    """Return the top and the bottom of the middle of each digit, `[digits, 2]`, by its centre."""
    half = CORE * pitch
    return np.array([extent(strip[:, max(0, round(x - half)) : round(x + half) + 1]) for x in centres])


def extent(digit: InkMap) -> Extents:
    """Return the top and the bottom of a digit's strokes, in rows of the strip."""
    inked = np.flatnonzero(digit.max(axis=1) >= STROKE * max(1, int(digit.max(initial=0))))
    return np.array([inked[0], inked[-1] + 1] if inked.size else [0, len(digit)], np.float64)


def is_lower(one: Extents, others: Extents) -> bool:
    """Tell whether one `[2]` is lower than others `[N, 2]` that are even, and stands on the same line."""
    top, bottom = (one - np.median(others, axis=0)) / HEIGHT
    return bool(top >= LOWER and abs(bottom) <= LEVEL and are_even(others))


def is_sunk(one: Extents, others: Extents) -> bool:
    """Tell whether one `[2]` starts and ends below others `[N, 2]` that are even."""
    top, bottom = (one - np.median(others, axis=0)) / HEIGHT
    return bool(min(top, bottom) >= LOWER and are_even(others))


def is_smaller(one: Extents, others: Extents) -> bool:
    """Tell whether one `[2]` starts below and ends above others `[N, 2]` that are even."""
    top, bottom = (one - np.median(others, axis=0)) / HEIGHT
    return bool(top >= LOWER and bottom <= -LOWER and are_even(others))


def are_even(extents: Extents) -> bool:
    """Tell whether characters `[N, 2]` are of one height, on one line; old-style figures are not.

    What reaches beyond most of them, both above and below, is crossed by a streak.
    """
    top, bottom = np.median(extents, axis=0)
    own = np.where(((extents[:, 0] <= top) & (extents[:, 1] >= bottom))[:, None], (top, bottom), extents)
    return bool(np.ptp(own, axis=0).max() <= LEVEL * HEIGHT)
