"""One subscription's unacknowledged messages: leases, redelivery, backoff and dead letters.

A pure state machine: time comes in as an argument (seconds since the epoch); nothing waits or locks.
"""

import heapq
import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from infra.local.pubsub.messages import Message

Forward = Callable[[Message, int], bool]


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How a subscription treats its messages; all times in seconds."""

    ack_deadline: float = 10.0
    retention: float = 604_800.0
    minimum_backoff: float = 0.0
    maximum_backoff: float = 0.0
    max_delivery_attempts: int | None = None

    def backoff(self, attempts: int) -> float:
        """Return how long a message waits after its `attempts`-th delivery failed."""
        doublings = min(attempts - 1, 30)
        return min(self.minimum_backoff * 2.0**doublings, self.maximum_backoff)


@dataclass(slots=True)
class FlowControl:
    """How much one stream may have outstanding (0: no limit), and how much it has."""

    max_messages: int = 0
    max_bytes: int = 0
    messages: int = 0
    bytes: int = 0

    def has_room(self) -> bool:
        """Tell whether one more message may be delivered; the last one may exceed the bytes."""
        full = 0 < self.max_messages <= self.messages or 0 < self.max_bytes <= self.bytes
        return not full


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handing-out of a message: acknowledged or extended by its `number`."""

    number: int
    message: Message
    attempt: int


@dataclass(slots=True)
class _Entry:
    message: Message
    attempts: int = 0
    delivery: int = 0  # the number of the latest delivery; 0 before the first
    lease: FlowControl | None = None  # set while the latest delivery is live
    stamp: int = field(default=0)  # the one valid item of this entry on the timeline


class Backlog:
    """The messages that one subscription still owes, each waiting, ready or leased.

    `numbers` issues delivery numbers (unique across subscriptions). `forward` is offered a message whose
    delivery attempts are used up; it returns False to leave the message where it is.
    """

    def __init__(self, policy: DeliveryPolicy, numbers: Iterator[int], forward: Forward) -> None:
        self.policy = policy
        self._numbers = numbers
        self._forward = forward
        self._stamps = itertools.count(1)
        self._keys = itertools.count(1)
        # Ordered dicts, because a plain one takes linear time to find its first item after deletions.
        self._entries: OrderedDict[int, _Entry] = OrderedDict()  # in the order of publishing
        self._deliveries: dict[int, int] = {}  # latest delivery number → key
        self._ready: OrderedDict[int, None] = OrderedDict()
        self._timeline: list[tuple[float, int, int]] = []  # (due, stamp, key): a wait or a lease ends

    def __len__(self) -> int:
        """Return how many messages are unacknowledged."""
        return len(self._entries)

    def add(self, message: Message) -> None:
        """Take in a newly published message, ready for delivery."""
        key = next(self._keys)
        self._entries[key] = _Entry(message)
        self._ready[key] = None

    def take(self, limit: int, now: float, deadline: float, flow: FlowControl) -> list[Delivery]:
        """Lease up to `limit` ready messages, as far as `flow` has room, for `deadline` seconds."""
        self.advance(now)
        deliveries: list[Delivery] = []
        while self._ready and len(deliveries) < limit and flow.has_room():
            key, _ = self._ready.popitem(last=False)
            deliveries.append(self._lease(key, now + deadline, flow))
        return deliveries

    def acknowledge(self, number: int, now: float) -> None:
        """Forget the message of this delivery, unless the message has been delivered again since.

        As in the real service an acknowledgement after the deadline still counts as long as it can.
        """
        self.advance(now)
        key = self._deliveries.get(number)
        if key is not None:
            self._remove(key)

    def modify_deadline(self, number: int, seconds: float, now: float) -> None:
        """Let a live lease end in `seconds` from `now`; 0 gives the message back at once."""
        self.advance(now)
        key = self._deliveries.get(number)
        if key is None or self._entries[key].lease is None:
            return
        if seconds == 0:
            self._give_back(key, now)
        else:
            self._schedule(key, now + seconds)

    def seek(self, to: float, now: float) -> None:
        """Drop what was published before `to`, and make everything else ready, leased or not."""
        self.advance(now)
        for key, entry in list(self._entries.items()):
            if entry.message.published_at.timestamp() < to:
                self._remove(key)
            else:
                self._end_lease(entry)
        self._timeline.clear()
        self._ready = OrderedDict.fromkeys(self._entries)

    def advance(self, now: float) -> None:
        """Drop what is past its retention; end the leases and waits that are due."""
        self._expire(now)
        while self._timeline and self._timeline[0][0] <= now:
            due, stamp, key = heapq.heappop(self._timeline)
            entry = self._entries.get(key)
            if entry is None or entry.stamp != stamp:
                continue
            if entry.lease is not None:
                self._give_back(key, due)
            else:
                self._ready[key] = None

    def next_due(self) -> float:
        """Return when something may change by itself next; infinity for never."""
        return self._timeline[0][0] if self._timeline else float("inf")

    def _lease(self, key: int, until: float, flow: FlowControl) -> Delivery:
        entry = self._entries[key]
        self._deliveries.pop(entry.delivery, None)
        entry.attempts += 1
        entry.delivery = next(self._numbers)
        entry.lease = flow
        flow.messages += 1
        flow.bytes += entry.message.size
        self._deliveries[entry.delivery] = key
        self._schedule(key, until)
        return Delivery(entry.delivery, entry.message, entry.attempts)

    def _end_lease(self, entry: _Entry) -> None:
        if entry.lease is not None:
            entry.lease.messages -= 1
            entry.lease.bytes -= entry.message.size
            entry.lease = None

    def _give_back(self, key: int, now: float) -> None:
        entry = self._entries[key]
        self._end_lease(entry)
        limit = self.policy.max_delivery_attempts
        if limit and entry.attempts >= limit and self._forward(entry.message, entry.attempts):
            self._remove(key)
        else:
            self._schedule(key, now + self.policy.backoff(entry.attempts))

    def _schedule(self, key: int, due: float) -> None:
        stamp = next(self._stamps)
        self._entries[key].stamp = stamp
        heapq.heappush(self._timeline, (due, stamp, key))

    def _remove(self, key: int) -> None:
        entry = self._entries.pop(key)
        self._ready.pop(key, None)
        self._deliveries.pop(entry.delivery, None)
        self._end_lease(entry)

    def _expire(self, now: float) -> None:
        while self._entries:
            key, entry = next(iter(self._entries.items()))
            if entry.message.published_at.timestamp() + self.policy.retention > now:
                return
            self._remove(key)
