"""When a fault comes, for how many requests, and how a moment is held open."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Fault = TypeVar("Fault")

PATIENCE_SECONDS = 120.0  # nothing takes that long; a test that waits in vain fails
POLL_SECONDS = 0.05


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return when a condition holds; fail if it does not come to that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"this never came: {what}"
        time.sleep(POLL_SECONDS)


class Script(Generic[Fault]):
    """The faults that are still to come, one for each request; when none is left, all is well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: list[Fault] = []
        self._lasting: Fault | None = None
        self._injected = 0

    def add(self, *faults: Fault) -> None:
        """Let the next requests meet these faults, one each."""
        with self._lock:
            self._coming += faults

    def last(self, fault: Fault) -> None:
        """Let every request meet this fault, until the script is cleared."""
        with self._lock:
            self._lasting = fault

    def clear(self) -> None:
        """Let all be well, and count anew."""
        with self._lock:
            self._coming, self._lasting, self._injected = [], None, 0

    def take(self) -> Fault | None:
        """Return what one more request meets."""
        with self._lock:
            fault = self._coming.pop(0) if self._coming else self._lasting
            self._injected += fault is not None
            return fault

    @property
    def injected(self) -> int:
        """How many requests met a fault."""
        with self._lock:
            return self._injected


class Moment:
    """A point in the handling of one request that lasts until the test has done what it does in it."""

    def __init__(self) -> None:
        self._begun, self._ended = threading.Event(), threading.Event()

    def hold(self) -> None:
        """Begin the moment, and return when it has ended."""
        self._begun.set()
        self._ended.wait(PATIENCE_SECONDS)

    def begin(self) -> None:
        """Begin the moment, and do not wait."""
        self._begun.set()

    def wait(self) -> None:
        """Return when the moment has begun."""
        assert self._begun.wait(PATIENCE_SECONDS), "the moment never came"

    def end(self) -> None:
        """Let the request go on."""
        self._ended.set()
