"""Publishing with the official client: safe when it returns, an error when it may not be."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc
import pytest

from sheetid.cloud import publishing
from sheetid.cloud.publishing import PubSub, emulator_client, make_publisher
from sheetid.errors import TransientError
from sheetid.result import Reading, SheetObject, SheetResult, Status
from tests.integration.faulty_pubsub import FaultyPubSub, faulty_pubsub

TOPIC = "projects/local/topics/sheet-results"
CODES = grpc.StatusCode


def sheet_result(name: str = "uploads/1.png") -> SheetResult:
    """Return a result to publish."""
    reading = Reading(Status.READ, None, "00471", 0.99)
    return SheetResult(reading, SheetObject("sheets", name, "17"), "77", datetime(2026, 11, 22, tzinfo=UTC))


def publisher(server: FaultyPubSub, monkeypatch: pytest.MonkeyPatch) -> PubSub:
    """Return the publisher as the function makes it."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", server.address)
    return make_publisher(TOPIC)


def impatient(server: FaultyPubSub, total_seconds: float) -> PubSub:
    """Return a publisher that gives up soon."""
    return PubSub(emulator_client(server.address), TOPIC, total_seconds)


def test_a_result_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its JSON as the data, and the attributes by which subscriptions filter."""
    with faulty_pubsub() as server:
        publisher(server, monkeypatch).publish(sheet_result("Blatt \u00fc.png"))
    (request,) = server.requests
    (message,) = request.messages
    assert request.topic == TOPIC
    assert json.loads(message.data)["sheetNumber"] == "00471"
    assert json.loads(message.data)["image"] == "Blatt \u00fc.png"
    assert message.attributes["objectId"] == "Blatt \u00fc.png"
    assert dict(message.attributes) == sheet_result("Blatt \u00fc.png").attributes()


@pytest.mark.parametrize(
    "code",
    [
        CODES.ABORTED,
        CODES.CANCELLED,
        CODES.INTERNAL,
        CODES.RESOURCE_EXHAUSTED,
        CODES.UNAVAILABLE,
        CODES.UNKNOWN,
    ],
)
def test_a_failure_that_passes_is_waited_out(code: CODES, monkeypatch: pytest.MonkeyPatch) -> None:
    """One refusal costs a second request, not the event."""
    with faulty_pubsub(code) as server:
        publisher(server, monkeypatch).publish(sheet_result())
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [CODES.PERMISSION_DENIED, CODES.NOT_FOUND, CODES.INVALID_ARGUMENT])
def test_a_failure_that_lasts_is_told_at_once(code: CODES, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator has to change something; until then every event comes again."""
    with faulty_pubsub(code) as server, pytest.raises(TransientError) as caught:
        publisher(server, monkeypatch).publish(sheet_result())
    assert len(server.requests) == 1
    assert code.name in str(caught.value) or str(code.value[0]) in str(caught.value)


def test_a_failure_is_of_one_message_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that is refused has nothing to do with the one that is published next."""
    with faulty_pubsub(CODES.PERMISSION_DENIED) as server:
        shared = publisher(server, monkeypatch)
        with pytest.raises(TransientError):
            shared.publish(sheet_result("uploads/1.png"))
        shared.publish(sheet_result("uploads/2.png"))
    assert len(server.requests) == 2


def test_an_outage_is_given_up() -> None:
    """Trying again within one event has an end: trying the event again is cheaper."""
    outage = [CODES.UNAVAILABLE] * 1000
    with faulty_pubsub(*outage) as server, pytest.raises(TransientError, match="told to answer UNAVAILABLE"):
        impatient(server, 0.5).publish(sheet_result())
    assert 1 < len(server.requests) < 20


def test_a_request_that_hangs_is_given_up() -> None:
    """A server that takes the request and says nothing has not promised anything."""
    with faulty_pubsub(*[2.0] * 10) as server, pytest.raises(TransientError):
        impatient(server, 0.3).publish(sheet_result())
    assert server.requests


def test_a_request_that_hangs_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt that gets no answer does not use up the time of all of them."""
    monkeypatch.setattr(publishing, "ATTEMPT_SECONDS", 0.2)
    with faulty_pubsub(1.0) as server:
        impatient(server, 10.0).publish(sheet_result())
    assert len(server.requests) == 2


def test_nobody_there() -> None:
    """A connection that is refused may be accepted later."""
    with faulty_pubsub() as server:
        pass
    with pytest.raises(TransientError):
        impatient(server, 0.3).publish(sheet_result())


def test_many_threads_share_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every result is published exactly once, in a request of its own, whoever else publishes."""
    everyone_is_here = threading.Barrier(8)
    names = [f"uploads/{number}.png" for number in range(64)]

    def publish(name: str) -> None:
        everyone_is_here.wait(timeout=30)
        shared.publish(sheet_result(name))

    with faulty_pubsub() as server:
        shared = publisher(server, monkeypatch)
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(publish, names))
    published = [
        message.attributes["objectId"] for request in server.requests for message in request.messages
    ]
    assert sorted(published) == sorted(names)
    assert len(server.requests) == len(names)
