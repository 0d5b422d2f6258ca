"""The stack that the end-to-end tests share, and an application that uses it."""

import secrets
from collections.abc import Iterator

import pytest

from infra.local.application import Application
from infra.local.names import Project
from infra.local.stack import ROOT, LocalStack, Options, PubSub
from tests.corpus.fixture import Fixture
from tests.corpus.fixtures import FIXTURES, ensure_fixtures


@pytest.fixture(scope="session")
def sheets() -> dict[str, bytes]:
    """Return the bytes of every sample sheet, by file name."""
    paths = ensure_fixtures(ROOT / "build" / "fixtures")
    return {file: path.read_bytes() for file, path in paths.items()}


@pytest.fixture(scope="session")
def good_sheets() -> list[Fixture]:
    """Return the sheets whose only right answer is their number."""
    return [fixture for fixture in FIXTURES if fixture.good]


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """Run the stack with the embedded Pub/Sub emulator, for all tests."""
    options = Options(
        project=Project(f"tests-{secrets.token_hex(3)}"),
        pubsub=PubSub.EMBEDDED,
        environ={"SHEETID_PREDICT_TIMEOUT_SECONDS": "2"},  # so that a missing model server is noticed soon
    )
    with LocalStack("tests", options) as running:
        yield running


@pytest.fixture(scope="session")
def application(stack: LocalStack) -> Iterator[Application]:
    """Upload to the stack and listen to its results."""
    with Application(stack, "tests") as listening:
        yield listening
