"""From the start of a function's process to its first response."""

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from infra.local.cloudevent import EventRequest
from infra.local.parts import inherited
from infra.local.ports import HOST, Ports, address
from tests.benchmarks.serving.environments import ROOT
from tests.benchmarks.serving.events import post
from tests.benchmarks.serving.usage import cpu_seconds, memory_mb

GIVE_UP_SECONDS = 60.0
POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Variant:
    """A function to start: its name in the report, its environment and its source."""

    name: str
    environment: Path
    source: str


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds to the response, CPU seconds by then, and megabytes after it."""

    seconds: float
    cpu_seconds: float
    memory_mb: float


def measure(
    variants: list[Variant], event: EventRequest, settings: Mapping[str, str], runs: int
) -> dict[str, Start]:
    """Return the medians for each variant; the variants take turns, so that all have the same neighbours."""
    starts: dict[str, list[Start]] = {variant.name: [] for variant in variants}
    for _ in range(runs):
        for variant in variants:
            starts[variant.name].append(start(variant, event, settings))
    return {name: _median(found) for name, found in starts.items()}


def start(variant: Variant, event: EventRequest, settings: Mapping[str, str]) -> Start:
    """Start a function, deliver one event as soon as it listens, and end it."""
    port = Ports.free().function
    command = [
        *(str(variant.environment / "bin" / "functions-framework"), "--source", variant.source),
        *("--target", "handle_upload", "--signature-type", "cloudevent", "--host", HOST, "--port", str(port)),
    ]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**inherited(), **settings}, stdout=subprocess.DEVNULL)
    try:
        with requests.Session() as session:
            session.trust_env = False
            _retry(lambda: post(session, f"http://{address(port)}/", event), process)
        seconds = time.perf_counter() - began
        return Start(seconds, cpu_seconds(process.pid), memory_mb(process.pid))
    finally:
        process.terminate()
        process.wait()


def _retry(deliver: Callable[[], None], process: "subprocess.Popen[bytes]") -> None:
    end = time.perf_counter() + GIVE_UP_SECONDS
    while True:
        try:
            deliver()
        except requests.ConnectionError:
            if process.poll() is not None or time.perf_counter() > end:
                raise
            time.sleep(POLL_SECONDS)
        else:
            return


def _median(starts: list[Start]) -> Start:
    return Start(
        statistics.median(one.seconds for one in starts),
        statistics.median(one.cpu_seconds for one in starts),
        statistics.median(one.memory_mb for one in starts),
    )
