"""How good scores are: accuracy, calibration, and what passes as a character though it is none."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetid.prediction import at_temperature

Scores = npt.NDArray[np.floating]
Labels = npt.NDArray[np.int64]

BINS = 15  # of confidence
COLDEST, HOTTEST = 0.25, 4.0  # between which the temperature is looked for


@dataclass(frozen=True, slots=True)
class Reliability:
    """For each bin of confidence, `[BINS]`: answers, their mean confidence, the share of right ones."""

    counts: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]

    @property
    def expected_error(self) -> float:
        """Expected calibration error: how far confidence is from accuracy on average (Naeini et al. 2015)."""
        gaps = np.abs(self.confidence - self.accuracy) * self.counts
        return float(gaps.sum() / max(int(self.counts.sum()), 1))


def errors(scores: Scores, labels: Labels) -> int:
    """Return how many of N answers, the classes of the highest scores, are wrong."""
    return int(np.count_nonzero(scores.argmax(axis=1) != labels))


def confusion(scores: Scores, labels: Labels) -> npt.NDArray[np.int64]:
    """Return `[classes, classes]`, how often the class of a row was taken for the class of a column."""
    classes = scores.shape[1]
    pairs = labels * classes + scores.argmax(axis=1)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def reliability(scores: Scores, labels: Labels) -> Reliability:
    """Compare how sure answers are with how often they are right, in bins of like confidence."""
    confidence = scores.max(axis=1).astype(np.float64)
    right = (scores.argmax(axis=1) == labels).astype(np.float64)
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    some = np.maximum(counts, 1)
    mean = np.bincount(bins, confidence, minlength=BINS) / some
    return Reliability(counts, mean, np.bincount(bins, right, minlength=BINS) / some)


def best_temperature(scores: Scores, labels: Labels) -> float:
    """Return the temperature of the least negative log-likelihood (Guo et al. 2017), to three digits."""

    def loss(temperature: float) -> float:
        chosen = at_temperature(scores, temperature)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-30)).mean())

    low, high = np.log(COLDEST), np.log(HOTTEST)
    ratio = (np.sqrt(5) - 1) / 2
    while high - low > 1e-3:  # noqa: PLR2004 - golden section, to a thousandth
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if loss(np.exp(left)) < loss(np.exp(right)) else (left, high)
    return float(f"{np.exp((low + high) / 2):.3g}")


def junk_passing(scores: Scores, characters: int, threshold: float) -> int:
    """Return how many of N glyphs that are none of so many characters score one at `threshold` or more."""
    return int(np.count_nonzero(scores[:, :characters].max(axis=1, initial=0) >= threshold))


def interval(wrong: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, `wrong` of `total` (Wilson 1927)."""
    z = 1.96
    share = wrong / total
    middle = share + z**2 / (2 * total)
    reach = z * float(np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2)))
    scale = 1 + z**2 / total
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
