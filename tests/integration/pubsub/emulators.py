"""The emulators that the contract is checked against, and a bench to check it at."""

import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import requests
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1 import PublisherClient as BasePublisherClient
from google.pubsub_v1 import types
from google.pubsub_v1.services.schema_service import SchemaServiceClient

from infra.local import clients

WAIT_SECONDS = 20.0  # for what must happen; nothing is asserted on how soon


@dataclass(frozen=True)
class Emulator:
    """A running emulator, and clients for it: Google's own, and one that speaks HTTP."""

    address: str
    publisher: PublisherClient
    subscriber: SubscriberClient
    schemas: SchemaServiceClient
    http: requests.Session

    @property
    def is_googles(self) -> bool:
        """Tell Google's emulator from ours, which names itself."""
        answer = self.http.get(f"http://{self.address}/", timeout=WAIT_SECONDS)
        return "pubsub-emulator" not in answer.headers.get("Server", "")


@contextmanager
def connected(address: str) -> Iterator[Emulator]:
    """Connect clients with the emulator at `address`, the way users do: by the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", address)
        publisher, subscriber = PublisherClient(), SubscriberClient()
    schemas = clients.schema_service(address)  # which does not look at the environment
    with subscriber, schemas, requests.Session() as http:
        http.trust_env = False  # no proxy stands between this machine and itself
        yield Emulator(address, publisher, subscriber, schemas, http)
        publisher.stop()
        publisher.transport.close()


@dataclass(frozen=True)
class Bench:
    """Short ways to do the usual things, in a project of the test's own."""

    emulator: Emulator
    project: str = field(default_factory=lambda: f"project-{uuid.uuid4().hex[:8]}")

    @property
    def publisher(self) -> PublisherClient:
        """Google's publishing client."""
        return self.emulator.publisher

    @property
    def subscriber(self) -> SubscriberClient:
        """Google's subscribing client."""
        return self.emulator.subscriber

    def topic_path(self, topic_id: str) -> str:
        """Return the full name of a topic."""
        return f"projects/{self.project}/topics/{topic_id}"

    def subscription_path(self, subscription_id: str) -> str:
        """Return the full name of a subscription."""
        return f"projects/{self.project}/subscriptions/{subscription_id}"

    def topic(self, topic_id: str = "results", **configuration: object) -> str:
        """Create a topic and return its full name."""
        name = self.topic_path(topic_id)
        self.publisher.create_topic(request={"name": name, **configuration})
        return name

    def subscription(self, topic: str, subscription_id: str = "readers", **configuration: object) -> str:
        """Create a subscription and return its full name."""
        name = self.subscription_path(subscription_id)
        self.subscriber.create_subscription(request={"name": name, "topic": topic, **configuration})
        return name

    def publish(self, topic: str, data: bytes = b"", **attributes: str) -> str:
        """Publish one message and return its id."""
        future = self.publisher.publish(topic, data, **attributes)
        message_id: str = future.result(WAIT_SECONDS)
        return message_id

    def publish_together(self, topic: str, messages: list[Any]) -> list[str]:
        """Publish messages in one request, past the client's batching, and return their ids."""
        request = {"topic": topic, "messages": messages}
        answer = BasePublisherClient.publish(self.publisher, request=request, timeout=WAIT_SECONDS)
        return list(answer.message_ids)

    def pull(self, subscription: str, count: int = 1) -> list[types.ReceivedMessage]:
        """Wait until `count` messages have come, and return them."""
        received: list[types.ReceivedMessage] = []
        while len(received) < count:
            request = {"subscription": subscription, "max_messages": count - len(received)}
            answer = self.subscriber.pull(request=request, timeout=WAIT_SECONDS, retry=None)
            received += answer.received_messages
        return received

    def ready(self, subscription: str) -> list[types.ReceivedMessage]:
        """Return what a subscription delivers without waiting."""
        request = {"subscription": subscription, "max_messages": 100, "return_immediately": True}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of not waiting, which is the point here
            answer = self.subscriber.pull(request=request, timeout=WAIT_SECONDS, retry=None)
        return list(answer.received_messages)

    def acknowledge(self, subscription: str, received: list[types.ReceivedMessage]) -> None:
        """Acknowledge messages."""
        ack_ids = [message.ack_id for message in received]
        self.subscriber.acknowledge(request={"subscription": subscription, "ack_ids": ack_ids})

    def set_deadline(self, subscription: str, received: list[types.ReceivedMessage], seconds: int) -> None:
        """Let the leases of messages end in `seconds`; 0 gives the messages back."""
        ack_ids = [message.ack_id for message in received]
        request = {"subscription": subscription, "ack_ids": ack_ids, "ack_deadline_seconds": seconds}
        self.subscriber.modify_ack_deadline(request=request)


def published_at(received: types.ReceivedMessage) -> datetime:
    """Return when a message was published, of the type that it has; its declared one is the wire's."""
    moment: Any = received.message.publish_time
    assert isinstance(moment, datetime)
    return moment
