"""The whole way, with the real function: bridge and function are killed, and every job has its one answer."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import greenstalk
import pytest

from infra.local import emulators
from infra.local.names import Project
from infra.local.parts import inherited
from infra.local.stack import ROOT, LocalStack, Options, PubSub
from tests.corpus.fixtures import FIXTURES, ensure_fixtures
from tests.integration.bridge.beanstalkd import ANSWERS, COMPLAINTS, JOBS, counts, drain, needs_beanstalkd

pytestmark = needs_beanstalkd

JOB_COUNT = int(os.environ.get("SHEETID_BRIDGE_JOBS", "60"))
BAD_EVERY = 20
PATIENCE_SECONDS = 300.0
SHEETS = ROOT / "build" / "fixtures"
Address = tuple[str, int]


class Consumer:
    """An old application's other half: takes the answers as they come."""

    def __init__(self, address: Address) -> None:
        """Take answers from the beanstalkd at `address` while entered."""
        self.answers: list[dict[str, object]] = []
        self._client = greenstalk.Client(address, None, watch=ANSWERS)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._consume)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stopped.set()
        self._thread.join()
        self._client.close()

    def wait_for(self, count: int) -> None:
        """Wait until there are so many answers."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(self.answers) < count:
            assert time.monotonic() < end, f"{len(self.answers)} of {count} answers came"
            time.sleep(0.02)

    def _consume(self) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(greenstalk.TimedOutError):
                job = self._client.reserve(1)
                self.answers.append(json.loads(job.body))
                self._client.delete(job)


@contextlib.contextmanager
def bridging(stack: LocalStack, address: Address, log: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run the bridge; on leaving, kill it."""
    host, port = address
    command = [sys.executable, "-u", "-m", "infra.local.beanstalk_bridge", "--beanstalkd", f"{host}:{port}"]
    with log.open("a") as stderr:
        bridge = subprocess.Popen(
            [*command, "--root", str(SHEETS), "--wait", str(PATIENCE_SECONDS)],
            env=inherited() | stack.client_environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        assert bridge.stdout is not None
        assert bridge.stdout.readline().startswith("ready")
        yield bridge
    finally:
        bridge.kill()
        bridge.wait()


def put_jobs(address: Address) -> tuple[dict[int, str], set[int]]:
    """Put the jobs; return the images of the good ones by id, and the ids of the others."""
    small = [fixture.file for fixture in FIXTURES if fixture.good and "corner" in fixture.file]
    files = small or [fixture.file for fixture in FIXTURES if fixture.good]
    good: dict[int, str] = {}
    bad: set[int] = set()
    with greenstalk.Client(address, None, use=JOBS) as client:
        for number in range(JOB_COUNT):
            if number % BAD_EVERY == 0:
                bad.add(client.put(b'{"image": "no/such/file.jpg"}' if len(bad) % 2 else b"nonsense"))
            else:
                image = files[number % len(files)]
                good[client.put(json.dumps({"image": image}).encode())] = image
    return good, bad


@pytest.mark.timeout(1200)
def test_every_job_is_answered_once_or_buried(address: Address, tmp_path: Path) -> None:
    """Bridge and function are killed twice while jobs are under way; nothing is lost, doubled or wrong."""
    try:
        emulators.functions_framework(ROOT)
    except emulators.MissingProgramError as error:
        pytest.skip(f"left out: {error}")
    ensure_fixtures(SHEETS)
    good, bad = put_jobs(address)
    options = Options(project=Project(f"bridge-{secrets.token_hex(3)}"), pubsub=PubSub.EMBEDDED)
    with LocalStack("bridge", options) as stack, Consumer(address) as consumer:
        for share in (0.25, 0.6):
            with bridging(stack, address, tmp_path / "bridge.log"):
                consumer.wait_for(int(len(good) * share))
                stack.kill("function")
            stack.start("function")
        with bridging(stack, address, tmp_path / "bridge.log") as bridge:
            consumer.wait_for(len(good))
            time.sleep(1.0)  # a second answer would come now
            bridge.terminate()
            assert bridge.wait(timeout=30) == 0
    numbers = {fixture.file: fixture.expected.number for fixture in FIXTURES}
    assert Counter(reply["job"] for reply in consumer.answers) == Counter(list(good))
    for reply in consumer.answers:
        image = good[int(str(reply["job"]))]
        assert reply["image"] == image
        assert reply["sheetNumber"] in (numbers[image], None)
    assert {json.loads(note)["job"] for note in drain(address, COMPLAINTS)} == bad
    assert counts(address, JOBS) == {"ready": 0, "reserved": 0, "delayed": 0, "buried": len(bad)}
    assert counts(address, ANSWERS)["ready"] == 0
