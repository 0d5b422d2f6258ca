"""A subscription over REST, as far as the PHP worker speaks to one; it can be cut off at any point.

Leases are short, so that what a killed worker held is soon delivered again.
"""

import base64
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

NAME = "projects/local/subscriptions/sheet-results-app"


class Point(StrEnum):
    """The points of the conversation at which the worker can be cut off."""

    BEFORE_DELIVERY = "before delivery"  # messages are leased, but never arrive
    AFTER_DELIVERY = "after delivery"
    BEFORE_ACKNOWLEDGING = "before acknowledging"  # all is stored, but the queue never learns of it
    AFTER_ACKNOWLEDGING = "after acknowledging"


@dataclass(slots=True)
class Delivery:
    """One message and who has it."""

    data: bytes
    leased_until: float = 0.0
    receipt: str = ""


@dataclass(slots=True)
class Subscription:
    """The messages, and what they are told.

    Attributes:
        lease_seconds: How long a message is held for whoever pulled it.
        reached: Told whenever a point is reached; True cuts the conversation off right there.
        acknowledged: Told the data of messages before they are acknowledged.
        pull_seconds: How long a pull waits for a message.
        pulling: Set while a pull waits.
    """

    lease_seconds: float
    reached: Callable[[Point], bool] = lambda _: False
    acknowledged: Callable[[list[bytes]], None] = lambda _: None
    pull_seconds: float = 0.2
    pulling: threading.Event = field(default_factory=threading.Event)
    _waiting: dict[str, Delivery] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _count: int = 0

    def publish(self, data: bytes) -> None:
        """Add a message."""
        with self._changed:
            self._count += 1
            self._waiting[str(self._count)] = Delivery(data)
            self._changed.notify_all()

    def unanswered(self) -> int:
        """Return how many messages have not been acknowledged."""
        with self._changed:
            return len(self._waiting)

    def pull(self, most: int) -> list[dict[str, Any]]:
        """Lease up to `most` messages, waiting a moment for the first."""
        end = time.monotonic() + self.pull_seconds
        with self._changed:
            self.pulling.set()
            while not (free := self._free()) and time.monotonic() < end:
                self._changed.wait(0.02)
            self.pulling.clear()
            return [self._lease(number) for number in free[:most]]

    def acknowledge(self, receipts: list[str]) -> None:
        """Forget the messages with these receipts; one that was leased to somebody else since stays."""
        with self._changed:
            numbers = [number for number, message in self._waiting.items() if message.receipt in receipts]
            self.acknowledged([self._waiting[number].data for number in numbers])
            for number in numbers:
                del self._waiting[number]

    def extend(self, receipts: list[str], seconds: float) -> None:
        """Hold the messages with these receipts for so long from now."""
        with self._changed:
            for message in self._waiting.values():
                if message.receipt in receipts:
                    message.leased_until = time.monotonic() + seconds
            self._changed.notify_all()

    def _free(self) -> list[str]:
        now = time.monotonic()
        return [number for number, message in self._waiting.items() if message.leased_until <= now]

    def _lease(self, number: str) -> dict[str, Any]:
        message = self._waiting[number]
        message.leased_until = time.monotonic() + self.lease_seconds
        message.receipt = f"{number}@{message.leased_until}"
        data = base64.b64encode(message.data).decode()
        return {"ackId": message.receipt, "message": {"messageId": number, "data": data}}


class SubscriptionServer:
    """Serves one subscription on a free port of this machine."""

    def __init__(self, subscription: Subscription) -> None:
        """Serve `subscription` while entered."""

        class Handler(_Handler):
            served = subscription

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as `host:port`."""
        return f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - whatever they are
        """Say nothing of workers that were killed; of anything else, say what."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    served: Subscription
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one request."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path, _, method = self.path.partition("?")[0].rpartition(":")
        if path != f"/v1/{NAME}":
            self.send_error(404)
        elif method == "pull":
            self._pull(request)
        elif method == "acknowledge":
            self._acknowledge(request)
        else:
            self.served.extend(request["ackIds"], request.get("ackDeadlineSeconds", 0))
            self._answer({})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _pull(self, request: dict[str, Any]) -> None:
        messages = self.served.pull(request["maxMessages"])
        if messages and self.served.reached(Point.BEFORE_DELIVERY):
            return
        self._answer({"receivedMessages": messages} if messages else {})
        if messages:
            self.served.reached(Point.AFTER_DELIVERY)

    def _acknowledge(self, request: dict[str, Any]) -> None:
        if self.served.reached(Point.BEFORE_ACKNOWLEDGING):
            return
        self.served.acknowledge(request["ackIds"])
        if not self.served.reached(Point.AFTER_ACKNOWLEDGING):
            self._answer({})

    def _answer(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:  # the worker is gone
            self.close_connection = True
