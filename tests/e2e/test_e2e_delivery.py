"""One upload, one result: with objects overwritten, and the model server away."""

import threading
import time
from pathlib import Path

import pytest
from google.api_core.exceptions import PreconditionFailed

from infra.local.application import Application, RoundTrip
from infra.local.stack import LocalStack
from tests.corpus.fixture import Fixture

ANSWER_SECONDS = 60.0


def wait_for_line(log: Path, text: str, start: int) -> None:
    """Wait until a log has a text beyond its first `start` bytes."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while text.encode() not in log.read_bytes()[start:]:
        assert time.monotonic() < deadline, f"{log} never said {text!r}"
        time.sleep(0.05)


def number_read(trip: RoundTrip) -> str | None:
    """Return the number that was read on a sheet."""
    return trip.answer.result.get("sheetNumber") if trip.answer else None


def test_an_overwritten_object_has_two_results(
    application: Application, sheets: dict[str, bytes], good_sheets: list[Fixture]
) -> None:
    """Each generation is a sheet of its own."""
    first, second = good_sheets[:2]
    one = application.upload("overwritten/sheet.jpg", sheets[first.file])
    assert application.inbox.wait(one.identity, ANSWER_SECONDS)
    other = application.upload("overwritten/sheet.jpg", sheets[second.file], generation=int(one.generation))
    answers = [
        *application.inbox.wait(one.identity, 0),
        *application.inbox.wait(other.identity, ANSWER_SECONDS),
    ]
    assert {answer.result["sheetNumber"] for answer in answers} == {
        first.expected.number,
        second.expected.number,
    }


def test_an_upload_does_not_overwrite_by_accident(application: Application) -> None:
    """Two uploads of one name are not one sheet lost: the second is refused."""
    application.upload("taken/sheet.jpg", b"first")
    with pytest.raises(PreconditionFailed):
        application.upload("taken/sheet.jpg", b"second")


def test_sheets_uploaded_while_serving_is_down_are_read_later(
    stack: LocalStack, application: Application, sheets: dict[str, bytes], good_sheets: list[Fixture]
) -> None:
    """Nothing is answered wrongly, and nothing is lost, while there is no model server."""
    some = good_sheets[:4]
    start = stack.log("eventarc").stat().st_size
    stack.stop("serving")
    try:
        uploads = [application.upload(f"down/{fixture.file}", sheets[fixture.file]) for fixture in some]
        wait_for_line(stack.log("eventarc"), "HTTP 503", start)
        assert not application.inbox.identities() & {upload.identity for upload in uploads}
    finally:
        stack.start("serving")
    for fixture, upload in zip(some, uploads, strict=True):
        (answer,) = application.inbox.wait(upload.identity, ANSWER_SECONDS)[:1]
        assert answer.result.get("sheetNumber") == fixture.expected.number


@pytest.mark.parametrize("manner", ["stopped", "killed"])
def test_serving_goes_and_comes_back_in_mid_run(
    manner: str,
    stack: LocalStack,
    application: Application,
    sheets: dict[str, bytes],
    good_sheets: list[Fixture],
) -> None:
    """Every sheet of a run is read in the end, although the model server was away for a part of it."""
    plain = good_sheets[:4]
    trips: list[RoundTrip] = []
    under_way = threading.Event()

    def run() -> None:
        uploads = ((f"{manner}/{count}/{f.file}", sheets[f.file]) for count in range(8) for f in plain)
        for trip in application.round_trips(uploads, 4, ANSWER_SECONDS):
            trips.append(trip)
            if len(trips) == 4:
                under_way.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert under_way.wait(ANSWER_SECONDS)
    start = stack.log("eventarc").stat().st_size
    (stack.stop if manner == "stopped" else stack.kill)("serving")
    try:
        wait_for_line(stack.log("eventarc"), "HTTP 503", start)
    finally:
        stack.start("serving")
    thread.join()
    numbers = {fixture.file: fixture.expected.number for fixture in plain}
    assert len(trips) == 32
    assert [number_read(trip) for trip in trips] == [numbers[trip.name.rpartition("/")[2]] for trip in trips]
