"""The decision: never `read` on doubt, always a reason otherwise."""

import re

import pytest

from sheetid.manifest import Manifest
from sheetid.reading import Finding, decide, weigh
from sheetid.result import Reason, Status
from sheetid.settings import CheckDigit, ReadingSettings

MANIFEST = Manifest("0123456789", 1.0, read_threshold=0.9, review_threshold=0.3)
PLAIN = ReadingSettings()


def test_confident_number_is_read() -> None:
    """One sure number of a fitting length is the answer."""
    decision = decide([Finding("004217", 0.99, 40)], PLAIN, MANIFEST)
    assert (decision.status, decision.reason, decision.chosen) == (Status.READ, None, 0)


@pytest.mark.parametrize(
    ("confidence", "status", "reason"),
    [
        (0.9, Status.READ, None),
        (0.89, Status.REVIEW, Reason.LOW_CONFIDENCE),
        (0.3, Status.REVIEW, Reason.LOW_CONFIDENCE),
        (0.29, Status.REJECTED, Reason.NO_DIGITS),
    ],
)
def test_thresholds_part_read_review_and_rejected(
    confidence: float, status: Status, reason: Reason | None
) -> None:
    """Each threshold is the first confidence of the better outcome."""
    decision = decide([Finding("1234", confidence, 40)], PLAIN, MANIFEST)
    assert (decision.status, decision.reason) == (status, reason)


def test_larger_print_wins_over_smaller() -> None:
    """The sheet number is printed larger than a date below it."""
    decision = decide([Finding("20261122", 0.99, 20), Finding("004217", 0.98, 40)], PLAIN, MANIFEST)
    assert (decision.status, decision.chosen) == (Status.READ, 1)


def test_two_numbers_in_like_print_go_to_review() -> None:
    """Where two numbers compete, neither is passed off as the sheet's."""
    decision = decide([Finding("1234", 0.99, 40), Finding("5678", 0.97, 38)], PLAIN, MANIFEST)
    assert (decision.status, decision.reason) == (Status.REVIEW, Reason.AMBIGUOUS)


@pytest.mark.parametrize(
    ("confidence", "height", "reason"),
    [(0.6, 38, None), (0.7, 38, Reason.AMBIGUOUS), (0.6, 50, Reason.AMBIGUOUS), (0.1, 90, None)],
)
def test_a_doubtful_number_rivals_one_in_smaller_print_alone(
    confidence: float, height: float, reason: Reason | None
) -> None:
    """A date in a field below the number, taken for one."""
    decision = decide([Finding("1234", 0.99, 40), Finding("22214", confidence, height)], PLAIN, MANIFEST)
    assert (decision.chosen, decision.reason) == (0, reason)


def test_a_year_in_a_line_with_words_stands_aside() -> None:
    """It is no rival of another number, however large its print, and in review where there is none."""
    year, number = Finding("1897", 0.4, 60, aside=True), Finding("004217", 0.99, 30)
    decision = decide([year, number], PLAIN, MANIFEST)
    assert (decision.status, decision.chosen) == (Status.READ, 1)
    assert decide([year], PLAIN, MANIFEST).status is Status.REVIEW
    decision = decide([year, Finding("0011", 0.1, 30), Finding("12", 0.99, 30)], PLAIN, MANIFEST)
    assert (decision.status, decision.chosen) == (Status.REVIEW, 0)
    assert decide([year, Finding("2012", 0.4, 60, aside=True)], PLAIN, MANIFEST).reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(
    ("loops", "confidence", "chosen"), [("0000", 0.7, 1), ("1010", 0.5, 1), ("0000", 0.99, 0)]
)
def test_loops_stand_aside_unless_they_are_clearly_a_number(
    loops: str, confidence: float, chosen: int
) -> None:
    """A signature's, or a frame's ornaments, in larger print than the number."""
    decision = decide([Finding(loops, confidence, 60), Finding("004217", 0.99, 30)], PLAIN, MANIFEST)
    assert (decision.status, decision.chosen) == (Status.READ, chosen)
    assert decide([Finding(loops, confidence, 60)], PLAIN, MANIFEST).chosen == 0


