"""Events: what is made of Eventarc's, and of everything else that may arrive."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetid.events import EventError, Upload, parse_upload
from sheetid.result import SheetObject
from tests.unit.function.cloud_events import BUCKET, GENERATION, NAME, attributes, data

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("bucket", "name", "generation", "size")
ATTRIBUTES = ("id", "type", "source", "time")


def test_an_event_of_eventarc() -> None:
    """The object, its size, and the event's id and time."""
    upload = parse_upload(attributes(id="77", time="2026-11-22T13:28:00.123456Z"), data(size="2048"))
    assert upload == Upload(
        sheet=SheetObject(BUCKET, NAME, GENERATION),
        event_id="77",
        time=datetime(2026, 11, 22, 13, 28, 0, 123456, UTC),
        size=2048,
    )


@pytest.mark.parametrize("body", [None, b"", b'{"bucket":', "text", [], 7, 1.5, True, {}], ids=repr)
def test_data_that_is_no_object(body: object) -> None:
    """A body that the framework could not parse arrives as bytes or None, and names nothing."""
    with pytest.raises(EventError):
        parse_upload(attributes(), body)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "google.cloud.storage.object.v1.deleted"},
        {"type": None},
        {"type": ["google.cloud.storage.object.v1.finalized"]},
        {"source": "//storage.googleapis.com/projects/_/buckets/other"},
        {"source": "//pubsub.googleapis.com/projects/p/topics/t"},
        {"source": 5},
        {"id": ""},
        {"id": 5},
        {"id": "\ud800"},
    ],
    ids=repr,
)
def test_attributes_of_something_else(changes: dict[str, object]) -> None:
    """Another type of event, another source than the object's bucket, or no id."""
    with pytest.raises(EventError):
        parse_upload(attributes(**changes), data())


@pytest.mark.parametrize("field", ["bucket", "name", "generation"])
@pytest.mark.parametrize("value", [None, "", 5, True, ["x"], {"x": "y"}], ids=repr)
def test_an_incomplete_object(field: str, value: object) -> None:
    """Without any one of these there is no identity to publish a result for."""
    with pytest.raises(EventError, match=f"no usable {field}"):
        parse_upload(attributes(), data(**{field: value}))


@pytest.mark.parametrize("generation", ["0", "-1", "1.5", "1e9", "latest", "٣", "1" * 20, " 1"])
def test_generations_that_cannot_be(generation: str) -> None:
    """A generation is a positive 64-bit integer."""
    with pytest.raises(EventError, match="no usable generation"):
        parse_upload(attributes(), data(generation=generation))


@pytest.mark.parametrize("bucket", ["../x", "a/b", "UPPER", "x?y", "x#y", "ab", "a" * 223])
def test_buckets_that_cannot_be(bucket: str) -> None:
    """A bucket's name goes into a URL's path, so it has to be one."""
    source = f"//storage.googleapis.com/projects/_/buckets/{bucket}"
    with pytest.raises(EventError, match="no usable bucket"):
        parse_upload(attributes(source=source), data(bucket=bucket))


@pytest.mark.parametrize("name", [".", "..", "a" * 1025, "\u00e9" * 513, "half a pair \ud83d"])
def test_names_that_cannot_be(name: str) -> None:
    """Cloud Storage has no such objects; the first two would lead elsewhere in a URL."""
    with pytest.raises(EventError, match="no usable name"):
        parse_upload(attributes(), data(name=name))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a" * 1024, "\u00e9" * 512, "a\nb\x1b[31m", "\U0001f4c4.png", "/"]
)
def test_names_that_are_odd_but_possible(name: str) -> None:
    """Whatever Cloud Storage takes as a name is read, and is a name and nothing else."""
    assert parse_upload(attributes(), data(name=name)).sheet.name == name


def test_the_subject_is_not_relied_on() -> None:
    """Names that are not plain ASCII arrive in the header in more than one encoding."""
    upload = parse_upload(attributes(subject="objects/%C3%BC.png"), data(name="\u00fc.png"))
    assert upload.sheet.name == "\u00fc.png"


@pytest.mark.parametrize("size", [None, 2048, "-1", "many", "", [], "1" * 30], ids=repr)
def test_an_unusable_size_is_unknown(size: object) -> None:
    """The object is named all the same, so it is to be answered."""
    assert parse_upload(attributes(), data(size=size)).size is None


@pytest.mark.parametrize("time", [None, 5, "", "yesterday", "2026-13-45T00:00:00Z"], ids=repr)
def test_an_unusable_time_is_unknown(time: object) -> None:
    """Such an event never expires; it has an object, and the object an answer."""
    upload = parse_upload(attributes(time=time), data())
    assert upload.time is None
    assert upload.age_seconds(datetime.now(UTC)) == 0


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-22T12:00:00.123456789Z", datetime(2026, 11, 22, 12, 0, 0, 123456, UTC)),
        ("2026-11-22T14:00:00+02:00", datetime(2026, 11, 22, 14, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-11-22T12:00:00", datetime(2026, 11, 22, 12, tzinfo=UTC)),
    ],
)
def test_times_of_every_precision(time: str, expected: datetime) -> None:
    """RFC 3339 with nanoseconds, with an offset, and without any, which means UTC."""
    assert parse_upload(attributes(time=time), data()).time == expected


def test_age() -> None:
    """The age of an event is the time since its object was finalized."""
    upload = parse_upload(attributes(time="2026-11-22T12:00:00Z"), data())
    assert upload.age_seconds(datetime(2026, 11, 22, 13, tzinfo=UTC)) == 3600


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [("scans/", "0", True), ("scans/", "5", False), ("scans/", None, False), ("scans", "0", False)],
)
def test_folders(name: str, size: str | None, expected: bool) -> None:  # noqa: FBT001 - a table's column
    """Only an empty object whose name ends with a slash stands for a folder."""
    assert parse_upload(attributes(), data(name=name, size=size)).is_folder is expected


@given(
    changes=st.dictionaries(st.sampled_from(FIELDS), JSON),
    attribute_changes=st.dictionaries(st.sampled_from(ATTRIBUTES), JSON),
)
def test_any_event_is_an_upload_or_an_event_error(
    changes: dict[str, object], attribute_changes: dict[str, object]
) -> None:
    """No value of any type in any place leads to another exception, or to a result that cannot be encoded."""
    try:
        upload = parse_upload(attributes(**attribute_changes), data(**changes))
    except EventError:
        return
    assert upload.sheet.identity.encode()
    assert int(upload.sheet.generation) > 0


@given(JSON)
def test_any_body_is_an_upload_or_an_event_error(body: object) -> None:
    """A body of random JSON is never an upload."""
    with pytest.raises(EventError):
        parse_upload(attributes(), body)
