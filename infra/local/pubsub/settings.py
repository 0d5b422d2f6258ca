"""What a topic or a subscription may be configured to: names, defaults, limits, and what is left out here."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.pubsub_v1.types import Subscription, Topic

from infra.local.pubsub.backlog import DeliveryPolicy
from infra.local.pubsub.errors import invalid, unimplemented

DELETED_TOPIC = "_deleted-topic_"

MIN_ACK_DEADLINE = 10
MAX_ACK_DEADLINE = 600
_BACKOFF_LIMIT = timedelta(seconds=600)
_DEFAULT_MINIMUM_BACKOFF = timedelta(seconds=10)
_MIN_RETENTION, _DEFAULT_RETENTION, _MAX_RETENTION = (
    timedelta(minutes=10),
    timedelta(days=7),
    timedelta(days=31),
)
_MIN_DELIVERY_ATTEMPTS, _MAX_DELIVERY_ATTEMPTS = 5, 100

Resource = TypeVar("Resource", Topic, Subscription)

_RESOURCE_ID = r"(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}"
_TOPIC_FEATURES = {
    "ingestion_data_source_settings": "Ingestion into a topic",
    "message_retention_duration": "Retention on a topic",
    "message_transforms": "Message transforms",
}
_SUBSCRIPTION_FEATURES = {
    "bigquery_config": "Export to BigQuery",
    "bigtable_config": "Export to Bigtable",
    "cloud_storage_config": "Export to Cloud Storage",
    "enable_exactly_once_delivery": "Exactly-once delivery",
    "enable_message_ordering": "Ordered delivery",
    "message_transforms": "Message transforms",
    "retain_acked_messages": "Retention of acknowledged messages",
}
_MUTABLE_TOPIC_FIELDS = frozenset({"labels", "schema_settings"})
_MUTABLE_SUBSCRIPTION_FIELDS = frozenset(
    {
        "ack_deadline_seconds",
        "dead_letter_policy",
        "expiration_policy",
        "labels",
        "message_retention_duration",
        "retry_policy",
    }
)


def check_name(name: str, collection: str) -> None:
    """Check that `name` is `projects/P/<collection>/ID` with an ID that the service accepts.

    Raises:
        PubSubError: INVALID_ARGUMENT otherwise.
    """
    if not re.fullmatch(rf"projects/[^/]+/{collection}/{_RESOURCE_ID}", name):
        raise invalid(
            f"Invalid [{collection}] name: (name={name}). Expected projects/PROJECT/{collection}/ID, where "
            "ID has 3 to 255 characters, begins with a letter and does not begin with 'goog'."
        )


def check_project(project: str) -> None:
    """Check that `project` is `projects/P`.

    Raises:
        PubSubError: INVALID_ARGUMENT otherwise.
    """
    if not re.fullmatch(r"projects/[^/]+", project):
        raise invalid(f"Invalid [projects] name: (name={project}). Expected projects/PROJECT.")


def complete_topic(topic: Topic) -> Topic:
    """Return a checked copy of `topic`, as it is stored.

    Raises:
        PubSubError: INVALID_ARGUMENT for what the service rejects, UNIMPLEMENTED for what is left out here.
    """
    check_name(topic.name, "topics")
    _reject_features(topic, _TOPIC_FEATURES)
    return Topic(topic)


def complete_subscription(subscription: Subscription) -> Subscription:
    """Return a checked copy of `subscription` with the service's defaults filled in, as it is stored.

    Raises:
        PubSubError: INVALID_ARGUMENT for what the service rejects, UNIMPLEMENTED for what is left out here.
    """
    check_name(subscription.name, "subscriptions")
    if subscription.topic != DELETED_TOPIC:
        check_name(subscription.topic, "topics")
    _reject_features(subscription, _SUBSCRIPTION_FEATURES)
    if subscription.push_config.push_endpoint:
        raise unimplemented("Push delivery")
    stored = Subscription(subscription)
    stored.ack_deadline_seconds = stored.ack_deadline_seconds or MIN_ACK_DEADLINE
    check_ack_deadline(stored.ack_deadline_seconds)
    raw: Any = Subscription.pb(stored)
    _complete_retention(raw)
    if raw.HasField("retry_policy"):
        _complete_retry_policy(raw.retry_policy)
    if raw.HasField("dead_letter_policy"):
        _complete_dead_letter_policy(raw.dead_letter_policy)
    return stored


def check_ack_deadline(seconds: int) -> None:
    """Check a subscription's or a stream's acknowledgement deadline.

    Raises:
        PubSubError: INVALID_ARGUMENT outside 10 to 600 seconds.
    """
    if not MIN_ACK_DEADLINE <= seconds <= MAX_ACK_DEADLINE:
        raise invalid(
            f"Invalid ack deadline given: {seconds}. It must be between {MIN_ACK_DEADLINE} and "
            f"{MAX_ACK_DEADLINE} seconds."
        )


def delivery_policy(subscription: Subscription) -> DeliveryPolicy:
    """Return how the messages of a completed `subscription` are delivered."""
    raw: Any = Subscription.pb(subscription)
    return DeliveryPolicy(
        ack_deadline=raw.ack_deadline_seconds,
        retention=raw.message_retention_duration.ToTimedelta().total_seconds(),
        minimum_backoff=raw.retry_policy.minimum_backoff.ToTimedelta().total_seconds(),
        maximum_backoff=raw.retry_policy.maximum_backoff.ToTimedelta().total_seconds(),
        max_delivery_attempts=raw.dead_letter_policy.max_delivery_attempts or None,
    )


def updated_topic(stored: Topic, update: Topic, mask: FieldMask) -> Topic:
    """Return a copy of `stored` with the fields in `mask` taken from `update`.

    Raises:
        PubSubError: INVALID_ARGUMENT when the mask is empty or names a field that is unknown or fixed.
    """
    return complete_topic(_merge(stored, update, mask, _MUTABLE_TOPIC_FIELDS))


def updated_subscription(stored: Subscription, update: Subscription, mask: FieldMask) -> Subscription:
    """Return a copy of `stored` with the fields in `mask` taken from `update`.

    Raises:
        PubSubError: INVALID_ARGUMENT when the mask is empty or names a field that is unknown or fixed.
    """
    return complete_subscription(_merge(stored, update, mask, _MUTABLE_SUBSCRIPTION_FIELDS))


# The wire messages below are raw protobuf ones: there a Duration is a Duration, whose stubs are right.


def _complete_retention(subscription: Any) -> None:  # noqa: ANN401 - google-cloud-pubsub does not type them
    if not subscription.HasField("message_retention_duration"):
        subscription.message_retention_duration.FromTimedelta(_DEFAULT_RETENTION)
    if not _MIN_RETENTION <= subscription.message_retention_duration.ToTimedelta() <= _MAX_RETENTION:
        raise invalid("message_retention_duration out of bounds: it must be between 600s and 2678400s.")


def _complete_retry_policy(policy: Any) -> None:  # noqa: ANN401 - as above
    if not policy.HasField("minimum_backoff"):
        policy.minimum_backoff.FromTimedelta(_DEFAULT_MINIMUM_BACKOFF)
    if not policy.HasField("maximum_backoff"):
        policy.maximum_backoff.FromTimedelta(_BACKOFF_LIMIT)
    minimum, maximum = policy.minimum_backoff.ToTimedelta(), policy.maximum_backoff.ToTimedelta()
    if minimum < timedelta() or max(minimum, maximum) > _BACKOFF_LIMIT:
        raise invalid("The value for a backoff is out of bounds: it must be between 0s and 600s.")
    if maximum < minimum:
        raise invalid("The value for maximum_backoff is too small: it is less than minimum_backoff.")


def _complete_dead_letter_policy(policy: Any) -> None:  # noqa: ANN401 - as above
    check_name(policy.dead_letter_topic, "topics")
    attempts = policy.max_delivery_attempts or _MIN_DELIVERY_ATTEMPTS
    if not _MIN_DELIVERY_ATTEMPTS <= attempts <= _MAX_DELIVERY_ATTEMPTS:
        raise invalid(
            f"The value for max_delivery_attempts is out of bounds. You passed {attempts}; it must be "
            f"between {_MIN_DELIVERY_ATTEMPTS} and {_MAX_DELIVERY_ATTEMPTS}."
        )
    policy.max_delivery_attempts = attempts


def _reject_features(resource: Topic | Subscription, features: Mapping[str, str]) -> None:
    """Refuse, rather than silently ignore, what would make the emulator behave unlike the service."""
    for name, feature in features.items():
        if getattr(resource, name):
            raise unimplemented(feature)


def _merge(stored: Resource, update: Resource, mask: FieldMask, mutable: Iterable[str]) -> Resource:
    if not mask.paths:
        raise invalid("The update_mask must be set, and must contain a non-empty paths list.")
    merged: Resource = type(stored)(stored)
    raw: Any = type(stored).pb(merged)
    for path in mask.paths:
        field = path.split(".")[0]
        if field not in raw.DESCRIPTOR.fields_by_name:
            raise invalid(f"Invalid update_mask: {field} is not a known field.")
        if field not in mutable:
            raise invalid(f"Invalid update_mask: the field {field} is not mutable.")
    mask.MergeMessage(type(update).pb(update), raw, True, True)
    return merged
