"""Where the time of a sheet goes: `python -m tests.benchmarks.stages`, or `make bench-stages`.

Milliseconds of CPU on one core, the prediction in this process; the median over some sheets, as Markdown.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

import cv2

from sheetid.reader import glyphs_of, interpret
from sheetid.settings import ReadingSettings
from sheetid.vision.decoding import decode
from sheetid.vision.strips import find_strips
from tests.benchmarks.engine import InProcessClassifier
from tests.corpus.corpora import RenderedCorpus
from tests.corpus.files import encode
from tests.corpus.render import render
from tests.corpus.spec import PAGE

SHEETS = 24
TURNS = 3  # each sheet is read so often; the first time is not counted
STAGES = ("decode", "find and straighten lines", "batch", "predict", "interpret")
SETTINGS = ReadingSettings()

Times = dict[str, list[float]]


def main() -> int:
    """Measure crops and pages, and print the table."""
    cv2.setNumThreads(1)
    classifier = InProcessClassifier()
    columns = {
        "450x400 crop": measured(crops(), classifier),
        "A4 page, 200 dpi": measured(pages(), classifier),
    }
    sys.stdout.write(f"| stage | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}\n")
    for stage in STAGES:
        write_row(stage, [times[stage] for times in columns.values()])
    write_row("in all", [list(map(sum, zip(*times.values(), strict=True))) for times in columns.values()])
    return 0


def write_row(title: str, columns: list[list[float]]) -> None:
    """Print the median of each column."""
    sys.stdout.write(f"| {title} | {' | '.join(f'{median(times):.1f}' for times in columns)} |\n")


def crops() -> Iterator[bytes]:
    """Yield everyday corners."""
    corpus = RenderedCorpus("mild", "test")
    return (corpus.sheet(index).data for index in range(SHEETS))


def pages() -> Iterator[bytes]:
    """Yield the whole pages that some everyday corners are of, at 200 dpi."""
    corpus = RenderedCorpus("mild", "test")
    for index in range(SHEETS // 4):
        spec, stored = corpus.spec(index)
        page = render(replace(spec, view=PAGE, dpi=200, coloured=False))
        yield encode(page.image, replace(stored, dpi=200))


def measured(sheets: Iterator[bytes], classifier: InProcessClassifier) -> Times:
    """Return each stage's milliseconds on every sheet."""
    times: Times = {stage: [] for stage in STAGES}
    for sheet in sheets:
        for turn in range(TURNS):
            read(sheet, classifier, times if turn else {stage: [] for stage in STAGES})
    return times


def read(sheet: bytes, classifier: InProcessClassifier, times: Times) -> None:
    """Do what `sheetid.reader` does, stage by stage."""
    with timed(times["decode"]):
        scan = decode(sheet, SETTINGS.max_pixels)
    with timed(times["find and straighten lines"]):
        strips = find_strips(scan, SETTINGS.max_glyphs)
    with timed(times["batch"]):
        glyphs = glyphs_of(strips)
    with timed(times["predict"]):
        prediction = classifier.predict(glyphs)
    with timed(times["interpret"]):
        interpret(strips, prediction, SETTINGS)


@contextmanager
def timed(times: list[float]) -> Iterator[None]:
    """Note the milliseconds of CPU that are spent inside."""
    start = time.process_time()
    yield
    times.append((time.process_time() - start) * 1000)


if __name__ == "__main__":
    sys.exit(main())
