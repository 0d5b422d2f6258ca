"""Watches the function's processor time and memory while something is done."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.benchmarks.serving.usage import cpu_seconds, memory_mb, peak_mb
from tests.load.measures import Memory

PERIOD = 1.0  # seconds


@dataclass(slots=True)
class Watch:
    """What was seen; complete when the watching is over.

    Attributes:
        seconds: How long it took.
        cpu_seconds: What the function's processes used of a core.
        samples: Events so far and megabytes, second by second.
        peak_mb: The most that its processes have ever had, each for itself.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    samples: list[tuple[int, float]] = field(default_factory=list)
    peak_mb: float = 0.0

    @property
    def memory(self) -> Memory:
        """What the samples show."""
        return Memory.of(self.samples, self.peak_mb)


@contextmanager
def watching(pid: int, done: Callable[[], int]) -> Iterator[Watch]:
    """Watch the process `pid` and its children; `done` says how many events have been answered so far."""
    watch, over = Watch(), threading.Event()

    def sample() -> None:
        watch.samples.append((done(), memory_mb(pid)))

    def keep_sampling() -> None:
        while not over.wait(PERIOD):
            sample()

    thread = threading.Thread(target=keep_sampling)
    sample()
    began, cpu_began = time.monotonic(), cpu_seconds(pid)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
    watch.seconds, watch.cpu_seconds = time.monotonic() - began, cpu_seconds(pid) - cpu_began
    sample()
    watch.peak_mb = peak_mb(pid)
