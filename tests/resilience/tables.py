"""The tables of one run, for the terminal and for a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as RichTable

from infra.cost.markdown import table
from tests.load.events import MIX
from tests.load.measures import Burst
from tests.resilience.summary import Fault, Summary


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its title, what its columns are, and its rows; the first column is text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(summary: Summary) -> Iterator[Table]:
    """Yield the tables of the parts that were run, the verdict first."""
    rows = [[claim.text, claim.found, "holds" if claim.holds else "FAILS"] for claim in summary.claims()]
    yield Table("What holds", ["claim", "found", ""], rows)
    if summary.faults:
        head = ["fault", "uploads", "answered", "repeated", "lost", "wrong", "survived"]
        yield Table("Faults", head, [fault(one) for one in summary.faults])
    bursts = [*summary.uploads, *summary.soaks]
    if bursts:
        yield Table(
            "Load: answers",
            ["burst", "events", "to be answered", "answered", "lost", "wrong", "errors", "repeated"],
            [answers(one) for one in bursts],
        )
        yield Table(
            "Load: time",
            [
                "burst",
                "seconds",
                "a second",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "CPU ms an event",
                "a second of one core",
            ],
            [times(one) for one in bursts],
        )
        yield Table(
            "Load: memory of the function, MB",
            ["burst", "at its start", "at its end", "peak", "growth in 1,000 events"],
            [memory(one) for one in bursts],
        )
    if summary.fuzzed:
        yield Table(
            "Fuzzing",
            ["target", "inputs", "seconds", "crashes"],
            [
                [one.target, f"{one.inputs:,}", f"{one.seconds:.0f}", f"{one.crashes}"]
                for one in summary.fuzzed
            ],
        )
    if summary.peaks:
        peaks = sorted(summary.peaks, key=lambda peak: -peak.megabytes)
        yield Table(
            "Hostile files", ["file", "peak MB"], [[one.file, f"{one.megabytes:.0f}"] for one in peaks]
        )
    yield Table("Parts", ["part", "seconds"], [[part.name, f"{part.seconds:.0f}"] for part in summary.parts])


def fault(found: Fault) -> list[str]:
    """Return how one fault ended."""
    counted = (found.uploads, found.answered, found.duplicates, found.lost, found.wrong)
    return [found.injected, *(f"{number}" for number in counted), "yes" if found.survived else "NO"]


def answers(burst: Burst) -> list[str]:
    """Return what became of a burst."""
    counted = burst.tally
    numbers = (
        *(burst.sent, counted.asked, counted.answered, counted.lost),
        *(counted.wrong, burst.errors, counted.repeated),
    )
    return [burst.name, *(f"{number:,}" for number in numbers)]


def times(burst: Burst) -> list[str]:
    """Return how fast a burst was."""
    latency = (burst.latency.median, burst.latency.p95, burst.latency.p99)
    rates = (burst.cpu_ms, burst.per_core_second)
    return [
        burst.name,
        f"{burst.seconds:.0f}",
        f"{burst.per_second:.1f}",
        *(f"{one:.0f}" for one in latency),
        *(f"{one:.1f}" for one in rates),
    ]


def memory(burst: Burst) -> list[str]:
    """Return what a burst took."""
    used = burst.memory
    return [burst.name, f"{used.first:.0f}", f"{used.last:.0f}", f"{used.peak:.0f}", f"{used.slope:+.2f}"]


def show(summary: Summary, console: Console) -> None:
    """Print the tables."""
    for one in tables(summary):
        shown = RichTable(title=one.title, title_justify="left")
        for number, heading in enumerate(one.head):
            shown.add_column(heading, justify="right" if number else "left")
        for row in one.rows:
            shown.add_row(*row, style="red" if "FAILS" in row else None)
        console.print(shown)


def page(summary: Summary, command: str, processors: int) -> str:
    """Return the tables as a page in Markdown, with how they came to be."""
    verdict = "Everything holds." if summary.holds else "**Not everything holds.**"
    introduction = f"""# What it withstands

`{command}` measured and wrote this in {summary.minutes:.0f} minutes, on {processors} cores that the whole
stack, the senders and the fuzzer share. {verdict} Uploads go through the whole local stack. In the soak,
events are posted to the function's process: {MIX}. Times
depend on the machine and on what else runs there; CPU time depends on it least.
"""
    parts = [f"## {one.title}\n\n{table(one.head, one.rows)}" for one in tables(summary)]
    return "\n".join([introduction, *parts])
