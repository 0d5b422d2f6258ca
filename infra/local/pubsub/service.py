"""The service's methods on its own message types, over one broker behind one lock, for both transports."""

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.pubsub_v1 import types

from infra.local.pubsub.backlog import Delivery
from infra.local.pubsub.broker import Broker, StoredSchema
from infra.local.pubsub.errors import invalid, unimplemented
from infra.local.pubsub.messages import Content
from infra.local.pubsub.schemas import CompiledSchema, compile_schema
from infra.local.pubsub.settings import check_project

PULL_WAIT_SECONDS = 30.0
MAX_PULLED_MESSAGES = 1000
_LOOK_AGAIN_SECONDS = 0.5  # how soon a waiting pull notices that nobody waits for its answer any more
_DEFAULT_PAGE_SIZE = 100

Alive = Callable[[], bool]
T = TypeVar("T")


class Service:
    """The Publisher, Subscriber and SchemaService methods, named and typed as in the real service.

    Thread-safe. A method without an answer returns None.

    Raises (all methods):
        PubSubError: with the status code that the real service answers.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._changed = threading.Condition()

    @contextmanager
    def exclusively(self) -> Iterator[Broker]:
        """Lend the broker to one thread; afterwards, whoever waits for a change looks again."""
        with self._changed:
            try:
                yield self._broker
            finally:
                self._changed.notify_all()

    def wait_for_messages(
        self, take: Callable[[Broker], list[Delivery]], seconds: float, alive: Alive
    ) -> list[Delivery]:
        """Call `take` until it returns messages, `seconds` are over, or nobody is `alive` to get them."""
        until = time.monotonic() + seconds
        with self._changed:
            while alive():
                deliveries = take(self._broker)
                left = until - time.monotonic()
                if deliveries or left <= 0:
                    return deliveries
                self._changed.wait(min(left, self._broker.seconds_until_change(), _LOOK_AGAIN_SECONDS))
        return []

    # Publisher

    def create_topic(self, request: types.Topic) -> types.Topic:
        """Create a topic."""
        with self.exclusively() as broker:
            return broker.create_topic(request)

    def get_topic(self, request: types.GetTopicRequest) -> types.Topic:
        """Return a topic."""
        with self.exclusively() as broker:
            return broker.topics.get(request.topic)

    def update_topic(self, request: types.UpdateTopicRequest) -> types.Topic:
        """Change a topic's labels or schema."""
        with self.exclusively() as broker:
            return broker.update_topic(request.topic, request.update_mask)

    def list_topics(self, request: types.ListTopicsRequest) -> types.ListTopicsResponse:
        """Return a project's topics, page by page."""
        with self.exclusively() as broker:
            topics = broker.topics.in_project(request.project)
        page, token = _page(topics, request.page_size, request.page_token)
        return types.ListTopicsResponse(topics=page, next_page_token=token)

    def delete_topic(self, request: types.DeleteTopicRequest) -> None:
        """Delete a topic, but not its subscriptions."""
        with self.exclusively() as broker:
            broker.delete_topic(request.topic)

    def publish(self, request: types.PublishRequest) -> types.PublishResponse:
        """Publish messages, all or none."""
        contents = [Content(m.data, dict(m.attributes), m.ordering_key) for m in request.messages]
        with self.exclusively() as broker:
            return types.PublishResponse(message_ids=broker.publish(request.topic, contents))

    def list_topic_subscriptions(
        self, request: types.ListTopicSubscriptionsRequest
    ) -> types.ListTopicSubscriptionsResponse:
        """Return the names of a topic's subscriptions, page by page."""
        with self.exclusively() as broker:
            names = {name: name for name in broker.topic_subscriptions(request.topic)}
        page, token = _page(names, request.page_size, request.page_token)
        return types.ListTopicSubscriptionsResponse(subscriptions=page, next_page_token=token)

    # Subscriber

    def create_subscription(self, request: types.Subscription) -> types.Subscription:
        """Create a subscription to what is published from now on."""
        with self.exclusively() as broker:
            return broker.create_subscription(request)

    def get_subscription(self, request: types.GetSubscriptionRequest) -> types.Subscription:
        """Return a subscription."""
        with self.exclusively() as broker:
            return broker.get_subscription(request.subscription)

    def update_subscription(self, request: types.UpdateSubscriptionRequest) -> types.Subscription:
        """Change the mutable settings of a subscription."""
        with self.exclusively() as broker:
            return broker.update_subscription(request.subscription, request.update_mask)

    def list_subscriptions(self, request: types.ListSubscriptionsRequest) -> types.ListSubscriptionsResponse:
        """Return a project's subscriptions, page by page."""
        with self.exclusively() as broker:
            subscriptions = broker.subscriptions(request.project)
        page, token = _page(subscriptions, request.page_size, request.page_token)
        return types.ListSubscriptionsResponse(subscriptions=page, next_page_token=token)

    def delete_subscription(self, request: types.DeleteSubscriptionRequest) -> None:
        """Delete a subscription; who waits for its messages gets NOT_FOUND."""
        with self.exclusively() as broker:
            broker.delete_subscription(request.subscription)

    def pull(self, request: types.PullRequest, alive: Alive) -> types.PullResponse:
        """Lease messages, waiting a while for the first one unless asked not to."""
        if request.max_messages <= 0:
            raise invalid("No max_messages specified: it must be positive.")
        limit = min(request.max_messages, MAX_PULLED_MESSAGES)
        seconds = 0.0 if request.return_immediately else PULL_WAIT_SECONDS
        name = request.subscription
        deliveries = self.wait_for_messages(lambda broker: broker.take(name, limit), seconds, alive)
        return types.PullResponse(received_messages=self.received(name, deliveries))

    def received(self, name: str, deliveries: Iterable[Delivery]) -> list[types.ReceivedMessage]:
        """Return deliveries of the subscription `name` as they go over the wire."""
        with self.exclusively() as broker:
            counted = bool(broker.get_subscription(name).dead_letter_policy.dead_letter_topic)
        return [_received(name, delivery, counted=counted) for delivery in deliveries]

    def acknowledge(self, request: types.AcknowledgeRequest) -> None:
        """Take messages as processed."""
        with self.exclusively() as broker:
            broker.get_subscription(request.subscription)
            broker.acknowledge(request.subscription, ack_numbers(request.subscription, request.ack_ids))

    def modify_ack_deadline(self, request: types.ModifyAckDeadlineRequest) -> None:
        """Extend leases, or with 0 give messages back."""
        with self.exclusively() as broker:
            broker.get_subscription(request.subscription)
            numbers = ack_numbers(request.subscription, request.ack_ids)
            broker.modify_deadline(request.subscription, numbers, request.ack_deadline_seconds)

    def seek(self, request: types.SeekRequest) -> types.SeekResponse:
        """Drop a subscription's messages up to a time, and deliver the later ones again."""
        if "time" not in request:
            raise unimplemented("Seeking to a snapshot")
        raw: Any = types.SeekRequest.pb(request)
        to = raw.time.ToMicroseconds() / 1_000_000
        with self.exclusively() as broker:
            broker.seek(request.subscription, to)
        return types.SeekResponse()

    # SchemaService

    def create_schema(self, request: types.CreateSchemaRequest) -> types.Schema:
        """Create a protobuf schema."""
        check_project(request.parent)
        compiled = _compile(request.schema)
        stored = types.Schema(
            name=f"{request.parent}/schemas/{request.schema_id}",
            type_=request.schema.type_,
            definition=request.schema.definition,
            revision_id=uuid.uuid4().hex[:8],
            revision_create_time=datetime.now(UTC),
        )
        with self.exclusively() as broker:
            broker.schemas.add(stored.name, StoredSchema(stored, compiled))
        return stored

    def get_schema(self, request: types.GetSchemaRequest) -> types.Schema:
        """Return a schema."""
        with self.exclusively() as broker:
            return broker.schemas.get(request.name).config

    def validate_schema(self, request: types.ValidateSchemaRequest) -> types.ValidateSchemaResponse:
        """Check a schema without storing it."""
        check_project(request.parent)
        _compile(request.schema)
        return types.ValidateSchemaResponse()

    def validate_message(self, request: types.ValidateMessageRequest) -> types.ValidateMessageResponse:
        """Check a message against a stored schema or one that comes with the request."""
        if request.name:
            with self.exclusively() as broker:
                compiled = broker.schemas.get(request.name).compiled
        else:
            compiled = _compile(request.schema)
        compiled.check(request.message, request.encoding)
        return types.ValidateMessageResponse()


