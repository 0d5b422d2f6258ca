"""The best way through a run's candidates: which of them are the digits, and how sure that is.

Every atom of the run is explained, either as part of one digit or as something else; the digits stand side by
side without anything between them that is more than a speck. Explanations are compared by the model's
probabilities and by how alike neighbours are in height and distance (after LeCun, Bottou, Bengio, Haffner:
Gradient-based learning applied to document recognition, 1998, on heuristic over-segmentation).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetid.segmentation import HEIGHT, Candidate, Strip

JUNK_PRIOR = np.log(0.02)  # an atom of a run that is no digit
SPECK_PRIOR = np.log(0.3)  # a small atom that is no part of a digit
SPECK_AREA = 0.06  # of the height squared: more is no speck
HEIGHT_TOLERANCE = 0.10  # neighbouring digits differ by no more, as the logarithm of a ratio
HEIGHT_COST = 25.0  # a unit beyond the tolerance
GAP_TOLERANCE = 0.55  # of the height
GAP_COST = 6.0  # a unit beyond the tolerance
LEAST = -60.0  # log-probability below which nothing is told apart


@dataclass(frozen=True, slots=True)
class Path:
    """The digits found in one run.

    Attributes:
        candidates: The candidate of each digit, left to right.
        classes: Each digit's class.
        probabilities: What the model gives each of them.
        posterior: The share of this number among all explanations of the run, 0 to 1.
    """

    candidates: tuple[Candidate, ...]
    classes: tuple[int, ...]
    probabilities: tuple[float, ...]
    posterior: float


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
    )


class Lattice:
    """All explanations of one run; nodes lie between atoms, edges are candidates taken as a digit."""

    def __init__(self, strip: Strip, log_scores: npt.NDArray[np.float64], classes: int) -> None:
        """Prepare the costs; arguments as for `best_path`."""
        self.edges = strip.candidates
        self.nodes = len(strip.atoms)
        self.digit = np.maximum(log_scores[:, :classes], LEAST)
        self.heights = np.array([edge.box[3] - edge.box[1] for edge in self.edges], np.float64)
        skip = self.skip_costs(strip, log_scores, classes)
        self.skipped = np.concatenate([[0.0], np.cumsum(skip)])  # [i]: the first i atoms are no digits
        self.is_speck = speck_flags(strip)
        self.starting = [
            [e for e, edge in enumerate(self.edges) if edge.first == n] for n in range(self.nodes)
        ]
        self.following = [self.followers(edge) for edge in self.edges]

    def skip_costs(
        self, strip: Strip, log_scores: npt.NDArray[np.float64], classes: int
    ) -> npt.NDArray[np.float64]:
        """Return for each atom the log-probability that it is no digit, taken alone."""
        costs = np.full(self.nodes, float(JUNK_PRIOR))
        costs[speck_flags(strip)] = SPECK_PRIOR
        if log_scores.shape[1] > classes:
            for index, edge in enumerate(self.edges):
                if edge.first == edge.last:
                    costs[edge.first] += max(log_scores[index, classes], LEAST)
        return costs

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
        total = self.skipped[-1]
        for index in reversed(range(len(self.edges))):
            after[index] = total - self.skipped[self.edges[index].last + 1]
            for follower, cost in self.following[index]:
                value = cost + best[follower] + after[follower]
                if value > after[index]:
                    after[index], then[index] = value, follower
        first = [self.skipped[edge.first] for edge in self.edges] + best + after
        step = int(np.argmax(first))
        if first[step] <= total:
            return []
        steps = []
        while step >= 0:
            steps.append(step)
            step = int(then[step])
        return steps

    def mass(self) -> float:
        """Return the logarithm of the sum over all explanations."""
        any_digit = np.logaddexp.reduce(self.digit, axis=1)
        total = self.skipped[-1]
        after = np.zeros(len(self.edges))
        for index in reversed(range(len(self.edges))):
            ways = [total - self.skipped[self.edges[index].last + 1]]
            ways += [cost + any_digit[f] + after[f] for f, cost in self.following[index]]
            after[index] = np.logaddexp.reduce(ways)
        before = np.array([self.skipped[edge.first] for edge in self.edges])
        return float(np.logaddexp(np.logaddexp.reduce(before + any_digit + after), total))

    def mass_of(self, number: list[int]) -> float:
        """Return the logarithm of the sum over the explanations that give this number, however it is cut."""
        total = self.skipped[-1]
        after = np.array([total - self.skipped[edge.last + 1] for edge in self.edges])
        for position in reversed(range(len(number))):
            here = self.digit[:, number[position]] + after
            if position == 0:
                before = np.array([self.skipped[edge.first] for edge in self.edges])
                return float(np.logaddexp.reduce(before + here))
            after = np.array(
                [
                    np.logaddexp.reduce([cost + here[f] for f, cost in followers]) if followers else -np.inf
                    for followers in self.following
                ]
            )
        return -np.inf


def speck_flags(strip: Strip) -> npt.NDArray[np.bool_]:
    """Return for each atom whether it is small enough to be dirt."""
    left, top, right, bottom = strip.atoms.T
    return np.asarray((right - left) * (bottom - top) < SPECK_AREA * HEIGHT**2, np.bool_)


def likeness(one: Candidate, other: Candidate) -> float:
    """Return the log-probability that two candidates are neighbouring digits of one number."""
    heights = one.box[3] - one.box[1], other.box[3] - other.box[1]
    unlike = max(0.0, abs(float(np.log(heights[0] / heights[1]))) - HEIGHT_TOLERANCE)
    apart = max(0.0, (other.box[0] - one.box[2]) / HEIGHT - GAP_TOLERANCE)
    return -HEIGHT_COST * unlike - GAP_COST * apart
