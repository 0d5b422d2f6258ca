"""Holds what was answered against what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.local.application import Answer
from tests.corpus.fixture import Expected

MOST_COMPLAINTS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What was sent: the object's name, and the answer that is right, or None if there must be none."""

    name: str
    expected: Expected | None

    def complaint(self, answer: Answer) -> str | None:
        """Return what is wrong with one answer, or None if nothing is."""
        if self.expected is None:
            return f"{self.name} was not to be answered"
        if answer.result["image"] != self.name:
            return f"{self.name} was given the answer of {answer.result['image']}"
        complaint = self.expected.complaint(answer.result)
        return complaint and f"{self.name}: {complaint}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions there were, and what became of them.

    Attributes:
        asked: Questions that want an answer.
        answered: Those that got one.
        repeated: Answers beyond the first.
        wrong: Questions with an answer that is wrong, or somebody else's, or not wanted.
        complaints: What is wrong with the first of these.
    """

    asked: int
    answered: int
    repeated: int
    wrong: int
    complaints: tuple[str, ...]

    @property
    def lost(self) -> int:
        """How many got no answer."""
        return self.asked - self.answered


def tally(questions: Mapping[str, Question], answers: Mapping[str, Sequence[Answer]]) -> Tally:
    """Count; both are by the same key, and answers to what nobody asked are wrong."""
    asked = {key for key, question in questions.items() if question.expected}
    complaints = [f"{key}: nobody asked" for key in answers if key not in questions]
    for key, question in questions.items():
        found = [complaint for one in answers.get(key, ()) if (complaint := question.complaint(one))]
        complaints += found[:1]
    return Tally(
        asked=len(asked),
        answered=sum(1 for key in asked if answers.get(key)),
        repeated=sum(max(0, len(given) - 1) for given in answers.values()),
        wrong=len(complaints),
        complaints=tuple(complaints[:MOST_COMPLAINTS]),
    )