def ack_numbers(subscription: str, ack_ids: Iterable[str]) -> list[int]:
    """Return the delivery numbers in `ack_ids`.

    Raises:
        PubSubError: INVALID_ARGUMENT when there are none, or one is not of this subscription.
    """
    numbers = []
    for ack_id in ack_ids:
        name, _, number = ack_id.rpartition(":")
        if name != subscription or not number.isdecimal():
            raise invalid(f"You have passed an invalid ack ID to {subscription} (ack_id={ack_id}).")
        numbers.append(int(number))
    if not numbers:
        raise invalid("No ack ids specified.")
    return numbers


def _received(name: str, delivery: Delivery, *, counted: bool) -> types.ReceivedMessage:
    message = delivery.message
    return types.ReceivedMessage(
        ack_id=f"{name}:{delivery.number}",
        # As in the real service, attempts are counted only where a dead-letter policy makes use of them.
        delivery_attempt=delivery.attempt if counted else 0,
        message=types.PubsubMessage(
            data=message.content.data,
            attributes=message.content.attributes,
            message_id=message.message_id,
            publish_time=message.published_at,
            ordering_key=message.content.ordering_key,
        ),
    )


def _compile(schema: types.Schema) -> CompiledSchema:
    if schema.type_ != types.Schema.Type.PROTOCOL_BUFFER:
        raise unimplemented("A schema other than protobuf")
    return compile_schema(schema.definition)


def _page(items: Mapping[str, T], size: int, token: str) -> tuple[list[T], str]:
    """Return the page of `items` (sorted by name) after the name `token`, and the token of the next one."""
    names = [name for name in items if name > token]
    page = names[: size if size > 0 else _DEFAULT_PAGE_SIZE]
    return [items[name] for name in page], page[-1] if len(page) < len(names) else ""
