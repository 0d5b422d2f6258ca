"""A function as the local Eventarc sees it: an HTTP server that notes requests and answers as it is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.ports import HOST


@dataclass(slots=True)
class Receiver:
    """Notes every request.

    Attributes:
        url: Where it listens.
        decide: Given a request's headers, and how often its event came before, returns the status.
        requests: Headers, by lower-case name, and body of every request so far.
    """

    url: str
    decide: Callable[[dict[str, str], int], int]
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def receive(self, headers: dict[str, str], body: bytes) -> int:
        """Note a request and return the status to answer with."""
        with self._changed:
            before = sum(earlier["ce-id"] == headers["ce-id"] for earlier, _ in self.requests)
            self.requests.append((headers, body))
            self._changed.notify_all()
        return self.decide(headers, before)

    def wait(self, count: int, seconds: float = 60.0) -> list[tuple[dict[str, str], bytes]]:
        """Return the requests once there are `count`; fail if that takes too long."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, seconds), self.requests
            return list(self.requests)


@contextmanager
def receiver(decide: Callable[[dict[str, str], int], int], port: int = 0) -> Iterator[Receiver]:
    """Serve on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            self.send_response(noted.receive(headers, body))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing: the tests look at what was noted."""

    server = ThreadingHTTPServer((HOST, port), Handler)
    noted = Receiver(f"http://{HOST}:{server.server_port}/", decide)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
