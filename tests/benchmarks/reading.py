"""Readers side by side: `python -m tests.benchmarks.reading --corpus mild,hard --count 500`.

Draws the sheets, asks every reader, keeps the answers under `build/benchmarks`, and writes tables and plots
from all that is kept there. Readers that were not asked this time keep their earlier answers, so that ours
can be measured again without running the others.
"""

import argparse
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.benchmarks import store
from tests.benchmarks.client import RAPIDOCR_PYTHON, ReaderProcess
from tests.benchmarks.report import MAIN, write_report
from tests.benchmarks.scores import Record, score
from tests.benchmarks.tesseract import PAGE_MODES
from tests.corpus import real_words
from tests.corpus.axes import AXES
from tests.corpus.corpora import NAMES, Corpus, Sample, corpus

FAMILIES = ("ours", "recipe", "tesseract", "rapidocr")
OUR_VARIANTS = ("ours-nlm",)  # asked by name only
RESULTS = Path("build/benchmarks")


def main() -> int:
    """Run the benchmark; return the exit code."""
    arguments = _arguments()
    console = Console(stderr=True)
    try:
        corpora, readers = chosen_corpora(arguments.corpus), chosen_readers(arguments.readers)
    except (ValueError, FileNotFoundError) as error:
        console.print(str(error))
        return 2
    folder = RESULTS / arguments.split
    for name in corpora:
        sheets = drawn_ahead(corpus(name, arguments.split), arguments.count)
        for reader, records in measure(name, sheets, arguments.count, readers, console).items():
            store.save(folder, name, reader, records)
    command = f"python -m tests.benchmarks.reading {shlex.join(sys.argv[1:])}"
    page = write_report(store.load(folder), arguments.report, command)
    console.print(f"written to {page}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--corpus",
        default=",".join(MAIN),
        help="names, separated by commas; `axes` for every fault, `rotation` for one",
    )
    parser.add_argument("--count", type=int, default=500, help="sheets of each corpus")
    parser.add_argument("--readers", default=",".join(FAMILIES), help="names, separated by commas")
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="tune on dev, report test")
    parser.add_argument("--report", type=Path, default=RESULTS / "report", help="folder of tables and plots")
    return parser.parse_args()


def chosen_corpora(text: str) -> list[str]:
    """Return the corpora's names; `real` is left out where its words are absent; raises ValueError."""
    names: list[str] = []
    for name in text.split(","):
        axes = list(AXES) if name == "axes" else [name] if name in AXES else []
        names += [corpus for axis in axes for corpus in NAMES if corpus.rsplit("-", 1)[0] == axis] or [name]
    if unknown := set(names) - set(NAMES):
        raise ValueError(
            f"unknown: {', '.join(sorted(unknown))}; there are {', '.join([*MAIN, *AXES, 'axes'])}"
        )
    return [name for name in names if name != "real" or real_words.directory()]


def chosen_readers(text: str) -> list[str]:
    """Return the readers to start; raises ValueError for unknown and FileNotFoundError for missing ones."""
    names: list[str] = []
    for family in text.split(","):
        if family not in (*FAMILIES, *OUR_VARIANTS):
            known = ", ".join((*FAMILIES, *OUR_VARIANTS))
            raise ValueError(f"no reader is called {family}; there are {known}")
        if family == "tesseract":
            if shutil.which("tesseract") is None:
                raise FileNotFoundError("tesseract is missing: apt install tesseract-ocr")
            names += [f"tesseract-{mode}{only}" for only in ("", "-digits") for mode in PAGE_MODES]
            continue
        if family == "rapidocr" and not RAPIDOCR_PYTHON.exists():
            raise FileNotFoundError("RapidOCR is missing: make build/venv-bench/.done")
        names.append(family)
    return names


def measure(
    name: str, sheets: Iterable[Sample], count: int, readers: Sequence[str], console: Console
) -> dict[str, list[Record]]:
    """Return what every reader makes of the `count` sheets of a corpus, and show it."""
    records: dict[str, list[Record]] = {reader: [] for reader in readers}
    with ExitStack() as stack:
        running = [stack.enter_context(process) for process in [ReaderProcess(reader) for reader in readers]]
        pool = stack.enter_context(ThreadPoolExecutor(len(running)))
        for sheet in track(sheets, f"{name:12}", count, console=console, transient=True):
            for process, reply in zip(running, pool.map(lambda p: p.read(sheet.data), running), strict=True):  # noqa: B023 -- used at once
                records[process.name].append(Record.from_reply(sheet.number, reply))
    for reader, made in records.items():
        result = score(made)
        rates = f"exact {result.exact}  silent {result.silent}  none {result.unanswered}"
        console.print(
            f"{name:12} {reader:20} {rates}  {result.cpu_ms:.0f} ms {result.memory_mb:.0f} MB",
            highlight=False,
            soft_wrap=True,
        )
    return records


def drawn_ahead(sheets: Corpus, count: int) -> Iterator[Sample]:
    """Yield the first `count` sheets, drawing the next one while one is read."""
    with ThreadPoolExecutor(1) as pool:
        upcoming = pool.submit(sheets.sheet, 0)
        for index in range(1, count + 1):
            sheet = upcoming.result()
            if index < count:
                upcoming = pool.submit(sheets.sheet, index)
            yield sheet


if __name__ == "__main__":
    sys.exit(main())
