"""The handler: every upload gets its answer, and what is not to be answered is told from it."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import Headers

from sheetid import logs
from sheetid.errors import PermanentError, TransientError
from sheetid.handler import handle
from sheetid.result import Reading, Reason, Status
from sheetid.settings import ReadingSettings, ServingSettings, Settings
from tests.unit.function.cloud_events import BUCKET, GENERATION, NAME, attributes, data
from tests.unit.function.fakes import World

SETTINGS = Settings(
    topic="projects/local/topics/sheet-results",
    bucket=BUCKET,
    prefix="uploads/",
    max_bytes=1000,
    max_event_age_seconds=3600,
    log_level="INFO",
    reading=ReadingSettings(),
    serving=ServingSettings("localhost:8500"),
)


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    """Handle each test's events within a request, as the entry point does."""
    with logs.request(Headers(), "local"):
        yield


@pytest.fixture
def world() -> World:
    """A world in which everything works."""
    return World()


def run(world: World, event: dict[str, object] | None = None, **changes: object) -> None:
    """Handle an event of an object with changes."""
    handle(event or attributes(), data(**changes), SETTINGS, world.ports)


def rejection(world: World) -> tuple[str, str]:
    """Return the status and reason of the one result."""
    (message,) = world.publisher.messages
    return message["status"], message["reason"]


def test_an_upload_is_read_and_published(world: World) -> None:
    """The object at the event's generation is what is read, and its reading what is published."""
    world.store.objects[f"{BUCKET}/{NAME}#{GENERATION}"] = b"the scan"
    handle(attributes(id="77"), data(), SETTINGS, world.ports)
    assert world.read.images == [b"the scan"]
    (result,) = world.publisher.results
    (message,) = world.publisher.messages
    assert result.sheet.identity == f"{BUCKET}/{NAME}#{GENERATION}"
    assert message["sheetNumber"] == "00471"
    assert message["eventId"] == "77"
    assert datetime.now(UTC) - result.processed_at < timedelta(minutes=1)


def test_one_identity_however_often_an_event_comes(world: World) -> None:
    """Eventarc delivers at least once; consumers tell by the identity."""
    for _ in range(3):
        run(world)
    assert len({result.sheet.identity for result in world.publisher.results}) == 1
    assert len(world.publisher.results) == 3


@pytest.mark.parametrize("reason", Reason)
def test_what_can_never_succeed_is_rejected(world: World, reason: Reason) -> None:
    """A permanent failure is an answer, and the event is done with."""
    world.read.failure = PermanentError(reason, "why")
    run(world)
    assert rejection(world) == ("rejected", reason.value)


def test_an_object_that_is_gone_is_rejected(world: World) -> None:
    """Deleted or overwritten before it could be read: said so, not retried."""
    world.store.failure = PermanentError(Reason.OBJECT_GONE, "404")
    run(world)
    assert rejection(world) == ("rejected", "object_gone")


@pytest.mark.parametrize("broken", ["store", "read"])
def test_a_passing_failure_is_raised_and_nothing_published(world: World, broken: str) -> None:
    """The event has to come again: a sheet is not rejected because of what is around it."""
    getattr(world, broken).failure = TransientError("down")
    with pytest.raises(TransientError):
        run(world)
    assert world.publisher.results == []


def test_a_failed_publish_is_raised(world: World) -> None:
    """An event is acknowledged only once its result is safe."""
    world.publisher.failures = [TransientError("no")]
    with pytest.raises(TransientError):
        run(world)
    run(world)
    assert len(world.publisher.results) == 1


def test_a_defect_is_not_taken_for_an_answer(world: World) -> None:
    """An exception of no known kind goes up: it must not become a rejection."""
    world.read.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        run(world)
    assert world.publisher.results == []


def test_an_old_event_expires_without_a_download(world: World) -> None:
    """Instead of being retried for ever it gets the answer that nobody could read it in time."""
    time = datetime.now(UTC) - timedelta(seconds=3700)
    run(world, attributes(time=time.isoformat()))
    assert rejection(world) == ("rejected", "expired")
    assert world.store.downloads == []


