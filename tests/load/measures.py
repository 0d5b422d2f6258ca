"""What a burst of load is measured by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.load.tally import Tally

# The first part of a burst fills caches and pools; what grows after that grows for ever.
WARM_UP = 0.1


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the sending to the answer."""

    median: float
    p95: float
    p99: float
    worst: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """Return the percentiles of some times; all zero if there are none."""
        milliseconds = 1000 * np.asarray(seconds or [0.0])
        return cls(*(round(float(np.percentile(milliseconds, q)), 1) for q in (50, 95, 99, 100)))


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of the function's processes.

    Attributes:
        first: When the burst began.
        last: When it ended.
        peak: The most that its processes have ever had, each for itself.
        slope: How many more there are after a thousand events more, by a line through all samples but the
            first tenth.
    """

    first: float
    last: float
    peak: float
    slope: float

    @classmethod
    def of(cls, samples: Sequence[tuple[int, float]], peak: float) -> "Memory":
        """Return what samples of (events so far, megabytes) show."""
        return cls(samples[0][1], samples[-1][1], peak, slope(samples))


def slope(samples: Sequence[tuple[int, float]]) -> float:
    """Return the megabytes that a thousand events add, once warm; 0 if there is too little to fit."""
    most = samples[-1][0]
    warm = [sample for sample in samples if sample[0] >= WARM_UP * most]
    if len({events for events, _ in warm}) < 3:
        return 0.0
    events, megabytes = np.array(warm, float).T
    return round(float(np.polyfit(events / 1000, megabytes, 1)[0]), 3)


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst of load, and what became of it.

    Attributes:
        name: What was done.
        planned: How many events were to be sent; fewer were if time ran out.
        sent: How many were.
        tally: What became of them.
        errors: Attempts that were not answered with 2xx.
        seconds: How long it took.
        latency: From the sending to the answer.
        cpu_ms: CPU milliseconds of the function for each event.
        memory: The function's.
    """

    name: str
    planned: int
    sent: int
    tally: Tally
    errors: int
    seconds: float
    latency: Latency
    cpu_ms: float
    memory: Memory

    @property
    def per_second(self) -> float:
        """How many events were answered in a second, with the whole stack on this machine."""
        return self.sent / self.seconds

    @property
    def per_core_second(self) -> float:
        """How many events one core answers in a second, if it does nothing but the function."""
        return 1000 / self.cpu_ms
