"""The demo's page: every sheet, its answer, and what the answer is based on. One file, readable offline."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2

from infra.local.application import RoundTrip
from infra.local.pictures import Picture, detail, glyph_pictures, open_sheet, overview
from sheetid.errors import PermanentError
from sheetid.prediction import Classifier
from sheetid.reader import read_sheet
from sheetid.result import Digit
from sheetid.settings import ReadingSettings

TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one sheet.

    Attributes:
        file: The sheet's file name.
        expected: The right answer, in words.
        trip: Its way through the system.
        complaint: What is wrong with the answer, or None if it is right.
    """

    file: str
    expected: str
    trip: RoundTrip
    complaint: str | None

    @property
    def result(self) -> dict[str, Any]:
        """The published result's fields; empty if there was no answer."""
        return self.trip.answer.result if self.trip.answer else {}

    @property
    def number(self) -> str:
        """The number to show: what was read, or the candidate with a question mark."""
        candidate = self.result.get("candidate")
        return str(self.result.get("sheetNumber") or (f"{candidate}?" if candidate else ""))

    @property
    def milliseconds(self) -> int:
        """From upload to result."""
        return round(self.trip.seconds * 1000)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A digit as the model saw it: its picture, and what it was taken for."""

    picture: str
    digit: Digit


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One sheet on the page: its outcome, and as much of its pictures as there is."""

    outcome: Outcome
    overview: Picture | None = None
    detail: Picture | None = None
    region: str = ""
    glyphs: tuple[Glyph, ...] = ()


def exhibit(outcome: Outcome, data: bytes, classifier: Classifier, settings: ReadingSettings) -> Exhibit:
    """Read a sheet once more, for the evidence that is not published, and make its pictures."""
    try:
        reading = read_sheet(data, classifier, settings)
    except PermanentError:  # nothing is opened here that the reader would not open
        return Exhibit(outcome)
    sheet = open_sheet(data)
    whole = overview(sheet)
    if reading.evidence.region is None:
        return Exhibit(outcome, whole)
    digits, region = reading.reading.digits, reading.evidence.region
    pictures = glyph_pictures(reading.evidence.glyphs)
    return Exhibit(
        outcome,
        overview=whole,
        detail=detail(sheet, region, digits),
        region=" ".join(f"{x:.1f},{y:.1f}" for x, y in region),
        glyphs=tuple(Glyph(*pair) for pair in zip(pictures, digits, strict=True)),
    )


def render(exhibits: Sequence[Exhibit], facts: dict[str, str], made: datetime) -> str:
    """Return the page; `facts` are shown at its top."""
    outcomes = [shown.outcome for shown in exhibits]
    answered = [outcome.milliseconds for outcome in outcomes if outcome.trip.answer]
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(TEMPLATE.read_text()).render(
        exhibits=exhibits,
        facts=facts,
        made=made,
        counts=Counter(outcome.result.get("status", "no answer") for outcome in outcomes),
        wrong=sum(outcome.complaint is not None for outcome in outcomes),
        median=round(statistics.median(answered)) if answered else 0,
    )
