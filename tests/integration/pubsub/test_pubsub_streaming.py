"""StreamingPull, through the official client and, for what the client hides, directly."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from google.api_core import exceptions
from google.cloud.pubsub_v1.subscriber.message import Message
from google.cloud.pubsub_v1.types import FlowControl
from google.pubsub_v1 import types

from tests.integration.pubsub.emulators import WAIT_SECONDS, Bench


@contextmanager
def subscribed(bench: Bench, subscription: str, callback: Callable[[Message], None]) -> Iterator[None]:
    """Run a subscriber, and close its stream in the end."""
    future = bench.subscriber.subscribe(subscription, callback, flow_control=FlowControl(max_messages=10))
    try:
        yield
    finally:
        future.cancel()
        future.result(WAIT_SECONDS)


class RawStream:
    """One StreamingPull call, whose requests are sent one by one."""

    def __init__(self, bench: Bench, first: types.StreamingPullRequest) -> None:
        self._requests: queue.Queue[types.StreamingPullRequest | None] = queue.Queue()
        self._received: queue.Queue[types.ReceivedMessage] = queue.Queue()
        self.send(first)
        self._call = bench.subscriber.streaming_pull(
            requests=iter(self._requests.get, None), timeout=WAIT_SECONDS, retry=None
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def send(self, request: types.StreamingPullRequest) -> None:
        """Send one more request."""
        self._requests.put(request)

    def next(self) -> types.ReceivedMessage:
        """Wait for the next message."""
        return self._received.get(timeout=WAIT_SECONDS)

    def has_more(self) -> bool:
        """Tell whether a message has come that was not asked for."""
        return not self._received.empty()

    def close(self) -> None:
        """End the call."""
        self._requests.put(None)
        self._call.cancel()
        self._reader.join(WAIT_SECONDS)

    def _read(self) -> None:
        try:
            for response in self._call:
                for message in response.received_messages:
                    self._received.put(message)
        except (exceptions.GoogleAPICallError, exceptions.RetryError):
            pass  # the call was ended


def test_a_stream_delivers_and_acknowledges(bench: Bench) -> None:
    """What the callback acknowledges is gone, before and after the stream was opened."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    messages: queue.Queue[Message] = queue.Queue()
    bench.publish(topic, b"before")
    with subscribed(bench, subscription, messages.put):
        bench.publish(topic, b"after")
        received = [messages.get(timeout=WAIT_SECONDS) for _ in range(2)]
        for message in received:
            message.ack()
    assert {message.data for message in received} == {b"before", b"after"}
    assert bench.ready(subscription) == []


def test_a_nack_brings_a_message_back_on_the_stream(bench: Bench) -> None:
    """The message comes until it is acknowledged."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    messages: queue.Queue[Message] = queue.Queue()
    with subscribed(bench, subscription, messages.put):
        message_id = bench.publish(topic, b"x")
        for _ in range(3):
            message = messages.get(timeout=WAIT_SECONDS)
            assert message.message_id == message_id
            message.nack()
        messages.get(timeout=WAIT_SECONDS).ack()
    assert bench.ready(subscription) == []


def test_two_streams_share_the_messages(bench: Bench) -> None:
    """Each message goes to one of them."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    messages: queue.Queue[str] = queue.Queue()

    def callback(message: Message) -> None:
        messages.put(message.message_id)
        message.ack()

    with subscribed(bench, subscription, callback), subscribed(bench, subscription, callback):
        published = [bench.publish(topic, b"x") for _ in range(20)]
        received = [messages.get(timeout=WAIT_SECONDS) for _ in range(20)]
    assert sorted(received) == sorted(published)
    assert messages.empty()


@pytest.mark.google_differs("flow control")
def test_the_server_keeps_to_the_flow_control(bench: Bench) -> None:
    """No more messages are out on a stream than it asked for; each acknowledgement lets one more through."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    published = {bench.publish(topic, str(number).encode()) for number in range(6)}
    first = types.StreamingPullRequest(
        subscription=subscription, stream_ack_deadline_seconds=60, max_outstanding_messages=2
    )
    stream = RawStream(bench, first)
    try:
        out = [stream.next(), stream.next()]
        received = set()
        for _ in range(4):
            assert not stream.has_more()
            done = out.pop(0)
            received.add(done.message.message_id)
            stream.send(types.StreamingPullRequest(ack_ids=[done.ack_id]))
            out.append(stream.next())
        received |= {one.message.message_id for one in out}
    finally:
        stream.close()
    assert received == published


def test_acknowledgements_beside_the_stream_make_room(bench: Bench) -> None:
    """Google's client acknowledges by Acknowledge, not on the stream."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    published = {bench.publish(topic, str(number).encode()) for number in range(3)}
    first = types.StreamingPullRequest(
        subscription=subscription, stream_ack_deadline_seconds=60, max_outstanding_messages=1
    )
    stream = RawStream(bench, first)
    received = set()
    try:
        for _ in range(3):
            message = stream.next()
            received.add(message.message.message_id)
            bench.acknowledge(subscription, [message])
    finally:
        stream.close()
    assert received == published
    assert bench.ready(subscription) == []


def test_deadlines_are_modified_on_the_stream(bench: Bench) -> None:
    """A deadline of 0 gives the message back."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"x")
    stream = RawStream(
        bench, types.StreamingPullRequest(subscription=subscription, stream_ack_deadline_seconds=60)
    )
    try:
        first = stream.next()
        request = types.StreamingPullRequest(
            modify_deadline_ack_ids=[first.ack_id], modify_deadline_seconds=[0]
        )
        stream.send(request)
        second = stream.next()
    finally:
        stream.close()
    assert second.message.message_id == first.message.message_id
    assert second.ack_id != first.ack_id


def test_a_lease_outlives_its_stream(bench: Bench) -> None:
    """What was delivered can be acknowledged after the stream was closed."""
    topic = bench.topic()
    subscription = bench.subscription(topic)
    bench.publish(topic, b"x")
    stream = RawStream(
        bench, types.StreamingPullRequest(subscription=subscription, stream_ack_deadline_seconds=60)
    )
    try:
        message = stream.next()
    finally:
        stream.close()
    assert bench.ready(subscription) == []
    bench.acknowledge(subscription, [message])
    assert bench.ready(subscription) == []


def test_a_stream_needs_a_subscription(bench: Bench) -> None:
    """Otherwise it ends with NOT_FOUND."""
    future = bench.subscriber.subscribe(bench.subscription_path("nowhere"), lambda _message: None)
    with pytest.raises(exceptions.NotFound):
        future.result(WAIT_SECONDS)


def test_a_stream_ends_with_its_subscription(embedded_bench: Bench) -> None:
    """Who listens to a subscription that is deleted is told at once."""
    subscription = embedded_bench.subscription(embedded_bench.topic())
    future = embedded_bench.subscriber.subscribe(subscription, lambda _message: None)
    embedded_bench.subscriber.delete_subscription(subscription=subscription)
    with pytest.raises(exceptions.NotFound):
        future.result(WAIT_SECONDS)


@pytest.mark.parametrize("seconds", [9, 601])
def test_a_stream_needs_a_deadline_in_range(embedded_bench: Bench, seconds: int) -> None:
    """10 to 600 seconds."""
    subscription = embedded_bench.subscription(embedded_bench.topic())
    first = types.StreamingPullRequest(subscription=subscription, stream_ack_deadline_seconds=seconds)
    call = embedded_bench.subscriber.streaming_pull(requests=iter([first]), timeout=WAIT_SECONDS, retry=None)
    with pytest.raises(exceptions.InvalidArgument, match="10"):
        next(iter(call))
