"""The entry point: CloudEvents posted to the app that functions-framework makes of `main.py`."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask import Flask
from flask.testing import FlaskClient

from sheetid.errors import PermanentError, TransientError
from sheetid.once import Once
from sheetid.result import Reason
from tests.unit.function.cloud_events import BUCKET, GENERATION, NAME, attributes, binary_headers, data
from tests.unit.function.fakes import World

MAIN = Path(__file__).parents[3] / "function" / "main.py"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
ENVIRONMENT = {
    "SHEETID_TOPIC": "projects/my-project/topics/sheet-results",
    "SHEETID_BUCKET": BUCKET,
    "SERVING_TARGET": "127.0.0.1:1",
}


@pytest.fixture(autouse=True)
def _process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the function its environment and nothing else of ours, and leave no trace of it."""
    ours = [name for name in os.environ if name.startswith("SHEETID_")]  # of training and benchmarks too
    for name in (*ENVIRONMENT, *ours, "GOOGLE_CLOUD_PROJECT", "LOG_LEVEL", "LOG_EXECUTION_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("sheetid").setLevel(logging.NOTSET)
    sys.modules.pop("main", None)


def load_function() -> Flask:
    """Load `main.py` as the framework does when the process starts."""
    app: Flask = functions_framework.create_app("handle_upload", str(MAIN), "cloudevent")  # type: ignore[no-untyped-call]
    return app


@pytest.fixture
def world() -> World:
    """A world in which everything works."""
    return World()


@pytest.fixture
def stdout() -> io.StringIO:
    """Return what stands for the process's stdout."""
    return io.StringIO()


@pytest.fixture
def client(world: World, stdout: io.StringIO) -> FlaskClient:
    """Return a client of the function in that world."""
    with redirect_stdout(stdout):
        app = load_function()
    sys.modules["main"].__dict__["PORTS"] = Once(lambda: world.ports)
    return app.test_client()


def post(client: FlaskClient, headers: dict[str, str] | None = None, **changes: object) -> int:
    """Post an event in binary mode, as Eventarc does, and return the status of the response."""
    body = json.dumps(data(**changes))
    return client.post("/", headers=headers or binary_headers(), data=body).status_code


def entries(stdout: io.StringIO) -> list[dict[str, Any]]:
    """Return what was logged."""
    return [json.loads(line) for line in stdout.getvalue().splitlines()]


def test_an_event_in_binary_mode(client: FlaskClient, world: World) -> None:
    """The way of Eventarc: attributes in the headers, the object in the body."""
    assert post(client, binary_headers(id="77")) == 200
    (message,) = world.publisher.messages
    assert message["status"] == "read"
    assert message["image"] == NAME
    assert message["generation"] == GENERATION
    assert message["eventId"] == "77"


def test_an_event_in_structured_mode(client: FlaskClient, world: World) -> None:
    """The other way of the standard: everything in the body."""
    event = attributes(id="77") | {"datacontenttype": "application/json", "data": data()}
    headers = {"content-type": "application/cloudevents+json"}
    assert client.post("/", headers=headers, data=json.dumps(event)).status_code == 200
    (message,) = world.publisher.messages
    assert message["eventId"] == "77"


def test_a_name_beyond_ascii(client: FlaskClient, world: World) -> None:
    """Names come from the body, where they are whole; the header's encoding does not matter."""
    name = "Bl\u00e4tter/\u9875 \U0001f4c4.png"
    assert post(client, binary_headers(subject="objects/Bl%C3%A4tter/%E9%A1%B5%20.png"), name=name) == 200
    assert world.publisher.messages[0]["image"] == name


def test_a_permanent_failure_is_acknowledged(client: FlaskClient, world: World) -> None:
    """It is published as a rejection, and Eventarc need not come again."""
    world.read.failure = PermanentError(Reason.NOT_AN_IMAGE, "text")
    assert post(client) == 200
    assert world.publisher.messages[0]["reason"] == "not_an_image"


def test_a_passing_failure_asks_for_the_event_again(
    client: FlaskClient, world: World, stdout: io.StringIO
) -> None:
    """A 503 now, one ERROR with its cause and stack, and the answer when the event comes again."""
    world.store.failure = TransientError("Cloud Storage is down")
    assert post(client) == 503
    (entry,) = entries(stdout)
    assert entry["severity"] == "ERROR"
    assert entry["cause"] == "Cloud Storage is down"
    assert entry["object"] == NAME
    assert "TransientError" in entry["stack_trace"]
    world.store.failure = None
    assert post(client) == 200
    assert len(world.publisher.messages) == 1


def test_a_defect_asks_for_the_event_again(client: FlaskClient, world: World, stdout: io.StringIO) -> None:
    """A 500, one ERROR with its cause and stack, and no word of it to the caller."""
    world.read.failure = ZeroDivisionError("a defect of ours")
    response = client.post("/", headers=binary_headers(), data=json.dumps(data()))
    assert response.status_code == 500
    assert "defect" not in response.text
    (entry,) = entries(stdout)
    assert entry["cause"] == "ZeroDivisionError('a defect of ours')"
    assert "ZeroDivisionError: a defect of ours" in entry["stack_trace"]
    assert world.publisher.messages == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b"7", b'"text"', b"{}", b"[" * 100_000, b'{"bucket":{}}'],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_without_an_object_is_acknowledged(
    client: FlaskClient, world: World, stdout: io.StringIO, body: bytes
) -> None:
    """It would be no better the next time: an ERROR that says what is wrong, and a 200."""
    assert client.post("/", headers=binary_headers(), data=body).status_code == 200
    (entry,) = entries(stdout)
    assert entry["severity"] == "ERROR"
    assert entry["message"].startswith("event acknowledged without a result: ")
    assert world.publisher.messages == []


