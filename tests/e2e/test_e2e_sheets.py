"""Every sample sheet goes through the whole system, over the network, and gets the answer it should."""

import pytest

from infra.local.application import Application, RoundTrip
from infra.local.names import BUCKET, SCHEMA
from infra.local.stack import LocalStack
from tests.corpus.fixture import Fixture
from tests.corpus.fixtures import FIXTURES

ANSWER_SECONDS = 60.0
IN_FLIGHT = 4


@pytest.fixture(scope="module")
def trips(application: Application, sheets: dict[str, bytes]) -> dict[str, RoundTrip]:
    """Send every sheet, and return what came of each by its file name."""
    prefix = "every/"
    uploads = ((prefix + file, data) for file, data in sheets.items())
    trips = application.round_trips(uploads, IN_FLIGHT, ANSWER_SECONDS)
    return {trip.name.removeprefix(prefix): trip for trip in trips}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.file)
def test_every_sheet_gets_its_answer(fixture: Fixture, trips: dict[str, RoundTrip]) -> None:
    """What is published is the fixture's expected result."""
    answer = trips[fixture.file].answer
    assert answer is not None, "no answer came"
    assert fixture.expected.complaint(answer.result) is None


def test_messages_identify_the_upload(trips: dict[str, RoundTrip]) -> None:
    """Every message names bucket, object and generation, in its data and in the attributes to filter by."""
    for trip in trips.values():
        assert trip.answer is not None
        result, attributes = trip.answer.result, trip.answer.attributes
        assert (result["bucket"], result["image"]) == (BUCKET, trip.name)
        expected = {
            "status": result["status"],
            "bucketId": BUCKET,
            "objectId": trip.name,
            "objectGeneration": result["generation"],
            "schemaVersion": "1",
        }
        assert expected.items() <= attributes.items()


def test_messages_were_held_against_the_schema(trips: dict[str, RoundTrip], stack: LocalStack) -> None:
    """The topic takes nothing but what the schema describes, and says so on every message."""
    for trip in trips.values():
        assert trip.answer is not None
        assert trip.answer.attributes["googclient_schemaname"] == stack.project.schema(SCHEMA)


def test_what_was_read_says_where_and_by_which_model(trips: dict[str, RoundTrip]) -> None:
    """A number that was read has a box and a confidence for each digit, and the model's name and version."""
    read = [
        trip.answer.result for trip in trips.values() if trip.answer and "sheetNumber" in trip.answer.result
    ]
    assert read
    for result in read:
        assert "".join(digit["digit"] for digit in result["digits"]) == result["sheetNumber"]
        assert all(0 <= digit["confidence"] <= 1 and min(digit["box"][2:]) > 0 for digit in result["digits"])
        assert result["model"]["name"] == "digits"
        assert result["model"]["version"].isdigit()
