"""From the scores of the windows along a line to the number in it, and how sure that is.

Windows that lie on one digit name it, those between digits name none. Which windows belong to which digit is
an alignment; the likeliest one gives the digits, and the sum over all alignments tells the share that the
number has among everything that the line may say (a hidden Markov model, after Rabiner 1989).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sheetid.glyphs import SIDE, STEP

Scores = npt.NDArray[np.float64]

SURE = 0.9995  # probability of no digit from which on a window is taken at its word
LONGEST = 5  # windows that name one digit
CLOSEST = 3  # windows from the start of one digit to the start of the next
LEAST = 1e-6  # probability below which nothing is told apart


@dataclass(frozen=True, slots=True)
class Spot:
    """A place along a line where a digit is, or might be.

    Attributes:
        start, end: The windows that it takes, `end` not included.
        digits: The classes of the digits that are there most likely, one after the other; mostly one or none.
        centres: The x of each of these in the strip.
        probabilities: What the model gives each of them, where it is surest.
        posterior: The share of these digits among all that may be there, 0 to 1.
    """

    start: int
    end: int
    digits: tuple[int, ...]
    centres: tuple[float, ...]
    probabilities: tuple[float, ...]
    posterior: float

    @property
    def middle(self) -> float:
        """The x of its middle in the strip."""
        return SIDE / 2 + STEP * (self.start + self.end - 1) / 2


def find_spots(scores: Scores) -> list[Spot]:
    """Return the places of a line where there may be a digit, from left to right.

    Args:
        scores: `[windows, digits + 1]`, calibrated probabilities, "none" last.
    """
    sure = scores[:, -1] >= SURE
    edges = np.flatnonzero(np.diff(np.concatenate([[True], sure, [True]]).astype(np.int8)))
    spots: list[Spot] = []
    start = -1
    for first, last in edges.reshape(-1, 2).tolist():
        start = first if start < 0 else start
        following = edges[edges >= last]
        if len(following) > 1 and following[1] - last < CLOSEST - 1:  # too near to be told apart
            continue
        spots.append(align(np.maximum(scores[start:last], LEAST), start))
        start = -1
    return spots


def align(scores: Scores, start: int) -> Spot:
    """Align the windows of one spot with digits, in the likeliest way.

    Args:
        scores: `[windows, digits + 1]`, none of them 0.
        start: Which window of the line the first one is.
    """
    steps = np.log(transitions(scores.shape[1] - 1) + 1e-300)
    states = state_classes(scores.shape[1] - 1)
    emitted = np.log(scores)[:, states]
    best = entry(len(states)) + emitted[0]
    came = np.zeros(emitted.shape, np.intp)
    for t in range(1, len(emitted)):
        ways = best[:, None] + steps
        came[t] = ways.argmax(axis=0)
        best = ways[came[t], np.arange(len(states))] + emitted[t]
    path = [int(best.argmax())]
    for t in range(len(emitted) - 1, 0, -1):
        path.append(int(came[t, path[-1]]))
    return spot(path[::-1], scores, states, start)


def spot(path: list[int], scores: Scores, states: npt.NDArray[np.intp], start: int) -> Spot:
    """Describe the digits along a path of states."""
    none = scores.shape[1] - 1
    digits: list[int] = []
    members: list[list[int]] = []
    for t, state in enumerate(path):
        if states[state] == none:
            continue
        if state < none + FIRST:  # the first window of a digit
            digits.append(int(states[state]))
            members.append([])
        members[-1].append(t)
    weights = [scores[m, d] for m, d in zip(members, digits, strict=True)]
    centres = [
        SIDE / 2 + STEP * (start + float(np.average(m, weights=w)))
        for m, w in zip(members, weights, strict=True)
    ]
    return Spot(
        start,
        start + len(path),
        tuple(digits),
        tuple(centres),
        tuple(float(w.max()) for w in weights),
        min(1.0, float(np.exp(log_mass_of(scores, digits) - log_mass(scores)))),
    )


# The states: no digit, long enough after one or not, then each digit's first window, second, and so on.
FREE, AFTER, FIRST = 0, 1, 2


@cache
def state_classes(digits: int) -> npt.NDArray[np.intp]:
    """Return the class that a window shows in each state."""
    return np.concatenate([[digits, digits], np.tile(np.arange(digits), LONGEST)])


@cache
def transitions(digits: int) -> Scores:
    """Return 1 for each pair of states of which the second may follow the first, `[states, states]`."""
    states = FIRST + LONGEST * digits
    allowed = np.zeros((states, states))
    allowed[FREE, FREE] = allowed[AFTER, FREE] = 1
    allowed[FREE, FIRST : FIRST + digits] = 1
    for length in range(1, LONGEST + 1):
        here = FIRST + (length - 1) * digits + np.arange(digits)
        allowed[here, AFTER if length + 1 < CLOSEST else FREE] = 1
        if length < LONGEST:
            allowed[here, here + digits] = 1
    return allowed


def entry(states: int) -> Scores:
    """Return the logarithms of where a spot may start, `[states]`: with no digit, or with one's first window."""
    digits = (states - FIRST) // LONGEST
    start = np.full(states, -1e300)
    start[FREE] = 0
    start[FIRST : FIRST + digits] = 0
    return start


def log_mass(scores: Scores) -> float:
    """Return the logarithm of the sum over all alignments with any digits."""
    digits = scores.shape[1] - 1
    return forward(scores[:, state_classes(digits)], transitions(digits), np.exp(entry(FIRST + LONGEST * digits)))


def log_mass_of(scores: Scores, digits: list[int]) -> float:
    """Return the logarithm of the sum over all alignments with just these digits.

    The states are a chain: for each digit, no digit before it and then its windows; at the end, no digit.
    """
    none, size = scores.shape[1] - 1, FIRST + LONGEST
    classes = np.full(size * len(digits) + FIRST, none)
    allowed = np.zeros((len(classes), len(classes)))
    start = np.zeros(len(classes))
    start[FREE] = 1
    for index, digit in enumerate(digits):
        at = size * index
        classes[at + FIRST : at + size] = digit
        allowed[at + FREE, at + FREE] = allowed[at + AFTER, at + FREE] = allowed[at + FREE, at + FIRST] = 1
        for length in range(1, LONGEST + 1):
            here = at + FIRST + length - 1
            allowed[here, at + size + (AFTER if length + 1 < CLOSEST else FREE)] = 1
            if length < LONGEST:
                allowed[here, here + 1] = 1
    at = size * len(digits)
    allowed[at + FREE, at + FREE] = allowed[at + AFTER, at + FREE] = 1
    if digits:
        start[FIRST] = 1
    ends = np.zeros(len(classes))
    ends[at:] = 1
    ends[at - LONGEST : at] = bool(digits)
    return forward(scores[:, classes], allowed, start, ends)


def forward(emitted: Scores, allowed: Scores, start: Scores, ends: Scores | None = None) -> float:
    """Return the logarithm of the sum over all paths that start in `start` and end in `ends`."""
    mass, scale = start * emitted[0], 0.0
    for row in emitted[1:]:
        total = mass.sum()
        scale += np.log(total)
        mass = (mass / total) @ allowed * row
    left = mass.sum() if ends is None else mass @ ends
    return float(scale + np.log(max(left, 1e-300)))
