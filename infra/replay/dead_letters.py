"""Sends dead letters on: uploads are read again, results published again; each is acknowledged when done."""

from collections.abc import Callable, Iterator

from google.api_core.exceptions import DeadlineExceeded
from google.cloud import storage
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.types import PubsubMessage, ReceivedMessage

from infra.replay.uploads import GONE, write_again

PULLED = 20  # messages at once: few enough to be done with before they would come again
SILENCE_SECONDS = 10.0  # without a message: there are no more
LEASE_SECONDS = 600  # the longest that Pub/Sub allows
PUBLISHED, NOT_AN_UPLOAD = "published again", "no upload: left there"
PUBLISH_SECONDS = 30.0
OBJECT = ("bucketId", "objectId", "objectGeneration")
# What Pub/Sub adds when it gives a message up.
ADDED_BY_PUBSUB = ("CloudPubSubDeadLetterSource", "googclient_")


def messages(subscriber: SubscriberClient, subscription: str, silence: float) -> Iterator[ReceivedMessage]:
    """Yield the messages of a subscription until none has come for `silence` seconds, each one once."""
    seen: set[str] = set()
    while True:
        try:
            response = subscriber.pull(
                subscription=subscription, max_messages=PULLED, timeout=silence, retry=None
            )
        except DeadlineExceeded:
            return
        new = [one for one in response.received_messages if one.message.message_id not in seen]
        if not new:
            return
        subscriber.modify_ack_deadline(
            subscription=subscription,
            ack_ids=[one.ack_id for one in new],
            ack_deadline_seconds=LEASE_SECONDS,
        )
        seen.update(one.message.message_id for one in new)
        yield from new


def upload_again(client: storage.Client) -> Callable[[PubsubMessage], str]:
    """Return what has the object of a Cloud Storage notification read again."""

    def replay(message: PubsubMessage) -> str:
        bucket, name, generation = (message.attributes.get(key, "") for key in OBJECT)
        if not (bucket and name and generation):
            return NOT_AN_UPLOAD
        blob = client.bucket(bucket).get_blob(name)
        if blob is None or str(blob.generation) != generation:
            return GONE
        return write_again(blob)

    return replay


def publish_again(publisher: PublisherClient, topic: str) -> Callable[[PubsubMessage], str]:
    """Return what publishes a message to `topic` as it was before it was given up."""

    def replay(message: PubsubMessage) -> str:
        attributes = {k: v for k, v in message.attributes.items() if not k.startswith(ADDED_BY_PUBSUB)}
        publisher.publish(topic, message.data, **attributes).result(PUBLISH_SECONDS)
        return PUBLISHED

    return replay


def acknowledged(
    subscriber: SubscriberClient, subscription: str, replay: Callable[[PubsubMessage], str]
) -> Callable[[ReceivedMessage], str]:
    """Return what replays a message and acknowledges it then, unless it stays a case for a person."""

    def replay_one(received: ReceivedMessage) -> str:
        outcome = replay(received.message)
        if outcome != NOT_AN_UPLOAD:
            subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id])
        return outcome

    return replay_one
