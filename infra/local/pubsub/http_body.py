"""The body of an HTTP request, with a length or in chunks: always read to its end.

What were left unread would be taken for the connection's next request.
"""

from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase

from infra.local.pubsub.errors import invalid

_PIECE_BYTES = 65536


class BrokenBodyError(Exception):
    """A body's framing makes no sense: the connection cannot be used any further."""


def read_body(headers: Message, stream: BufferedIOBase, limit: int) -> bytes:
    """Return the body that follows `headers` on `stream`.

    Raises:
        PubSubError: INVALID_ARGUMENT when it has more than `limit` bytes.
        BrokenBodyError: when its end cannot be told.
    """
    chunked = headers.get("Transfer-Encoding", "").lower() == "chunked"
    pieces = _chunks(stream) if chunked else _pieces(stream, _number(headers.get("Content-Length", "0")))
    body = bytearray()
    size = 0
    for piece in pieces:
        size += len(piece)
        if size <= limit:
            body += piece
    if size > limit:
        raise invalid(f"The request is too large: {size} bytes, at most {limit}.")
    return bytes(body)


def _pieces(stream: BufferedIOBase, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = stream.read(min(length, _PIECE_BYTES))
        if not piece:
            raise BrokenBodyError("the connection ended within a request")
        length -= len(piece)
        yield piece


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while length := _number(stream.readline().partition(b";")[0].decode("latin-1"), base=16):
        yield from _pieces(stream, length)
        stream.readline()
    while stream.readline().strip():
        pass  # trailers


def _number(text: str, base: int = 10) -> int:
    try:
        return int(text, base)
    except ValueError as error:
        raise BrokenBodyError(f"no length: {text!r}") from error
