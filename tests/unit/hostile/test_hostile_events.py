"""Events and names made to do harm: they name an upload that can be answered, or are EventErrors."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetid import logs
from sheetid.events import FINALIZED, SOURCE, EventError, parse_upload
from sheetid.result import Reading, Reason, Status
from tests.unit.hostile.results import check_message, message

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
NAMES = {
    "up and away": "../../../../etc/passwd",
    "absolute": "/etc/passwd",
    "of windows": "..\\..\\boot.ini",
    "encoded": "%2e%2e%2f%00",
    "with a null": "a\0b.png",
    "with lines": 'a.png\n{"severity":"EMERGENCY","message":"forged"}',
    "with control sequences": "\x1b[2J\x1b]0;owned\x07.png",
    "written backwards": "\u202egnp.exe",
    "a template": "{{7*7}}${jndi:ldap://127.0.0.1/a}%n%s",
    "a query": "x'); DROP TABLE sheets;--",
    "an address": "https://127.0.0.1/latest/meta-data",
    "nothing but spaces": "   ",
    "1,024 bytes of one letter": "a" * 1024,
    "1,024 bytes of emoji": "\U0001f4c4" * 256,
    "1,024 bytes of accents on one letter": "e" + "\u0301" * 511 + "x",
    "line ends of unicode": "a\u2028b\u2029c\x85d",
    "noncharacters": "\uffff\ufdd0\U0010ffff",
}
IMPOSSIBLE = {
    "too long by a byte": "\U0001f4c4" * 256 + "a",
    "half a character": "\ud83d.png",
    "empty": "",
    "here": ".",
    "above": "..",
    "a list": ["a"],
    "bytes": b"a",
}


def event(**changes: object) -> tuple[dict[str, object], dict[str, object]]:
    """The attributes and data of a sound event, with some fields of its data exchanged."""
    attributes: dict[str, object] = {"type": FINALIZED, "source": SOURCE + "sheets", "id": "1"}
    return attributes, {"bucket": "sheets", "name": "a.png", "generation": "1", **changes}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_hostile_name_stays_what_it_is(name: str) -> None:
    """A name is data: it reaches the message unaltered, and a log as one line of plain ASCII."""
    upload = parse_upload(*event(name=name))
    assert upload.sheet.name == name
    result = message(Reading(Status.REJECTED, Reason.NO_DIGITS), upload.sheet, upload.event_id)
    check_message(result)
    assert json.loads(result.to_json())["image"] == name
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "%s", (name,), None)
    record.fields = {"object": name}
    line = logs.JsonFormatter().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["object"] == name


@pytest.mark.parametrize("name", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_an_impossible_name_is_an_event_error(name: object) -> None:
    """What Cloud Storage could not have sent names no object."""
    with pytest.raises(EventError):
        parse_upload(*event(name=name))


@given(
    attributes=st.dictionaries(st.sampled_from(["type", "source", "id", "time", "x"]), JSON),
    data=JSON,
    sound=st.booleans(),
    fields=st.dictionaries(st.sampled_from(["bucket", "name", "generation", "size"]), JSON),
)
def test_any_event_is_an_upload_or_an_event_error(
    attributes: dict[str, object], data: object, *, sound: bool, fields: dict[str, object]
) -> None:
    """Nothing else leaves the parser; what it accepts can be published, and its error can be logged."""
    base_attributes, base_data = event(**fields)
    try:
        upload = parse_upload({**base_attributes, **attributes}, base_data if sound else data)
    except EventError as error:
        complaint = str(error)
        upload = None
    if upload is None:
        assert len(complaint) < 1000
        return
    check_message(message(Reading(Status.REJECTED, Reason.EXPIRED), upload.sheet, upload.event_id))
    assert upload.size is None or upload.size >= 0


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_only_the_named_bucket_is_accepted(bucket: str, other: str, name: str) -> None:
    """Data and source have to name the same bucket."""
    attributes, data = event(bucket=bucket, name=name or "a")
    attributes["source"] = SOURCE + other
    if bucket != other:
        with pytest.raises(EventError):
            parse_upload(attributes, data)