def test_an_event_just_within_its_age_is_read(world: World) -> None:
    """The limit is the configured one."""
    time = datetime.now(UTC) - timedelta(seconds=3500)
    run(world, attributes(time=time.isoformat()))
    assert world.publisher.messages[0]["status"] == "read"


@pytest.mark.parametrize(("size", "reason"), [("1001", "too_large"), ("0", "empty_file")])
def test_sizes_are_judged_without_a_download(world: World, size: str, reason: str) -> None:
    """The event tells the size: no byte is fetched of what is not going to be read."""
    run(world, size=size)
    assert rejection(world) == ("rejected", reason)
    assert world.store.downloads == []


def test_an_unknown_size_is_judged_after_the_download(world: World) -> None:
    """An event without a size does not get an empty object as far as the reader."""
    world.store.objects[f"{BUCKET}/{NAME}#{GENERATION}"] = b""
    run(world, size=None)
    assert rejection(world) == ("rejected", "empty_file")
    assert world.read.images == []


def test_the_largest_allowed_object_is_read(world: World) -> None:
    """The limit itself is allowed."""
    run(world, size="1000")
    assert world.publisher.messages[0]["status"] == "read"


@pytest.mark.parametrize(
    ("event", "changes", "why"),
    [
        (
            attributes(source="//storage.googleapis.com/projects/_/buckets/other"),
            {"bucket": "other"},
            "bucket",
        ),
        (attributes(), {"name": "thumbnails/1.png"}, "prefix"),
        (attributes(), {"name": "uploads/2026/", "size": "0"}, "folder"),
    ],
    ids=["bucket", "prefix", "folder"],
)
def test_what_is_not_ours_is_ignored(
    world: World,
    caplog: pytest.LogCaptureFixture,
    event: dict[str, object],
    changes: dict[str, object],
    why: str,
) -> None:
    """Another bucket, another prefix, and the placeholder of a folder: no download, no result, one line."""
    caplog.set_level(logging.INFO, "sheetid")
    run(world, event, **changes)
    assert (world.store.downloads, world.publisher.results) == ([], [])
    (record,) = caplog.records
    assert record.getMessage().startswith("ignored: ")
    assert why in record.getMessage()


def test_an_event_without_an_object_is_logged_and_done_with(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Trying again would change nothing, and there is nothing to publish a result for."""
    handle(attributes(), b"\xff", SETTINGS, world.ports)
    assert world.publisher.results == []
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "bytes" in record.getMessage()


def test_one_line_for_each_answer(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Status and the time of every stage, but not the number, which is nobody's business."""
    caplog.set_level(logging.INFO, "sheetid")
    run(world)
    (record,) = caplog.records
    fields = record.__dict__["fields"]
    assert record.getMessage() == "read"
    assert fields["status"] == "read"
    assert fields["modelVersion"] == "1"
    assert {"downloadMs", "readMs", "publishMs", "eventAgeMs"} <= fields.keys()
    assert "00471" not in str(record.__dict__)


def test_a_rejection_says_why_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The reason is for machines, the detail for people."""
    caplog.set_level(logging.INFO, "sheetid")
    world.read.failure = PermanentError(Reason.NOT_AN_IMAGE, "it is a PDF")
    run(world)
    (record,) = caplog.records
    assert record.getMessage() == "rejected: not_an_image"
    assert record.__dict__["fields"]["detail"] == "it is a PDF"


def test_a_doubtful_number_is_published_as_a_candidate(world: World) -> None:
    """A number under review is never the sheet's number."""
    world.read.reading = Reading(Status.REVIEW, Reason.LOW_CONFIDENCE, "1234", 0.6)
    run(world)
    (message,) = world.publisher.messages
    assert message["candidate"] == "1234"
    assert "sheetNumber" not in message
