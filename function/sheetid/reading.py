"""From the paths through all runs to one decision: read, review or rejected."""

from dataclasses import dataclass

from stdnum import luhn
from stdnum.iso7064 import mod_11_10, mod_97_10

from sheetid.manifest import Manifest
from sheetid.result import Reason, Status
from sheetid.settings import CheckDigit, ReadingSettings

CHECKS = {
    CheckDigit.LUHN: luhn,
    CheckDigit.ISO7064_MOD_11_10: mod_11_10,
    CheckDigit.ISO7064_MOD_97_10: mod_97_10,
}
RIVALS = (0.65, 0.85), (0.2, 1.2)  # shares of the best one's confidence and height: a rival has either pair
BY_CHANCE = 0.1  # of all numbers fit a check digit
MISFIT = 0.02  # how likely what is read is no sheet's number, against one that was misread
LIKELY = 0.5  # confidence from which on a number of another length is rather there than not
SHORTEST_GUESS = 3  # digits: fewer are no sign of a number
LOOPS, CLEARLY = frozenset("01"), 0.9  # signatures and ornaments look like these, but never so clearly


@dataclass(frozen=True, slots=True)
class Finding:
    """A number found in one run.

    Attributes:
        number: Its characters.
        confidence: Calibrated, 0 to 1.
        height: In pixels of the image.
        aside: Whether it is meant only if no other number is, as a year in a line with words.
    """

    number: str
    confidence: float
    height: float
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What is published of the findings; `chosen` is the index of the finding shown, or None."""

    status: Status
    reason: Reason | None = None
    chosen: int | None = None


def decide(findings: list[Finding], settings: ReadingSettings, manifest: Manifest) -> Decision:
    """Decide on one image.

    Args:
        findings: One for each run that holds digits, in any order.
        settings: What a sheet number looks like.
        manifest: The thresholds that were calibrated for the model.
    """
    order = sorted(range(len(findings)), key=lambda i: -support(findings[i]))
    fitting = [i for i in order if violation(findings[i].number, settings) is None]
    if not fitting:
        return without_fitting(findings, order, settings, manifest)
    meant = [i for i in fitting if is_meant(findings[i])]
    if any(findings[i].confidence >= manifest.review_threshold for i in meant):
        fitting = meant
    best = findings[fitting[0]]
    if best.confidence < manifest.review_threshold:
        return Decision(Status.REJECTED, Reason.NO_DIGITS)
    if any(rivals(best, findings[i]) for i in fitting[1:]):
        return Decision(Status.REVIEW, Reason.AMBIGUOUS, fitting[0])
    if best.confidence < manifest.read_threshold:
        return Decision(Status.REVIEW, Reason.LOW_CONFIDENCE, fitting[0])
    return Decision(Status.READ, chosen=fitting[0])


def without_fitting(
    findings: list[Finding], order: list[int], settings: ReadingSettings, manifest: Manifest
) -> Decision:
    """Decide where no finding has the form of a sheet number: name what is wrong with the best one."""
    plain = [i for i in order if findings[i].confidence >= manifest.review_threshold]
    plain = [i for i in plain if len(findings[i].number) >= SHORTEST_GUESS]
    if not plain:
        return Decision(Status.REJECTED, Reason.NO_DIGITS)
    best = findings[plain[0]]
    reason = violation(best.number, settings)
    if reason is Reason.WRONG_LENGTH:
        likely = best.confidence >= LIKELY
        return Decision(Status.REJECTED, reason if likely else Reason.NO_DIGITS)
    return Decision(Status.REVIEW, reason, plain[0])


def is_meant(finding: Finding) -> bool:
    """Tell whether a number may be meant where another one is: 0000 may be a signature's loops."""
    loops = LOOPS.issuperset(finding.number) and finding.confidence < CLEARLY
    return not (finding.aside or loops)


def support(finding: Finding) -> float:
    """Return how well a finding is supported as the sheet's number: sure, and in large print."""
    return finding.confidence * finding.height


def rivals(best: Finding, other: Finding) -> bool:
    """Tell whether another number on the sheet might as well be meant."""
    return other.number != best.number and any(
        other.confidence >= confidence * best.confidence and other.height >= height * best.height
        for confidence, height in RIVALS
    )


def weigh(ways: list[tuple[str, float]], settings: ReadingSettings) -> tuple[int, float]:
    """Let what is known of sheet numbers choose among what may stand at one place.

    A number that fits gains nearly all that those lose that do not: they may be right, and none of a sheet's.
    Where a check digit or a pattern is known, what was not considered at all would fit by chance in one case
    of ten.

    Args:
        ways: Numbers and their shares, 0 to 1, the likeliest first.
        settings: What a sheet number looks like.

    Returns:
        Which number it is, and its share now; the first one with its own where none fits.
    """
    fitting = [index for index, (number, _) in enumerate(ways) if violation(number, settings) is None]
    if not fitting:
        return 0, ways[0][1]
    best = max(fitting, key=lambda index: ways[index][1])
    chance = BY_CHANCE if settings.check or settings.pattern else 1.0
    known, fits = sum(share for _, share in ways), sum(ways[index][1] for index in fitting)
    return best, ways[best][1] / (fits + MISFIT * (known - fits) + chance * max(0.0, 1 - known))


def violation(number: str, settings: ReadingSettings) -> Reason | None:
    """Return why a number cannot be a sheet number, or None if it can."""
    if not settings.min_length <= len(number) <= settings.max_length:
        return Reason.WRONG_LENGTH
    if settings.pattern and not settings.pattern.fullmatch(number):
        return Reason.PATTERN_MISMATCH
    if settings.check and not CHECKS[settings.check].is_valid(number):
        return Reason.CHECK_DIGIT
    return None
