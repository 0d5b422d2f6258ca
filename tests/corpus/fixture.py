"""What a fixture is: an image file, and what the reader has to answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sheetid.result import Reason, Status


@dataclass(frozen=True, slots=True)
class Expected:
    """The answers that are right for one file.

    Attributes:
        statuses: Any of these is right.
        number: What the image shows, or None; the only number that may be published as `read`.
        reasons: Why it is not `read`; any of these is right.
    """

    statuses: tuple[Status, ...]
    number: str | None = None
    reasons: tuple[Reason, ...] = ()

    def complaint(self, result: Mapping[str, object]) -> str | None:
        """Return what is wrong with a published result (its JSON fields), or None if nothing is.

        A `review`'s candidate is not held against it: a person looks at it, which is what `review` asks for.
        """
        status, number, reason = (result.get(key) for key in ("status", "sheetNumber", "reason"))
        if status == Status.READ and number != self.number:
            return f"read {number}, which is wrong: expected {self.number or 'no number'}"
        if status not in self.statuses:
            return f"{status} ({reason}), expected {self}"
        if status != Status.READ and reason not in self.reasons:
            return f"{status} because of {reason}, expected {self}"
        return None

    def __str__(self) -> str:
        """Return a short form for tables."""
        words = " or ".join(self.statuses)
        detail = self.number if self.statuses == (Status.READ,) else ", ".join(self.reasons)
        return f"{words} {detail or ''}".strip()


@dataclass(frozen=True, slots=True)
class Fixture:
    """One file.

    Attributes:
        file: Its name, unique; the part before the dot says what is special about it.
        expected: The right answer.
        make: Makes its bytes, the same ones every time.
    """

    file: str
    expected: Expected
    make: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.file.rsplit(".", 1)[0]

    @property
    def good(self) -> bool:
        """Whether the only right answer is its number."""
        return self.expected.statuses == (Status.READ,)


def reads(number: str) -> Expected:
    """Nothing but this number is right."""
    return Expected((Status.READ,), number)


def rejects(reason: Reason) -> Expected:
    """There is nothing to be read, for this reason."""
    return Expected((Status.REJECTED,), None, (reason,))


def doubts(number: str) -> Expected:
    """Too bad to insist on an answer; only a wrong number published as `read` is a mistake."""
    reasons = (Reason.LOW_CONFIDENCE, Reason.AMBIGUOUS, Reason.WRONG_LENGTH, Reason.NO_DIGITS)
    return Expected((Status.READ, Status.REVIEW, Status.REJECTED), number, reasons)
