"""The best way through a run's candidates: which of them are the digits, and how sure that is.

Every atom of the run is explained, either as part of one digit or as something else; the digits stand side by
side without anything between them that is more than a speck. Explanations are compared by the model's
probabilities and by how alike neighbours are in height and distance (after LeCun, Bottou, Bengio, Haffner:
Gradient-based learning applied to document recognition, 1998, on heuristic over-segmentation).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sheetid.atoms import END_MARGIN, HEIGHT, MARGIN
from sheetid.segmentation import Candidate, Strip

JUNK_PRIOR = -0.7  # log-probability of each thing beside the number that is no digit
SPECK_PRIOR = -1.2  # of each speck between digits
SPECK_AREA = 0.06  # of the height squared: more is no speck
CLOSE_END = -6.2  # log-probability that print goes on without a gap where the number ends
APART_END = -1.2  # that it goes on after a gap
END_GAP = 0.45  # of the height: such a gap, as between words
HEIGHT_TOLERANCE = 0.10  # neighbouring digits differ by no more, as the logarithm of a ratio
HEIGHT_COST = 25.0  # a unit beyond the tolerance
GAP_TOLERANCE = 0.8  # of the height
GAP_COST = 6.0  # a unit beyond the tolerance
OPEN_GAP, OPEN_MARGIN = 1.6, 0.3  # times the usual gap, and of the height: what is looked at beside a number
OPEN_SHARE = 0.5  # of the digits' darkness: ink beside them is as dark
OPEN_INK = 12  # pixels of ink at the top, and at the bottom: less is noise
DARK = 90  # percentile of the ink among the digits: their darkness
LEAST = -60.0  # log-probability below which nothing is told apart


@dataclass(frozen=True, slots=True)
class Path:
    """The digits found in one run.

    Attributes:
        candidates: The candidate of each digit, left to right.
        classes: Each digit's class.
        probabilities: What the model gives each of them.
        posterior: The share of this number among all explanations of the run, 0 to 1.
        open_ends: At how many of its two ends other print goes on as closely as the digits stand.
    """

    candidates: tuple[Candidate, ...]
    classes: tuple[int, ...]
    probabilities: tuple[float, ...]
    posterior: float
    open_ends: int


def best_path(strip: Strip, log_scores: npt.NDArray[np.float64], classes: int) -> Path | None:
    """Return the most probable digits of a run, or None where they are better explained as something else.

    Args:
        strip: The run.
        log_scores: `[candidates, classes or classes + 1]`, calibrated log-probabilities; a class after the
            last character is "not one clean character".
        classes: How many characters there are.
    """
    if not strip.candidates:
        return None
    lattice = Lattice(strip, log_scores, classes)
    steps = lattice.best_steps()
    if not steps:
        return None
    chosen = [int(np.argmax(log_scores[step, :classes])) for step in steps]
    posterior = float(np.exp(lattice.mass_of(chosen) - lattice.mass()))
    return Path(
        candidates=tuple(strip.candidates[step] for step in steps),
        classes=tuple(chosen),
        probabilities=tuple(float(np.exp(log_scores[s, c])) for s, c in zip(steps, chosen, strict=True)),
        posterior=min(1.0, posterior),
        open_ends=open_ends(strip, tuple(strip.candidates[step] for step in steps)),
    )


class Lattice:
    """All explanations of one run; nodes lie between atoms, edges are candidates taken as a digit.

    Attributes:
        before: For each node, the log-probability of what lies left of a number that starts there.
        beyond: For each node, the log-probability of what lies right of a number that ends there.
        nothing: The log-probability that there is no number in the run.
    """

    def __init__(self, strip: Strip, log_scores: npt.NDArray[np.float64], classes: int) -> None:
        """Prepare the costs; arguments as for `best_path`."""
        self.edges = strip.candidates
        self.nodes = len(strip.boxes)
        self.digit = np.maximum(log_scores[:, :classes], LEAST)
        self.is_speck = speck_flags(strip)
        junk = np.zeros(len(self.edges))
        if log_scores.shape[1] > classes:
            junk = np.maximum(log_scores[:, classes], LEAST)
        left, right = junk_costs(strip, junk, self.is_speck)
        ends = end_costs(strip.boxes, self.is_speck)
        self.before, self.beyond, self.nothing = left + ends, right + ends, float(left[-1])
        self.starting = [
            [e for e, edge in enumerate(self.edges) if edge.first == n] for n in range(self.nodes)
        ]
        self.following = [self.followers(edge) for edge in self.edges]

    def followers(self, edge: Candidate) -> list[tuple[int, float]]:
        """Return the edges that may come next after `edge`, each with the log-probability of it."""
        found = []
        node, skipped = edge.last + 1, 0.0
        while node < self.nodes:
            found += [(i, skipped + likeness(edge, self.edges[i])) for i in self.starting[node]]
            if not self.is_speck[node]:
                break
            skipped += SPECK_PRIOR
            node += 1
        return found

    def best_steps(self) -> list[int]:
        """Return the edges of the most probable explanation; none where digits explain nothing."""
        best = self.digit.max(axis=1)
        after = np.full(len(self.edges), -np.inf)  # the best explanation of all that follows an edge
        then = np.full(len(self.edges), -1)
        for index in reversed(range(len(self.edges))):
            after[index] = self.beyond[self.edges[index].last + 1]
            for follower, cost in self.following[index]:
                value = cost + best[follower] + after[follower]
                if value > after[index]:
                    after[index], then[index] = value, follower
        first = self.starts() + best + after
        step = int(np.argmax(first))
        if first[step] <= self.nothing:
            return []
        steps = []
        while step >= 0:
            steps.append(step)
            step = int(then[step])
        return steps

    def starts(self) -> npt.NDArray[np.float64]:
        """Return for each edge the log-probability of what lies left of it, if it is the first digit."""
        return np.array([self.before[edge.first] for edge in self.edges])

    def mass(self) -> float:
        """Return the logarithm of the sum over all explanations."""
        any_digit = np.logaddexp.reduce(self.digit, axis=1)
        after = np.zeros(len(self.edges))
        for index in reversed(range(len(self.edges))):
            ways = [self.beyond[self.edges[index].last + 1]]
            ways += [cost + any_digit[f] + after[f] for f, cost in self.following[index]]
            after[index] = np.logaddexp.reduce(ways)
        return float(np.logaddexp(np.logaddexp.reduce(self.starts() + any_digit + after), self.nothing))

    def mass_of(self, number: list[int]) -> float:
        """Return the logarithm of the sum over the explanations that give this number, however it is cut."""
        after = np.array([self.beyond[edge.last + 1] for edge in self.edges])
        for digit in reversed(number[1:]):
            here = self.digit[:, digit] + after
            ways = [[cost + here[f] for f, cost in followers] for followers in self.following]
            after = np.array([np.logaddexp.reduce(way) if way else -np.inf for way in ways])
        return float(np.logaddexp.reduce(self.starts() + self.digit[:, number[0]] + after))


def junk_costs(
    strip: Strip, junk: npt.NDArray[np.float64], is_speck: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return for each node the best log-probability that all atoms left, and all right of it, are no digits.

    Slices of one component may be taken together, as a letter that was cut; whole components may not: two
    digits in one box are no digit, but they are no reason to pass over them.

    Args:
        strip: The run.
        junk: `[candidates]`, each candidate's log-probability of being no digit.
        is_speck: `[atoms]`, which atoms are dirt.
    """
    edges, nodes = strip.candidates, len(is_speck)
    single = np.where(is_speck, 0.0, JUNK_PRIOR)
    steps = [(atom, atom + 1, float(single[atom])) for atom in range(nodes)]
    steps += [
        (edge.first, edge.last + 1, float(JUNK_PRIOR + junk[index]))
        for index, edge in enumerate(edges)
        if strip.components[edge.first] == strip.components[edge.last]
    ]
    alone = {edge.first for edge in edges if edge.first == edge.last}
    steps = [step for i, step in enumerate(steps) if i >= nodes or step[0] not in alone]
    left, right = np.full(nodes + 1, -np.inf), np.full(nodes + 1, -np.inf)
    left[0] = right[nodes] = 0.0
    for start, end, cost in sorted(steps):
        left[end] = max(left[end], left[start] + cost)
    for start, end, cost in sorted(steps, key=lambda step: -step[1]):
        right[start] = max(right[start], right[end] + cost)
    return left, right


