"""The sample check's hands: Google's clients for Cloud Storage and Pub/Sub."""

import json

from google.api_core.exceptions import DeadlineExceeded
from google.cloud import storage
from google.cloud.pubsub_v1 import SubscriberClient

from infra.release.waiting import Message


def upload(bucket: str, name: str, data: bytes) -> str:
    """Upload `data` as a new object and return its generation; raises if the object exists."""
    blob = storage.Client().bucket(bucket).blob(name)
    blob.upload_from_string(data, content_type="image/png", if_generation_match=0)
    return str(blob.generation)


class PubSubSubscriber:
    """Pulls the messages of `subscription`, `projects/P/subscriptions/S`."""

    def __init__(self, subscription: str) -> None:
        self._subscription = subscription
        self._client = SubscriberClient()

    def pull(self, timeout: float) -> list[Message]:
        """Return what has arrived; empty if nothing did within `timeout` seconds."""
        try:
            response = self._client.pull(
                subscription=self._subscription, max_messages=100, timeout=timeout, retry=None
            )
        except DeadlineExceeded:
            return []
        return [
            Message(received.ack_id, json.loads(received.message.data))
            for received in response.received_messages
        ]

    def acknowledge(self, ack_ids: list[str]) -> None:
        """Have the messages not delivered again."""
        self._client.acknowledge(subscription=self._subscription, ack_ids=ack_ids)
