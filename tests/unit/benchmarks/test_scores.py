"""Rates, intervals and the curve of risk against coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.scores import Rate, Record, risk_by_coverage, score


def record(
    truth: str | None, number: str | None = None, candidate: str | None = None, sure: float = 0.9
) -> Record:
    """Return a record that took 10 ms and 50 MB."""
    return Record(truth, number, candidate, sure, 10, 50)


def test_every_answer_falls_into_one_class() -> None:
    """A sheet is read exactly, silently wrong, or not answered."""
    records = [record("12", "12"), record("12", "13"), record("12", None, "12"), record("12")]
    result = score(records)
    assert (result.exact.hits, result.silent.hits, result.unanswered.hits) == (1, 1, 2)
    assert result.with_review.hits == 2
    assert (result.cpu_ms, result.memory_mb) == (10, 50)


def test_on_a_sheet_without_a_number_silence_is_exact() -> None:
    """Any number published on a sheet without one is silently wrong."""
    result = score([record(None), record(None, "4711"), record(None, None, "4711")])
    assert (result.exact.hits, result.silent.hits, result.unanswered.hits) == (2, 1, 0)
    assert result.with_review.hits == 1


def test_no_records_no_score() -> None:
    """A rate of nothing is not a number to print."""
    with pytest.raises(ValueError, match="no records"):
        score([])


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 1000, 0, 0.00383), (5, 10, 0.2366, 0.7634), (98, 100, 0.9300, 0.9945), (10, 10, 0.7225, 1)],
)
def test_intervals_are_wilsons(hits: int, count: int, low: float, high: float) -> None:
    """The interval agrees with published values."""
    assert Rate(hits, count).interval == pytest.approx((low, high), abs=2e-4)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_contain_the_share(pair: tuple[int, int]) -> None:
    """The observed share lies in its interval, and the interval in 0 to 1."""
    rate = Rate(*pair)
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-12
    assert rate.share - 1e-12 <= high <= 1


def test_risk_grows_along_the_confidence() -> None:
    """Thresholds go from the strictest on, and equal confidences are answered together."""
    records = [
        record("1111", "1111", sure=0.99),
        record("2222", None, "2222", sure=0.6),
        record("3333", None, "3338", sure=0.6),
        record("4444"),
    ]
    assert risk_by_coverage(records) == [(0.25, 0), (0.75, pytest.approx(1 / 3))]
