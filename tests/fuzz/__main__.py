"""Fuzz every target, within bounds: `python -m tests.fuzz`, or `make fuzz ARGS="--seconds 300"`."""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.plan import TARGETS
from tests.fuzz.rounds import Tried, fuzz

AT_ONCE = 2


def main() -> int:
    """Fuzz the targets; returns 1 if an input was found that breaks one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--target", choices=TARGETS, action="append", help="this one (default all)")
    parser.add_argument("--runs", type=int, default=50_000, help="inputs, about (default %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="at most, a target (default %(default)s)")
    parser.add_argument("--report", type=Path, help="write what was tried there, as JSON")
    options = parser.parse_args()
    names = options.target or list(TARGETS)
    share = sum(TARGETS[name].share for name in names)

    def one(name: str) -> Tried:
        return fuzz(name, round(options.runs * TARGETS[name].share / share), options.seconds)

    tried = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for result in pool.map(one, names):
            print(result, flush=True)
            tried.append(result)
    print(f"{sum(result.inputs for result in tried):,} inputs", flush=True)
    if options.report:
        options.report.write_text(json.dumps({"targets": [asdict(result) for result in tried]}))
    return int(any(result.crashes for result in tried))


if __name__ == "__main__":
    sys.exit(main())
