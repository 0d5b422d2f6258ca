"""Makes an upload of a CloudEvent, and believes nothing that it has not checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sheetid.result import SheetObject
from sheetid.settings import BUCKET

FINALIZED = "google.cloud.storage.object.v1.finalized"
SOURCE = "//storage.googleapis.com/projects/_/buckets/"
GENERATION = re.compile(r"[1-9][0-9]{0,18}")
SIZE = re.compile(r"[0-9]{1,19}")
LONGEST_NAME = 1024  # bytes, Cloud Storage's limit
# Cloud Storage has no objects of these names; in a URL they would lead away from the object.
IMPOSSIBLE_NAMES = frozenset({".", ".."})


class EventError(ValueError):
    """The event names no object, so that there is nothing to publish a result for."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One finalized object.

    Attributes:
        sheet: The object's generation.
        event_id: The CloudEvent's id.
        time: When the object was finalized, or None if the event does not say it in a usable way.
        size: The object's size in bytes, or None if the event does not say it in a usable way.
    """

    sheet: SheetObject
    event_id: str
    time: datetime | None
    size: int | None

    @property
    def is_folder(self) -> bool:
        """Whether this is no upload but the empty object by which consoles and tools show a folder."""
        return self.size == 0 and self.sheet.name.endswith("/")

    def age_seconds(self, now: datetime) -> float:
        """Return for how long the event has been waiting at `now`; 0 if it does not say since when."""
        return (now - self.time).total_seconds() if self.time else 0.0


def parse_upload(attributes: Mapping[str, object], data: object) -> Upload:
    """Return the upload that a CloudEvent tells of.

    The subject is not compared with the object's name: on its way through HTTP headers a name that is not
    plain ASCII is encoded in more than one way.

    Args:
        attributes: The event's attributes; in structured mode their values may be of any type.
        data: The event's data; a body that is not JSON arrives here as bytes or None.

    Raises:
        EventError: The event is of another type, or does not name one generation of one object.
    """
    if attributes.get("type") != FINALIZED:
        raise EventError(f"its type is {attributes.get('type')!r:.100}, not {FINALIZED}")
    if not isinstance(data, dict):
        raise EventError(f"its data is {type(data).__name__}, not a JSON object")
    bucket = _matching(data, "bucket", BUCKET)
    if attributes.get("source") != SOURCE + bucket:
        raise EventError(f"its source {attributes.get('source')!r:.300} is not the bucket {bucket!r}")
    sheet = SheetObject(bucket, _name(data), _matching(data, "generation", GENERATION))
    return Upload(sheet, _event_id(attributes), _time(attributes.get("time")), _size(data.get("size")))


def _matching(data: Mapping[str, object], field: str, expression: re.Pattern[str]) -> str:
    value = data.get(field)
    if isinstance(value, str) and expression.fullmatch(value):
        return value
    raise EventError(f"its data has no usable {field}: {value!r:.300}")


def _name(data: Mapping[str, object]) -> str:
    name = data.get("name")
    if isinstance(name, str) and name not in IMPOSSIBLE_NAMES and 0 < _encoded_length(name) <= LONGEST_NAME:
        return name
    raise EventError(f"its data has no usable name: {name!r:.300}")


def _event_id(attributes: Mapping[str, object]) -> str:
    event_id = attributes.get("id")
    if isinstance(event_id, str) and 0 < _encoded_length(event_id) <= LONGEST_NAME:
        return event_id
    raise EventError(f"it has no usable id: {event_id!r:.300}")


def _encoded_length(text: str) -> int:
    """Return how many bytes of UTF-8 the text takes; 0 if it has half a surrogate pair, which JSON allows."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return 0


def _time(value: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _size(value: object) -> int | None:
    return int(value) if isinstance(value, str) and SIZE.fullmatch(value) else None
