"""From the characters along a line to the numbers in it: neighbours at like distances belong together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Self

import numpy as np
import numpy.typing as npt

from sheetid.recognition.alignment import SETTLED, Option, Spot, find_spots
from sheetid.recognition.words import NEXT, NOTHING, Beside, Seen, beside, cells, in_words, is_in_text
from sheetid.vision.glyphs import HEIGHT, SIDE, STEP

WIDEST_PITCH = 2.0  # of the height: digits whose centres are further apart are not of one number
SPACED_OUT = 1.6  # likewise: but where they stand no farther apart than this, spaces may move them farther
UNEVEN_PITCH = 1.9  # times the number's usual distance
SPACE_PITCH = 2.2  # the same: a space in print whose characters are all as wide moves digits no farther apart
MOST_DIGITS = 12  # in groups with such spaces: more are in columns
WORD_PITCH = 1.4  # times the usual distance: a digit beside other print that is as far off belongs to that
ASIDE = 0.35  # times the usual distance: what is farther from both digits stands between them
AMID = 0.42  # the same: what is farther is no edge of either digit
MOST_VARIANTS = 12  # other numbers that are considered
CLOSEST, FARTHEST = 0.65, 1.6  # times the usual distance: digits seldom stand closer, or farther
UNUSUAL = 0.03  # how likely they do, against others
FEWEST_DISTANCES = 3  # of fewer, none is usual


@dataclass(frozen=True, slots=True)
class Number:
    """A number found along a line.

    Attributes:
        digits: The class of each digit.
        centres: The x of each digit's middle in the strip.
        probabilities: What the model gives each of them, where it is surest.
        share: That of this number among all that may stand there, 0 to 1.
        before, behind: What stands next to it.
        letters: How much other print stands in its line.
        in_text: Whether that is a line of text.
        in_cells: Whether its digits stand in the cells of a form.
        others: The highest probability that each of its digits is other print.
        between: The same, that other print stands between each two neighbours.
        missed: How likely a further digit stands between any two neighbours, at most.
        variants: Other numbers that may stand there, the likelier first.
    """

    digits: tuple[int, ...]
    centres: tuple[float, ...]
    probabilities: tuple[float, ...]
    share: float
    before: Beside = NOTHING
    behind: Beside = NOTHING
    letters: int = 0
    in_text: bool = False
    in_cells: bool = False
    others: tuple[float, ...] = ()
    between: tuple[float, ...] = ()
    missed: float = 0.0
    variants: tuple["Number", ...] = ()

    @property
    def in_word(self) -> bool:
        """Whether other print stands as close as its digits do."""
        return self.before.joined or self.behind.joined

    def in_place_of(self, number: Self) -> Self:
        """Return the variant of a number that is taken for it; what stands around is the same."""
        return replace(
            self,
            before=number.before,
            behind=number.behind,
            letters=number.letters,
            in_text=number.in_text,
            in_cells=number.in_cells,
        )

    @property
    def is_alone(self) -> bool:
        """Whether nothing is seen in its line but its digits."""
        return not self.letters and self.before.letter is None and self.behind.letter is None

    @property
    def pitch(self) -> float:
        """The usual distance between neighbouring digits, in pixels of the strip."""
        return usual_pitch(self.centres)

    @property
    def distances(self) -> list[float]:
        """The distances between neighbouring digits, in pixels of the strip."""
        return [right - left for left, right in pairwise(self.centres)]


def find_numbers(scores: npt.NDArray[np.float64]) -> list[Number]:
    """Return the numbers along a line, from left to right.

    Args:
        scores: `[windows, digits + 2]`, calibrated probabilities; "other print" and "none" come last.
    """
    other = scores.shape[1] - 2
    spots = find_spots(scores)
    seen = seen_at(spots)
    in_cells = cells(seen, other)
    for first, last in in_cells:
        scores = without_print(scores, first, last)
    if in_cells:
        spots = find_spots(scores)
        seen = seen_at(spots)
    seen = in_words(seen, other)
    if not seen:
        return []
    classes, centres = [one.character for one in seen], [one.centre for one in seen]
    numbers = []
    for first, last in spans(classes, centres, other):
        if classes[first] != other:
            span = centres[first:last]
            before, behind = (
                beside(seen, scores, end, usual_pitch(span), way)
                for end, way in ((span[0], -1), (span[-1], 1))
            )
            number = number_of(spots_of(spots, span), span, other)
            others, between = others_of(scores, number)
            numbers.append(
                replace(
                    number,
                    before=before,
                    behind=behind,
                    letters=classes.count(other),
                    in_text=is_in_text(seen, span[0], span[-1], other),
                    in_cells=any(start <= span[0] and span[-1] <= end for start, end in in_cells),
                    others=others,
                    between=between,
                    missed=missed_in(scores, number),
                )
            )
    return numbers


def seen_at(spots: list[Spot]) -> list[Seen]:
    """Return what was seen at some places, from left to right."""
    return [
        Seen(*one)
        for spot in spots
        for one in zip(spot.best.centres, spot.best.characters, spot.best.probabilities, strict=True)
    ]


def without_print(scores: npt.NDArray[np.float64], first: float, last: float) -> npt.NDArray[np.float64]:
    """Return scores `[windows, digits + 2]` with other print between two columns taken for nothing."""
    middles = SIDE / 2 + STEP * np.arange(len(scores))
    inside = (middles > first) & (middles < last)
    cleared = scores.copy()
    cleared[inside, -1] += cleared[inside, -2]
    cleared[inside, -2] = 0
    return cleared


def others_of(scores: npt.NDArray[np.float64], number: Number) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return how likely other print is, at most, at each of a number's digits, and between each two."""
    middles = SIDE / 2 + STEP * np.arange(len(scores), dtype=np.float64)
    other = scores[:, -2, None]
    here = np.abs(middles[:, None] - np.array(number.centres)) < ASIDE * number.pitch
    amid = between_digits(number, middles, ASIDE)
    at_digits, between = (np.where(where, other, 0).max(axis=0, initial=0) for where in (here, amid))
    return tuple(at_digits.tolist()), tuple(between.tolist())


