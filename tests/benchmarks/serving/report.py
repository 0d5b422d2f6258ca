"""The report of one run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.cost.markdown import table
from tests.benchmarks.serving.batches import BatchTime, fit
from tests.benchmarks.serving.cold_start import Start
from tests.benchmarks.serving.sheets import SheetCost

OURS, TENSORFLOW, EMPTY = "ours", "with all of TensorFlow", "empty, same clients"
TYPICAL_BATCH = 48


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that one run measured.

    Attributes:
        processors: Of the machine.
        load: Processes that wanted a processor when the run began, in the mean of a minute.
        machine_mb: Memory of the machine.
        serving: What served the model.
        installed_mb: Megabytes on disk, by variant.
        starts: From the start of the process to its answer to an event that it has to do nothing for.
        first_sheets: The same, for an event whose sheet has to be read and published.
        sheets: The cost of a sheet, warm.
        batches: A batch against single glyphs.
        building: Milliseconds to build a request, by glyphs and by way.
    """

    processors: int
    load: float
    machine_mb: float
    serving: str
    installed_mb: Mapping[str, float]
    starts: Mapping[str, Start]
    first_sheets: Mapping[str, Start]
    sheets: Sequence[SheetCost]
    batches: Sequence[BatchTime]
    building: Mapping[str, Mapping[str, float]]


def render(figures: Figures) -> str:
    """Return the report as Markdown."""
    parts = [_head(figures), _starts(figures), _sheets(figures.sheets), _batches(figures), _building(figures)]
    return "\n".join(parts)


def _head(figures: Figures) -> str:
    return f"""# Cold start, sheets, batches

`make bench-serving` measured and wrote this: {figures.processors} processors,
{figures.machine_mb / 1000:.0f} GB, a load of {figures.load:.1f} before it began; the model in the
{figures.serving}. Medians of one run; for batches and requests, the best of several. Times depend on the
machine and on what else runs there, so read the ratios; CPU time depends on it least. The figures themselves
are in `serving.json`, from which `infra/cost` computes.
"""


def _starts(figures: Figures) -> str:
    ours = figures.starts[OURS]
    shares = [_share(name, ours, figures.starts[name]) for name in (TENSORFLOW, EMPTY)]
    rows = [
        [name, _seconds(one), _cpu(one), f"{one.memory_mb:.0f} MB", _installed(figures, name)]
        for name, one in figures.starts.items()
    ]
    first = [
        [name, _seconds(one), _cpu(one), f"{one.memory_mb:.0f} MB"]
        for name, one in figures.first_sheets.items()
    ]
    return f"""## Cold start

From the start of the process to its first response, with the clients made; memory after it (pages that
processes share counted once).

{table(["function", "first response", "CPU", "memory", "installed"], rows)}
{table(["ours, as a share of", "time", "CPU", "memory"], shares)}
The same with a sheet, from the start of the process to its published result:

{table(["function", "first sheet", "CPU", "memory"], first)}"""


def _sheets(sheets: Sequence[SheetCost]) -> str:
    rows = [
        [
            one.name,
            f"{one.milliseconds:.0f} ms",
            f"{one.function_cpu_ms:.0f} ms",
            f"{one.serving_cpu_ms:.0f} ms",
            f"{one.peak_mb:.0f} MB",
        ]
        for one in sheets
    ]
    head = [
        "sheet",
        "from event to answer",
        "CPU of the function",
        "CPU of serving",
        "peak memory, four at once",
    ]
    return f"""## A sheet, warm

{table(head, rows)}"""


def _batches(figures: Figures) -> str:
    rows = [
        [
            str(one.size),
            f"{one.batch_ms:.1f} ms",
            f"{one.singles_ms:.1f} ms",
            f"{one.singles_ms / one.batch_ms:.1f}",
        ]
        for one in figures.batches
    ]
    line = fit(figures.batches)
    return f"""## A batch against single glyphs

{table(["glyphs", "one Predict", "one by one", "ratio"], rows)}
A Predict costs {line.fixed_ms:.1f} ms for being asked and {line.glyph_ms:.2f} ms for each glyph. Merging the
batches of several sheets on the server could save the fixed part of all but one: at most
{line.shared(TYPICAL_BATCH):.0%} of a sheet's {TYPICAL_BATCH} glyphs, but {line.shared(1):.0%} of a single
glyph. docs/decisions/2026-11-no-server-batching.md draws the conclusion.
"""


def _building(figures: Figures) -> str:
    ways = next(iter(figures.building.values()))
    rows = [[way, *(f"{1000 * times[way]:.0f} µs" for times in figures.building.values())] for way in ways]
    return f"""## Building a request

{table(["way", *(f"{size} glyphs" for size in figures.building)], rows)}"""


def _share(name: str, ours: Start, other: Start) -> list[str]:
    shares = (
        ours.seconds / other.seconds,
        ours.cpu_seconds / other.cpu_seconds,
        ours.memory_mb / other.memory_mb,
    )
    return [name, *(f"{one:.0%}" for one in shares)]


def _seconds(start: Start) -> str:
    return f"{start.seconds:.2f} s"


def _cpu(start: Start) -> str:
    return f"{start.cpu_seconds:.2f} s"


def _installed(figures: Figures, name: str) -> str:
    return f"{figures.installed_mb[name]:.0f} MB" if name in figures.installed_mb else ""
