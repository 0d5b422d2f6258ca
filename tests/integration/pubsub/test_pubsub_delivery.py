"""Publishing and pulling: what arrives, when it comes again, and when it never does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration

from tests.integration.pubsub.emulators import WAIT_SECONDS, Bench, published_at


def test_a_message_arrives_as_it_was_published(bench: Bench) -> None:
    """Data, attributes and ordering key are kept; id and time of publishing are added."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    message = {"data": b"\x00\xff", "attributes": {"status": "read", "ünï": "€"}, "ordering_key": "k"}
    ids = bench.publish_together(topic, [message])
    [received] = bench.pull(subscription)
    assert received.message.data == b"\x00\xff"
    assert received.message.attributes == {"status": "read", "ünï": "€"}
    assert received.message.ordering_key == "k"
    assert [received.message.message_id] == ids
    assert abs(published_at(received) - datetime.now(UTC)) < timedelta(hours=1)
    assert received.delivery_attempt == 0


def test_every_subscription_gets_every_message(bench: Bench) -> None:
    """Each subscription has its own copy; acknowledging one leaves the other."""
    topic = bench.topic()
    first, second = bench.subscription(topic, "first"), bench.subscription(topic, "second")
    bench.publish(topic, b"x")
    bench.acknowledge(first, bench.pull(first))
    assert [received.message.data for received in bench.pull(second)] == [b"x"]


def test_a_subscription_gets_what_is_published_after_it_was_made(bench: Bench) -> None:
    """Earlier messages are not kept for it."""
    topic = bench.topic()
    bench.publish(topic, b"early")
    subscription = bench.subscription(topic)
    bench.publish(topic, b"late")
    assert [received.message.data for received in bench.pull(subscription)] == [b"late"]
    assert bench.ready(subscription) == []


def test_a_leased_message_is_nobody_elses(bench: Bench) -> None:
    """Two pulls share the messages."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    ids = {bench.publish(topic, b"1"), bench.publish(topic, b"2")}
    received = bench.pull(subscription) + bench.pull(subscription)
    assert {one.message.message_id for one in received} == ids
    assert bench.ready(subscription) == []


def test_an_acknowledged_message_is_gone(bench: Bench) -> None:
    """It does not come back, not even when it is given back afterwards; acknowledging twice is fine."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"x")
    received = bench.pull(subscription)
    bench.acknowledge(subscription, received)
    bench.acknowledge(subscription, received)
    bench.set_deadline(subscription, received, 0)
    assert bench.ready(subscription) == []


def test_a_message_given_back_comes_again(bench: Bench) -> None:
    """At once, under a new acknowledgement id."""
    topic = bench.topic()
    subscription = bench.subscription(topic, ack_deadline_seconds=600)
    message_id = bench.publish(topic, b"x")
    [first] = bench.pull(subscription)
    bench.set_deadline(subscription, [first], 0)
    [second] = bench.pull(subscription)
    assert second.message.message_id == message_id
    assert second.ack_id != first.ack_id


def test_a_message_comes_again_when_its_lease_ends(bench: Bench) -> None:
    """And one whose lease is extended does not."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"short"), bench.publish(topic, b"long")
    received = {one.message.data: one for one in bench.pull(subscription, 2)}
    bench.set_deadline(subscription, [received[b"long"]], 600)
    bench.set_deadline(subscription, [received[b"short"]], 1)
    assert [one.message.data for one in bench.pull(subscription)] == [b"short"]
    assert bench.ready(subscription) == []


def test_a_pull_waits_for_a_message(bench: Bench) -> None:
    """What is published while a pull waits answers it."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    with ThreadPoolExecutor(1) as pool:
        pulling = pool.submit(bench.pull, subscription)
        bench.publish(topic, b"x")
        assert [received.message.data for received in pulling.result(WAIT_SECONDS)] == [b"x"]


