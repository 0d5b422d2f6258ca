"""Many threads read at once, in one process: each reads its own sheet, exactly as it would alone."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from sheetid.errors import PermanentError
from sheetid.reader import read_sheet
from sheetid.result import Reading, Reason
from sheetid.settings import ReadingSettings
from tests.load.sheets import small
from tests.unit.hostile.classifiers import ByContent

THREADS = 8
TIMES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: its reading, where on it and of which glyphs, or the reason of its refusal."""

    reading: Reading | Reason
    region: tuple[float, ...] = ()
    asked: tuple[bytes, ...] = ()


def read(data: bytes) -> Outcome:
    """Read a file; the model's answers depend on its glyphs alone."""
    classifier = ByContent(5)
    try:
        sheet = read_sheet(data, classifier, ReadingSettings())
    except PermanentError as error:
        return Outcome(error.reason)
    region: npt.ArrayLike = () if sheet.evidence.region is None else sheet.evidence.region
    return Outcome(sheet.reading, tuple(np.ravel(region).tolist()), tuple(classifier.asked))


@pytest.fixture(scope="module")
def files() -> list[bytes]:
    """Every kind of small file, images and others."""
    return [data for _, data in small()]


def test_threads_read_what_one_thread_reads(files: list[bytes]) -> None:
    """Readings, places and glyphs are the same to the last bit, in whatever order and company."""
    alone = [read(data) for data in files]
    assert len({outcome.asked for outcome in alone}) > len(files) / 2, "they have to differ to be told apart"
    order = list(range(len(files))) * TIMES
    random.Random(7).shuffle(order)  # noqa: S311 - the same order every time
    with ThreadPoolExecutor(THREADS) as threads:
        together = list(threads.map(read, [files[index] for index in order]))
    assert together == [alone[index] for index in order]
