"""The events of the soak: most of them sheets, and what else comes to a function in production."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle

from infra.local.application import Application
from infra.local.cloudevent import EventRequest, Notification, event_request
from infra.local.eventarc import new_traceparent
from infra.local.names import BUCKET
from sheetid.result import SheetObject
from tests.corpus.fixture import Fixture
from tests.load.sheets import crops, rejects
from tests.load.tally import Question

PREFIX = "uploads/"  # the function's: what lies elsewhere is ignored
# Of twenty events. An object's event comes again and again, each time with another id, and each is answered.
SHEETS, REJECTS, IGNORED = 16, 2, 2
MIX = f"of 20 events {SHEETS} crops, {REJECTS} files that are refused, {IGNORED} that are to be ignored"


@dataclass(frozen=True, slots=True)
class Announced:
    """An object, how many bytes it has, and what is to come of its events."""

    sheet: SheetObject
    size: int
    question: Question

    def event(self, event_id: str) -> EventRequest:
        """Return an event of now, as Eventarc makes it."""
        now = datetime.now(UTC).isoformat()
        fields = {
            "name": self.sheet.name,
            "bucket": self.sheet.bucket,
            "generation": self.sheet.generation,
            "size": self.size,
            "timeCreated": now,
        }
        attributes = {"eventType": "OBJECT_FINALIZE", "bucketId": self.sheet.bucket, "eventTime": now}
        return event_request(
            Notification(event_id, now, attributes, json.dumps(fields).encode()), new_traceparent()
        )


def announced(application: Application) -> Iterator[tuple[str, Announced]]:
    """Upload the sheets, and yield events' ids and what they announce, in the mix above and without end."""
    sheets, refused = (cycle(uploaded(application, files)) for files in (crops(), rejects()))
    ignored = cycle(
        Announced(SheetObject(BUCKET, name, "1"), size, Question(name, None))
        for name, size in ((f"{PREFIX}folder/", 0), ("elsewhere/sheet.jpg", 9))
    )
    turn = [*[sheets] * (SHEETS // 2), refused, ignored] * 2
    for number, kind in zip(count(), cycle(turn)):
        yield f"soak-{number}", next(kind)


def uploaded(application: Application, files: Sequence[tuple[Fixture, bytes]]) -> list[Announced]:
    """Upload files, and return what is to come of them."""
    return [
        Announced(
            application.upload(PREFIX + fixture.file, data),
            len(data),
            Question(PREFIX + fixture.file, fixture.expected),
        )
        for fixture, data in files
    ]
