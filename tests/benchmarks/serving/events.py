"""Uploads to the local stack, as the CloudEvents that Eventarc would make of them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

from infra.local import clients, names
from infra.local.cloudevent import EventRequest, Notification, event_request
from infra.local.stack import LocalStack

TRACEPARENT = "00-00000000000000000000000000000001-0000000000000001-01"
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in the bucket, and the event that announces it."""

    name: str
    event: EventRequest


def upload(stack: LocalStack, file: Path) -> Uploaded:
    """Upload a file and return its event, which the stack's own Eventarc delivers, too."""
    storage = clients.storage_client(stack.addresses.storage_url, stack.project.id)
    blob = storage.bucket(names.BUCKET).blob(file.name)
    blob.upload_from_filename(file)
    return Uploaded(file.name, _event(file.name, str(blob.generation), file.stat().st_size))


def ignored_event() -> EventRequest:
    """Return an event that the function looks at and does not answer: a folder's placeholder."""
    return _event("folder/", "1", 0)


def post(session: requests.Session, url: str, event: EventRequest) -> None:
    """Deliver an event; raises requests.RequestException unless the function accepts it."""
    session.post(
        url, data=event.body, headers=dict(event.headers), timeout=TIMEOUT_SECONDS
    ).raise_for_status()


def _event(name: str, generation: str, size: int) -> EventRequest:
    now = datetime.now(UTC).isoformat()
    fields = {
        "name": name,
        "bucket": names.BUCKET,
        "generation": generation,
        "size": size,
        "timeCreated": now,
    }
    attributes = {"eventType": "OBJECT_FINALIZE", "bucketId": names.BUCKET, "eventTime": now}
    return event_request(Notification("1", now, attributes, json.dumps(fields).encode()), TRACEPARENT)
