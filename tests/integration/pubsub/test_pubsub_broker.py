"""The broker's dealings with time and memory, which a network test cannot see."""

import tracemalloc
from datetime import timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.pubsub_v1.types import Subscription, Topic

from infra.local.pubsub.backlog import Delivery, FlowControl
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.messages import Content

TOPIC = "projects/p/topics/results"
DEAD_LETTERS = "projects/p/topics/dead-letters"
READERS = "projects/p/subscriptions/readers"


class Clock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def broker_with(clock: Clock, **configuration: object) -> Broker:
    """Return a broker with the topic `results`, the topic `dead-letters` and the subscription `readers`."""
    broker = Broker(clock)
    broker.create_topic(Topic(name=TOPIC))
    broker.create_topic(Topic(name=DEAD_LETTERS))
    broker.create_subscription(Subscription({"name": READERS, "topic": TOPIC, **configuration}))
    return broker


def give_back(broker: Broker, deliveries: list[Delivery]) -> None:
    """Nack."""
    broker.modify_deadline(READERS, [delivery.number for delivery in deliveries], 0)


def test_backoffs_double_up_to_the_maximum(clock: Clock) -> None:
    """2, 4, 8, 10, 10 seconds."""
    retry = {"minimum_backoff": Duration(seconds=2), "maximum_backoff": Duration(seconds=10)}
    broker = broker_with(clock, retry_policy=retry)
    broker.publish(TOPIC, [Content(b"x", {})])
    deliveries = broker.take(READERS, 1)
    for backoff in (2, 4, 8, 10, 10):
        give_back(broker, deliveries)
        clock.now += backoff - 0.001
        assert broker.take(READERS, 1) == []
        clock.now += 0.002
        deliveries = broker.take(READERS, 1)
        assert len(deliveries) == 1


def test_a_lease_that_ends_backs_off_from_its_end(clock: Clock) -> None:
    """However late somebody looks."""
    retry = {"minimum_backoff": Duration(seconds=60), "maximum_backoff": Duration(seconds=60)}
    broker = broker_with(clock, retry_policy=retry, ack_deadline_seconds=10)
    broker.publish(TOPIC, [Content(b"x", {})])
    broker.take(READERS, 1)
    clock.now += 69
    assert broker.take(READERS, 1) == []
    clock.now += 1
    assert len(broker.take(READERS, 1)) == 1


def test_messages_are_kept_as_long_as_they_are_retained(clock: Clock) -> None:
    """Leased or not."""
    broker = broker_with(clock, message_retention_duration=timedelta(minutes=10), ack_deadline_seconds=600)
    broker.publish(TOPIC, [Content(b"leased", {}), Content(b"waiting", {})])
    broker.take(READERS, 1)
    clock.now += 599
    broker.publish(TOPIC, [Content(b"fresh", {})])
    assert broker.backlog_size(READERS) == 3
    clock.now += 1
    assert [delivery.message.content.data for delivery in broker.take(READERS, 9)] == [b"fresh"]


def test_a_dead_letter_without_a_topic_to_go_to_stays(clock: Clock) -> None:
    """It is delivered on and on, until the topic is there again."""
    policy = {"dead_letter_topic": DEAD_LETTERS, "max_delivery_attempts": 5}
    broker = broker_with(clock, dead_letter_policy=policy)
    broker.publish(TOPIC, [Content(b"x", {})])
    broker.delete_topic(DEAD_LETTERS)
    for attempt in range(1, 8):
        deliveries = broker.take(READERS, 1)
        assert [delivery.attempt for delivery in deliveries] == [attempt]
        give_back(broker, deliveries)
    broker.create_topic(Topic(name=DEAD_LETTERS))
    give_back(broker, broker.take(READERS, 1))
    assert broker.backlog_size(READERS) == 0


def test_a_dead_letter_may_go_to_its_own_topic(clock: Clock) -> None:
    """It begins again as a new message."""
    policy = {"dead_letter_topic": TOPIC, "max_delivery_attempts": 5}
    broker = broker_with(clock, dead_letter_policy=policy)
    [first_id] = broker.publish(TOPIC, [Content(b"x", {})])
    for _ in range(5):
        give_back(broker, broker.take(READERS, 1))
    [delivery] = broker.take(READERS, 9)
    assert delivery.message.message_id != first_id
    assert delivery.attempt == 1


def test_an_updated_policy_holds_for_messages_that_are_there(clock: Clock) -> None:
    """A dead-letter policy that comes later counts the attempts from before."""
    broker = broker_with(clock)
    broker.publish(TOPIC, [Content(b"x", {})])
    for _ in range(6):
        give_back(broker, broker.take(READERS, 1))
    policy = {"dead_letter_topic": DEAD_LETTERS, "max_delivery_attempts": 5}
    update = Subscription(name=READERS, dead_letter_policy=policy)
    broker.update_subscription(update, FieldMask(paths=["dead_letter_policy"]))
    give_back(broker, broker.take(READERS, 1))
    assert broker.backlog_size(READERS) == 0


def test_seeking_back_makes_leased_messages_ready(clock: Clock) -> None:
    """And leaves older ones dropped."""
    broker = broker_with(clock)
    broker.publish(TOPIC, [Content(b"old", {})])
    clock.now += 5
    broker.publish(TOPIC, [Content(b"new", {})])
    broker.take(READERS, 2)
    broker.seek(READERS, clock.now - 1)
    assert [delivery.message.content.data for delivery in broker.take(READERS, 2)] == [b"new"]
    assert broker.backlog_size(READERS) == 1


def test_flow_control_counts_bytes_too(clock: Clock) -> None:
    """One message may exceed them, a second must wait; the end of a lease makes room."""
    broker = broker_with(clock, ack_deadline_seconds=10)
    broker.publish(TOPIC, [Content(b"x" * 100, {"k": "v"})] * 3)
    flow = FlowControl(max_bytes=50)
    [first] = broker.take(READERS, 3, flow=flow)
    assert (flow.messages, flow.bytes) == (1, 102)
    assert broker.take(READERS, 3, flow=flow) == []
    broker.acknowledge(READERS, [first.number])
    assert len(broker.take(READERS, 3, flow=flow)) == 1
    clock.now += 10
    assert len(broker.take(READERS, 3, flow=flow)) == 1
    assert flow.messages == 1


def test_memory_is_given_back(clock: Clock) -> None:
    """Acknowledged messages leave nothing behind, though their leases would have lasted for minutes."""
    broker = broker_with(clock, ack_deadline_seconds=600)

    def round_trip() -> None:
        broker.publish(TOPIC, [Content(b"%d" % number * 4000, {}) for number in range(100)])
        deliveries = broker.take(READERS, 100)
        broker.modify_deadline(READERS, [delivery.number for delivery in deliveries], 600)
        broker.acknowledge(READERS, [delivery.number for delivery in deliveries])

    tracemalloc.start()
    try:
        round_trip()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(20):
            round_trip()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    published = 20 * 100 * 4000
    assert after - before < published / 10
