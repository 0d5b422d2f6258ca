"""Waiting for the result of one object, and judging it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

PATIENCE_SECONDS = 300.0  # cold starts, and one delivery that has to be repeated
PULL_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message that was received: how to acknowledge it, and the result that it carries."""

    ack_id: str
    result: Mapping[str, Any]


class Subscriber(Protocol):
    """What has to be known of a subscription."""

    def pull(self, timeout: float) -> list[Message]:
        """Return what has arrived; empty if nothing did within `timeout` seconds."""
        ...

    def acknowledge(self, ack_ids: list[str]) -> None:
        """Have the messages not delivered again."""
        ...


def await_result(
    subscriber: Subscriber,
    name: str,
    generation: str,
    patience: float = PATIENCE_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Mapping[str, Any] | None:
    """Return the result for a generation of the object `name`; None if none comes within `patience` seconds.

    Results of other sample sheets, left by a release that was interrupted, are acknowledged and passed over.
    """
    end = clock() + patience
    while clock() < end:
        messages = subscriber.pull(min(PULL_SECONDS, max(end - clock(), 1.0)))
        if messages:
            subscriber.acknowledge([message.ack_id for message in messages])
        for message in messages:
            if (message.result.get("image"), message.result.get("generation")) == (name, generation):
                return message.result
    return None


def complaint(result: Mapping[str, Any] | None, number: str) -> str | None:
    """Return what is wrong with the result for a sheet that shows `number`, or None if nothing is."""
    if result is None:
        return f"no result within {PATIENCE_SECONDS:.0f} s"
    if result.get("status") != "read":
        return f"not read: {result.get('status')} ({result.get('reason')})"
    if result.get("sheetNumber") != number:
        return f"read {result.get('sheetNumber')!r} instead of {number!r}"
    return None