def missed_in(scores: npt.NDArray[np.float64], number: Number) -> float:
    """Return how likely, at most, a digit stands between a number's: a narrow one that touches them."""
    middles = SIDE / 2 + STEP * np.arange(len(scores), dtype=np.float64)
    amid = between_digits(number, middles, AMID).any(axis=1)
    return float(scores[amid, :-2].max(initial=0))


def between_digits(number: Number, middles: npt.NDArray[np.float64], aside: float) -> npt.NDArray[np.bool_]:
    """Tell which columns `[windows]` lie between each two digits, `[windows, digits - 1]`.

    They are at least `aside` times the usual distance from both.
    """
    centres, away = np.array(number.centres), aside * number.pitch
    return (middles[:, None] >= centres[:-1] + away) & (middles[:, None] <= centres[1:] - away)


def spots_of(spots: list[Spot], span: list[float]) -> list[Spot]:
    """Return the places of a number's digits, and those beside or between them where one more might be."""
    reach = NEXT[1] * usual_pitch(span)

    def belongs(spot: Spot) -> bool:
        if spot.best.centres:
            return any(span[0] <= centre <= span[-1] for centre in spot.best.centres)
        return span[0] - reach <= spot.middle <= span[-1] + reach

    return [spot for spot in spots if belongs(spot)]


def number_of(spots: list[Spot], span: list[float], other: int) -> Number:
    """Return the number that stands at some places, and the likeliest others that may stand there.

    Args:
        spots: The places.
        span: The middles of its digits.
        other: The class of other print; what has some in it is no number, but may stand there all the same.
    """
    ways: list[tuple[float, list[Option]]] = [(1.0, [])]
    for spot in spots:
        options = [best_of(spot, span, other)]
        options += [option for option in spot.options[1:] if other not in option.characters]
        ways = [(share * option.share, [*way, option]) for share, way in ways for option in options]
        ways = [ways[0], *sorted(ways[1:], key=lambda way: -way[0])[:MOST_VARIANTS]]
    best, *others = by_distances([number for share, way in ways if (number := joined(share, way)).digits])
    return replace(best, variants=tuple(others))


