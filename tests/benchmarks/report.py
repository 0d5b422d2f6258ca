"""The benchmark's page: tables in Markdown and plots, from what `store` keeps."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.benchmarks.scores import Record, Score, risk_by_coverage, score
from tests.benchmarks.store import Results
from tests.corpus.axes import AXES, LEVELS

MAIN = {
    "mild": "what the application sees every day",
    "hard": "several strong faults at once",
    "none": "no number on the sheet; exact means that none was published",
    "page": "whole A4 pages, one in seven without a number; OCR libraries read all of them",
    "real": "real scanned words in the corner of a sheet; lines and thresholds were chosen with them",
}
_COLOURS = {
    "ours": "#0b6e4f",
    "ours-nlm": "#69b28f",
    "rapidocr": "#c84630",
    "tesseract": "#2d5d9f",
    "tesseract-digits": "#7ea6d9",
    "recipe": "#8d8d8d",
}
_TITLES = {
    "ours": "**this project**",
    "ours-nlm": "this project, after non-local means",
    "rapidocr": "RapidOCR 1.4.4",
    "tesseract": "Tesseract 5",
    "tesseract-digits": "Tesseract 5, digits only",
    "recipe": "original recipe",
}
_HEAD = (
    "| reader | sheets | exact % | silently wrong % | no answer % | exact with review % "
    "| CPU ms | memory MB |\n"
)
_RULE = "| --- | ---: | --- | --- | --- | --- | ---: | ---: |\n"


def write_report(results: Results, folder: Path, command: str) -> Path:
    """Write `reading.md` and its plots to `folder`, and return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    mpl.rcParams["svg.hashsalt"] = "reading"
    best = {corpus: best_modes(readers) for corpus, readers in results.items()}
    parts = [_introduction(command)]
    for corpus, title in MAIN.items():
        if corpus in best:
            parts.append(f"## {corpus}: {title}\n\n{_table(best[corpus])}")
    plotted = [corpus for corpus in MAIN if corpus in best and corpus != "none"]
    if plotted:
        _plot_risk({corpus: best[corpus] for corpus in plotted}, folder / "reading-risk.svg")
        parts.append(
            "## Risk against coverage\n\nThe share of wrong answers among those given, for every threshold on"
            " the reader's own confidence.\n\n![risk against coverage](reading-risk.svg)\n"
        )
    axes = [axis for axis in AXES if f"{axis}-0" in best]
    if axes:
        _plot_axes(axes, best, folder / "reading-axes.svg")
        parts.append(
            "## One fault at a time\n\nSolid: read exactly. Dotted: silently wrong.\n\n"
            f"![accuracy against level](reading-axes.svg)\n\n{_axis_table(axes, best)}"
        )
    page = folder / "reading.md"
    page.write_text("\n".join(parts))
    return page


def best_modes(readers: Mapping[str, Sequence[Record]]) -> dict[str, tuple[str, Sequence[Record]]]:
    """Return each reader's records by its family's name, and for Tesseract those of its best page mode.

    The best mode is the one that reads most sheets of this very corpus, which is more than a user could know.
    """
    families: dict[str, tuple[str, Sequence[Record]]] = {}
    for name, records in readers.items():
        family = name
        if name.startswith("tesseract"):
            family = "tesseract-digits" if name.endswith("digits") else "tesseract"
        if family not in families or score(records).exact.hits > score(families[family][1]).exact.hits:
            families[family] = (name, records)
    return {family: families[family] for family in _TITLES if family in families}


def _introduction(command: str) -> str:
    return f"""# Reading, side by side

Last run: `{command}`.
Readers and corpora that it did not name keep what an earlier run of the same module found; the number of
sheets is in the tables. Sheets come from `tests/corpus`, whose fonts and seeds training never sees. Every
reader gets each sheet as it is, in a process of its own, on one core; the time is CPU time a sheet, after
start-up. From the OCR libraries' text the longest run of 4 to 12 digits is taken (the topmost, rightmost of
equals; spaces between digits dropped). Tesseract is shown in the page mode that does best on the very
corpus. The original recipe uses this project's model. In brackets: 95 % intervals (Wilson). *Exact with
review* also counts numbers that were shown to a person as a candidate.
"""


