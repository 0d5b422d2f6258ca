"""The broker: topics, subscriptions and schemas in memory, and what becomes of a message among them.

It knows neither transports nor threads, and takes the time from a clock that tests can set. Leases and waits
end when somebody looks: every call first brings all subscriptions up to date.
"""

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from google.protobuf.field_mask_pb2 import FieldMask
from google.pubsub_v1.types import Encoding, Schema, Subscription, Topic

from infra.local.pubsub import settings
from infra.local.pubsub.backlog import Backlog, Delivery, FlowControl, Forward
from infra.local.pubsub.catalog import Catalog
from infra.local.pubsub.errors import invalid, not_found
from infra.local.pubsub.filters import Predicate, parse_filter
from infra.local.pubsub.messages import MAX_MESSAGES_PER_PUBLISH, Content, Message, check_content
from infra.local.pubsub.schemas import CompiledSchema

_DEAD_LETTER = "CloudPubSubDeadLetterSource"


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """A schema as it was created, and what checks messages with it."""

    config: Schema
    compiled: CompiledSchema


@dataclass(slots=True)
class _Subscription:
    config: Subscription
    matches: Predicate
    backlog: Backlog


class Broker:
    """Everything that the emulator remembers. Not thread-safe.

    Raises (all methods):
        PubSubError: with the status code that the real service answers.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.schemas: Catalog[StoredSchema] = Catalog("Schema", "schemas")
        self.topics: Catalog[Topic] = Catalog("Topic", "topics")
        self._clock = clock
        self._subscriptions: Catalog[_Subscription] = Catalog("Subscription", "subscriptions")
        self._message_ids = itertools.count(1)
        self._delivery_numbers = itertools.count(1)

    def create_topic(self, topic: Topic) -> Topic:
        """Store a new topic and return it as stored."""
        stored = settings.complete_topic(topic)
        self._check_schema(stored)
        self.topics.add(stored.name, stored)
        return stored

    def update_topic(self, update: Topic, mask: FieldMask) -> Topic:
        """Replace the fields of a topic that `mask` names, and return the result."""
        stored = settings.updated_topic(self.topics.get(update.name), update, mask)
        self._check_schema(stored)
        self.topics.replace(stored.name, stored)
        return stored

    def delete_topic(self, name: str) -> None:
        """Delete a topic; its subscriptions keep what they have, under a topic called `_deleted-topic_`."""
        self.topics.remove(name)
        for subscription in self._attached(name):
            subscription.config.topic = settings.DELETED_TOPIC

    def create_subscription(self, subscription: Subscription) -> Subscription:
        """Store a new subscription to what is published from now on, and return it as stored."""
        stored = settings.complete_subscription(subscription)
        self.topics.get(stored.topic)
        self._check_dead_letter_topic(stored)
        policy = settings.delivery_policy(stored)
        backlog = Backlog(policy, self._delivery_numbers, self._forward_from(stored.name))
        subscription_state = _Subscription(stored, parse_filter(stored.filter), backlog)
        self._subscriptions.add(stored.name, subscription_state)
        return stored

    def get_subscription(self, name: str) -> Subscription:
        """Return the subscription called `name`."""
        return self._subscriptions.get(name).config

    def update_subscription(self, update: Subscription, mask: FieldMask) -> Subscription:
        """Replace the fields of a subscription that `mask` names, and return the result."""
        subscription = self._subscriptions.get(update.name)
        stored = settings.updated_subscription(subscription.config, update, mask)
        self._check_dead_letter_topic(stored)
        subscription.config = stored
        subscription.backlog.policy = settings.delivery_policy(stored)
        return stored

    def subscriptions(self, project: str) -> dict[str, Subscription]:
        """Return the subscriptions of `project` (`projects/P`) by name."""
        return {name: state.config for name, state in self._subscriptions.in_project(project).items()}

    def topic_subscriptions(self, topic: str) -> list[str]:
        """Return the names of the subscriptions to a topic."""
        self.topics.get(topic)
        return sorted(subscription.config.name for subscription in self._attached(topic))

    def delete_subscription(self, name: str) -> None:
        """Delete a subscription and all that it has not delivered."""
        self._subscriptions.remove(name)

    def backlog_size(self, name: str) -> int:
        """Return how many messages a subscription still owes."""
        self._advance()
        return len(self._subscriptions.get(name).backlog)

    def publish(self, topic_name: str, contents: list[Content]) -> list[str]:
        """Hand all of `contents`, or none, to the topic's subscriptions; return the messages' ids."""
        topic = self.topics.get(topic_name)
        if not contents:
            raise invalid("No messages to publish.")
        if len(contents) > MAX_MESSAGES_PER_PUBLISH:
            raise invalid(
                f"Too many messages to publish: {len(contents)}, at most {MAX_MESSAGES_PER_PUBLISH}."
            )
        for content in contents:
            check_content(content)
        contents = self._conform(topic, contents)
        self._advance()
        return [self._deliver(topic_name, content) for content in contents]

    def take(
        self, name: str, limit: int, *, seconds: int | None = None, flow: FlowControl | None = None
    ) -> list[Delivery]:
        """Lease up to `limit` messages of a subscription, as many as there are.

        Args:
            name: the subscription.
            limit: how many messages at most.
            seconds: how long the leases last; by default the subscription's own deadline.
            flow: bounds the messages of one stream that are out at the same time.
        """
        now = self._advance()
        backlog = self._subscriptions.get(name).backlog
        return backlog.take(limit, now, seconds or backlog.policy.ack_deadline, flow or FlowControl())

    def acknowledge(self, name: str, numbers: Iterable[int]) -> None:
        """Forget the messages of these deliveries; numbers that are no longer current are passed over."""
        now = self._advance()
        backlog = self._subscriptions.get(name).backlog
        for number in numbers:
            backlog.acknowledge(number, now)

    def modify_deadline(self, name: str, numbers: Iterable[int], seconds: int) -> None:
        """Let the leases of these deliveries end in `seconds`; 0 returns their messages at once."""
        if not 0 <= seconds <= settings.MAX_ACK_DEADLINE:
            raise invalid(f"Invalid ack deadline: {seconds}. It must be between 0 and 600 seconds.")
        now = self._advance()
        backlog = self._subscriptions.get(name).backlog
        for number in numbers:
            backlog.modify_deadline(number, seconds, now)

    def seek(self, name: str, to: float) -> None:
        """Drop what was published before `to` (seconds since the epoch); deliver the rest again."""
        self._subscriptions.get(name).backlog.seek(to, self._advance())

    def seconds_until_change(self) -> float:
        """Return how long it is until something changes by itself; infinity for never."""
        dues = [subscription.backlog.next_due() for subscription in self._subscriptions.all()]
        return max(0.0, min(dues, default=float("inf")) - self._clock())

    def _advance(self) -> float:
        now = self._clock()
        for subscription in self._subscriptions.all():
            subscription.backlog.advance(now)
        return now

    def _attached(self, topic: str) -> list[_Subscription]:
        return [state for state in self._subscriptions.all() if state.config.topic == topic]

    def _check_schema(self, topic: Topic) -> None:
        if topic.schema_settings.schema:
            self.schemas.get(topic.schema_settings.schema)
            if topic.schema_settings.encoding not in (Encoding.JSON, Encoding.BINARY):
                raise invalid("The schema settings need an encoding, JSON or BINARY.")

    def _check_dead_letter_topic(self, subscription: Subscription) -> None:
        topic = subscription.dead_letter_policy.dead_letter_topic
        if topic and topic not in self.topics:
            raise not_found(f"Dead letter topic not found: {topic}")

    def _conform(self, topic: Topic, contents: list[Content]) -> list[Content]:
        """Check `contents` against the topic's schema and mark them with it, as the service does."""
        name = topic.schema_settings.schema
        if not name:
            return contents
        schema, encoding = self.schemas.get(name), Encoding(topic.schema_settings.encoding)
        marks = {
            "googclient_schemaencoding": encoding.name,
            "googclient_schemaname": name,
            "googclient_schemarevisionid": schema.config.revision_id,
        }
        for content in contents:
            schema.compiled.check(content.data, encoding)
        return [replace(content, attributes={**content.attributes, **marks}) for content in contents]

    def _deliver(self, topic: str, content: Content) -> str:
        published_at = datetime.fromtimestamp(self._clock(), UTC)
        message = Message(str(next(self._message_ids)), published_at, content)
        for subscription in self._attached(topic):
            if subscription.matches(content.attributes):
                subscription.backlog.add(message)
        return message.message_id

    def _forward_from(self, name: str) -> Forward:
        """Return what forwards messages of the subscription `name` to its dead-letter topic."""

        def forward(message: Message, attempts: int) -> bool:
            dead_letter_topic = self.get_subscription(name).dead_letter_policy.dead_letter_topic
            if dead_letter_topic not in self.topics:
                return False
            _, project, _, subscription_id = name.split("/")
            origin = {
                f"{_DEAD_LETTER}DeliveryCount": str(attempts),
                f"{_DEAD_LETTER}Subscription": subscription_id,
                f"{_DEAD_LETTER}SubscriptionProject": project,
                f"{_DEAD_LETTER}TopicPublishTime": message.published_at.isoformat().replace("+00:00", "Z"),
            }
            content = message.content
            marked = replace(content, attributes={**content.attributes, **origin})
            self._deliver(dead_letter_topic, marked)
            return True

        return forward
