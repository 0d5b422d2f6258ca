"""From the digits along a line to the numbers in it: neighbours at like distances belong together."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sheetid.alignment import Option, Spot, find_spots
from sheetid.geometry import Box
from sheetid.glyphs import BAND, HEIGHT
from sheetid.ink import InkMap

WIDEST_PITCH = 1.6  # of the height: digits whose centres are further apart are not of one number
UNEVEN_PITCH = 1.9  # times the number's usual distance
REACH = 1.6  # times the usual distance: what may stand there is a doubt whether the number goes on
MOST_VARIANTS = 12  # other numbers that are considered
PALE = 0.35  # of the darkest column's ink: a digit's box ends where there is less


@dataclass(frozen=True, slots=True)
class Number:
    """A number found along a line.

    Attributes:
        digits: The class of each digit.
        centres: The x of each digit's middle in the strip.
        probabilities: What the model gives each of them, where it is surest.
        posterior: The share of this number among all that may stand there, 0 to 1.
        variants: Other numbers that may stand there, the likelier first.
    """

    digits: tuple[int, ...]
    centres: tuple[float, ...]
    probabilities: tuple[float, ...]
    posterior: float
    variants: tuple["Number", ...] = ()

    @property
    def pitch(self) -> float:
        """The usual distance between neighbouring digits, in pixels of the strip."""
        return usual_pitch(self.centres)


def find_numbers(scores: npt.NDArray[np.float64]) -> list[Number]:
    """Return the numbers along a line, from left to right.

    Args:
        scores: `[windows, digits + 1]`, calibrated probabilities, "none" last.
    """
    spots = find_spots(scores)
    centres = [centre for spot in spots for centre in spot.best.centres]
    bounds = [0, *splits(centres), len(centres)] if centres else []
    return [number_of(spots_of(spots, centres[first:last])) for first, last in pairwise(bounds)]


def spots_of(spots: list[Spot], centres: list[float]) -> list[Spot]:
    """Return the places of a number's digits, and those beside or between them where one more might be."""
    reach = REACH * usual_pitch(centres)

    def belongs(spot: Spot) -> bool:
        if spot.best.centres:
            return any(centres[0] <= centre <= centres[-1] for centre in spot.best.centres)
        return centres[0] - reach <= spot.middle <= centres[-1] + reach

    return [spot for spot in spots if belongs(spot)]


def number_of(spots: list[Spot]) -> Number:
    """Return the number that stands at some places, and the likeliest others that may stand there."""
    ways: list[tuple[float, list[Option]]] = [(1.0, [])]
    for spot in spots:
        ways = [(share * option.share, [*way, option]) for share, way in ways for option in spot.options]
        ways = [ways[0], *sorted(ways[1:], key=lambda way: -way[0])[:MOST_VARIANTS]]
    best, *others = [joined(share, way) for share, way in ways]
    return replace(best, variants=tuple(other for other in others if other.digits))


def joined(share: float, options: list[Option]) -> Number:
    """Return the number of some options side by side."""
    return Number(
        tuple(digit for option in options for digit in option.digits),
        tuple(centre for option in options for centre in option.centres),
        tuple(probability for option in options for probability in option.probabilities),
        share,
    )


def splits(centres: list[float]) -> list[int]:
    """Return the indices of the digits that start another number than the digit before them."""
    distances = np.diff(centres)
    found: list[int] = []
    for index, distance in enumerate(distances):
        near = np.delete(distances, index)[max(0, index - 3) : index + 3]
        usual = float(np.median(near)) if near.size else WIDEST_PITCH * HEIGHT
        if distance > WIDEST_PITCH * HEIGHT or distance > UNEVEN_PITCH * max(usual, HEIGHT / 2):
            found.append(index + 1)
    return found


def usual_pitch(centres: tuple[float, ...] | list[float]) -> float:
    """Return the median distance between neighbours; that of common digits where there is but one."""
    return float(np.median(np.diff(centres))) if len(centres) > 1 else 0.7 * HEIGHT


def digit_boxes(strip: InkMap, number: Number) -> list[Box]:
    """Return left, top, right and bottom of each digit's ink in the strip, as far as it is its own."""
    middles = [(one + other) / 2 for one, other in pairwise(number.centres)]
    half = number.pitch / 2
    edges = [number.centres[0] - half, *middles, number.centres[-1] + half]
    return [box_within(strip, round(left), round(right)) for left, right in pairwise(edges)]


def box_within(strip: InkMap, left: int, right: int) -> Box:
    """Return the box of the ink between two columns, in the rows that digits take."""
    left, right = max(0, left), max(min(strip.shape[1], right), left + 1)
    columns = strip[BAND, left:right].max(axis=0, initial=0)
    inked = np.flatnonzero(columns >= PALE * max(1, int(columns.max(initial=0))))
    first, last = (int(inked[0]), int(inked[-1]) + 1) if inked.size else (0, right - left)
    return left + first, BAND.start, left + last, BAND.stop
