"""A beanstalkd of one's own for a test."""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator

import greenstalk
import pytest

from infra.local.ports import FREE_PORTS, HOST, is_free

JOBS, ANSWERS, COMPLAINTS = "cmr", "number", "cmr-buried"

needs_beanstalkd = pytest.mark.skipif(
    shutil.which("beanstalkd") is None,
    reason="left out: beanstalkd is not installed (apt install beanstalkd)",
)


@contextlib.contextmanager
def beanstalkd() -> Iterator[tuple[str, int]]:
    """Run a beanstalkd on a free port and yield its address."""
    port = next(port for port in FREE_PORTS if is_free(port))
    with subprocess.Popen([shutil.which("beanstalkd") or "", "-l", HOST, "-p", str(port)]) as server:
        try:
            end = time.monotonic() + 10
            while is_free(port) and time.monotonic() < end:
                time.sleep(0.01)
            yield HOST, port
        finally:
            server.terminate()


def producer(address: tuple[str, int]) -> "greenstalk.Client[bytes]":
    """Return a connection that puts jobs, as an old application does."""
    return greenstalk.Client(address, None, use=JOBS)


def drain(address: tuple[str, int], tube: str) -> list[bytes]:
    """Take everything that can be reserved from a tube, as an old application does."""
    bodies: list[bytes] = []
    with greenstalk.Client(address, None, watch=tube) as client:
        while True:
            try:
                job = client.reserve(0)
            except greenstalk.TimedOutError:
                return bodies
            bodies.append(job.body)
            client.delete(job)


def counts(address: tuple[str, int], tube: str) -> dict[str, int]:
    """Return how many jobs of a tube are in each state."""
    states = ("ready", "reserved", "delayed", "buried")
    with greenstalk.Client(address, None) as client:
        try:
            stats = dict(client.stats_tube(tube))
        except greenstalk.NotFoundError:
            return dict.fromkeys(states, 0)
    return {state: int(str(stats[f"current-jobs-{state}"])) for state in states}
