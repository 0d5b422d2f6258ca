"""Creates what the stack's parts send through: topics, subscriptions and the bucket."""

from datetime import timedelta
from pathlib import Path

from google.api_core.exceptions import AlreadyExists, Conflict, MethodNotImplemented
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.types import (
    DeadLetterPolicy,
    Encoding,
    RetryPolicy,
    Schema,
    SchemaSettings,
    Subscription,
    Topic,
)

from infra.local import clients, names
from infra.local.names import Project

SCHEMA = Path(__file__).parents[1] / "schemas" / "sheet_result.proto"
# As in production, but sooner tried again.
RETRY = RetryPolicy(minimum_backoff=timedelta(seconds=1), maximum_backoff=timedelta(seconds=10))
DELIVERY_ATTEMPTS = 5


def create_topics(pubsub: str, project: Project) -> None:
    """Create every topic, and the subscriptions of the stack, unless they exist."""
    with clients.publisher(pubsub) as publisher, clients.subscriber(pubsub) as subscriber:
        results = Topic(name=project.topic(names.RESULTS), schema_settings=create_schema(pubsub, project))
        create_topic(publisher, results)
        for topic in (names.RESULTS_DEAD, names.NOTIFICATIONS, names.NOTIFICATIONS_DEAD):
            create_topic(publisher, Topic(name=project.topic(topic)))
        for subscription in subscriptions(project):
            create_subscription(subscriber, subscription)


def subscriptions(project: Project) -> list[Subscription]:
    """Return the subscriptions: of application, bridge and Eventarc, and one for each dead-letter topic."""
    dead_letters = DeadLetterPolicy(
        dead_letter_topic=project.topic(names.RESULTS_DEAD), max_delivery_attempts=DELIVERY_ATTEMPTS
    )
    application = Subscription(
        name=project.subscription(names.RESULTS_SUBSCRIPTION),
        topic=project.topic(names.RESULTS),
        ack_deadline_seconds=60,
        retry_policy=RETRY,
        dead_letter_policy=dead_letters,
    )
    bridge = Subscription(
        name=project.subscription(names.BRIDGE_SUBSCRIPTION),
        topic=project.topic(names.RESULTS),
        ack_deadline_seconds=10,
        filter=f'hasPrefix(attributes.objectId, "{names.BRIDGE_PREFIX}")',
    )
    plain = {
        names.NOTIFICATIONS_SUBSCRIPTION: names.NOTIFICATIONS,
        names.NOTIFICATIONS_DEAD_SUBSCRIPTION: names.NOTIFICATIONS_DEAD,
        names.RESULTS_DEAD_SUBSCRIPTION: names.RESULTS_DEAD,
    }
    return [
        application,
        bridge,
        *(
            Subscription(name=project.subscription(name), topic=project.topic(topic), ack_deadline_seconds=10)
            for name, topic in plain.items()
        ),
    ]


def create_schema(pubsub: str, project: Project) -> SchemaSettings | None:
    """Create the results' schema unless it exists; return None if the emulator has no protobuf schemas."""
    schema = Schema(type_=Schema.Type.PROTOCOL_BUFFER, definition=SCHEMA.read_text())
    settings = SchemaSettings(schema=project.schema(names.SCHEMA), encoding=Encoding.JSON)
    with clients.schema_service(pubsub) as service:
        try:
            service.create_schema(
                parent=f"projects/{project.id}", schema=schema, schema_id=names.SCHEMA, retry=None
            )
        except AlreadyExists:
            return settings
        except MethodNotImplemented:  # Google's emulator: the topic then takes whatever is published
            return None
    return settings


def create_topic(publisher: PublisherClient, topic: Topic) -> None:
    """Create a topic unless one of that name exists."""
    try:
        publisher.create_topic(request=topic)
    except AlreadyExists:
        return


def create_subscription(subscriber: SubscriberClient, subscription: Subscription) -> None:
    """Create a subscription unless one of that name exists."""
    try:
        subscriber.create_subscription(request=subscription)
    except AlreadyExists:
        return


def create_bucket(storage_url: str, project: Project) -> None:
    """Create the bucket that sheets are uploaded to, unless it exists."""
    client = clients.storage_client(storage_url, project.id)
    try:
        client.create_bucket(names.BUCKET)
    except Conflict:
        return
    finally:
        client.close()
