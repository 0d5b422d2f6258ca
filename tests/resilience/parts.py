"""The parts of a run. Each returns what it found, or raises PartError where it cannot."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from infra.local.stack import ROOT
from tests.resilience.summary import Fault, Fuzzed, Peak

BUILD = ROOT / "build" / "resilience"
FAULTS = "tests/e2e/faults"
MEMORY = "tests/unit/hostile/test_hostile_memory.py"
THREADS = ("tests/unit/hostile/test_hostile_threads.py", "tests/e2e/test_e2e_threads.py")
FUZZER = ROOT / "build" / "venv-fuzz" / "bin" / "python"
FUZZ_SECONDS = 150  # for each target, at most


class PartError(Exception):
    """A part did not do what it is for; the message says why."""


def faults() -> list[Fault]:
    """Inject faults."""
    report = BUILD / "faults.json"
    report.unlink(missing_ok=True)
    pytest("faults", FAULTS, environ={"SHEETID_FAULTS": "all", "SHEETID_FAULTS_REPORT": str(report)})
    found = [Fault(**fields) for fields in load(report)["faults"]]
    if not found:
        raise PartError("no fault was injected")
    return found


def threads() -> list[None]:
    """Read many sheets at once; there is nothing to count, it holds or it does not."""
    pytest("threads", *THREADS)
    return []


def memory() -> list[Peak]:
    """Read the files that take the most memory."""
    report = BUILD / "memory.xml"
    report.unlink(missing_ok=True)
    pytest("memory", MEMORY, f"--junitxml={report}", "-o", "junit_family=xunit1")
    peaks = []
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - we had it written
        found = case.find("properties/property[@name='peak_mb']")
        if found is not None:
            peaks.append(
                Peak(case.attrib["name"].partition("[")[2].rstrip("]"), float(found.attrib["value"]))
            )
    if not peaks:
        raise PartError("no file's memory was measured")
    return peaks


def fuzz(inputs: int) -> list[Fuzzed]:
    """Try hostile inputs."""
    report = BUILD / "fuzz.json"
    report.unlink(missing_ok=True)
    command = ["nice", str(FUZZER), "-m", "tests.fuzz", "--runs", str(inputs), "--seconds", str(FUZZ_SECONDS)]
    run("fuzz", [*command, "--report", str(report)], allowed=(0, 1))
    return [Fuzzed(**fields) for fields in load(report)["targets"]]


def pytest(name: str, *arguments: str, environ: Mapping[str, str] | None = None) -> None:
    """Run tests; raises PartError unless there are some and all pass."""
    run(name, [sys.executable, "-m", "pytest", "-q", *arguments], environ=environ)


def run(
    name: str, command: Sequence[str], allowed: Sequence[int] = (0,), environ: Mapping[str, str] | None = None
) -> None:
    """Run a command, whose output goes to a log; raises PartError if it ends otherwise than is allowed."""
    log = BUILD / f"{name}.log"
    with log.open("w") as output:
        done = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env={**os.environ, **(environ or {})},
            stdout=output,
            stderr=output,
        )
    if done.returncode not in allowed:
        raise PartError(f"exit code {done.returncode}; see {log.relative_to(ROOT)}")


def load(path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return what a report holds; raises PartError if there is none."""
    if not path.exists():
        raise PartError(f"{path.name} was not written")
    return json.loads(path.read_text())
