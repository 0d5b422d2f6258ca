"""The rig that all faults are tried on, a trial for each test, and the record of how the trials ended.

Where SHEETID_FAULTS_REPORT names a file, the record is written there, as JSON: `{"faults": [{name, injected,
uploads, answered, duplicates, lost, wrong, survived}, …]}`, one entry for each trial, from what was observed.
"""

import json
import os
import secrets
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from infra.local.application import Application
from infra.local.names import Project
from tests.corpus.fixture import Fixture
from tests.e2e.faults.rig import Rig, running_rig
from tests.e2e.faults.trial import Trial

FIXTURES = ("corner-plain", "corner-leading-zeros", "corner-five-digits", "corner-bold")
PASSED = pytest.StashKey[bool]()
RECORD: list[dict[str, object]] = []


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Run the stack behind its proxies, for all trials."""
    project = Project(f"faults-{secrets.token_hex(3)}")
    with running_rig(project, tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture(scope="session")
def application(rig: Rig) -> Iterator[Application]:
    """Upload to the rig's stack, not to the one that the other tests share, and listen to its results."""
    with Application(rig.stack, "faults") as listening:
        yield listening


@pytest.fixture(autouse=True)
def trial(
    request: pytest.FixtureRequest,
    rig: Rig,
    application: Application,
    sheets: dict[str, bytes],
    good_sheets: list[Fixture],
) -> Iterator[Trial]:
    """Try the fault that the test says it injects, and note how that ended."""
    injected = request.node.get_closest_marker("injects").args[0]
    plain = [fixture for fixture in good_sheets if fixture.name in FIXTURES]
    trial = Trial(rig, f"faults-{secrets.token_hex(4)}", application, sheets, plain)
    yield trial
    rig.heal()
    figures = trial.figures()
    survived = request.node.stash.get(PASSED, False) and figures.lost == figures.wrong == 0
    entry = {"name": request.node.name, "injected": injected, **asdict(figures), "survived": survived}
    RECORD.append(entry)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test has passed, for its trial's record."""
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


def pytest_sessionfinish() -> None:
    """Write the record."""
    if path := os.environ.get("SHEETID_FAULTS_REPORT"):
        Path(path).write_text(json.dumps({"faults": RECORD}, indent=1))
