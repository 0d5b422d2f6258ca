"""Watches the function's processor time and memory while something is done."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.benchmarks.serving.usage import cpu_seconds, memory_mb, peak_mb
from tests.load.measures import Memory

PERIOD = 1.0  # seconds


class Watch:
    """Samples while it is entered; says afterwards what it saw."""

    def __init__(self, pid: int, done: Callable[[], int]) -> None:
        """Watch the process `pid` and its children; `done` says how many events have been answered."""
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self._pid = pid
        self._done = done
        self._samples: list[tuple[int, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        """Begin."""
        self._began, self._cpu = time.monotonic(), cpu_seconds(self._pid)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End."""
        self._over.set()
        self._thread.join()
        self.seconds = time.monotonic() - self._began
        self.cpu_seconds = cpu_seconds(self._pid) - self._cpu

    @property
    def memory(self) -> Memory:
        """What the process had."""
        return Memory.of(self._samples, peak_mb(self._pid))

    def _watch(self) -> None:
        self._sample()
        while not self._over.wait(PERIOD):
            self._sample()
        self._sample()

    def _sample(self) -> None:
        self._samples.append((self._done(), memory_mb(self._pid)))
