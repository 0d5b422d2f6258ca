"""An event's attributes and data, of whatever types JSON has."""

import json
from collections.abc import Mapping

from sheetid.events import FINALIZED, SOURCE, EventError, parse_upload
from sheetid.result import Reading, Reason, Status
from tests.unit.hostile.results import check_message, message

SOUND: Mapping[str, object] = {
    "type": FINALIZED,
    "source": SOURCE + "sheets",
    "id": "1",
    "time": "2026-11-22T12:00:00Z",
}
DATA = {"bucket": "sheets", "name": "a/b.png", "generation": "17", "size": "2048"}
REJECTED = Reading(Status.REJECTED, Reason.EXPIRED)


def run(data: bytes) -> None:
    """Parse an event: the input is JSON `[attributes, data]`, or the data of a sound event."""
    try:
        body = json.loads(data)
    except ValueError:
        body = data
    except RecursionError:  # the framework's to refuse
        return
    attributes = SOUND
    if isinstance(body, list) and len(body) == 2 and isinstance(body[0], dict):
        attributes, body = {**SOUND, **body[0]}, body[1]
    try:
        upload = parse_upload(attributes, body)
    except EventError:
        return
    check_message(message(REJECTED, upload.sheet, upload.event_id))


def seeds() -> list[bytes]:
    """Return a sound event's data, and the same with attributes."""
    return [json.dumps(body).encode() for body in (DATA, [SOUND, DATA], [], None)]
