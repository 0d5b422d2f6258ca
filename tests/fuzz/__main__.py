"""Fuzz every target, within bounds: `python -m tests.fuzz`, or `make fuzz ARGS="--seconds 300"`."""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

TARGETS = {"file": 1.0, "pixels": 0.5, "event": 4.0}  # name: how many inputs of `--runs` it gets
ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "fuzz"
LONGEST = 8192  # bytes of an input
PATIENCE = 20  # seconds for one input
# The instrumentation keeps some memory for each comparison it sees: so a process does not live long.
ROUND_SECONDS = 20
MEMORY = 1024  # MB
DONE = re.compile(r"Done (?P<runs>\d+) runs in \d+ second")


def main() -> int:
    """Fuzz the targets one after the other; returns 1 if an input was found that breaks one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--target", choices=TARGETS, help="this one alone")
    parser.add_argument("--runs", type=int, default=50_000, help="inputs, about (default %(default)s)")
    parser.add_argument("--seconds", type=int, default=40, help="at most, a target (default %(default)s)")
    options = parser.parse_args()
    names = [options.target] if options.target else list(TARGETS)
    results = [fuzz(name, options.runs, options.seconds) for name in names]
    return int(not all(results))


def fuzz(name: str, runs: int, seconds: int) -> bool:
    """Fuzz one target, round by round, and print what came of it; returns whether nothing was found."""
    left, tried = round(runs * TARGETS[name]), 0
    start = time.monotonic()
    while tried < left and (spent := time.monotonic() - start) < seconds:
        done = fuzz_round(name, left - tried, max(1, round(min(ROUND_SECONDS, seconds - spent))))
        if done is None:
            print(f"FAILED  {name}: the input is in {found(name)}/, what it did in {log(name)}")
            return False
        tried += done
    print(f"ok      {name:8} {tried:>9,} inputs in {time.monotonic() - start:.0f} s", flush=True)
    return True


def fuzz_round(name: str, runs: int, seconds: int) -> int | None:
    """Fuzz one target in one process; returns how many inputs were tried, or None if one broke it."""
    found(name).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.target", name, str(BUILD / "corpus" / name)]
    command += [f"-runs={runs}", f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={PATIENCE}"]
    command += [f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={found(name)}/"]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'function'}{os.pathsep}{ROOT}"}
    with log(name).open("w") as file:
        done = subprocess.run(command, check=False, cwd=ROOT, env=environ, stdout=file, stderr=file)
    counted = DONE.search(log(name).read_text(errors="replace"))
    return int(counted["runs"]) if done.returncode == 0 and counted else None


def found(name: str) -> Path:
    """Return the folder for inputs that broke a target."""
    return BUILD / "found" / name


def log(name: str) -> Path:
    """Return the path of what the last round of a target said."""
    return BUILD / f"{name}.log"


if __name__ == "__main__":
    sys.exit(main())
