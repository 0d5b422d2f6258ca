"""One contract, several emulators: ours always, Google's where the Cloud SDK is found or one is given.

What Google's emulator (0.8.20, of Cloud SDK 528) does unlike the real service is in `GOOGLE_DIFFERS`. A test
marked with one of its keys must fail there: when it passes, Google has changed it, and the entry can go.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.emulators import google_pubsub_emulator
from infra.local.names import Project
from infra.local.parts import Addresses, Parts
from infra.local.ports import Ports, address
from infra.local.process import Process, Supervisor
from tests.integration.pubsub.emulators import Bench, Emulator, connected

ROOT = Path(__file__).parents[3]

GOOGLE_DIFFERS = {
    "attempts": "counts delivery attempts also where there is only a retry policy",
    "attribute limits": "accepts empty, reserved and too long attribute keys and values",
    "backoff": "redelivers at once after the first nack, whatever the retry policy says",
    "delivery attempts range": "answers OUT_OF_RANGE to a number of delivery attempts that it does not allow",
    "extension limit": "accepts extensions of more than 600 seconds",
    "filters": "stores any text as a filter, and then delivers everything",
    "flow control": "sends all it has on a stream, whatever number of messages the stream allows for",
    "message size": "accepts messages of more than 10 MB",
    "protobuf schemas": "answers UNIMPLEMENTED to protobuf schemas",
    "short deadline": "accepts acknowledgement deadlines under 10 seconds",
    "topic labels": "does not let the labels of a topic be updated",
    "topic's subscriptions": "lists no subscriptions for a topic that does not exist, instead of NOT_FOUND",
}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers", "google_differs(key): Google's emulator fails this; see GOOGLE_DIFFERS"
    )


@pytest.fixture(scope="session")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    """What starts the emulators, and ends them and their children."""
    folder = tmp_path_factory.mktemp("pubsub")
    with Supervisor(logs=folder, directory=ROOT) as supervisor:
        yield supervisor


@pytest.fixture(scope="session")
def embedded(supervisor: Supervisor) -> Iterator[Emulator]:
    """Our emulator."""
    parts = _parts()
    yield from _serving(supervisor, parts.embedded_pubsub(), parts.addresses.pubsub)


@pytest.fixture(scope="session")
def google(supervisor: Supervisor) -> Iterator[Emulator]:
    """Google's emulator, or whichever is given by the environment."""
    given = os.environ.get("PUBSUB_EMULATOR_HOST")
    if given:
        with connected(given) as emulator:
            yield emulator
        return
    script = google_pubsub_emulator()
    if script is None:
        pytest.skip("no Google emulator: it needs the Cloud SDK's component pubsub-emulator, and Java")
    parts = _parts()
    yield from _serving(supervisor, parts.google_pubsub(script), parts.addresses.pubsub)


@pytest.fixture(params=["embedded", "google"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """A bench at each emulator in turn; subscriptions are fresh, because the project is."""
    emulator: Emulator = request.getfixturevalue(request.param)
    mark = request.node.get_closest_marker("google_differs")
    if mark and emulator.is_googles:
        reason = f"Google's emulator {GOOGLE_DIFFERS[mark.args[0]]}"
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    return Bench(emulator)


@pytest.fixture
def embedded_bench(embedded: Emulator) -> Bench:
    """A bench at our emulator, for what is ours alone."""
    return Bench(embedded)


def _parts() -> Parts:
    ports = Ports.free()
    addresses = Addresses(
        *(address(port) for port in (ports.storage, ports.pubsub, ports.serving, ports.function))
    )
    return Parts(root=ROOT, project=Project(), ports=ports, addresses=addresses)


def _serving(supervisor: Supervisor, process: Process, address: str) -> Iterator[Emulator]:
    named = replace(process, name=f"pubsub-{address.replace(':', '-')}")
    supervisor.start(named)
    with connected(address) as emulator:
        yield emulator
    supervisor.stop(named.name)
