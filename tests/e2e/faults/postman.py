"""Takes the place of Eventarc: has the notifications of uploads, and posts their events as a test likes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import requests

from infra.local import clients, names
from infra.local.cloudevent import Notification, event_request
from infra.local.eventarc import new_traceparent
from infra.local.stack import LocalStack
from tests.e2e.faults.script import PATIENCE_SECONDS


class Postman:
    """Delivers events by hand while Eventarc is stopped.

    Attributes:
        posted: The ids of the events that it posted.
    """

    def __init__(self, stack: LocalStack) -> None:
        """Serve `stack`."""
        self.posted: set[str] = set()
        self._stack = stack

    def collect(self, count: int) -> list[Notification]:
        """Take the next `count` notifications, so that Eventarc does not have them, in the uploads' order."""
        subscription = self._stack.project.subscription(names.NOTIFICATIONS_SUBSCRIPTION)
        found: list[Notification] = []
        with clients.subscriber(self._stack.addresses.pubsub) as subscriber:
            while len(found) < count:
                answer = subscriber.pull(
                    subscription=subscription, max_messages=count - len(found), timeout=PATIENCE_SECONDS
                )
                for received in answer.received_messages:
                    message = received.message
                    published = message.publish_time.isoformat()
                    found.append(
                        Notification(message.message_id, published, dict(message.attributes), message.data)
                    )
                    subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id])
        return sorted(found, key=lambda notification: notification.published)

    def post(self, notification: Notification) -> int:
        """Post the event of a notification once, and return the status of the answer."""
        event = event_request(notification, new_traceparent())
        self.posted.add(event.id)
        url = self._stack.addresses.function_url
        headers = dict(event.headers)
        return requests.post(url, data=event.body, headers=headers, timeout=PATIENCE_SECONDS).status_code

    def give_back(self, notification: Notification) -> None:
        """Publish a notification again, for Eventarc to have it."""
        topic = self._stack.project.topic(names.NOTIFICATIONS)
        with clients.publisher(self._stack.addresses.pubsub) as publisher:
            publisher.publish(topic, notification.data, **notification.attributes).result()


def aged(notification: Notification, seconds: float) -> Notification:
    """Return the notification as if the object had been finalized so long ago."""
    then = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    return replace(notification, attributes={**notification.attributes, "eventTime": then})
