"""The cloud side: sheets go to the bucket, and their results come from a subscription."""

import json
import logging
import mimetypes
import queue
import time
from dataclasses import dataclass
from threading import Event
from types import TracebackType
from typing import Any, Protocol, Self

from google.api_core.exceptions import PreconditionFailed, RetryError
from google.cloud.pubsub_v1 import SubscriberClient
from google.cloud.pubsub_v1.subscriber.message import Message
from google.cloud.pubsub_v1.types import FlowControl
from google.cloud.storage import Bucket, Client
from google.cloud.storage.retry import DEFAULT_RETRY

LOG = logging.getLogger("beanstalk_bridge")

OUTSTANDING = 1000
RETRY = DEFAULT_RETRY.with_timeout(5.0)  # short, so that a wish to stop is soon heard


class Receipt(Protocol):
    """What a result is acknowledged with."""

    def ack(self) -> None:
        """Never deliver it again."""

    def nack(self) -> None:
        """Deliver it again, perhaps to somebody else."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A result that has come: its fields, and how it is acknowledged."""

    result: dict[str, Any]
    receipt: Receipt


class SheetStore:
    """The bucket that sheets are uploaded to. Safe to use from several threads."""

    def __init__(self, project: str, bucket: str, retry_seconds: float, stopped: Event) -> None:
        """Use `bucket`; STORAGE_EMULATOR_HOST and the default credentials are honoured.

        What fails is tried again for `retry_seconds`, unless `stopped`.
        """
        self._bucket: Bucket = Client(project=project).bucket(bucket)
        self._retry_seconds, self._stopped = retry_seconds, stopped

    def upload(self, name: str, data: bytes) -> None:
        """Create an object under a name that is used once; raises what was wrong in the end."""
        end = time.monotonic() + self._retry_seconds
        while True:
            try:
                self._create(name, data)
            except RetryError:
                if self._stopped.is_set() or time.monotonic() > end:
                    raise
            else:
                return

    def _create(self, name: str, data: bytes) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        blob = self._bucket.blob(name)
        try:
            blob.upload_from_string(data, content_type=kind, if_generation_match=0, retry=RETRY)
        except PreconditionFailed:
            # Nobody else has the name: an earlier attempt got through and its answer got lost.
            LOG.info("%s was uploaded by an attempt that seemed to fail", name)


class Results:
    """The results of a subscription, as they come."""

    def __init__(self, subscription: str) -> None:
        """Use the subscription of that full name.

        PUBSUB_EMULATOR_HOST and the default credentials are honoured.
        """
        self._subscription = subscription
        self._client = SubscriberClient()
        self._arrived: queue.SimpleQueue[Arrival] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        """Begin to listen."""
        flow = FlowControl(max_messages=OUTSTANDING)
        self._pulling = self._client.subscribe(self._subscription, callback=self._receive, flow_control=flow)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; what was not acknowledged is delivered again."""
        self._pulling.cancel()
        self._client.close()

    def next(self, seconds: float) -> Arrival | None:
        """Return the next result, or None if none came in time; raises when listening has failed."""
        if self._pulling.done():
            self._pulling.result()
        try:
            return self._arrived.get(timeout=seconds) if seconds > 0 else self._arrived.get_nowait()
        except queue.Empty:
            return None

    def _receive(self, message: Message) -> None:
        try:
            result = json.loads(message.data)
            result["image"].encode()
        except (ValueError, KeyError, TypeError, AttributeError):
            LOG.warning("message %s is no result", message.message_id)
            message.ack()
            return
        self._arrived.put(Arrival(result, message))
