"""Uploads the sample sheets to the local stack and shows each sheet's published result as it arrives.

Writes `build/demo/report.html`. Exits with 1 if a sheet is not answered as expected, naming it, and with 2 if
the stack does not start.

Usage: python -m infra.local.demo
"""

import os
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Column, Table
from rich.text import Text

from infra.local.application import Application, RoundTrip
from infra.local.names import Project
from infra.local.report import Exhibit, Outcome, exhibit, render
from infra.local.signals import ends_in_order
from infra.local.stack import ROOT, LocalStack, Options
from sheetid.cloud.serving import ServingClient
from sheetid.settings import ReadingSettings, ServingSettings
from tests.corpus.fixture import Fixture
from tests.corpus.fixtures import FIXTURES, ensure_fixtures

SHEETS = ROOT / "build" / "fixtures"
REPORT = ROOT / "build" / "demo" / "report.html"
ANSWER_SECONDS = 30.0
PATIENCE = 3  # sheets without an answer, after which no more are sent
# So few that a sheet's time is the system's, not that of a queue before it.
IN_FLIGHT = 2
# The samples' answers hold for the function's default settings, so no others are taken from the caller.
BROUGHT = ("PUBSUB_EMULATOR_HOST", "SERVING_TARGET", "SHEETID_SERVING_AUDIENCE")
STYLES = {"read": "green", "review": "yellow", "rejected": "blue"}


def main() -> int:
    """Run the demo; return the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    options = Options(
        project=Project(f"demo-{secrets.token_hex(3)}"),
        environ={name: os.environ[name] for name in BROUGHT if name in os.environ},
    )
    stack = LocalStack("demo", options, console.print)
    with ends_in_order(console, "the local stack", stack.logs), stack:
        paths = ensure_fixtures(SHEETS, console)
        sheets = [(fixture, paths[fixture.file].read_bytes()) for fixture in FIXTURES]
        with Application(stack, "demo") as application:
            began = time.monotonic()
            outcomes = list(show(console, send(application, sheets), len(sheets)))
            elapsed = time.monotonic() - began
        files = {fixture.file: data for fixture, data in sheets}
        write_report(stack, list(collect(console, stack, outcomes, files)))
        return conclude(console, outcomes, elapsed, stack.logs)


def send(application: Application, sheets: list[tuple[Fixture, bytes]]) -> Iterator[Outcome]:
    """Upload the sheets and yield what comes of each as it comes; stop when nothing comes any more."""
    fixtures = {fixture.file: fixture for fixture, _ in sheets}
    silent = 0
    uploads = ((fixture.file, data) for fixture, data in sheets)
    for trip in application.round_trips(uploads, IN_FLIGHT, ANSWER_SECONDS):
        yield judge(fixtures[trip.name], trip)
        silent += trip.answer is None
        if silent == PATIENCE:
            return


def judge(fixture: Fixture, trip: RoundTrip) -> Outcome:
    """Hold an answer against the fixture's expected one."""
    expected = str(fixture.expected)
    if trip.answer is None:
        return Outcome(fixture.file, expected, trip, f"no answer within {ANSWER_SECONDS:.0f} s")
    return Outcome(fixture.file, expected, trip, fixture.expected.complaint(trip.answer.result))


def show(console: Console, outcomes: Iterable[Outcome], count: int) -> Iterator[Outcome]:
    """Print each outcome as a row of a table, above a bar that counts them; pass the outcomes on."""
    console.print(row("file", "status", "sheet number", "sure", "ms", style="bold"))
    with progress(console) as bar:
        task = bar.add_task("sheets answered", total=count)
        for outcome in outcomes:
            console.print(outcome_row(outcome))
            bar.advance(task)
            yield outcome


def outcome_row(outcome: Outcome) -> Table:
    """Return the row of one outcome."""
    result = outcome.result
    status = result.get("status", "no answer")
    shown = outcome.number or str(result.get("reason", "")).replace("_", " ")
    confidence = f"{100 * result['confidence']:.2f} %" if "confidence" in result else ""
    style = "bold red" if outcome.complaint else STYLES.get(status, "red")
    return row(outcome.file, status, shown, confidence, str(outcome.milliseconds), style=style)


def row(file: str, status: str, number: str, *figures: str, style: str) -> Table:
    """Return one row, laid out as all are: rows are printed as they come, before the last is known."""
    table = Table.grid(
        Column(width=34),
        Column(width=10),
        Column(width=18),
        Column(width=9, justify="right"),
        Column(width=7, justify="right"),
        padding=(0, 1),
    )
    table.add_row(file, Text(status, style), Text(number, style), *figures)
    return table


def collect(
    console: Console, stack: LocalStack, outcomes: list[Outcome], files: dict[str, bytes]
) -> Iterator[Exhibit]:
    """Yield every sheet's exhibit for the report, those with a complaint first, then as the fixtures go."""
    audience = os.environ.get("SHEETID_SERVING_AUDIENCE")
    classifier = ServingClient(ServingSettings(target=stack.addresses.serving, audience=audience))
    order = {fixture.file: position for position, fixture in enumerate(FIXTURES)}
    with progress(console) as bar:
        for outcome in bar.track(
            sorted(outcomes, key=lambda outcome: (outcome.complaint is None, order[outcome.file])),
            description="making the report",
        ):
            yield exhibit(outcome, files[outcome.file], classifier, ReadingSettings())


def progress(console: Console) -> Progress:
    """Return a progress bar that leaves nothing behind."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)


def write_report(stack: LocalStack, exhibits: list[Exhibit]) -> None:
    """Write the page."""
    facts = {"Model server": stack.descriptions["serving"], "Pub/Sub": stack.descriptions["pubsub"]}
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(render(exhibits, facts, datetime.now().astimezone()))


def conclude(console: Console, outcomes: list[Outcome], elapsed: float, logs: Path) -> int:
    """Print how it went; return the exit code."""
    complaints = [outcome for outcome in outcomes if outcome.complaint]
    right = len(outcomes) - len(complaints)
    console.print(f"\n{right} of {len(FIXTURES)} sheets answered as expected, in {elapsed:.1f} s")
    console.print(f"report: {REPORT.relative_to(ROOT)}")
    for outcome in complaints:
        console.print(f"[bold red]✗ {outcome.file}[/]: {outcome.complaint}")
    if missing := len(FIXTURES) - len(outcomes):
        console.print(f"[bold red]✗ {missing} more were not sent[/], since {PATIENCE} had got no answer")
    if right == len(FIXTURES):
        return 0
    console.print(f"logs: {logs}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