def test_the_same_number_twice_is_no_rivalry() -> None:
    """A number repeated below its barcode is still one number."""
    decision = decide([Finding("1234", 0.99, 40), Finding("1234", 0.97, 38)], PLAIN, MANIFEST)
    assert decision.status is Status.READ


def test_length_rules_out_a_rival() -> None:
    """A configured length rescues a sheet on which numbers compete."""
    settings = ReadingSettings(min_length=7, max_length=7)
    findings = [Finding("20261122", 0.99, 40), Finding("1234567", 0.99, 38)]
    assert decide(findings, settings, MANIFEST).status is Status.READ


def test_wrong_length_is_rejected_with_its_reason() -> None:
    """Three clear digits are no sheet number."""
    decision = decide([Finding("123", 0.99, 40)], PLAIN, MANIFEST)
    assert (decision.status, decision.reason) == (Status.REJECTED, Reason.WRONG_LENGTH)


@pytest.mark.parametrize(
    ("check", "valid", "invalid"),
    [
        (CheckDigit.LUHN, "79927398713", "79927398714"),
        (CheckDigit.ISO7064_MOD_11_10, "002006673085", "002006673084"),
        (CheckDigit.ISO7064_MOD_97_10, "79444", "79445"),
    ],
)
def test_check_digit_vetoes(check: CheckDigit, valid: str, invalid: str) -> None:
    """A number whose check digit does not fit is never `read`, however clear it is."""
    settings = ReadingSettings(min_length=4, max_length=20, check=check)
    assert decide([Finding(valid, 0.99, 40)], settings, MANIFEST).status is Status.READ
    vetoed = decide([Finding(invalid, 0.99, 40)], settings, MANIFEST)
    assert (vetoed.status, vetoed.reason) == (Status.REVIEW, Reason.CHECK_DIGIT)


def test_pattern_vetoes_and_rescues() -> None:
    """A pattern refuses what it does not match and settles a rivalry."""
    settings = ReadingSettings(pattern=re.compile("00[0-9]{4}"))
    decision = decide([Finding("123456", 0.99, 40)], settings, MANIFEST)
    assert (decision.status, decision.reason) == (Status.REVIEW, Reason.PATTERN_MISMATCH)
    findings = [Finding("123456", 0.99, 40), Finding("001234", 0.95, 39)]
    assert decide(findings, settings, MANIFEST).chosen == 1


def test_nothing_found_is_rejected() -> None:
    """A sheet without digits has its reason."""
    decision = decide([], PLAIN, MANIFEST)
    assert (decision.status, decision.reason) == (Status.REJECTED, Reason.NO_DIGITS)


def test_check_digit_rescues_a_doubtful_reading() -> None:
    """Of two readings alike in share, the one whose check digit holds is almost sure."""
    chosen, share = weigh(
        [("79927398710", 0.5), ("79927398713", 0.49)], ReadingSettings(check=CheckDigit.LUHN)
    )
    assert chosen == 1
    assert share == pytest.approx(0.49 / (0.491 + 0.02 * 0.5), abs=0.001)


def test_length_rescues_a_doubtful_reading() -> None:
    """A digit too many, in doubt, is left out where the length is known."""
    settings = ReadingSettings(min_length=4, max_length=4)
    chosen, share = weigh([("14082", 0.6), ("4082", 0.38)], settings)
    assert chosen == 1
    assert share == pytest.approx(0.38 / (0.40 + 0.02 * 0.6), abs=0.001)


def test_a_number_of_another_length_is_hardly_ever_one_that_fits() -> None:
    """Three clear digits are not four of which one was hardly seen."""
    chosen, share = weigh([("860", 0.994), ("7860", 0.002)], PLAIN)
    assert chosen == 1
    assert share < 0.1


def test_what_fits_no_rule_keeps_its_share() -> None:
    """Where no reading fits, the best one is shown as it is."""
    assert weigh([("14082", 0.6), ("1408", 0.3)], ReadingSettings(min_length=7, max_length=7)) == (0, 0.6)


def test_rules_that_all_fit_change_little() -> None:
    """Without a rule that parts them, readings keep their shares."""
    chosen, share = weigh([("4083", 0.6), ("4088", 0.39)], PLAIN)
    assert chosen == 0
    assert share == pytest.approx(0.6)
