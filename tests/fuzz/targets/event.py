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


ATTRIBUTES, FIELDS = ("type", "source", "id", "time"), ("bucket", "name", "generation", "size")


def run(data: bytes) -> None:
    """Parse an event: the input changes a sound one line by line, or is its data in JSON."""
    text = data.decode(errors="surrogateescape")
    try:
        attributes, body = changed(text) if text[:1].isalpha() else (SOUND, json.loads(text))
    except (ValueError, RecursionError):  # the framework's to refuse
        attributes, body = SOUND, data
    try:
        upload = parse_upload(attributes, body)
    except EventError:
        return
    check_message(message(REJECTED, upload.sheet, upload.event_id))


def changed(text: str) -> tuple[Mapping[str, object], object]:
    """Return a sound event with changes: each line begins with the letter of a field and that of a type."""
    fields = (*ATTRIBUTES, *FIELDS)
    lines = {
        fields[ord(line[0]) % len(fields)]: typed(line[1:2], line[2:]) for line in text.split("\n") if line
    }
    attributes = {**SOUND, **{name: lines[name] for name in ATTRIBUTES if name in lines}}
    body: dict[str, object] = {**DATA, **{name: lines[name] for name in FIELDS if name in lines}}
    if "source" not in lines:  # or no bucket but one would ever be that of the source
        attributes["source"] = f"{SOURCE}{body['bucket']}"
    return attributes, body


def typed(kind: str, text: str) -> object:
    """Return a value of the type that a letter stands for; most are texts, as they should be."""
    others: Mapping[str, object] = {
        "n": None,
        "i": len(text),
        "l": [text],
        "d": {text: text},
        "f": float("nan"),
    }
    return others.get(kind, text)


def seeds() -> list[bytes]:
    """Return a sound event's data, and changes of every field."""
    lines = [
        f"{letter}s{value}"
        for letter, value in zip("hijklmno", [*SOUND.values(), *DATA.values()], strict=True)
    ]
    return [
        *(json.dumps(body).encode() for body in (DATA, [1], None)),
        *(line.encode() for line in lines),
        "\n".join(lines).encode(),
    ]
