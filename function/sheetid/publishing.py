"""Publishes results to Pub/Sub, and waits until they are safe there."""

from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Protocol

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.api_core.timeout import ConstantTimeout
from google.auth.exceptions import GoogleAuthError
from google.cloud import pubsub_v1
from google.cloud.pubsub_v1.types import BatchSettings

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
    timeout=TOTAL_SECONDS,
)
# For each attempt anew: a number would be the time for all of them, and one that hangs would use it up.
ATTEMPT_TIMEOUT = ConstantTimeout(ATTEMPT_SECONDS)  # type: ignore[no-untyped-call]  # api_core has no types here
# One event has one result, so waiting for others to share a request with would only cost time.
UNBATCHED = BatchSettings(max_messages=1)


class ResultPublisher(Protocol):
    """Where results go."""

    def publish(self, result: SheetResult) -> None:
        """Return once the result is safe; raises TransientError when it may not be."""
        ...


class PubSub:
    """The real one; may be used by many threads."""

    def __init__(self, client: pubsub_v1.PublisherClient, topic: str) -> None:
        """Publish to `topic` through `client`, which has to have been made in this process."""
        self._client = client
        self._topic = topic

    def publish(self, result: SheetResult) -> None:
        """See `ResultPublisher.publish`; takes 20 seconds at the very most.

        Every failure counts as transient, also a message that the schema refuses: the upload is still without
        its answer, and the operator can change that.
        """
        try:
            self._client.publish(
                self._topic,
                result.to_json().encode(),
                retry=RETRY,
                timeout=ATTEMPT_TIMEOUT,
                **result.attributes(),
            ).result(timeout=TOTAL_SECONDS + ATTEMPT_SECONDS + 3)
        except (exceptions.GoogleAPIError, GoogleAuthError, FutureTimeoutError) as error:
            raise TransientError(f"Pub/Sub did not take the result: {error!r}") from error


def make_publisher(topic: str) -> PubSub:
    """Connect to Pub/Sub, or to its emulator where PUBSUB_EMULATOR_HOST names one."""
    return PubSub(pubsub_v1.PublisherClient(batch_settings=UNBATCHED), topic)
