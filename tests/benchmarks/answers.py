"""What a reader answers, and how a sheet's number is picked out of the text that an OCR library returns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SHORTEST, LONGEST = 4, 12
_RUN = re.compile(r"[0-9]+")
_GAP = re.compile(r"(?<=[0-9]) +(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader makes of one sheet.

    Attributes:
        number: The number that it publishes, or None.
        candidate: The number that it shows to a person instead, or None.
        confidence: How sure it is of either, 0 to 1; None without one.
    """

    number: str | None = None
    candidate: str | None = None
    confidence: float | None = None


class Reader(Protocol):
    """Reads one sheet at a time."""

    def read(self, image: bytes) -> Answer:
        """Read the image file's bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of recognised text: where it starts and ends (pixels), and how sure its reader is, 0 to 1."""

    text: str
    top: float
    right: float
    confidence: float


def pick_number(lines: Iterable[Line]) -> Answer:
    """Pick the sheet's number out of recognised text, by one rule for every OCR library.

    Spaces between digits are dropped, since widely set numbers come out as several words. Of all unbroken
    runs of 4 to 12 digits the longest is the number; of several equally long ones the topmost, and of those
    on one line the last. The libraries get the image as it is, and whatever they answer counts as
    published: they have no `review` of their own.
    """
    runs = [
        (len(run.group()), -line.top, line.right, run.start(), run.group(), line.confidence)
        for line in lines
        for run in _RUN.finditer(_GAP.sub("", line.text))
        if SHORTEST <= len(run.group()) <= LONGEST
    ]
    if not runs:
        return Answer()
    *_, number, confidence = max(runs)
    return Answer(number, None, confidence)
