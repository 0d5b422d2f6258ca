"""The function's process with eight threads: every answer belongs to its own upload."""

import json
import secrets
from datetime import datetime
from itertools import accumulate

from infra.local.application import Application
from infra.local.names import Project
from infra.local.parts import Retries
from infra.local.stack import LocalStack, Options, PubSub
from tests.corpus.fixture import Fixture

THREADS = 8
IN_FLIGHT = 32
TIMES = 4
LARGEST = 200_000  # bytes: crops, so that many are under way
ANSWER_SECONDS = 60.0


def test_each_of_many_sheets_gets_its_own_number(
    sheets: dict[str, bytes], good_sheets: list[Fixture]
) -> None:
    """All numbers differ, so an answer that went to another upload, or was mixed of two, would be seen."""
    files = [fixture for fixture in good_sheets if len(sheets[fixture.file]) <= LARGEST]
    numbers = {fixture.file: fixture.expected.number for fixture in files}
    assert len(set(numbers.values())) == len(files)
    options = Options(
        project=Project(f"tests-{secrets.token_hex(3)}"),
        pubsub=PubSub.EMBEDDED,
        retries=Retries(in_flight=IN_FLIGHT),
        environ={"THREADS": str(THREADS)},
    )
    with LocalStack("tests-threads", options) as stack, Application(stack, "tests") as application:
        uploads = [(f"{turn}/{file}", sheets[file]) for turn in range(TIMES) for file in numbers]
        trips = list(application.round_trips(uploads, IN_FLIGHT, ANSWER_SECONDS))
        log = stack.log("function").read_text()
    answered = {trip.name: trip.answer.result for trip in trips if trip.answer}
    assert answered.keys() == {name for name, _ in uploads}
    for name, result in answered.items():
        assert result["image"] == name
        assert result["sheetNumber"] == numbers[name.partition("/")[2]]
    assert most_at_once(log) > THREADS / 2, "they have to be read at the same time to be mixed up"


def most_at_once(log: str) -> int:
    """Return how many sheets were being read at the same time, at the most, by what their entries say."""
    changes = []
    for entry in map(json.loads, filter(lambda line: line.startswith('{"severity"'), log.splitlines())):
        if "readMs" in entry:
            over = datetime.fromisoformat(entry["time"]).timestamp() - entry["publishMs"] / 1000
            changes += [(over - entry["readMs"] / 1000, 1), (over, -1)]
    return max(accumulate(change for _, change in sorted(changes)))
