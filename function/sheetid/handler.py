"""One upload, from its event to its published result."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sheetid import logs
from sheetid.cloud.publishing import ResultPublisher
from sheetid.cloud.storage import ObjectStore
from sheetid.errors import PermanentError
from sheetid.events import EventError, Upload, parse_upload
from sheetid.result import Reading, Reason, SheetResult, Status
from sheetid.settings import Settings

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ports:
    """What the handler needs of the world.

    Attributes:
        store: Where uploads are.
        read: Makes a reading of an image's bytes; raises PermanentError or TransientError.
        publisher: Where results go.
    """

    store: ObjectStore
    read: Callable[[bytes], Reading]
    publisher: ResultPublisher


def handle(attributes: Mapping[str, object], data: object, settings: Settings, ports: Ports) -> None:
    """Publish the result for the object that a CloudEvent names; returns when it is safe.

    An event that names no object, or none that is a sheet (another bucket, another prefix, a folder's
    placeholder), is logged and done with: nothing can be published, and trying again would change nothing.

    Args:
        attributes: The event's attributes.
        data: The event's data, of whatever type the body made it.
        settings: The deployment's.
        ports: The deployment's clients.

    Raises:
        TransientError: There is no result yet; the event has to be delivered again.
    """
    try:
        upload = parse_upload(attributes, data)
    except EventError as error:
        LOG.error("event acknowledged without a result: %s", error)  # noqa: TRY400 - nobody's stack is of use
        return
    sheet = upload.sheet
    logs.bind(eventId=upload.event_id, bucket=sheet.bucket, object=sheet.name, generation=sheet.generation)
    if why := why_ignored(upload, settings):
        LOG.info("ignored: %s", why)
        return
    stopwatch = Stopwatch()
    now = datetime.now(UTC)
    reading, detail = answer(upload, settings, ports, now, stopwatch)
    result = SheetResult(reading, sheet, upload.event_id, datetime.now(UTC))
    with stopwatch.stage("publish"):
        ports.publisher.publish(result)
    log_result(reading, detail, upload.age_seconds(now), stopwatch)


def why_ignored(upload: Upload, settings: Settings) -> str | None:
    """Return why an upload is not for this deployment to answer, or None if it is."""
    if settings.bucket not in {None, upload.sheet.bucket}:
        return "not in the configured bucket"
    if not upload.sheet.name.startswith(settings.prefix):
        return "outside the configured prefix"
    if upload.is_folder:
        return "a folder's placeholder"
    return None


def answer(
    upload: Upload, settings: Settings, ports: Ports, now: datetime, stopwatch: "Stopwatch"
) -> tuple[Reading, str | None]:
    """Return the reading of an upload, and what the log should say about why it was rejected."""
    try:
        check_age(upload.age_seconds(now), settings.max_event_age_seconds)
        if upload.size is not None:
            check_size(upload.size, settings.max_bytes)
        with stopwatch.stage("download"):
            data = ports.store.download(upload.sheet, settings.max_bytes)
        check_size(len(data), settings.max_bytes)
        with stopwatch.stage("read"):
            return ports.read(data), None
    except PermanentError as error:
        return Reading(Status.REJECTED, error.reason), str(error)


def check_age(seconds: float, most: int) -> None:
    """Raise PermanentError if an event has been tried for too long."""
    if seconds > most:
        raise PermanentError(Reason.EXPIRED, f"the event is {seconds:.0f} s old, more than {most} s")


def check_size(size: int, most: int) -> None:
    """Raise PermanentError if an object of `size` bytes is not to be read."""
    if size == 0:
        raise PermanentError(Reason.EMPTY_FILE, "the object is empty")
    if size > most:
        raise PermanentError(Reason.TOO_LARGE, f"the object has {size} bytes, more than {most}")


def log_result(reading: Reading, detail: str | None, age_seconds: float, stopwatch: "Stopwatch") -> None:
    """Write the one line that an answered upload leaves; the number itself stays out of the logs."""
    fields = {
        "status": reading.status.value,
        "reason": reading.reason.value if reading.reason else None,
        "confidence": reading.confidence,
        "detail": detail,
        "modelVersion": reading.model.version if reading.model else None,
        "eventAgeMs": round(age_seconds * 1000),
        **stopwatch.milliseconds,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    LOG.info("%s%s", reading.status, f": {reading.reason}" if reading.reason else "", extra={"fields": known})


class Stopwatch:
    """Measures the stages of one event, in milliseconds."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside, whether or not it succeeds."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.milliseconds[f"{name}Ms"] = round((time.perf_counter() - start) * 1000, 1)
