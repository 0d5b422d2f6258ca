"""A Cloud Storage server that answers as a test says: errors, short bodies, wrong checksums, silence."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import google_crc32c


@dataclass(frozen=True)
class Answer:
    """One answer to a download.

    Attributes:
        status: The HTTP status.
        body: The bytes that are really sent.
        missing: How many more bytes the headers promise.
        checksum_of: What the checksum is computed of, if not of the body.
        headers: Further headers.
        pause_seconds: For how long nothing is said between the headers and each half of the body.
    """

    status: int = 200
    body: bytes = b""
    missing: int = 0
    checksum_of: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pause_seconds: float = 0.0


@dataclass
class FaultyStorage:
    """Gives its answers in order, the last of them again and again."""

    url: str
    answers: list[Answer]
    requests: list[str] = field(default_factory=list)

    def next_answer(self, path: str) -> Answer:
        """Return what the request for `path` is answered."""
        self.requests.append(path)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def faulty_storage(*answers: Answer) -> Iterator[FaultyStorage]:
    """Serve `answers` on a free port."""
    faulty = FaultyStorage("", list(answers))
    with download_server(faulty.next_answer) as faulty.url:
        yield faulty


@contextmanager
def download_server(next_answer: Callable[[str], Answer]) -> Iterator[str]:
    """Serve what `next_answer` makes of each path, on a free port; gives the URL."""

    class Handler(BaseHTTPRequestHandler):
        """Answers downloads."""

        def do_GET(self) -> None:
            """Give the next answer."""
            send(self, next_answer(self.path))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


def send(request: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Send one answer, and close the connection."""
    content = answer.body if answer.checksum_of is None else answer.checksum_of
    checksum = google_crc32c.value(content).to_bytes(4)
    request.send_response(answer.status)
    request.send_header("Content-Length", str(len(answer.body) + answer.missing))
    request.send_header("X-Goog-Hash", f"crc32c={base64.b64encode(checksum).decode()}")
    for name, value in answer.headers.items():
        request.send_header(name, value)
    half = len(answer.body) // 2
    try:
        request.end_headers()
        for part in (answer.body[:half], answer.body[half:]):
            time.sleep(answer.pause_seconds)
            request.wfile.write(part)
            request.wfile.flush()
    except OSError:
        pass  # the client had enough
    request.close_connection = True
