"""A subscription whose messages and time are given."""

from infra.release.waiting import Message


class FakeSubscriber:
    """Delivers each of `pulls` at once; after the last, every pull waits its whole timeout."""

    def __init__(self, pulls: list[list[Message]]) -> None:
        """Start at time 0."""
        self._pulls = iter(pulls)
        self.acknowledged: list[str] = []
        self.now = 0.0

    def clock(self) -> float:
        """Return the time that waiting has taken, in seconds."""
        return self.now

    def pull(self, timeout: float) -> list[Message]:
        """Return the next delivery, or let the time pass."""
        messages = next(self._pulls, None)
        if messages is None:
            self.now += timeout
        return messages or []

    def acknowledge(self, ack_ids: list[str]) -> None:
        """Note it."""
        self.acknowledged += ack_ids
