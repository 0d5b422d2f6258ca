"""The same stack with Google's Pub/Sub emulator, where the Cloud SDK is installed."""

import secrets

import pytest

from infra.local.application import Application
from infra.local.emulators import google_pubsub_emulator
from infra.local.names import Project
from infra.local.stack import LocalStack, Options, PubSub
from tests.corpus.fixtures import FIXTURES

pytestmark = pytest.mark.skipif(google_pubsub_emulator() is None, reason="there is no Cloud SDK here")

ANSWER_SECONDS = 60.0
EVERY = 12


def test_a_selection_of_sheets_gets_its_answers(sheets: dict[str, bytes]) -> None:
    """Good and bad sheets are answered as they are with the embedded emulator."""
    some = {fixture.file: fixture for fixture in FIXTURES[::EVERY]}
    options = Options(project=Project(f"tests-{secrets.token_hex(3)}"), pubsub=PubSub.GOOGLE)
    with LocalStack("tests-google", options) as stack, Application(stack, "tests") as application:
        uploads = ((file, sheets[file]) for file in some)
        trips = list(application.round_trips(uploads, 4, ANSWER_SECONDS))
    assert {trip.name for trip in trips if trip.answer} == set(some)
    complaints = [some[trip.name].expected.complaint(trip.answer.result) for trip in trips if trip.answer]
    assert complaints == [None] * len(some)
