"""One port for both transports: a connection that opens with HTTP/2 is gRPC, any other is REST."""

import contextlib
import socket
import socketserver
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.grpc_transport import grpc_server
from infra.local.pubsub.rest_transport import rest_handler
from infra.local.pubsub.service import Service

_HTTP2_PREFACE = b"PRI"  # no HTTP/1 method begins so
_CHUNK_BYTES = 65536


class PubSubServer:
    """A running emulator; a context manager that ends it."""

    def __init__(self, host: str, port: int) -> None:
        """Listen on `host`:`port`; port 0 takes a free one."""
        service = Service(Broker())
        self._stack = contextlib.ExitStack()
        # gRPC listens on a socket file in a private folder, so that nothing else is exposed.
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="pubsub-"))
        grpc_path = str(Path(folder, "grpc.sock"))
        self._grpc = grpc_server(service)
        self._grpc.add_insecure_port(f"unix:{grpc_path}")
        self._front = _Front((host, port), service, grpc_path)
        self.address = f"{host}:{self._front.server_address[1]}"

    def __enter__(self) -> Self:
        """Start serving, in threads of its own."""
        self._grpc.start()
        threading.Thread(target=self._front.serve_forever, args=(0.05,), name="front", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop serving: open streams and waiting pulls are cut off."""
        self._front.shutdown()
        self._front.server_close()
        self._grpc.stop(grace=None).wait()
        self._stack.close()


class _Front(socketserver.ThreadingTCPServer):
    """Accepts all connections, one thread each."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], service: Service, grpc_path: str) -> None:
        self._grpc_path = grpc_path
        super().__init__(address, rest_handler(service))

    def finish_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Look at the first bytes without consuming them, and hand the connection over."""
        if not isinstance(request, socket.socket):
            raise TypeError("expected a stream socket")
        with contextlib.suppress(ConnectionError):
            if request.recv(len(_HTTP2_PREFACE), socket.MSG_PEEK | socket.MSG_WAITALL) == _HTTP2_PREFACE:
                _splice(request, self._grpc_path)
            else:
                super().finish_request(request, client_address)


def _splice(client: socket.socket, grpc_path: str) -> None:
    """Connect `client` with the gRPC server until both have ended."""
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(grpc_path)
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(_CHUNK_BYTES):
            sink.sendall(chunk)
    # Either side's end ends the other: HTTP/2 has no half-closed connections.
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
