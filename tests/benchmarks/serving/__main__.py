"""Measure cold starts, sheets and batches on this machine: `make bench-serving`.

Writes docs/benchmarks/serving.md, and docs/benchmarks/serving.json, from which infra/cost computes.
"""

import json
import os
from dataclasses import asdict

import psutil

from infra.local.stack import LocalStack, Options, PubSub
from tests.benchmarks.serving import batches, cold_start, environments, sheets
from tests.benchmarks.serving.cold_start import Variant
from tests.benchmarks.serving.environments import ROOT
from tests.benchmarks.serving.events import ignored_event, upload
from tests.benchmarks.serving.report import Figures, render
from tests.corpus.fixtures import ensure_fixtures

RUNS = 5
SHEETS = {
    "corner-plain.jpg": 40,
    "page-200-dpi-letter.jpg": 20,
    "page-300-dpi.jpg": 10,
    "page-600-dpi.jpg": 3,
}
AT_ONCE = 4  # the function's concurrency
EMPTY = "tests/benchmarks/serving/empty_function.py"
REPORT = ROOT / "docs" / "benchmarks" / "serving"


def main() -> None:
    """Measure everything once and write the report."""
    files = ensure_fixtures(ROOT / "build" / "fixtures")
    variants = [
        Variant("ours", environments.FUNCTION, "function/main.py"),
        Variant("with all of TensorFlow", environments.ensure_tensorflow(), "function/main.py"),
        Variant("empty, same clients", environments.FUNCTION, EMPTY),
    ]
    with LocalStack("bench-serving", Options(pubsub=PubSub.EMBEDDED)) as stack:
        uploads = [upload(stack, files[name]) for name in SHEETS]
        settings = stack_settings(stack)
        figures = Figures(
            processors=os.cpu_count() or 1,
            load=os.getloadavg()[0],
            machine_mb=psutil.virtual_memory().total / 1e6,
            serving=stack.descriptions["serving"],
            installed_mb={one.name: environments.size_mb(one.environment) for one in variants[:2]},
            starts=cold_start.measure(variants, ignored_event(), settings, RUNS),
            first_sheets=cold_start.measure(variants[:2], uploads[0].event, settings, RUNS),
            sheets=[
                cost for one in uploads for cost in sheets.measure(stack, [one], SHEETS[one.name], AT_ONCE)
            ],
            batches=batches.measure(stack.addresses.serving),
            building={str(size): batches.building(size) for size in (8, 64)},
        )
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.with_suffix(".json").write_text(json.dumps(asdict(figures), indent=2) + "\n")
    REPORT.with_suffix(".md").write_text(render(figures))
    print(REPORT.with_suffix(".md").read_text())


def stack_settings(stack: LocalStack) -> dict[str, str]:
    """Return what a function of our own needs to find the stack's other parts."""
    environment = stack.client_environment()
    kept = ("GOOGLE_CLOUD_PROJECT", "STORAGE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST", "SERVING_TARGET")
    return {name: environment[name] for name in kept} | {
        "SHEETID_TOPIC": stack.topic,
        "SHEETID_BUCKET": environment["SHEETS_BUCKET"],
    }


if __name__ == "__main__":
    main()
