"""One fault's trial: the sheets that were uploaded under it, and what became of each."""

import json
import os
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.local.application import Answer, Application
from infra.local.names import BUCKET
from sheetid.result import SheetObject
from tests.corpus.fixture import Expected, Fixture
from tests.e2e.faults.rig import Rig
from tests.e2e.faults.script import PATIENCE_SECONDS, wait_for

PASSING = "no result yet: the event has to be delivered again"
takes_long = pytest.mark.skipif(not os.environ.get("SHEETID_FAULTS"), reason="takes long: make test-faults")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was observed: counts of object generations, but for `duplicates`, which counts messages."""

    uploads: int
    answered: int
    duplicates: int
    lost: int
    wrong: int


def parsed(line: bytes) -> dict[str, Any]:
    """Return an entry of the function's log; nothing for half a line, as a process leaves that is killed."""
    try:
        return dict(json.loads(line))
    except ValueError:
        return {}


@dataclass(slots=True)
class Trial:
    """Uploads sheets and holds what is published against them.

    Attributes:
        rig: Where it takes place.
        prefix: The folder of its objects, which no other trial has.
    """

    rig: Rig
    prefix: str
    _application: Application
    _files: dict[str, bytes]
    _fixtures: list[Fixture]
    _expected: dict[str, tuple[Expected, ...]] = field(default_factory=dict)

    def upload(self, count: int) -> list[SheetObject]:
        """Upload so many good sheets, each under a name of its own."""
        first = len(self._expected)
        return [self.put(f"{number}.jpg", number) for number in range(first, first + count)]

    def put(self, name: str, which: int, over: SheetObject | None = None) -> SheetObject:
        """Upload one good sheet; in place of an older generation, if that is given."""
        fixture = self._fixtures[which % len(self._fixtures)]
        generation = int(over.generation) if over else 0
        sheet = self._application.upload(f"{self.prefix}/{name}", self._files[fixture.file], generation)
        self._expected[sheet.identity] = (fixture.expected,)
        return sheet

    def delete(self, sheet: SheetObject) -> None:
        """Delete an object."""
        self._application.delete(sheet.name)

    def expect(self, sheet: SheetObject, *answers: Expected) -> None:
        """Say which answers are right for a sheet whose number is not, or is no more, the only one."""
        self._expected[sheet.identity] = answers

    def number(self, sheet: SheetObject) -> Expected:
        """Return the right answer for a sheet as long as its object is there."""
        return self._expected[sheet.identity][0]

    def answers(self, sheet: SheetObject, count: int = 1) -> list[Answer]:
        """Wait for so many answers for a sheet, and return all that have come."""
        found = self._application.inbox.wait(sheet.identity, PATIENCE_SECONDS, count)
        assert len(found) >= count, f"{sheet.identity}: {len(found)} of {count} answers came"
        return found

    def is_answered(self, sheet: SheetObject) -> bool:
        """Return whether an answer has come."""
        return sheet.identity in self._application.inbox.identities()

    def errors(self) -> list[dict[str, Any]]:
        """Return the ERROR entries that the function has logged for the trial's objects."""
        entries = map(parsed, self.rig.stack.log("function").read_bytes().splitlines())
        mine = (entry for entry in entries if str(entry.get("object", "")).startswith(f"{self.prefix}/"))
        return [entry for entry in mine if entry["severity"] == "ERROR"]

    def wait_for_cause(self, text: str) -> None:
        """Wait until the function has logged an ERROR whose `cause` has the text."""
        wait_for(lambda: any(text in entry.get("cause", "") for entry in self.errors()), f"an ERROR: {text}")

    def figures(self) -> Figures:
        """Count what has been observed so far."""
        answers = self._answers()
        return Figures(
            uploads=len(self._expected),
            answered=len(answers.keys() & self._expected.keys()),
            duplicates=sum(len(found) - 1 for found in answers.values()),
            lost=len(self._expected.keys() - answers.keys()),
            wrong=sum(bool(self._complaints(identity, found)) for identity, found in answers.items()),
        )

    def settle(self) -> Figures:
        """Wait until nothing more will come; every sheet is answered, and no answer is wrong."""
        for identity in self._expected:
            self._application.inbox.wait(identity, PATIENCE_SECONDS)
        wait_for(lambda: self._events() <= self._acknowledged(), "all events are acknowledged")
        taken = sum(name.startswith(f"{self.prefix}/") for name in self.rig.pubsub.taken)
        wait_for(lambda: sum(map(len, self._answers().values())) >= taken, "all that was published")
        answers = self._answers()
        assert answers.keys() == self._expected.keys(), "one result identity for each object generation"
        complaints = {identity: self._complaints(identity, found) for identity, found in answers.items()}
        assert not any(complaints.values()), complaints
        for entry in self.errors():
            assert entry.get("cause"), entry
            assert entry["message"] == PASSING, "what may pass is not reported as a defect of the function"
        return self.figures()

    def _answers(self) -> dict[str, list[Answer]]:
        inbox = self._application.inbox
        mine = [i for i in inbox.identities() if i.startswith(f"{BUCKET}/{self.prefix}/")]
        return {identity: inbox.wait(identity, 0) for identity in mine}

    def _complaints(self, identity: str, answers: list[Answer]) -> list[str]:
        """Return what is wrong with the answers for one identity."""
        right = self._expected.get(identity, ())
        held = [[expected.complaint(answer.result) for expected in right] for answer in answers]
        return [f"{complaints}" for complaints in held if None not in complaints]

    def _events(self) -> set[str]:
        """Return the ids of the events that were answered, and that Eventarc has delivered."""
        answers = (answer for found in self._answers().values() for answer in found)
        return {answer.result["eventId"] for answer in answers} - self.rig.postman.posted

    def _acknowledged(self) -> set[str]:
        """Return the ids of the events that Eventarc has delivered with success."""
        lines = self.rig.stack.log("eventarc").read_text().splitlines()
        return {line.split(" event ", 1)[1].split()[0] for line in lines if " delivered, attempt " in line}