def test_a_message_that_fails_five_times_is_a_dead_letter(bench: Bench) -> None:
    """Each delivery is counted; after the last it moves to the dead-letter topic, marked with its origin."""
    topic, dead_letters = bench.topic(), bench.topic("dead-letters")
    inspection = bench.subscription(dead_letters, "inspection")
    policy = {"dead_letter_topic": dead_letters, "max_delivery_attempts": 5}
    subscription = bench.subscription(topic, "readers", dead_letter_policy=policy)
    bench.publish(topic, b"poison", status="read")
    attempts = []
    for _ in range(5):
        assert bench.ready(inspection) == []
        [received] = bench.pull(subscription)
        attempts.append(received.delivery_attempt)
        bench.set_deadline(subscription, [received], 0)
    assert attempts == [1, 2, 3, 4, 5]
    assert bench.ready(subscription) == []  # Google's emulator moves it only when somebody looks for more
    [letter] = bench.pull(inspection)
    assert letter.message.data == b"poison"
    origin = dict(letter.message.attributes)
    published = origin.pop("CloudPubSubDeadLetterSourceTopicPublishTime")
    assert datetime.fromisoformat(published) == published_at(received)
    assert origin == {
        "status": "read",
        "CloudPubSubDeadLetterSourceDeliveryCount": "5",
        "CloudPubSubDeadLetterSourceSubscription": "readers",
        "CloudPubSubDeadLetterSourceSubscriptionProject": bench.project,
    }


def test_acknowledging_the_last_attempt_keeps_a_message_from_the_dead_letters(bench: Bench) -> None:
    """The fifth delivery can still succeed."""
    topic, dead_letters = bench.topic(), bench.topic("dead-letters")
    inspection = bench.subscription(dead_letters, "inspection")
    policy = {"dead_letter_topic": dead_letters, "max_delivery_attempts": 5}
    subscription = bench.subscription(topic, dead_letter_policy=policy)
    bench.publish(topic, b"x")
    for _ in range(4):
        bench.set_deadline(subscription, bench.pull(subscription), 0)
    bench.acknowledge(subscription, bench.pull(subscription))
    assert bench.ready(subscription) == []
    assert bench.ready(inspection) == []


@pytest.mark.google_differs("attempts")
def test_attempts_are_counted_only_for_a_dead_letter_policy(bench: Bench) -> None:
    """With a retry policy alone there is no count."""
    topic = bench.topic()
    subscription = bench.subscription(topic, retry_policy={"minimum_backoff": Duration(seconds=1)})
    bench.publish(topic, b"x")
    assert [received.delivery_attempt for received in bench.pull(subscription)] == [0]


@pytest.mark.google_differs("backoff")
def test_a_retry_policy_holds_back_what_was_given_back(bench: Bench) -> None:
    """The message does not come again before the minimum backoff is over."""
    topic = bench.topic()
    subscription = bench.subscription(topic, retry_policy={"minimum_backoff": Duration(seconds=600)})
    bench.publish(topic, b"x")
    bench.set_deadline(subscription, bench.pull(subscription), 0)
    assert bench.ready(subscription) == []


def test_a_held_back_message_comes_after_its_backoff(bench: Bench) -> None:
    """It is held back, not lost."""
    topic = bench.topic()
    subscription = bench.subscription(topic, retry_policy={"minimum_backoff": Duration(seconds=1)})
    bench.publish(topic, b"x")
    bench.set_deadline(subscription, bench.pull(subscription), 0)
    assert [received.message.data for received in bench.pull(subscription)] == [b"x"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('attributes.status = "read"', {"read"}),
        ('attributes.status != "read"', {"review", "rejected", "none"}),
        ('hasPrefix(attributes.status, "re") AND NOT attributes:reason', {"read", "review"}),
        ('attributes:reason OR attributes.status = "review"', {"rejected", "review"}),
    ],
)
@pytest.mark.google_differs("filters")
def test_a_filter_lets_through_what_it_matches(bench: Bench, expression: str, expected: set[str]) -> None:
    """The rest is never delivered."""
    topic = bench.topic()
    subscription = bench.subscription(topic, filter=expression)
    bench.publish(topic, b"read", status="read")
    bench.publish(topic, b"review", status="review")
    bench.publish(topic, b"rejected", status="rejected", reason="no_digits")
    bench.publish(topic, b"none", other="x")
    received = bench.pull(subscription, len(expected)) + bench.ready(subscription)
    assert {one.message.data.decode() for one in received} == expected
    assert len(received) == len(expected)


@pytest.mark.parametrize("expression", ['data = "x"', "attributes.a = x", "attributes:" + "a" * 256])
@pytest.mark.google_differs("filters")
def test_what_is_no_filter_is_refused(bench: Bench, expression: str) -> None:
    """An expression that the service does not know, or one that is too long."""
    with pytest.raises(exceptions.InvalidArgument, match="filter"):
        bench.subscription(bench.topic(), filter=expression)


