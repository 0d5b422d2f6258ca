"""Topics and subscriptions: what can be created, read, changed and deleted, and what else is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1 import types

from tests.integration.pubsub.emulators import Bench


def test_a_topic_is_there_from_creation_to_deletion(bench: Bench) -> None:
    """A topic can be read and listed until it is deleted."""
    name = bench.topic(labels={"stage": "test"})
    listed = list(bench.publisher.list_topics(project=f"projects/{bench.project}"))
    assert [topic.name for topic in listed] == [name]
    assert bench.publisher.get_topic(topic=name).labels == {"stage": "test"}
    bench.publisher.delete_topic(topic=name)
    with pytest.raises(exceptions.NotFound):
        bench.publisher.get_topic(topic=name)


def test_a_subscription_is_there_from_creation_to_deletion(bench: Bench) -> None:
    """A subscription can be read and listed, by project and by topic, until it is deleted."""
    topic = bench.topic()
    name = bench.subscription(topic)
    listed = bench.subscriber.list_subscriptions(project=f"projects/{bench.project}")
    assert [subscription.name for subscription in listed] == [name]
    assert list(bench.publisher.list_topic_subscriptions(topic=topic)) == [name]
    bench.subscriber.delete_subscription(subscription=name)
    with pytest.raises(exceptions.NotFound):
        bench.subscriber.get_subscription(subscription=name)


def test_a_subscription_gets_the_defaults(bench: Bench) -> None:
    """Ten seconds to acknowledge, seven days of retention."""
    stored = bench.subscriber.get_subscription(subscription=bench.subscription(bench.topic()))
    assert stored.ack_deadline_seconds == 10
    assert stored.message_retention_duration == timedelta(days=7)


def test_a_subscription_keeps_its_settings(bench: Bench) -> None:
    """What was asked for is what is stored, with the defaults of the policies filled in."""
    dead_letters = bench.topic("dead-letters")
    name = bench.subscription(
        bench.topic(),
        ack_deadline_seconds=33,
        dead_letter_policy={"dead_letter_topic": dead_letters},
        retry_policy={"minimum_backoff": Duration(seconds=1)},
        filter='attributes.status = "read"',
    )
    stored = bench.subscriber.get_subscription(subscription=name)
    assert stored.ack_deadline_seconds == 33
    assert stored.dead_letter_policy.dead_letter_topic == dead_letters
    assert stored.dead_letter_policy.max_delivery_attempts == 5
    assert stored.retry_policy.minimum_backoff == timedelta(seconds=1)
    assert stored.retry_policy.maximum_backoff == timedelta(seconds=600)
    assert stored.filter == 'attributes.status = "read"'


def test_names_are_taken_once(bench: Bench) -> None:
    """A second topic or subscription of the same name is refused."""
    topic = bench.topic()
    bench.subscription(topic)
    with pytest.raises(exceptions.AlreadyExists):
        bench.topic()
    with pytest.raises(exceptions.AlreadyExists):
        bench.subscription(topic)


@pytest.mark.parametrize(
    "call",
    [
        lambda b: b.publisher.get_topic(topic=b.topic_path("nowhere")),
        lambda b: b.publisher.delete_topic(topic=b.topic_path("nowhere")),
        lambda b: b.publish(b.topic_path("nowhere"), b"x"),
        lambda b: b.subscription(b.topic_path("nowhere")),
        lambda b: b.subscriber.get_subscription(subscription=b.subscription_path("nowhere")),
        lambda b: b.subscriber.delete_subscription(subscription=b.subscription_path("nowhere")),
        lambda b: b.ready(b.subscription_path("nowhere")),
        lambda b: b.subscriber.acknowledge(subscription=b.subscription_path("nowhere"), ack_ids=["x"]),
    ],
    ids=["get-topic", "delete-topic", "publish", "subscribe", "get", "delete", "pull", "acknowledge"],
)
def test_what_is_not_there_is_not_found(bench: Bench, call: Callable[[Bench], object]) -> None:
    """Every method says NOT_FOUND."""
    with pytest.raises(exceptions.NotFound):
        call(bench)


@pytest.mark.google_differs("topic's subscriptions")
def test_the_subscriptions_of_no_topic_are_not_found(bench: Bench) -> None:
    """A topic that does not exist has no list of subscriptions."""
    with pytest.raises(exceptions.NotFound):
        list(bench.publisher.list_topic_subscriptions(topic=bench.topic_path("nowhere")))


@pytest.mark.parametrize("topic_id", ["ab", "1digit", "with space", "googleish", "x" * 256, "q?"])
def test_malformed_names_are_refused(bench: Bench, topic_id: str) -> None:
    """IDs have 3 to 255 characters of a small set, begin with a letter and not with goog."""
    with pytest.raises(exceptions.InvalidArgument, match="name"):
        bench.topic(topic_id)
    with pytest.raises(exceptions.InvalidArgument, match="name"):
        bench.subscription(bench.topic(), topic_id)


def test_the_subscriptions_of_a_deleted_topic_stay(bench: Bench) -> None:
    """They keep what they have, and a new topic of the same name is not theirs."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"before")
    bench.publisher.delete_topic(topic=topic)
    bench.topic()
    bench.publish(topic, b"after")
    assert bench.subscriber.get_subscription(subscription=subscription).topic == "_deleted-topic_"
    assert [received.message.data for received in bench.pull(subscription)] == [b"before"]
    assert bench.ready(subscription) == []


