"""From a Cloud Storage notification to the HTTP request that Eventarc makes of it; no clock, no network."""

import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVENT_TYPES = {
    "OBJECT_FINALIZE": "google.cloud.storage.object.v1.finalized",
    "OBJECT_DELETE": "google.cloud.storage.object.v1.deleted",
    "OBJECT_ARCHIVE": "google.cloud.storage.object.v1.archived",
    "OBJECT_METADATA_UPDATE": "google.cloud.storage.object.v1.metadataUpdated",
}
FINALIZED = EVENT_TYPES["OBJECT_FINALIZE"]
INT64_FIELDS = ("generation", "metageneration", "size")
# CloudEvents, HTTP binding 1.0.1, section 3.1.3.2: what is no printable ASCII is percent-encoded,
# and so are the space, the double quote and the percent sign.
UNENCODED = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class NotAnEventError(ValueError):
    """A message is no notification of Cloud Storage."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A message on the notification topic.

    Attributes:
        message_id: Pub/Sub's id of the message, which becomes the event's.
        published: When Pub/Sub took it, RFC 3339.
        attributes: What Cloud Storage says of the event; `eventType` and `bucketId` are needed.
        data: The object's metadata as JSON.
    """

    message_id: str
    published: str
    attributes: Mapping[str, str]
    data: bytes


@dataclass(frozen=True, slots=True)
class EventRequest:
    """A CloudEvent in binary mode: attributes in the headers, data in the body."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The kind of event, which triggers filter by."""
        return self.headers["ce-type"]

    @property
    def id(self) -> str:
        """The event's id."""
        return self.headers["ce-id"]


def event_request(notification: Notification, traceparent: str) -> EventRequest:
    """Return the request that Eventarc posts for a notification; raises NotAnEventError."""
    attributes = notification.attributes
    storage_object = _storage_object(notification)
    bucket = storage_object["bucket"]
    headers = {
        "ce-id": notification.message_id,
        "ce-specversion": "1.0",
        "ce-type": EVENT_TYPES[attributes["eventType"]],
        "ce-source": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "ce-subject": _header_value(f"objects/{storage_object['name']}"),
        "ce-time": attributes.get("eventTime", notification.published),
        "ce-bucket": bucket,
        "content-type": "application/json",
        "traceparent": traceparent,
    }
    body = json.dumps(storage_object, ensure_ascii=False, separators=(",", ":")).encode()
    return EventRequest(headers, body)


def _storage_object(notification: Notification) -> dict[str, Any]:
    """Return the event's data, a `StorageObjectData`: the notification's object, int64s as strings."""
    if notification.attributes.get("eventType") not in EVENT_TYPES:
        raise NotAnEventError(f"eventType is {notification.attributes.get('eventType')!r}")
    try:
        fields = json.loads(notification.data)
    except ValueError as error:
        raise NotAnEventError(f"the data is not JSON: {error}") from error
    if not isinstance(fields, dict) or not all(isinstance(fields.get(n), str) for n in ("name", "bucket")):
        raise NotAnEventError("the data names no object")
    # The first metadata of a generation: the emulator leaves it out, Cloud Storage does not.
    fields.setdefault("metageneration", "1")
    fields.update({name: str(fields[name]) for name in INT64_FIELDS if name in fields})
    fields["id"] = f"{fields['bucket']}/{fields['name']}/{fields.get('generation', '')}"
    return fields


def _header_value(text: str) -> str:
    return urllib.parse.quote(text, safe=UNENCODED)