@pytest.mark.parametrize("messages", [[], [{}], [{"data": b"x"}, {}], [{"data": b"x"}] * 1001])
def test_publishing_nothing_or_too_much_is_refused(bench: Bench, messages: list[dict[str, bytes]]) -> None:
    """No messages, an empty one, more than 1000; then none of them is published."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    with pytest.raises(exceptions.InvalidArgument):
        bench.publish_together(topic, messages)
    assert bench.ready(subscription) == []


@pytest.mark.parametrize("attributes", [{"": "x"}, {"googly": "x"}, {"k" * 257: "x"}, {"k": "x" * 1025}])
@pytest.mark.google_differs("attribute limits")
def test_attributes_have_limits(bench: Bench, attributes: dict[str, str]) -> None:
    """Empty, reserved and long keys and long values are refused."""
    topic = bench.topic()
    with pytest.raises(exceptions.InvalidArgument, match="attribute"):
        bench.publish_together(topic, [{"data": b"x", "attributes": attributes}])


@pytest.mark.google_differs("message size")
def test_messages_have_at_most_ten_megabytes(bench: Bench) -> None:
    """A larger one is refused."""
    topic = bench.topic()
    with pytest.raises(exceptions.InvalidArgument, match="too large"):
        bench.publish_together(topic, [{"data": bytes(10_000_001)}])


def test_large_messages_pass(bench: Bench) -> None:
    """Four megabytes go in and come out; more than that Google's client does not take from an emulator."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish_together(topic, [{"data": bytes(4_000_000)}])
    assert [len(received.message.data) for received in bench.pull(subscription)] == [4_000_000]


def test_acknowledgement_ids_are_of_their_subscription(bench: Bench) -> None:
    """Made-up ones, those of another subscription and none at all are refused."""
    topic = bench.topic()
    mine, other = bench.subscription(topic, "mine"), bench.subscription(topic, "other")
    bench.publish(topic, b"x")
    received = bench.pull(other)
    with pytest.raises(exceptions.InvalidArgument):
        bench.acknowledge(mine, received)
    with pytest.raises(exceptions.InvalidArgument):
        bench.subscriber.acknowledge(subscription=mine, ack_ids=["made-up"])
    with pytest.raises(exceptions.InvalidArgument):
        bench.acknowledge(mine, [])


@pytest.mark.parametrize(
    "seconds", [-1, pytest.param(601, marks=pytest.mark.google_differs("extension limit"))]
)
def test_extensions_have_limits(bench: Bench, seconds: int) -> None:
    """0 to 600 seconds."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"x")
    received = bench.pull(subscription)
    with pytest.raises(exceptions.InvalidArgument):
        bench.set_deadline(subscription, received, seconds)


def test_a_pull_asks_for_messages(bench: Bench) -> None:
    """Asking for none is refused."""
    subscription = bench.subscription(bench.topic())
    with pytest.raises(exceptions.InvalidArgument):
        bench.subscriber.pull(subscription=subscription, max_messages=0)


def test_a_pull_does_not_ask_for_fewer_than_none(embedded_bench: Bench) -> None:
    """Google's emulator answers this after a minute and a half, with no messages."""
    subscription = embedded_bench.subscription(embedded_bench.topic())
    with pytest.raises(exceptions.InvalidArgument):
        embedded_bench.subscriber.pull(subscription=subscription, max_messages=-1)


def test_seeking_forward_drops_what_is_there(bench: Bench) -> None:
    """Messages from before the time sought count as acknowledged; later ones come."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"old")
    bench.subscriber.seek(
        request={"subscription": subscription, "time": datetime.now(UTC) + timedelta(hours=1)}
    )
    assert bench.ready(subscription) == []


def test_nothing_is_lost_among_many(bench: Bench) -> None:
    """Of 500 messages, pulled by four at a time, each comes exactly once when all are acknowledged."""
    topic = bench.topic()
    subscription = bench.subscription(topic, ack_deadline_seconds=600)
    futures = [bench.publisher.publish(topic, str(number).encode()) for number in range(500)]
    published = [future.result(WAIT_SECONDS) for future in futures]

    def drain(share: int) -> list[str]:
        ids: list[str] = []
        while len(ids) < share:
            received = bench.pull(subscription)
            bench.acknowledge(subscription, received)
            ids += [one.message.message_id for one in received]
        return ids

    with ThreadPoolExecutor(4) as pool:
        received = [message_id for ids in pool.map(drain, [125] * 4) for message_id in ids]
    assert sorted(received) == sorted(published)
    assert bench.ready(subscription) == []