def test_too_long_acknowledgement_deadlines_are_refused(bench: Bench) -> None:
    """At most 600 seconds."""
    topic = bench.topic()
    bench.subscription(topic, "longest", ack_deadline_seconds=600)
    with pytest.raises(exceptions.InvalidArgument):
        bench.subscription(topic, ack_deadline_seconds=601)


@pytest.mark.google_differs("short deadline")
def test_too_short_acknowledgement_deadlines_are_refused(bench: Bench) -> None:
    """At least 10 seconds."""
    with pytest.raises(exceptions.InvalidArgument, match="10"):
        bench.subscription(bench.topic(), ack_deadline_seconds=9)


@pytest.mark.parametrize("attempts", [4, 101])
@pytest.mark.google_differs("delivery attempts range")
def test_delivery_attempts_have_a_range(bench: Bench, attempts: int) -> None:
    """5 to 100."""
    policy = {"dead_letter_topic": bench.topic("dead-letters"), "max_delivery_attempts": attempts}
    with pytest.raises(exceptions.InvalidArgument, match="max_delivery_attempts"):
        bench.subscription(bench.topic(), dead_letter_policy=policy)


def test_the_dead_letter_topic_must_exist(bench: Bench) -> None:
    """A policy cannot name a topic that is not there."""
    policy = {"dead_letter_topic": bench.topic_path("nowhere"), "max_delivery_attempts": 5}
    with pytest.raises(exceptions.NotFound):
        bench.subscription(bench.topic(), dead_letter_policy=policy)


@pytest.mark.parametrize(("minimum", "maximum"), [(700, 700), (20, 10)])
def test_backoffs_must_make_sense(bench: Bench, minimum: int, maximum: int) -> None:
    """At most ten minutes, and the minimum not above the maximum."""
    policy = types.RetryPolicy(
        minimum_backoff=timedelta(seconds=minimum), maximum_backoff=timedelta(seconds=maximum)
    )
    with pytest.raises(exceptions.InvalidArgument, match="backoff"):
        bench.subscription(bench.topic(), retry_policy=policy)


def test_a_subscription_is_updated_where_the_mask_says(bench: Bench) -> None:
    """Only the fields in the mask change."""
    name = bench.subscription(bench.topic(), ack_deadline_seconds=20)
    update = {
        "name": name,
        "ack_deadline_seconds": 40,
        "retry_policy": {"minimum_backoff": Duration(seconds=5)},
    }
    bench.subscriber.update_subscription(
        request={"subscription": update, "update_mask": {"paths": ["ack_deadline_seconds"]}}
    )
    stored = bench.subscriber.get_subscription(subscription=name)
    assert stored.ack_deadline_seconds == 40
    assert "retry_policy" not in stored


@pytest.mark.parametrize("paths", [[], ["nonsense"], ["topic"]], ids=["empty", "unknown", "fixed"])
def test_an_update_needs_a_mask_of_mutable_fields(bench: Bench, paths: list[str]) -> None:
    """An empty mask, an unknown field and a fixed one are refused."""
    name = bench.subscription(bench.topic())
    request = {"subscription": {"name": name}, "update_mask": {"paths": paths}}
    with pytest.raises(exceptions.InvalidArgument, match="mask"):
        bench.subscriber.update_subscription(request=request)


@pytest.mark.google_differs("topic labels")
def test_the_labels_of_a_topic_can_be_updated(bench: Bench) -> None:
    """They are replaced as a whole."""
    name = bench.topic(labels={"old": "1"})
    request = {"topic": {"name": name, "labels": {"new": "2"}}, "update_mask": {"paths": ["labels"]}}
    assert bench.publisher.update_topic(request=request).labels == {"new": "2"}


def test_lists_come_in_pages(bench: Bench) -> None:
    """A page has as many entries as asked for, and the pages together have all, once."""
    names = [bench.topic(f"topic-{number}") for number in range(5)]
    request = {"project": f"projects/{bench.project}", "page_size": 2}
    pages = list(bench.publisher.list_topics(request=request).pages)
    assert [len(page.topics) for page in pages] == [2, 2, 1]
    assert [topic.name for page in pages for topic in page.topics] == names


@pytest.mark.parametrize(
    "configuration",
    [
        {"enable_exactly_once_delivery": True},
        {"enable_message_ordering": True},
        {"retain_acked_messages": True},
        {"push_config": {"push_endpoint": "http://127.0.0.1/"}},
    ],
    ids=["exactly-once", "ordering", "retention", "push"],
)
def test_what_is_left_out_is_refused(embedded_bench: Bench, configuration: dict[str, Any]) -> None:
    """Our emulator does not take settings that it would not carry out."""
    with pytest.raises(exceptions.MethodNotImplemented):
        embedded_bench.subscription(embedded_bench.topic(), **configuration)
