"""The bill and the bursts: against what one can work out by hand, and against the page that shows them."""

import pytest

from infra.cost.__main__ import PAGE, renewed
from infra.cost.burst import Limits, simulate
from infra.cost.measured import Work
from infra.cost.model import FUNCTION, Machine, billed_seconds, load_prices, month, rival

WORK = Work(
    function_cpu=0.2, serving_cpu=0.1, network=0.2, megabytes=1.0, function_cold=3.0, serving_cold=12.0
)
WARM = Limits(function_min=1, serving_min=1)


def test_the_page_is_what_the_figures_give() -> None:
    """Nobody changed a price, an assumption or a measurement without `make cost`."""
    page = PAGE.read_text()
    assert renewed(page) == page


def test_a_sheet_alone_takes_what_its_steps_take() -> None:
    """With everything warm: half the network, the function, serving, the other half."""
    outcome = simulate([0.0], WORK, WARM)
    assert outcome.last == pytest.approx(0.5)
    assert (outcome.refusals, outcome.functions, outcome.servings) == (0, 1, 1)


def test_a_cold_start_waits_for_both_services() -> None:
    """The function starts first; serving only when it is asked."""
    assert simulate([0.0], WORK, Limits()).last == pytest.approx(3 + 0.3 + 12 + 0.1 + 0.1)


def test_one_cpu_reads_one_sheet_after_another() -> None:
    """Four places share a CPU: its time adds up, the waiting does not."""
    assert simulate([0.0] * 4, WORK, WARM).last == pytest.approx(0.1 + 4 * 0.2 + 0.1 + 0.1)


def test_a_deadline_before_the_cold_start_ends_repeats_the_delivery() -> None:
    """Predict gives up at 10 s, serving is there at 12 s: the sheet comes back after its backoff of 10 s."""
    outcome = simulate([0.0], WORK, Limits(function_min=1, deadline=10))
    assert outcome.refusals == 1
    assert outcome.last == pytest.approx(0.3 + 10 + 10 + 0.3 + 0.1 + 0.1)


@pytest.mark.parametrize("limits", [Limits(), WARM, Limits(function_max=1, serving_max=1, deadline=10)])
def test_every_sheet_is_answered_within_the_limits(limits: Limits) -> None:
    """However few instances there may be, a burst ends, and more are never started."""
    outcome = simulate([index / 100 for index in range(500)], WORK, limits)
    assert 0 < outcome.median <= outcome.p95 <= outcome.last
    assert outcome.functions <= limits.function_max
    assert outcome.servings <= limits.serving_max


def test_nothing_read_costs_only_what_stands_there() -> None:
    """Images and alerts; instances only if they are kept warm."""
    prices = load_prices()
    cold, warm = month(0, WORK, prices), month(0, WORK, prices, warm=True)
    assert cold.total == cold.standing == pytest.approx(2.5 * 0.10 + 7 * 0.10)
    # Three units (1 vCPU + 2 GiB; 2 vCPU + 1 GiB) at the same idle price, for both services.
    assert warm.total - cold.total == pytest.approx(2 * 3 * 30.4 * 86_400 * 0.0000025)


def test_more_sheets_cost_more_in_all_but_each_less() -> None:
    """Sheets that come together share instances."""
    prices = load_prices()
    bills = [month(count, WORK, prices).compute for count in (1_000_000, 10_000_000, 100_000_000)]
    assert bills == sorted(bills)
    assert bills[1] / 10_000_000 >= bills[2] / 100_000_000


def test_an_instance_is_never_billed_for_less_than_its_cpu_works() -> None:
    """A hundred million sheets keep the CPU busy, however many share an instance."""
    sheets = 100_000_000
    assert billed_seconds(sheets, 0.5, 0.2, FUNCTION) == pytest.approx(sheets * 0.2)
    assert billed_seconds(sheets, 0.5, 0.2, Machine(1, 1, 1)) == pytest.approx(sheets * 0.5)


def test_a_sheet_alone_is_billed_in_full_steps() -> None:
    """Cloud Run rounds up to a tenth of a second."""
    assert billed_seconds(1, 0.42, 0.1, FUNCTION) == pytest.approx(0.5)


@pytest.mark.parametrize(("pages", "dollars"), [(1_000, 0), (2_000, 1.5), (6_000_000, 7498.5 + 600)])
def test_rivals_are_paid_by_their_steps(pages: int, dollars: float) -> None:
    """The first thousand free, then dearer, then cheaper."""
    assert rival(pages, [[0, 0.0], [1_000, 0.0015], [5_000_000, 0.0006]]) == pytest.approx(dollars)
