"""The broker against a model of it, over made-up histories and with made-up time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1.types import Subscription, Topic
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.messages import Content

if TYPE_CHECKING:
    from infra.local.pubsub.backlog import Delivery

TOPIC = "projects/p/topics/results"
DEAD_LETTERS = "projects/p/topics/dead-letters"
READERS = "projects/p/subscriptions/readers"
INSPECTION = "projects/p/subscriptions/inspection"
ACK_DEADLINE = 10


@dataclass
class Owed:
    """What the model knows of a message that is neither acknowledged nor a dead letter."""

    available_at: int
    attempts: int = 0
    lease: int | None = None  # the delivery whose lease is live, or was when it was last looked at
    lease_end: int = 0


class BrokerAgainstModel(RuleBasedStateMachine):
    """One subscription with a retry and a dead-letter policy. Times are whole seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_800_000_000
        self.broker = Broker(lambda: float(self.now))
        self.owed: dict[str, Owed] = {}
        self.dead: list[str] = []
        self.deliveries: list[Delivery] = []
        self.latest: dict[str, int] = {}

    @initialize(attempts=st.integers(5, 7), backoff=st.sampled_from([None, (3, 40), (7, 600)]))
    def configure(self, attempts: int, backoff: tuple[int, int] | None) -> None:
        """Create the topics and their subscriptions."""
        self.attempts, self.backoff = attempts, backoff
        self.broker.create_topic(Topic(name=TOPIC))
        self.broker.create_topic(Topic(name=DEAD_LETTERS))
        self.broker.create_subscription(Subscription(name=INSPECTION, topic=DEAD_LETTERS))
        policy = {"dead_letter_topic": DEAD_LETTERS, "max_delivery_attempts": attempts}
        readers: dict[str, object] = {"name": READERS, "topic": TOPIC, "dead_letter_policy": policy}
        if backoff:
            low, high = (Duration(seconds=seconds) for seconds in backoff)
            readers["retry_policy"] = {"minimum_backoff": low, "maximum_backoff": high}
        self.broker.create_subscription(Subscription(readers))

    @rule(count=st.integers(1, 4))
    def publish(self, count: int) -> None:
        """Every message published is owed."""
        contents = [Content(b"x", {}) for _ in range(count)]
        for message_id in self.broker.publish(TOPIC, contents):
            assert message_id not in self.owed
            self.owed[message_id] = Owed(available_at=self.now)

    @rule(limit=st.sampled_from([1, 2, 1000]))
    def pull(self, limit: int) -> None:
        """What comes is owed, due and leased to nobody; and as much comes as there is."""
        available = {key for key, one in self.settled() if one.lease is None and one.available_at <= self.now}
        deliveries = self.broker.take(READERS, limit)
        assert len(deliveries) == min(limit, len(available))
        for delivery in deliveries:
            key = delivery.message.message_id
            assert key in available
            available.discard(key)
            one = self.owed[key]
            one.attempts += 1
            assert delivery.attempt == one.attempts <= self.attempts
            one.lease, one.lease_end = delivery.number, self.now + ACK_DEADLINE
            self.latest[key] = delivery.number
        self.deliveries += deliveries

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        """The latest delivery of a message ends it, even late; an earlier one does nothing."""
        delivery = data.draw(self.recent())
        dict(self.settled())
        self.broker.acknowledge(READERS, [delivery.number])
        key = delivery.message.message_id
        if key in self.owed and self.latest[key] == delivery.number:
            del self.owed[key]

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data(), seconds=st.sampled_from([0, 0, 1, 15, 600]))
    def modify_deadline(self, data: st.DataObject, seconds: int) -> None:
        """A live lease ends when it is told to; one that has ended stays so."""
        delivery = data.draw(self.recent())
        self.set_deadline(delivery, seconds)

    @rule(times=st.integers(1, 7), wait=st.sampled_from([0, 5, ACK_DEADLINE, 600]), nack=st.booleans())
    def fail(self, times: int, wait: int, nack: bool) -> None:  # noqa: FBT001 - Hypothesis passes it by name
        """Deliveries fail in a row, which single steps would seldom bring about."""
        for _ in range(times):
            before = len(self.deliveries)
            self.pull(1000)
            for delivery in self.deliveries[before:] if nack else []:
                self.set_deadline(delivery, 0)
            self.now += wait

    @rule(seconds=st.sampled_from([1, 3, 9, 10, 30, 700]))
    def let_time_pass(self, seconds: int) -> None:
        """Leases and backoffs end."""
        self.now += seconds

    @invariant()
    def nothing_is_lost(self) -> None:
        """What the broker holds is as much as is owed, and the rest are dead letters."""
        if self.owed or self.deliveries:
            owed = len(dict(self.settled()))
            assert self.broker.backlog_size(READERS) == owed
            assert self.broker.backlog_size(INSPECTION) == len(self.dead)

    def teardown(self) -> None:
        """In the end everything owed is delivered, and each dead letter is there once."""
        if not hasattr(self, "attempts"):
            return
        self.now += 2000
        owed = {key for key, _ in self.settled()}
        assert {delivery.message.message_id for delivery in self.broker.take(READERS, 1000)} == owed
        letters = [delivery.message.content.attributes for delivery in self.broker.take(INSPECTION, 1000)]
        counts = [letter["CloudPubSubDeadLetterSourceDeliveryCount"] for letter in letters]
        assert counts == [str(self.attempts)] * len(self.dead)

    def set_deadline(self, delivery: "Delivery", seconds: int) -> None:
        """Do it in the broker and in the model."""
        dict(self.settled())
        self.broker.modify_deadline(READERS, [delivery.number], seconds)
        one = self.owed.get(delivery.message.message_id)
        if one and one.lease == delivery.number:
            one.lease_end = self.now + seconds

    def recent(self) -> "st.SearchStrategy[Delivery]":
        """Return a strategy for one of the latest deliveries, which are the ones that matter."""
        return st.sampled_from(self.deliveries[-5:])

    def settled(self) -> Iterator[tuple[str, Owed]]:
        """Let the model's leases end that have ended, and yield what is owed then."""
        for key, one in list(self.owed.items()):
            if one.lease is not None and one.lease_end <= self.now:
                one.lease = None
                one.available_at = one.lease_end + self.backoff_after(one.attempts)
                if one.attempts >= self.attempts:
                    self.dead.append(key)
                    del self.owed[key]
        yield from self.owed.items()

    def backoff_after(self, attempts: int) -> int:
        """Return the seconds to wait: the minimum, doubled with each attempt, up to the maximum."""
        low, high = self.backoff or (0, 0)
        return min(high, low << (attempts - 1))


TestBrokerAgainstModel = BrokerAgainstModel.TestCase
TestBrokerAgainstModel.settings = settings(max_examples=100, stateful_step_count=40)
