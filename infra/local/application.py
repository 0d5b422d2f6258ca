"""What an application does with the system: it uploads sheets and subscribes to their results."""

import json
import mimetypes
import threading
import time
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from google.cloud.pubsub_v1.subscriber.message import Message
from google.pubsub_v1.types import Subscription

from infra.local import clients, names, topics
from infra.local.stack import LocalStack
from sheetid.result import SheetObject


@dataclass(frozen=True, slots=True)
class Answer:
    """One message from the results' topic: its JSON fields, its attributes, and when it came, in seconds."""

    result: dict[str, Any]
    attributes: dict[str, str]
    received: float

    @property
    def identity(self) -> str:
        """The object generation that this is the result of."""
        return SheetObject(self.result["bucket"], self.result["image"], self.result["generation"]).identity


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One sheet's way through the system.

    Attributes:
        name: The object's name.
        answer: The first answer, or None if none came in time.
        seconds: From the start of the upload to the answer.
    """

    name: str
    answer: Answer | None
    seconds: float


@dataclass(slots=True)
class Inbox:
    """The answers that have come so far, by the sheet's identity; safe to use from several threads."""

    _answers: dict[str, list[Answer]] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False

    def put(self, answer: Answer) -> None:
        """Add an answer."""
        with self._changed:
            self._answers.setdefault(answer.identity, []).append(answer)
            self._changed.notify_all()

    def wait(self, identity: str, timeout: float, count: int = 1) -> list[Answer]:
        """Return a sheet's answers once there are `count`, or those that came within `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or len(self._answers.get(identity, ())) >= count, timeout
            )
            return list(self._answers.get(identity, ()))

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def identities(self) -> set[str]:
        """Return the sheets that have an answer."""
        with self._changed:
            return set(self._answers)


class Application:
    """Uploads to the stack's bucket and listens to its results, on a subscription of its own."""

    def __init__(self, stack: LocalStack, name: str) -> None:
        """Use `stack`; the subscription is called `NAME-results`."""
        self.inbox = Inbox()
        self._senders: list[ThreadPoolExecutor] = []
        self._subscription = stack.project.subscription(f"{name}-results")
        self._topic = stack.topic
        self._subscriber = clients.subscriber(stack.addresses.pubsub)
        self._storage = clients.storage_client(stack.addresses.storage_url, stack.project.id)
        self._bucket = self._storage.bucket(names.BUCKET)

    def __enter__(self) -> Self:
        """Subscribe."""
        topics.create_subscription(
            self._subscriber,
            Subscription(name=self._subscription, topic=self._topic, ack_deadline_seconds=10),
        )
        self._pulling = self._subscriber.subscribe(self._subscription, callback=self._receive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop sending and listening."""
        self.inbox.close()
        for sender in self._senders:  # an upload under way would be tried again for minutes without a stack
            sender.shutdown(cancel_futures=True)
        self._pulling.cancel()
        self._pulling.result()
        self._subscriber.close()
        self._storage.close()

    def upload(self, name: str, data: bytes, generation: int = 0) -> SheetObject:
        """Upload a sheet; raises PreconditionFailed unless it has the generation given, 0 for none."""
        blob = self._bucket.blob(name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        blob.upload_from_string(data, content_type=kind, if_generation_match=generation)
        return SheetObject(names.BUCKET, name, str(blob.generation))

    def delete(self, name: str) -> None:
        """Delete an object."""
        self._bucket.blob(name).delete()

    def round_trip(self, name: str, data: bytes, timeout: float) -> RoundTrip:
        """Upload a sheet and wait for its answer, `timeout` seconds at most."""
        started = time.monotonic()
        sheet = self.upload(name, data)
        answers = self.inbox.wait(sheet.identity, timeout)
        answer = answers[0] if answers else None
        return RoundTrip(name, answer, (answer.received if answer else time.monotonic()) - started)

    def round_trips(
        self, sheets: Iterable[tuple[str, bytes]], in_flight: int, timeout: float
    ) -> Generator[RoundTrip, None, None]:
        """Send sheets, `in_flight` under way at a time, and yield each as it is answered.

        Closed before its end, it sends no more.
        """
        pool = ThreadPoolExecutor(in_flight, "sheet")
        self._senders.append(pool)
        try:
            trips = [pool.submit(self.round_trip, name, data, timeout) for name, data in sheets]
            for trip in as_completed(trips):
                yield trip.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _receive(self, message: Message) -> None:
        self.inbox.put(Answer(json.loads(message.data), dict(message.attributes), time.monotonic()))
        message.ack()
