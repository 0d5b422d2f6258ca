"""What one run found, and whether it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.measures import Burst, Memory

MEMORY = 512  # MB for each of the requests that an instance takes at once
MOST_GROWTH = 1.0  # MB for a thousand events: what an instance may gain before Cloud Run replaces it
LEAST_INPUTS = 200_000
MOST_MINUTES = 25


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, as `tests/e2e/faults` reports it.

    Attributes:
        name: The test that injected it.
        injected: What was done to the system, in words.
        uploads: How many sheets were under way.
        answered: How many of them got their answer.
        duplicates: Answers beyond the first.
        lost: Sheets without an answer.
        wrong: Sheets with a wrong one.
        survived: Whether the system went on by itself.
    """

    name: str
    injected: str
    uploads: int
    answered: int
    duplicates: int
    lost: int
    wrong: int
    survived: bool


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One target of the fuzzer: how many inputs were tried, and how many broke it."""

    target: str
    inputs: int
    seconds: float
    crashes: int


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory, in MB, that one hostile file took."""

    file: str
    megabytes: float


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the run: its name, how long it took, and why it failed as a whole, if it did."""

    name: str
    seconds: float
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, what was found, and whether that is good enough."""

    text: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that one run found, and how many seconds all of it took; some parts run side by side."""

    parts: Sequence[Part]
    seconds: float
    faults: Sequence[Fault] = ()
    uploads: Sequence[Burst] = ()
    soaks: Sequence[Burst] = ()
    peaks: Sequence[Peak] = ()
    fuzzed: Sequence[Fuzzed] = ()

    @property
    def minutes(self) -> float:
        """How long all of it took."""
        return self.seconds / 60

    @property
    def holds(self) -> bool:
        """Whether every claim does."""
        return all(claim.holds for claim in self.claims())

    def claims(self) -> list[Claim]:
        """Return what is claimed of the parts that were run."""
        claims = [
            Claim(f"{part.name} ran", part.failure or "yes", part.failure is None) for part in self.parts
        ]
        claims += self._of_faults() if self.faults else []
        claims += [of_burst(burst) for burst in (*self.uploads, *self.soaks)]
        claims += [claim for soak in self.soaks for claim in of_memory(soak.memory)]
        claims += self._of_inputs()
        claims.append(
            Claim("all within", f"{self.minutes:.1f} of {MOST_MINUTES} min", self.minutes < MOST_MINUTES)
        )
        return claims

    def _of_faults(self) -> list[Claim]:
        injected, survived = len(self.faults), sum(fault.survived for fault in self.faults)
        uploads = sum(fault.uploads for fault in self.faults)
        lost = sum(max(fault.lost, fault.uploads - fault.answered) for fault in self.faults)
        wrong = sum(fault.wrong for fault in self.faults)
        return [
            Claim("faults injected and survived", f"{survived} of {injected}", survived == injected),
            Claim("uploads lost to faults", f"{lost} of {uploads}", lost == 0 < uploads),
            Claim("answered wrongly for faults", f"{wrong} of {uploads}", wrong == 0),
        ]

    def _of_inputs(self) -> list[Claim]:
        claims = []
        if self.fuzzed:
            inputs, crashes = (
                sum(getattr(one, name) for one in self.fuzzed) for name in ("inputs", "crashes")
            )
            claims.append(Claim("hostile inputs tried", f"{inputs:,}", inputs >= LEAST_INPUTS))
            claims.append(Claim("crashes", f"{crashes}", crashes == 0))
        if self.peaks:
            worst = max(self.peaks, key=lambda peak: peak.megabytes)
            found = f"{worst.megabytes:.0f} of {MEMORY} MB ({worst.file})"
            claims.append(Claim("memory for the worst file", found, worst.megabytes < MEMORY))
        return claims


def of_burst(burst: Burst) -> Claim:
    """Return what is claimed of one burst of load."""
    counted = burst.tally
    found = f"{counted.lost} lost, {counted.wrong} wrong, {burst.errors} errors of {burst.sent:,}"
    if burst.sent < burst.planned:
        found += f"; no time for {burst.planned - burst.sent:,} more"
    clean = counted.lost == counted.wrong == burst.errors == 0
    return Claim(burst.name, found, clean and burst.sent == burst.planned and counted.answered > 0)


def of_memory(memory: Memory) -> list[Claim]:
    """Return what is claimed of the function's memory in a soak."""
    return [
        Claim("growth in it", f"{memory.slope:+.2f} MB per 1,000 events", memory.slope < MOST_GROWTH),
        Claim("memory at its end", f"{memory.last:.0f} MB (peak {memory.peak:.0f})", memory.last < MEMORY),
    ]