def end_costs(atoms: npt.NDArray[np.int32], is_speck: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return for each node the log-probability that the number ends there and other print goes on."""
    costs = np.zeros(len(atoms) + 1)
    for node in range(1, len(atoms)):
        left = atoms[:node][~is_speck[:node]]
        right = atoms[node:][~is_speck[node:]]
        if len(left) and len(right):
            gap = (right[:, 0].min() - left[:, 2].max()) / HEIGHT
            costs[node] = CLOSE_END + min(1.0, max(0.0, gap / END_GAP)) * (APART_END - CLOSE_END)
    return costs


def open_ends(strip: Strip, digits: tuple[Candidate, ...]) -> int:
    """Count the ends of a number beside which there is ink from top to bottom, as close as the digits stand.

    The ink itself is looked at, not what was cut from it: a digit may have been lost to a streak or a stamp.
    """
    line = slice(MARGIN, MARGIN + HEIGHT)
    free, ink = strip.free[line], strip.ink[line]
    start, end = digits[0].box[0] - 1, digits[-1].box[2] + 1
    level = OPEN_SHARE * np.percentile(free[:, start + 1 : end - 1], DARK)
    streaks = ((ink >= level) & (free == 0)).mean(axis=0) > 0.5  # noqa: PLR2004 - of the height
    gaps = [other.box[0] - one.box[2] for one, other in pairwise(digits)]
    usual = max(float(np.median(gaps)), 0.0) if gaps else END_GAP * HEIGHT
    reach = min(END_MARGIN, round(OPEN_GAP * usual + OPEN_MARGIN * HEIGHT))
    sides = (
        (free[:, :start][:, ::-1] >= level, streaks[:start][::-1]),
        (free[:, end:] >= level, streaks[end:]),
    )
    return sum(int(goes_on(dark, hidden, reach)) for dark, hidden in sides)


def goes_on(dark: npt.NDArray[np.bool_], hidden: npt.NDArray[np.bool_], reach: int) -> bool:
    """Tell whether there is, or may be, ink from top to bottom within reach of an end.

    Args:
        dark: `[HEIGHT, width]`, where there is ink as dark as the digits, going away from the end.
        hidden: `[width]`, which columns a streak hides; they do not count in `reach`.
        reach: How many columns are looked at.
    """
    if dark.shape[1] < reach - 2:  # the end lies in the strip's margin: what follows was never looked at
        return True
    seen = int(np.searchsorted(np.cumsum(~hidden), reach))
    beside, quarter = dark[:, : seen + 1], HEIGHT // 4
    return bool(min(beside[:quarter].sum(), beside[-quarter:].sum()) >= OPEN_INK)


def speck_flags(strip: Strip) -> npt.NDArray[np.bool_]:
    """Return for each atom whether it is small enough to be dirt."""
    left, top, right, bottom = strip.boxes.T
    return np.asarray((right - left) * (bottom - top) < SPECK_AREA * HEIGHT**2, np.bool_)


def likeness(one: Candidate, other: Candidate) -> float:
    """Return the log-probability that two candidates are neighbouring digits of one number."""
    heights = one.box[3] - one.box[1], other.box[3] - other.box[1]
    unlike = max(0.0, abs(float(np.log(heights[0] / heights[1]))) - HEIGHT_TOLERANCE)
    apart = max(0.0, (other.box[0] - one.box[2]) / HEIGHT - GAP_TOLERANCE)
    return -HEIGHT_COST * unlike - GAP_COST * apart
