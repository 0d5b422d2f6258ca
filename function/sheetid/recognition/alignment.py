"""From the scores of the windows along a line to the number in it, and how sure that is.

Windows that lie on one digit name it, those between digits name none. Which windows belong to which digit is
an alignment; the likeliest one gives the digits, and the sum over all alignments tells the share that the
number has among everything that the line may say (a hidden Markov model, after Rabiner 1989).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import SIDE, STEP
from sheetid.vision.ink import runs_in

Scores = npt.NDArray[np.float64]
Members = list[tuple[int, list[int]]]  # digits, one after the other, and the windows of each

SURE = 0.9995  # probability of no digit from which on a window is taken at its word
CLOSEST = 3  # windows from the start of one digit to the start of the next, at least
# How likely digits stand so many windows apart, against farther ones: print is seldom so narrow, and a digit
# whose windows are not all sure must not be taken for two.
CLOSENESS = {3: 0.003, 4: 0.03, 5: 0.3}
# How likely a digit is named by so many windows, against the usual three: one window alone may be noise.
LENGTHS = {1: 0.02, 2: 0.5, 3: 1.0, 4: 0.3, 5: 0.003}
LONGEST = max(LENGTHS)
UNLIKELY = 1e-3  # probability of a digit below which it is not considered
SETTLED = 0.98  # share from which on nothing else is considered
CERTAIN = -1e-3  # logarithm of the likeliest alignment's weight from which on it is all but the whole mass
MOST_OPTIONS = 6  # of one place
MOST_TOUCHING = 4  # digits of one place: of more that are not parted, nothing else is considered
POSSIBLE = 0.02  # probability of a digit from which on it may stand in the place of another
NEVER = 1e-300  # stands for probability 0 in logarithms
LEAST = 1e-6  # probability below which nothing is told apart
RESCALED = 16  # windows after which sums are brought back to 1: LEAST to that power is far from 0


@dataclass(frozen=True, slots=True)
class Option:
    """What may stand at one place.

    Attributes:
        characters: The classes of what stands there, one after the other; mostly one or none.
        centres: The x of each of these in the strip.
        probabilities: What the model gives each of them, where it is surest.
        share: That of these characters among all that may be there, 0 to 1.
    """

    characters: tuple[int, ...]
    centres: tuple[float, ...]
    probabilities: tuple[float, ...]
    share: float

    def within(self, first: float, last: float) -> Self:
        """Return what of it stands between two columns."""
        if all(first <= centre <= last for centre in self.centres):
            return self
        kept = [index for index, centre in enumerate(self.centres) if first <= centre <= last]
        return replace(
            self,
            characters=tuple(self.characters[index] for index in kept),
            centres=tuple(self.centres[index] for index in kept),
            probabilities=tuple(self.probabilities[index] for index in kept),
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """A place along a line where a digit is, or might be.

    Attributes:
        middle: The x of its middle in the strip.
        options: What may stand there: the likeliest alignment's digits, then, where these are not sure,
            other ones, the likelier first.
        scores: `[windows, digits + 1]`, what the model says of its windows.
    """

    middle: float
    options: tuple[Option, ...]
    scores: Scores

    @property
    def best(self) -> Option:
        """The digits of the likeliest alignment."""
        return self.options[0]

    def share_without(self, ignored: int, characters: tuple[int, ...]) -> float:
        """Return the share of some characters when a class, the last but "no digit", is taken for that."""
        rest = self.scores[:, ignored:].sum(axis=1, keepdims=True)
        scores = np.concatenate([self.scores[:, :ignored], rest], axis=1)
        return min(1.0, float(np.exp(log_mass_of(scores, list(characters)) - log_mass(scores))))


def find_spots(scores: Scores) -> list[Spot]:
    """Return the places of a line where there may be a digit, from left to right.

    Args:
        scores: `[windows, digits + 1]`, calibrated probabilities, "none" last.
    """
    sure = scores[:, -1] >= SURE
    stretches: list[list[int]] = []
    for first, last in runs_in(~sure).tolist():
        if stretches and first - stretches[-1][1] < CLOSEST - 1:  # too near to be told apart
            stretches[-1][1] = last
        else:
            stretches.append([first, last])
    return [align(np.maximum(scores[first:last], LEAST), first) for first, last in stretches]


def align(scores: Scores, start: int) -> Spot:
    """Align the windows of one spot with digits, in the likeliest way.

    Args:
        scores: `[windows, digits + 1]`, none of them 0.
        start: Which window of the line the first one is.
    """
    likely = np.flatnonzero(scores[:, :-1].max(axis=0) >= UNLIKELY)
    told = scores[:, [*likely.tolist(), -1]]
    middle = SIDE / 2 + STEP * (start + (len(scores) - 1) / 2)
    path, weight = best_path(told)
    members = members_of(path, len(likely))
    if weight >= CERTAIN:
        return Spot(middle, (option(members, told, likely, start, weight),), scores)
    mass = log_mass(told)

    def weighed(way: Members) -> Option:
        return option(way, told, likely, start, log_mass_of(told, digits_of(way)) - mass)

    best = weighed(members)
    others: list[Option] = []
    if best.share < SETTLED and len(members) <= MOST_TOUCHING:
        others = sorted(map(weighed, rivals(members, told)), key=lambda other: -other.share)
    return Spot(middle, (best, *others[: MOST_OPTIONS - 1]), scores)


def rivals(members: Members, scores: Scores) -> Iterator[Members]:
    """Yield what else may stand there: all but one of the members, or another digit in the place of one."""
    if not members:
        windows = list(range(len(scores)))
        yield from ([(digit, windows)] for digit in range(scores.shape[1] - 1))
    for place, (there, windows) in enumerate(members):
        before, behind = members[:place], members[place + 1 :]
        yield before + behind
        possible = np.flatnonzero(scores[windows, :-1].max(axis=0) >= POSSIBLE).tolist()
        yield from ([*before, (digit, windows), *behind] for digit in possible if digit != there)


def best_path(scores: Scores) -> tuple[list[int], float]:
    """Return the states along the likeliest alignment (Viterbi 1967), and the logarithm of its weight."""
    chain = every_digit(scores.shape[1] - 1)
    emitted = np.log(scores)[:, chain.classes]
    best = chain.log_start + emitted[0]
    came = []
    for row in emitted[1:]:
        ways = best[:, None] + chain.log_allowed
        came.append(ways)
        best = ways.max(axis=0) + row
    ends = best + chain.log_end
    path = [int(ends.argmax())]
    for ways in reversed(came):
        path.append(int(ways[:, path[-1]].argmax()))
    return path[::-1], float(ends.max())


def members_of(path: list[int], count: int) -> Members:
    """Return the digits along a path of states, of `count` digits, and which windows show them."""
    members: Members = []
    for window, state in enumerate(path):
        if FIRST <= state < FIRST + count:  # the first window of a digit
            members.append((state - FIRST, []))
        if state >= FIRST:
            members[-1][1].append(window)
    return members


def digits_of(members: Members) -> list[int]:
    """Return the digits alone."""
    return [digit for digit, _ in members]


def option(
    members: Members, scores: Scores, likely: npt.NDArray[np.intp], start: int, log_share: float
) -> Option:
    """Describe one way to align a spot.

    Args:
        members: Its digits and their windows.
        scores: `[windows, digits + 1]` of the likely digits.
        likely: Their classes.
        start: Which window of the line the first one is.
        log_share: The logarithm of its share among all ways.
    """
    weights = [scores[windows[0] : windows[-1] + 1, digit] for digit, windows in members]
    middles = [float(np.dot(m, w) / w.sum()) for (_, m), w in zip(members, weights, strict=True)]
    return Option(
        tuple(int(likely[digit]) for digit, _ in members),
        tuple(SIDE / 2 + STEP * (start + middle) for middle in middles),
        tuple(float(w.max()) for w in weights),
        min(1.0, float(np.exp(log_share))),
    )


# The states: no digit for long; then no digit, so many windows after a digit's first one; then each digit's
# first window, second, and so on.
FREE = 0
FIRST = 1 + LONGEST
BLOCK = FIRST + LONGEST


def before(elapsed: int) -> int:
    """Return the state of no digit `elapsed` windows after the start of the last digit."""
    return elapsed - 1 if elapsed <= LONGEST else FREE


@dataclass(frozen=True, slots=True)
class Chain:
    """States that follow each other along a line.

    Attributes:
        classes: The class that a window shows in each state; in a chain of certain digits, their place.
        allowed: `[states, states]`, 1 for each pair of which the second may follow the first, less where that
            is unlikely, 0 where it is impossible.
        start, end: `[states]`, the same for those of the first, and of the last window.
        log_allowed, log_start, log_end: Their logarithms.
    """

    classes: npt.NDArray[np.intp]
    allowed: Scores
    start: Scores
    end: Scores
    log_allowed: Scores
    log_start: Scores
    log_end: Scores

    @classmethod
    def of(cls, classes: npt.NDArray[np.intp], allowed: Scores, start: Scores, end: Scores) -> Self:
        """Return a chain with its logarithms."""
        weights = (allowed, start, end)
        return cls(classes, *weights, *(np.log(np.maximum(x, NEVER)) for x in weights))


@cache
def every_digit(count: int) -> Chain:
    """Return the states of a line with any of `count` digits, in any order."""
    size = FIRST + LONGEST * count
    allowed = np.zeros((size, size))
    end = np.ones(size)
    firsts = FIRST + np.arange(count)
    allow_gaps(allowed, 0, firsts)
    for length in range(1, LONGEST + 1):
        here = firsts + (length - 1) * count
        allowed[here, before(length + 1)] = end[here] = LENGTHS[length]
        if length < LONGEST:
            allowed[here, here + count] = 1
    start = np.zeros(size)
    start[FREE] = 1
    start[firsts] = 1
    classes = np.concatenate([np.full(FIRST, count), np.tile(np.arange(count), LONGEST)]).astype(np.intp)
    return Chain.of(classes, allowed, start, end)


@cache
def certain_digits(count: int) -> Chain:
    """Return the states of a line with `count` certain digits: before each no digit, and none at the end.

    Its classes are 0 for the first of them, and so on; `count` for no digit.
    """
    size = BLOCK * count + FIRST
    classes = np.full(size, count, np.intp)
    allowed = np.zeros((size, size))
    for place in range(count):
        at = BLOCK * place
        first = at + FIRST
        classes[first : at + BLOCK] = place
        allow_gaps(allowed, at, np.array([first]))
        for length in range(1, LONGEST + 1):
            allowed[first + length - 1, at + BLOCK + before(length + 1)] = LENGTHS[length]
            if length < LONGEST:
                allowed[first + length - 1, first + length] = 1
    allow_gaps(allowed, BLOCK * count, np.array([], np.intp))
    start, end = np.zeros(size), np.zeros(size)
    start[[FREE, FIRST] if count else [FREE]] = 1
    end[-FIRST:] = 1
    if count:
        end[-FIRST - LONGEST : -FIRST] = list(LENGTHS.values())
    return Chain.of(classes, allowed, start, end)


def allow_gaps(allowed: Scores, at: int, firsts: npt.NDArray[np.intp]) -> None:
    """Allow windows of no digit, in the states from `at` on, to follow each other, and digits them."""
    allowed[at + FREE, at + FREE] = allowed[at + FREE, firsts] = 1
    for elapsed in range(2, LONGEST + 1):
        allowed[at + before(elapsed), at + before(elapsed + 1)] = 1
        allowed[at + before(elapsed), firsts] = CLOSENESS.get(elapsed, 0.0)


def log_mass(scores: Scores) -> float:
    """Return the logarithm of the sum over all alignments with any digits."""
    chain = every_digit(scores.shape[1] - 1)
    return forward(scores[:, chain.classes], chain)


def log_mass_of(scores: Scores, digits: list[int]) -> float:
    """Return the logarithm of the sum over all alignments with just these digits."""
    chain = certain_digits(len(digits))
    return forward(scores[:, [*digits, -1]][:, chain.classes], chain)


def forward(emitted: Scores, chain: Chain) -> float:
    """Return the logarithm of the sum over all paths through a chain; `emitted` is `[windows, states]`."""
    mass, scale = chain.start * emitted[0], 0.0
    for number, row in enumerate(emitted[1:], start=1):
        mass = mass @ chain.allowed * row
        if number % RESCALED == 0:
            total = mass.sum()
            scale += np.log(total)
            mass /= total
    return float(scale + np.log(max(mass @ chain.end, 1e-300)))
