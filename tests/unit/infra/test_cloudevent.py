"""The local Eventarc's conversion, held against what Eventarc documents."""

import json
from typing import Any

import pytest
from cloudevents.http import from_http
from hypothesis import given
from hypothesis import strategies as st

from infra.local.cloudevent import FINALIZED, EventRequest, NotAnEventError, Notification, event_request

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OBJECT: dict[str, Any] = {
    "kind": "storage#object",
    "name": "in/sheet 1.jpg",
    "bucket": "sheets",
    "generation": 1795354405449914,
    "size": 123,
    "contentType": "image/jpeg",
}
ATTRIBUTES = {"eventType": "OBJECT_FINALIZE", "bucketId": "sheets", "eventTime": "2026-11-22T13:33:25Z"}


def request_for(
    storage_object: object = OBJECT, attributes: dict[str, str] = ATTRIBUTES, message_id: str = "17"
) -> EventRequest:
    """Convert the notification of an object."""
    data = json.dumps(storage_object).encode()
    notification = Notification(message_id, "2026-11-22T13:33:25.467Z", attributes, data)
    return event_request(notification, TRACEPARENT)


def test_headers() -> None:
    """The headers are those of an event of Cloud Storage in binary mode."""
    assert request_for().headers == {
        "ce-id": "17",
        "ce-specversion": "1.0",
        "ce-type": FINALIZED,
        "ce-source": "//storage.googleapis.com/projects/_/buckets/sheets",
        "ce-subject": "objects/in/sheet%201.jpg",
        "ce-time": "2026-11-22T13:33:25Z",
        "ce-bucket": "sheets",
        "content-type": "application/json",
        "traceparent": TRACEPARENT,
    }


def test_body_has_64_bit_integers_as_strings() -> None:
    """JSON of protocol buffers writes 64-bit integers as strings, whatever the emulator does."""
    body = json.loads(request_for().body)
    assert (body["generation"], body["size"], body["metageneration"]) == ("1795354405449914", "123", "1")
    assert body["id"] == "sheets/in/sheet 1.jpg/1795354405449914"


def test_metageneration_is_kept() -> None:
    """What the notification says of the metageneration is not overwritten."""
    assert json.loads(request_for(OBJECT | {"metageneration": 4}).body)["metageneration"] == "4"


def test_time_of_publication_stands_in_for_a_missing_event_time() -> None:
    """A notification without a time of its own has that of its message."""
    attributes = {"eventType": "OBJECT_FINALIZE"}
    assert request_for(attributes=attributes).headers["ce-time"] == "2026-11-22T13:33:25.467Z"


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("OBJECT_DELETE", "google.cloud.storage.object.v1.deleted"),
        ("OBJECT_ARCHIVE", "google.cloud.storage.object.v1.archived"),
        ("OBJECT_METADATA_UPDATE", "google.cloud.storage.object.v1.metadataUpdated"),
    ],
)
def test_other_events_keep_their_type(event_type: str, expected: str) -> None:
    """An event that is no finalized object is not passed off as one."""
    assert request_for(attributes={"eventType": event_type}).type == expected


@given(name=st.text(min_size=1).filter(lambda name: name.isprintable() or "\n" in name))
def test_any_name_makes_a_request_that_the_sdk_reads(name: str) -> None:
    """Whatever an object is called, the headers are ASCII on one line and the body has the name as it is."""
    request = request_for(OBJECT | {"name": name})
    subject = request.headers["ce-subject"]
    assert subject.isascii()
    assert subject.isprintable()
    data = from_http(dict(request.headers), request.body).get_data()
    assert data is not None
    assert data["name"] == name


@pytest.mark.parametrize(
    ("attributes", "data"),
    [
        ({}, b"{}"),
        ({"eventType": "OBJECT_PAINT"}, b"{}"),
        (ATTRIBUTES, b"no json"),
        (ATTRIBUTES, b"\xff\xfe"),
        (ATTRIBUTES, b"[]"),
        (ATTRIBUTES, b'{"bucket": "sheets"}'),
        (ATTRIBUTES, b'{"name": 7, "bucket": "sheets"}'),
        (ATTRIBUTES, b'{"name": "sheet.jpg"}'),
        (ATTRIBUTES, b'{"name": "sheet.jpg", "bucket": null}'),
    ],
)
def test_other_messages_are_refused(attributes: dict[str, str], data: bytes) -> None:
    """A message that names no object is not made into an event."""
    with pytest.raises(NotAnEventError):
        event_request(Notification("1", "2026-11-22T13:33:25Z", attributes, data), TRACEPARENT)
