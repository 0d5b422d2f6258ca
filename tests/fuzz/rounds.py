"""Fuzzes one target, round by round, each in a process of its own."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.plan import TARGETS

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "fuzz"
PATIENCE = 20  # seconds for one input
# The instrumentation keeps some memory for each comparison it sees: so a process does not live long.
ROUND_SECONDS = 30
MEMORY = 1024  # MB
DONE = re.compile(r"Done (?P<runs>\d+) runs in \d+ second")
# The last of the lines that say how many inputs have been tried so far.
SO_FAR = re.compile(r"^#(?P<runs>\d+)\t", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one target: how many inputs were tried, for how long, and how many of them broke it.

    A target is left alone when it is broken, so that there is one crash at most.
    """

    target: str
    inputs: int
    seconds: float
    crashes: int

    def __str__(self) -> str:
        """Return a line for the terminal."""
        text = f"{self.target:8} {self.inputs:>9,} inputs in {self.seconds:.0f} s"
        if self.crashes:
            return f"FAILED  {text}; the last is in {found(self.target)}/, what it did in {log(self.target)}"
        return f"ok      {text}"


def fuzz(name: str, runs: int, seconds: int) -> Tried:
    """Fuzz one target with so many inputs, or for so long."""
    tried, crashed, start = 0, False, time.monotonic()
    while not crashed and tried < runs and (spent := time.monotonic() - start) < seconds:
        done, crashed = fuzz_round(name, runs - tried, max(1, round(min(ROUND_SECONDS, seconds - spent))))
        tried += done
    return Tried(name, tried, round(time.monotonic() - start, 1), int(crashed))


def fuzz_round(name: str, runs: int, seconds: int) -> tuple[int, bool]:
    """Fuzz one target in one process; returns how many inputs were tried, and whether one broke it."""
    found(name).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.target", name, str(BUILD / "corpus" / name)]
    command += [f"-runs={runs}", f"-max_total_time={seconds}", f"-max_len={TARGETS[name].longest}"]
    command += [f"-timeout={PATIENCE}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={found(name)}/"]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'function'}{os.pathsep}{ROOT}"}
    with log(name).open("w") as file:
        done = subprocess.run(command, check=False, cwd=ROOT, env=environ, stdout=file, stderr=file)
    said = log(name).read_text(errors="replace")
    counted = DONE.search(said)
    if done.returncode == 0 and counted:
        return int(counted["runs"]), False
    return max((int(runs) for runs in SO_FAR.findall(said)), default=0), True


def found(name: str) -> Path:
    """Return the folder for inputs that broke a target."""
    return BUILD / "found" / name


def log(name: str) -> Path:
    """Return the path of what the last round of a target said."""
    return BUILD / f"{name}.log"
