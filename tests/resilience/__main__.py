"""Inject faults, load, soak, fuzz, and print what it withstood: `make resilience`.

Ends with 1 unless everything holds. Writes build/resilience/summary.json and .md.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TypeVar

from rich.console import Console

from tests.load import soak, uploads
from tests.resilience import parts
from tests.resilience.summary import LEAST_INPUTS, Part, Summary
from tests.resilience.tables import page, show

T = TypeVar("T")
PARTS = ("threads", "faults", "uploads", "soak", "memory", "fuzz")
UPLOADS, UPLOAD_SECONDS = 2_000, 240.0  # at each concurrency
EVENTS, SOAK_SECONDS = 20_000, 720.0
MARGIN = 1.1  # a target that runs out of time tries fewer inputs than its share


class Run:
    """Runs parts, and remembers how each went."""

    def __init__(self, chosen: list[str], console: Console) -> None:
        """Run those that are `chosen`."""
        self.parts: list[Part] = []
        self._chosen = chosen
        self._console = console

    def part(self, name: str, do: Callable[[], list[T]]) -> list[T]:
        """Run a part; one that fails does not keep the others from being run."""
        if name not in self._chosen:
            return []
        self._console.print(f"» {name} …", highlight=False)
        began, found, failure = time.monotonic(), [], None
        try:
            found = do()
        except Exception as error:  # noqa: BLE001 - what the others find is wanted all the same
            failure = f"{type(error).__name__}: {error}"
        self.parts.append(Part(name, round(time.monotonic() - began, 1), failure))
        return found


def main() -> int:
    """Run the parts and print the summary; returns 1 unless everything holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.resilience", description=__doc__.split("\n")[0])
    parser.add_argument("--only", choices=PARTS, action="append", help="this part (default all)")
    chosen = parser.parse_args().only or list(PARTS)
    console = Console()
    parts.BUILD.mkdir(parents=True, exist_ok=True)
    run, began = Run(chosen, console), time.monotonic()
    run.part("threads", parts.threads)
    # Most of the time faults are waited out. Meanwhile there is room for what is not measured by the clock.
    with ThreadPoolExecutor(1) as aside:
        peaks = aside.submit(run.part, "memory", parts.memory)
        fuzzed = aside.submit(run.part, "fuzz", lambda: parts.fuzz(round(MARGIN * LEAST_INPUTS)))
        faults = run.part("faults", parts.faults)
    under_load = run.part("uploads", lambda: list(uploads.run(UPLOADS, UPLOAD_SECONDS)))
    soaks = run.part("soak", lambda: [soak.run(EVENTS, SOAK_SECONDS)])
    seconds = time.monotonic() - began
    return report(
        Summary(run.parts, seconds, faults, under_load, soaks, peaks.result(), fuzzed.result()), console
    )


def report(summary: Summary, console: Console) -> int:
    """Write and print a summary; returns 1 unless everything holds."""
    fields = {**asdict(summary), "claims": [asdict(claim) for claim in summary.claims()]}
    (parts.BUILD / "summary.json").write_text(json.dumps(fields, indent=2) + "\n")
    (parts.BUILD / "summary.md").write_text(page(summary, "make resilience", os.cpu_count() or 1))
    show(summary, console)
    return int(not summary.holds)


if __name__ == "__main__":
    sys.exit(main())