def best_of(spot: Spot, span: list[float], other: int) -> Option:
    """Return a spot's best option as far as it belongs to a number.

    Before the number's first digit and behind its last one, other print changes nothing.
    """
    best = spot.best.within(span[0], span[-1])
    centres = spot.best.centres or (spot.middle,)
    beside = centres[0] <= span[0] or centres[-1] >= span[-1]
    digits = tuple(character for character in spot.best.characters if character != other)
    if best.share >= SETTLED or best.characters != digits or not beside:
        return best
    return replace(best, share=spot.share_without(other, digits))


def by_distances(numbers: list[Number]) -> list[Number]:
    """Return numbers that may stand at one place, the likelier first, when their digits' distances count too.

    What else may stand there keeps its share.
    """
    if len(numbers) == 1:
        return numbers
    # A gap is unusual only where there is none in the likeliest: some numbers are printed in groups.
    distances = [unusual_distances(number.centres) for number in numbers]
    groups = distances[0][1]
    likely = [
        number.share * UNUSUAL ** (crowded + max(0, gaping - groups))
        for number, (crowded, gaping) in zip(numbers, distances, strict=True)
    ]
    total = sum(likely) + max(0.0, 1 - sum(number.share for number in numbers))
    weighed = [replace(number, share=share / total) for number, share in zip(numbers, likely, strict=True)]
    return sorted(weighed, key=lambda number: -number.share)


def unusual_distances(centres: tuple[float, ...]) -> tuple[int, int]:
    """Count the neighbours that stand much closer than is usual in their number, and those much farther."""
    if len(centres) <= FEWEST_DISTANCES:
        return 0, 0
    usual = usual_pitch(centres)
    distances = [other - one for one, other in pairwise(centres)]
    return sum(far < CLOSEST * usual for far in distances), sum(far > FARTHEST * usual for far in distances)


def joined(share: float, options: list[Option]) -> Number:
    """Return the number of some options side by side."""
    return Number(
        tuple(digit for option in options for digit in option.characters),
        tuple(centre for option in options for centre in option.centres),
        tuple(probability for option in options for probability in option.probabilities),
        share,
    )


def spans(classes: list[int], centres: list[float], other: int) -> Iterator[tuple[int, int]]:
    """Yield from which character to which each number goes; other print by itself is one, too.

    Groups with spaces between them are one number, unless that would be too long: then they are columns.
    """
    runs: list[list[tuple[int, int]]] = []
    places = dict(splits(classes, centres, other))
    for first, last in pairwise([0, *places, len(centres)]):
        if places.get(first):
            runs[-1].append((first, last))
        else:
            runs.append([(first, last)])
    for run in runs:
        if run[-1][1] - run[0][0] <= MOST_DIGITS:
            yield run[0][0], run[-1][1]
        else:
            yield from run


def splits(classes: list[int], centres: list[float], other: int) -> Iterator[tuple[int, bool]]:
    """Yield the indices of the characters that are not of one run with the character before them.

    With each comes whether both are digits that may have but a space between them.
    """
    distances = [other - one for one, other in pairwise(centres)]
    for index, distance in enumerate(distances):
        places = (*range(max(0, index - 3), index), *range(index + 1, min(index + 4, len(distances))))
        near = [distances[place] for place in places if other not in classes[place : place + 2]]
        usual = max(median(near) if near else WIDEST_PITCH * HEIGHT, HEIGHT / 2)
        widest = max(WIDEST_PITCH * HEIGHT, SPACE_PITCH * usual if usual <= SPACED_OUT * HEIGHT else 0)
        beside_word = other in (*classes[max(0, index - 1) : index], *classes[index + 2 : index + 3])
        is_print = other in classes[index : index + 2]
        uneven = distance > (WORD_PITCH if beside_word else UNEVEN_PITCH) * usual
        if uneven or distance > widest or is_print:
            spaced = UNEVEN_PITCH * usual < distance <= min(SPACE_PITCH * usual, widest)
            yield index + 1, spaced and not is_print


def usual_pitch(centres: tuple[float, ...] | list[float]) -> float:
    """Return the median distance between neighbours; that of common digits where there is but one."""
    return median(other - one for one, other in pairwise(centres)) if len(centres) > 1 else 0.7 * HEIGHT
