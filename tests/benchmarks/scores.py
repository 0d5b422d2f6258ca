"""From answers to rates, with their intervals."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Record:
    """One sheet and what one reader made of it.

    Attributes:
        truth: The number on the sheet, or None.
        number: The number that was published, or None.
        candidate: The number that was shown to a person instead, or None.
        confidence: How sure the reader was.
        cpu_ms: CPU time on one thread.
        memory_mb: Peak memory of the reader so far.
    """

    truth: str | None
    number: str | None
    candidate: str | None
    confidence: float | None
    cpu_ms: float
    memory_mb: float

    @classmethod
    def from_reply(cls, truth: str | None, reply: dict[str, Any]) -> "Record":
        """Return the record of a reader's reply."""
        return cls(truth, **reply)

    @property
    def exact(self) -> bool:
        """Whether what is on the sheet was published: its number or, on a sheet without one, nothing."""
        return self.number == self.truth

    @property
    def silent(self) -> bool:
        """Whether a wrong number was published."""
        return self.number is not None and self.number != self.truth

    @property
    def right_with_review(self) -> bool:
        """Whether the number, published or shown to a person, is the one on the sheet."""
        return (self.number or self.candidate) == self.truth


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened: `hits` of `count`, and the 95 % interval of the underlying rate."""

    hits: int
    count: int

    @property
    def share(self) -> float:
        """The observed share, 0 to 1."""
        return self.hits / self.count if self.count else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (E. B. Wilson, 1927), which holds for shares of 0 and 1 as well."""
        if not self.count:
            return 0.0, 1.0
        n, p = self.count, self.share
        centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        """Return the percentage and its interval."""
        low, high = self.interval
        return f"{100 * self.share:.1f} ({100 * low:.1f} to {100 * high:.1f})"


@dataclass(frozen=True, slots=True)
class Score:
    """What one reader made of one corpus."""

    exact: Rate
    silent: Rate
    unanswered: Rate
    with_review: Rate
    cpu_ms: float
    memory_mb: float


def score(records: Sequence[Record]) -> Score:
    """Sum up a reader's records; raises ValueError if there are none."""
    if not records:
        raise ValueError("no records")
    return Score(
        exact=_rate(records, lambda record: record.exact),
        silent=_rate(records, lambda record: record.silent),
        unanswered=_rate(records, lambda record: record.number is None and record.truth is not None),
        with_review=_rate(records, lambda record: record.right_with_review),
        cpu_ms=sum(record.cpu_ms for record in records) / len(records),
        memory_mb=max(record.memory_mb for record in records),
    )


def _rate(records: Sequence[Record], happened: Callable[[Record], bool]) -> Rate:
    return Rate(sum(map(happened, records)), len(records))


def risk_by_coverage(records: Sequence[Record]) -> list[tuple[float, float]]:
    """Return (coverage, risk) for every threshold on the confidence, from the strictest on.

    Coverage is the share of sheets answered at that threshold, candidates for review included, and risk the
    share of these answers that is wrong. Equal confidences stand or fall together.
    """
    answered = [record for record in records if record.number or record.candidate]
    answered.sort(key=lambda record: -(record.confidence or 0.0))
    curve, wrong = [], 0
    for index, record in enumerate(answered, 1):
        wrong += not record.right_with_review
        last = index == len(answered) or answered[index].confidence != record.confidence
        if last:
            curve.append((index / len(records), wrong / index))
    return curve
