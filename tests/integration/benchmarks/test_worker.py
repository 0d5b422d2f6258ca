"""Readers in processes of their own, on a real sheet."""

import pytest

from tests.benchmarks.client import ReaderProcess
from tests.corpus.files import Stored, encode
from tests.corpus.render import render
from tests.corpus.spec import Number, SheetSpec

# Digits of 40 pixels, which is what the recipe's fixed boxes were made for; it loses narrow ones.
SHEET = encode(render(SheetSpec(3, Number("4082963", "Roboto-Bold", 5.1))).image, Stored())
BLANK = encode(render(SheetSpec(3, Number("", "Roboto-Bold"))).image, Stored())


@pytest.mark.parametrize("name", ["ours", "recipe"])
def test_answers_and_costs(name: str) -> None:
    """A reader answers sheet after sheet, and says what each cost."""
    with ReaderProcess(name) as process:
        first, blank, again = process.read(SHEET), process.read(BLANK), process.read(SHEET)
    assert (first["number"] or first["candidate"]) == "4082963"
    assert (again["number"], again["candidate"]) == (first["number"], first["candidate"])
    assert (blank["number"], blank["candidate"]) == (None, None)
    assert 0 < first["confidence"] <= 1
    assert first["cpu_ms"] > 0
    assert first["memory_mb"] > 10


def test_a_reader_that_does_not_start_says_so() -> None:
    """An unknown reader ends at once, and the caller hears of it."""
    with pytest.raises(RuntimeError, match="reader nobody ended"), ReaderProcess("nobody"):
        pass