def _table(readers: Mapping[str, tuple[str, Sequence[Record]]]) -> str:
    rows = (
        _row(_title(family, name), len(records), score(records))
        for family, (name, records) in readers.items()
    )
    return f"{_HEAD}{_RULE}{''.join(rows)}"


def _title(family: str, name: str) -> str:
    mode = f", page mode {name.split('-')[1]}" if family.startswith("tesseract") else ""
    return _TITLES[family] + mode


def _row(title: str, sheets: int, result: Score) -> str:
    rates = (result.exact, result.silent, result.unanswered, result.with_review)
    cells = [title, f"{sheets:,}", *map(str, rates), f"{result.cpu_ms:.0f}", f"{result.memory_mb:.0f}"]
    return f"| {' | '.join(cells)} |\n"


def _axis_table(axes: Sequence[str], best: Mapping[str, Mapping[str, tuple[str, Sequence[Record]]]]) -> str:
    """Tabulate this project's rates: exact / silent in % at each level."""
    lines = [
        "This project's `exact / silently wrong` in %, and the fault's strength, at each level:\n\n",
        "| fault | unit |" + "".join(f" level {level} |" for level in range(LEVELS)) + "\n",
        "| --- | --- |" + " --- |" * LEVELS + "\n",
    ]
    for name in axes:
        cells = [name, AXES[name].unit]
        for level, value in enumerate(AXES[name].values):
            readers = best.get(f"{name}-{level}", {})
            result = score(readers["ours"][1]) if "ours" in readers else None
            rates = f"{100 * result.exact.share:.1f} / {100 * result.silent.share:.1f}" if result else "-"
            cells.append(f"{rates} ({value:g})".replace("(nan)", "(none)"))
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def _plot_risk(best: Mapping[str, Mapping[str, tuple[str, Sequence[Record]]]], path: Path) -> None:
    figure = Figure(figsize=(4.2 * len(best), 3.6), layout="constrained")
    plots = figure.subplots(1, len(best), squeeze=False)[0]
    for plot, (corpus, readers) in zip(plots, best.items(), strict=True):
        for family, (_, records) in readers.items():
            curve = risk_by_coverage(records)
            coverage, risk = [100 * c for c, _ in curve], [100 * r for _, r in curve]
            plot.step(coverage, risk, where="post", color=_COLOURS[family], label=_plain(family))
        plot.set(title=corpus, xlabel="answered, %", ylabel="wrong among the answered, %", xlim=(0, 100))
        plot.set_yscale("symlog", linthresh=0.1)
        plot.set_ylim(0, 100)
        plot.grid(alpha=0.3)
    plots[0].legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def _plot_axes(
    axes: Sequence[str], best: Mapping[str, Mapping[str, tuple[str, Sequence[Record]]]], path: Path
) -> None:
    columns = min(5, len(axes))
    rows = -(-len(axes) // columns)
    figure = Figure(figsize=(2.6 * columns, 2.2 * rows), layout="constrained")
    plots = figure.subplots(rows, columns, squeeze=False).ravel()
    for plot, axis in zip(plots, axes, strict=False):
        _plot_axis(plot, axis, best)
    for plot in plots[len(axes) :]:
        plot.set_axis_off()
    handles, labels = plots[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def _plot_axis(plot: Axes, axis: str, best: Mapping[str, Mapping[str, tuple[str, Sequence[Record]]]]) -> None:
    levels = [level for level in range(LEVELS) if f"{axis}-{level}" in best]
    for family in best[f"{axis}-0"]:
        scores = [score(best[f"{axis}-{level}"][family][1]) for level in levels]
        exact, silent = [100 * s.exact.share for s in scores], [100 * s.silent.share for s in scores]
        plot.plot(levels, exact, "-o", markersize=3, color=_COLOURS[family], label=_plain(family))
        plot.plot(levels, silent, ":", color=_COLOURS[family])
    plot.set(title=axis, ylim=(-3, 103), xticks=list(range(LEVELS)))
    plot.title.set_fontsize(9)
    plot.tick_params(labelsize=7)
    plot.grid(alpha=0.3)


def _plain(family: str) -> str:
    return _TITLES[family].replace("*", "")
