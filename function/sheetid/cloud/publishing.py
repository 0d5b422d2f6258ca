"""Publishes results to Pub/Sub, and waits until they are safe there."""

import os
from typing import Protocol

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.api_core.timeout import ConstantTimeout
from google.auth.exceptions import GoogleAuthError
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.types import PubsubMessage

from sheetid.cloud.causes import why
from sheetid.errors import TransientError
from sheetid.result import SheetResult

ATTEMPT_SECONDS = 5.0
TOTAL_SECONDS = 12.0
RETRY = Retry(
    predicate=if_exception_type(
        exceptions.Aborted,
        exceptions.Cancelled,
        exceptions.DeadlineExceeded,
        exceptions.InternalServerError,
        exceptions.ResourceExhausted,
        exceptions.ServiceUnavailable,
        exceptions.Unknown,
    ),
    initial=0.1,
    maximum=2.0,
)


class ResultPublisher(Protocol):
    """Where results go."""

    def publish(self, result: SheetResult) -> None:
        """Return once the result is safe; raises TransientError when it may not be."""
        ...


class PubSub:
    """The real one; may be used by many threads.

    Its client is the one that makes plain requests. The one of `google.cloud.pubsub_v1` hands messages to
    batches in threads, one thread for each result, and for a moment after one has failed it fails the next
    message, by an AssertionError.
    """

    def __init__(self, client: PublisherClient, topic: str, total_seconds: float = TOTAL_SECONDS) -> None:
        """Publish to `topic` through `client`, made in this process, and give up after `total_seconds`."""
        self._client = client
        self._topic = topic
        self._retry = RETRY.with_timeout(total_seconds)
        attempt_seconds = min(ATTEMPT_SECONDS, total_seconds)
        # For each attempt anew: a plain number would be the time of all, and one that hangs would use it up.
        self._timeout = ConstantTimeout(attempt_seconds)  # type: ignore[no-untyped-call]  # api_core's

    def publish(self, result: SheetResult) -> None:
        """See `ResultPublisher.publish`; takes 17 seconds at the very most.

        Every failure counts as transient, also a message that the schema refuses: the upload is still without
        its answer, and the operator can change that.
        """
        message = PubsubMessage(data=result.to_json().encode(), attributes=result.attributes())
        try:
            self._client.publish(
                topic=self._topic, messages=[message], retry=self._retry, timeout=self._timeout
            )
        except (exceptions.GoogleAPIError, GoogleAuthError) as error:
            raise TransientError(f"Pub/Sub did not take the result: {why(error)}") from error


def make_publisher(topic: str) -> PubSub:
    """Connect to Pub/Sub, or to its emulator where PUBSUB_EMULATOR_HOST names one."""
    if address := os.environ.get("PUBSUB_EMULATOR_HOST"):
        return PubSub(emulator_client(address), topic)
    return PubSub(PublisherClient(), topic)


def emulator_client(address: str) -> PublisherClient:
    """Return a client of the emulator at `host:port`: in plaintext, without credentials, past any proxy."""
    channel = grpc.insecure_channel(address, [("grpc.enable_http_proxy", 0)])
    return PublisherClient(transport=PublisherGrpcTransport(channel=channel))
