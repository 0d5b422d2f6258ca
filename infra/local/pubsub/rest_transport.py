"""REST: the table of methods transcoded to HTTP and JSON, as google.api.http describes it."""

import json
import re
import socket
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from infra.local.pubsub.errors import PubSubError, invalid, not_found
from infra.local.pubsub.grpc_transport import MAX_REQUEST_BYTES
from infra.local.pubsub.http_body import BrokenBodyError, read_body
from infra.local.pubsub.rpcs import UNARY_RPCS, Rpc
from infra.local.pubsub.service import Service

_HTTP_STATUS = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.UNIMPLEMENTED: 501,
}
# Parameters of Google's HTTP front end rather than of the method.
_SYSTEM_PARAMETERS = frozenset({"alt", "key", "prettyPrint", "fields", "quotaUser", "callback"})
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")


class RestHandler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "pubsub-emulator"
    disable_nagle_algorithm = True
    wbufsize = -1
    service: Service  # set by `rest_handler`

    def do_GET(self) -> None:
        """Answer that the emulator is up, or a method."""
        if self.path == "/":
            self._send(200, b"Ok", "text/plain")
        else:
            self._handle()

    def do_POST(self) -> None:
        """Answer a method."""
        self._handle()

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the names are http.server's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Keep quiet: a request is the client's business."""

    def _handle(self) -> None:
        try:
            body = read_body(self.headers, self.rfile, MAX_REQUEST_BYTES)
            rpc, fields = find_rpc(self.command, urlsplit(self.path).path)
            request = transcode(rpc, fields, dict(parse_qsl(urlsplit(self.path).query)), body)
            answer = rpc.call(self.service, request, self._alive)
            integers = "enum-encoding=int" in unquote(self.path)
            self._send(200, _to_json(answer, enums_as_integers=integers))
        except PubSubError as error:
            status = _HTTP_STATUS[error.code]
            document = {"error": {"code": status, "message": error.message, "status": error.code.name}}
            self._send(status, json.dumps(document).encode())
        except BrokenBodyError as error:
            self.close_connection = True
            self.send_error(400, str(error))

    def _send(self, status: int, body: bytes, content_type: str = "application/json; charset=UTF-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _alive(self) -> bool:
        """Tell whether the client still waits for its answer."""
        try:
            peeked: bytes = self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return bool(peeked)


def rest_handler(service: Service) -> type[RestHandler]:
    """Return the request handler class for `service`."""
    return type("BoundRestHandler", (RestHandler,), {"service": service})


def find_rpc(verb: str, path: str) -> tuple[Rpc, dict[str, str]]:
    """Return the method at `verb` and `path`, and the request fields that the path holds.

    Raises:
        PubSubError: NOT_FOUND when there is none.
    """
    for rpc in UNARY_RPCS:
        match = _pattern(rpc.path).fullmatch(path) if rpc.verb == verb else None
        if match:
            fields = {name.replace("__", "."): unquote(value) for name, value in match.groupdict().items()}
            return rpc, fields
    raise not_found(f"No method at {verb} {path}.")


def transcode(rpc: Rpc, fields: dict[str, str], query: dict[str, str], body: bytes) -> object:
    """Return the request message that an HTTP request stands for.

    Raises:
        PubSubError: INVALID_ARGUMENT when it is not a request of this method.
    """
    try:
        content = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise invalid(f"Payload isn't valid for request: {error}") from error
    document: dict[str, Any] = content if rpc.body == "*" else {rpc.body: content} if rpc.body else {}
    if not isinstance(document, dict):
        raise invalid("Payload isn't valid for request: expected a JSON object.")
    parameters = {name: value for name, value in query.items() if not name.startswith("$")}
    for name, value in {**parameters, **fields}.items():
        if name not in _SYSTEM_PARAMETERS:
            _set_field(document, name, value)
    message = rpc.request.pb()()
    try:
        _check_base64(document, message.DESCRIPTOR)
        json_format.ParseDict(document, message)
    except (json_format.ParseError, ValueError) as error:
        raise invalid(f"Payload isn't valid for request: {error}") from error
    wrapped: object = rpc.request.wrap(message)
    return wrapped


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return a google.api.http path template as a regular expression with one group per field."""

    def group(match: re.Match[str]) -> str:
        name, pattern = match.groups()
        return f"(?P<{name.replace('.', '__')}>{pattern.replace('*', '[^/:]+')})"

    return re.compile(re.sub(r"\{([\w.]+)=([^}]+)\}", group, template))


def _set_field(document: dict[str, Any], path: str, value: str) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        document = document.setdefault(parent, {})
        if not isinstance(document, dict):
            raise invalid(f"Payload isn't valid for request: {parent} is not an object.")
    document[name] = value


def _check_base64(document: Mapping[str, Any], descriptor: Descriptor) -> None:
    """Raise ValueError for bytes that are not base64: json_format passes over what it does not know."""
    for field in descriptor.fields:
        value = document.get(field.json_name)
        values = value if isinstance(value, list) else [value]
        for item in values:
            if field.type == FieldDescriptor.TYPE_BYTES and isinstance(item, str):
                if not _BASE64.fullmatch(item):
                    raise ValueError(f"{field.json_name} is not base64.")
            elif field.message_type and isinstance(item, dict):
                _check_base64(item, field.message_type)


def _to_json(answer: Any, *, enums_as_integers: bool) -> bytes:  # noqa: ANN401 - any of the message types
    if answer is None:
        return b"{}"
    raw = type(answer).pb(answer)
    return json_format.MessageToJson(raw, use_integers_for_enums=enums_as_integers, indent=None).encode()
