"""StreamingPull: one stream's messages under flow control, and the acknowledgements that come back on it."""

import threading
from collections.abc import Iterator

import grpc
from google.pubsub_v1.types import StreamingPullRequest, StreamingPullResponse

from infra.local.pubsub.backlog import Delivery, FlowControl
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.errors import PubSubError, invalid
from infra.local.pubsub.service import Alive, Service, ack_numbers
from infra.local.pubsub.settings import check_ack_deadline

_MESSAGES_PER_RESPONSE = 100
_WAIT_SECONDS = 60.0


def streaming_pull(
    service: Service, requests: Iterator[StreamingPullRequest], alive: Alive
) -> Iterator[StreamingPullResponse]:
    """Yield messages until the client ends the stream; its first request says of which subscription.

    Raises:
        PubSubError: with the status code that the stream ends with.
    """
    first = next(requests, None)
    if first is None:
        raise invalid("The stream ended before its first request.")
    stream = _Stream(service, first)
    reader = threading.Thread(target=stream.read, args=(requests,), name="streaming-pull-reader", daemon=True)
    reader.start()
    yield from stream.responses(alive)


class _Stream:
    """The two halves of one stream: `read` runs in a thread of its own, `responses` in the method's."""

    def __init__(self, service: Service, first: StreamingPullRequest) -> None:
        check_ack_deadline(first.stream_ack_deadline_seconds)
        self._service = service
        self._name = first.subscription
        self._seconds = first.stream_ack_deadline_seconds
        self._flow = FlowControl(max(0, first.max_outstanding_messages), max(0, first.max_outstanding_bytes))
        self._open = True
        self._failure: PubSubError | None = None
        self._apply(first)

    def read(self, requests: Iterator[StreamingPullRequest]) -> None:
        """Carry out what the client sends until it sends no more."""
        try:
            for request in requests:
                self._apply(request)
        except PubSubError as failure:
            self._failure = failure
        except grpc.RpcError:
            pass  # the client is gone, which `alive` says too
        finally:
            with self._service.exclusively():
                self._open = False

    def responses(self, alive: Alive) -> Iterator[StreamingPullResponse]:
        """Yield what becomes ready, as far as flow control lets it."""

        def wanted() -> bool:
            return self._open and alive()

        while wanted():
            deliveries = self._service.wait_for_messages(self._take, _WAIT_SECONDS, wanted)
            if deliveries:
                received = self._service.received(self._name, deliveries)
                yield StreamingPullResponse(received_messages=received)
        if self._failure:
            raise self._failure

    def _take(self, broker: Broker) -> list[Delivery]:
        return broker.take(self._name, _MESSAGES_PER_RESPONSE, seconds=self._seconds, flow=self._flow)

    def _apply(self, request: StreamingPullRequest) -> None:
        with self._service.exclusively() as broker:
            broker.get_subscription(self._name)
            if request.stream_ack_deadline_seconds:
                check_ack_deadline(request.stream_ack_deadline_seconds)
                self._seconds = request.stream_ack_deadline_seconds
            if request.ack_ids:
                broker.acknowledge(self._name, ack_numbers(self._name, request.ack_ids))
            if len(request.modify_deadline_ack_ids) != len(request.modify_deadline_seconds):
                raise invalid("modify_deadline_ack_ids and modify_deadline_seconds differ in length.")
            for ack_id, seconds in zip(
                request.modify_deadline_ack_ids, request.modify_deadline_seconds, strict=True
            ):
                broker.modify_deadline(self._name, ack_numbers(self._name, [ack_id]), seconds)
