"""The cloud as the bridge sees it, in memory, and a clock that is set by hand."""

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

from infra.local.beanstalk_bridge.cloud import Arrival


@dataclass(slots=True)
class Note:
    """A receipt that remembers what it was told."""

    said: list[str] = field(default_factory=list)

    def ack(self) -> None:
        """Remember it."""
        self.said.append("ack")

    def nack(self) -> None:
        """Remember it."""
        self.said.append("nack")


@dataclass(slots=True)
class Cloud:
    """Uploads that are done when told to be, and results that come when told to.

    Attributes:
        uploads: What was uploaded, by the object's name.
        error: What the uploads fail with.
        arrivals: The results on their way.
        now: The time, in seconds.
    """

    uploads: dict[str, bytes] = field(default_factory=dict)
    error: Exception | None = None
    arrivals: deque[Arrival] = field(default_factory=deque)
    now: float = 0.0

    def upload(self, name: str, data: bytes) -> "Future[None]":
        """Take an upload."""
        self.uploads[name] = data
        done: Future[None] = Future()
        if self.error is not None:
            done.set_exception(self.error)
        else:
            done.set_result(None)
        return done

    def read(self, name: str, number: str = "0042") -> Note:
        """Let the result of an object arrive, and return its receipt."""
        note = Note()
        result = {"status": "read", "sheetNumber": number, "image": name, "bucket": "sheets"}
        self.arrivals.append(Arrival(result, note))
        return note

    def next(self, seconds: float) -> Arrival | None:
        """Give the next result; never wait."""
        assert seconds >= 0
        return self.arrivals.popleft() if self.arrivals else None

    def time(self) -> float:
        """Tell the time."""
        return self.now