@pytest.mark.parametrize(
    "body",
    [{"type": ["x"]}, {"id": 5}, {"source": {}}, {"time": []}, {"data_base64": 5}],
    ids=repr,
)
def test_structured_events_of_wrong_types_are_acknowledged(
    client: FlaskClient, world: World, body: dict[str, object]
) -> None:
    """In structured mode an attribute can be anything; none of it stops the function."""
    event = attributes() | body
    headers = {"content-type": "application/cloudevents+json"}
    assert client.post("/", headers=headers, data=json.dumps(event)).status_code == 200
    assert world.publisher.messages == []


@pytest.mark.parametrize("body", [b'{"specversion":"\xe1"}', b"[" * 100_000], ids=["not UTF-8", "too deep"])
@pytest.mark.parametrize("binary", [False, True])
def test_structured_bodies_that_cannot_be_decoded_are_acknowledged(
    client: FlaskClient, world: World, stdout: io.StringIO, body: bytes, *, binary: bool
) -> None:
    """The framework stumbles over them, whatever the headers say; they would be no better the next time."""
    headers = (binary_headers() if binary else {}) | {"content-type": "application/cloudevents+json"}
    assert client.post("/", headers=headers, data=body).status_code == 200
    (entry,) = entries(stdout)
    assert entry["message"].startswith("event acknowledged without a result: ")
    assert world.publisher.messages == []


def test_what_is_no_event_is_refused(client: FlaskClient, world: World) -> None:
    """A request that is no CloudEvent at all is the caller's mistake."""
    assert client.post("/", headers={"content-type": "application/json"}, data="{}").status_code == 400
    assert client.get("/").status_code == 405
    assert world.publisher.messages == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("traceparent", f"00-{TRACE_ID}-00f067aa0ba902b7-01"),
        ("X-Cloud-Trace-Context", f"{TRACE_ID}/67667974448284343;o=1"),
    ],
)
def test_one_line_with_the_trace_and_the_object(
    client: FlaskClient, stdout: io.StringIO, header: str, value: str
) -> None:
    """An answered event is one entry, which Cloud Logging joins to its request."""
    assert post(client, binary_headers(id="77") | {header: value}) == 200
    (entry,) = entries(stdout)
    assert entry["severity"] == "INFO"
    assert entry["logging.googleapis.com/trace"] == f"projects/my-project/traces/{TRACE_ID}"
    assert entry["logging.googleapis.com/spanId"] == "00f067aa0ba902b7"
    assert (entry["bucket"], entry["object"], entry["generation"]) == (BUCKET, NAME, GENERATION)
    assert entry["eventId"] == "77"
    assert {"downloadMs", "readMs", "publishMs"} <= entry.keys()


def test_a_name_cannot_forge_an_entry(client: FlaskClient, stdout: io.StringIO) -> None:
    """Line ends and terminal codes of a name stay inside its entry, escaped."""
    name = 'a\n{"severity":"CRITICAL"}\r\u2028\x1b[31m.png'
    assert post(client, name=name) == 200
    output = stdout.getvalue()
    assert output.isascii()
    assert len(output.splitlines()) == 1
    assert json.loads(output)["object"] == name


def test_unusable_settings_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends, and its last words list everything that is wrong, without a stack."""
    monkeypatch.delenv("SHEETID_TOPIC")
    monkeypatch.setenv("SHEETID_LENGHT", "7")
    with pytest.raises(SystemExit) as caught:
        load_function()
    assert "SHEETID_TOPIC must be set" in str(caught.value.code)
    assert "did you mean SHEETID_LENGTH?" in str(caught.value.code)


def test_no_client_before_the_first_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework loads the function and then forks; clients would not survive that."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a client was made while the function was loaded")

    monkeypatch.setattr("google.cloud.storage.Client", refuse)
    monkeypatch.setattr("google.pubsub_v1.PublisherClient.__init__", refuse)
    monkeypatch.setattr("grpc.secure_channel", refuse)
    monkeypatch.setattr("grpc.insecure_channel", refuse)
    assert load_function()
