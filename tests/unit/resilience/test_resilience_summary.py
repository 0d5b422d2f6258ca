"""The verdict on a run: one lost sheet is enough to fail it."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from tests.load.measures import Memory
from tests.resilience import __main__ as command
from tests.resilience import parts
from tests.resilience.summary import Fuzzed, Part, Peak, Summary
from tests.unit.resilience.made_up import BURST, FAULT, SOAK, SOUND, TALLY

LOST = replace(BURST, tally=replace(TALLY, answered=1999))
SPOILT: dict[str, tuple[str, Summary]] = {
    "a sheet lost under load": ("uploads, 8 at a time", replace(SOUND, uploads=(LOST,))),
    "a wrong answer": ("soak", replace(SOUND, soaks=(replace(SOAK, tally=replace(TALLY, wrong=1)),))),
    "an attempt that failed": ("soak", replace(SOUND, soaks=(replace(SOAK, errors=1),))),
    "no time for all": ("soak", replace(SOUND, soaks=(replace(SOAK, planned=2001),))),
    "memory that grows": (
        "growth in it",
        replace(SOUND, soaks=(replace(SOAK, memory=Memory(1, 99, 99, 1.5)),)),
    ),
    "memory that is large": (
        "memory at its end",
        replace(SOUND, soaks=(replace(SOAK, memory=Memory(1, 600, 600, 0)),)),
    ),
    "a fault not survived": (
        "faults injected and survived",
        replace(SOUND, faults=(replace(FAULT, survived=False),)),
    ),
    "a sheet lost to a fault": ("uploads lost to faults", replace(SOUND, faults=(replace(FAULT, lost=1),))),
    "one lost that nobody counted": (
        "uploads lost to faults",
        replace(SOUND, faults=(replace(FAULT, answered=39),)),
    ),
    "a wrong answer for a fault": (
        "answered wrongly for faults",
        replace(SOUND, faults=(replace(FAULT, wrong=1),)),
    ),
    "a crash": ("crashes", replace(SOUND, fuzzed=(Fuzzed("file", 200_000, 1.0, 1),))),
    "too few inputs": ("hostile inputs tried", replace(SOUND, fuzzed=(Fuzzed("file", 199_999, 1.0, 0),))),
    "a file that takes too much": ("memory for the worst file", replace(SOUND, peaks=(Peak("bomb", 512.0),))),
    "a part that failed": ("faults ran", replace(SOUND, parts=(Part("faults", 1.0, "no such folder"),))),
    "too long": ("all within", replace(SOUND, seconds=1501.0)),
}


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the summary elsewhere."""
    monkeypatch.setattr(parts, "BUILD", tmp_path)
    return tmp_path


def console() -> Console:
    """Print where nobody looks."""
    return Console(file=io.StringIO(), width=200)


def test_a_run_in_which_everything_holds(build: Path) -> None:
    """It ends with 0, and both files say what was found."""
    assert command.report(SOUND, console()) == 0
    fields = json.loads((build / "summary.json").read_text())
    assert all(claim["holds"] for claim in fields["claims"])
    assert fields["uploads"][0]["tally"]["answered"] == 2000
    page = (build / "summary.md").read_text()
    assert "Everything holds." in page
    assert "| hostile inputs tried | 200,000 | holds |" in page
    assert "| uploads, 8 at a time | 50 | 40.0 | 120 | 180 | 240 | 20.0 | 50.0 |" in page


@pytest.mark.parametrize(("claim", "summary"), SPOILT.values(), ids=SPOILT.keys())
def test_one_thing_that_does_not_hold_fails_the_command(claim: str, summary: Summary, build: Path) -> None:
    """It ends with 1, and the summary says what it was, and nothing else."""
    assert command.report(summary, console()) == 1
    assert [one.text for one in summary.claims() if not one.holds] == [claim]
    assert "**Not everything holds.**" in (build / "summary.md").read_text()


def test_a_part_that_fails_does_not_stop_the_others() -> None:
    """What it said is kept; what was not chosen is not run."""
    run = command.Run(["faults", "soak"], console())

    def refuse() -> list[int]:
        raise parts.PartError("no stack")

    assert run.part("faults", refuse) == []
    assert run.part("soak", lambda: [1]) == [1]
    assert run.part("fuzz", refuse) == []
    assert [(part.name, part.failure) for part in run.parts] == [
        ("faults", "PartError: no stack"),
        ("soak", None),
    ]


def test_what_the_faults_report_is_read(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that the tests of faults write, field by field; without it the part fails."""
    fields = {name: getattr(FAULT, name) for name in FAULT.__slots__}

    def tests(*_: object, environ: dict[str, str]) -> None:
        Path(environ["SHEETID_FAULTS_REPORT"]).write_text(json.dumps({"faults": [fields]}))

    monkeypatch.setattr(parts, "pytest", tests)
    assert parts.faults() == [FAULT]
    monkeypatch.setattr(parts, "pytest", lambda *_, **__: None)
    with pytest.raises(parts.PartError, match=r"faults\.json was not written"):
        parts.faults()
    assert not list(build.iterdir())
