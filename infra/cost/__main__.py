"""Compute the tables of docs/cost.md anew: `python -m infra.cost`."""

from pathlib import Path

from infra.cost.burst import Limits, Outcome, simulate
from infra.cost.markdown import table
from infra.cost.measured import CORNER, TYPICAL, Work, load
from infra.cost.model import FUNCTION, SERVING, load_prices, month, rival

PAGE = Path(__file__).parents[2] / "docs" / "cost.md"
VOLUMES = (1_000, 100_000, 10_000_000)
BURSTS = {"1,000 in a minute": (1_000, 60.0), "1,000 at once": (1_000, 1.0), "10,000 at once": (10_000, 10.0)}
CHOICES = {
    "as deployed": Limits(),
    "one sheet at a time": Limits(function_concurrency=1),
    "eight at a time": Limits(function_concurrency=8),
    "Predict gives up after 10 s": Limits(deadline=10),
    "one instance of each kept warm": Limits(function_min=1, serving_min=1),
    "half as many instances": Limits(function_max=10, serving_max=3),
    "five times as many": Limits(function_max=100, serving_max=25),
}


def main() -> None:
    """Write the page with its tables computed anew."""
    PAGE.write_text(renewed(PAGE.read_text()))


def renewed(page: str) -> str:
    """Return the page with each table between its marks computed anew; the rest stays as it is."""
    for name, text in {"work": work(), "bill": bill(), "ceiling": ceiling(), "bursts": bursts()}.items():
        start, end = f"<!-- {name} -->\n", "<!-- end -->"
        before, found, rest = page.partition(start)
        if not found:
            raise SystemExit(f"{PAGE} has no place for the table {name}")
        page = before + start + text + end + rest.partition(end)[2]
    return page


def work() -> str:
    """Return what a sheet takes."""
    rows = [
        [
            name,
            f"{one.function_cpu:.3f} s",
            f"{one.serving_cpu:.3f} s",
            f"{one.network:.2f} s",
            f"{one.seconds:.2f} s",
        ]
        for name, one in ((name, load(name)) for name in (CORNER, TYPICAL))
    ]
    return table(["sheet", "CPU of the function", "CPU of serving", "waiting", "alone, in all"], rows)


def bill() -> str:
    """Return the bill of a month by volume, ours in parts and beside others'."""
    prices = load_prices()
    ours = [month(volume, load(), prices) for volume in VOLUMES]
    warm = [month(volume, load(), prices, warm=True).total for volume in VOLUMES]
    corners = [month(volume, load(CORNER), prices).total for volume in VOLUMES]
    parts = ("compute", "storage", "messages", "logs", "standing")
    rows = [[part, *(dollars(getattr(one, part)) for one in ours)] for part in parts]
    rows.append(["**all of it**", *(f"**{dollars(one.total)}**" for one in ours)])
    rows.append(["with one instance of each kept warm", *map(dollars, warm)])
    rows.append(["if only the corner is uploaded", *map(dollars, corners)])
    rows += [
        [one["name"], *(dollars(rival(volume, one["steps"])) for volume in VOLUMES)]
        for one in prices["rivals"]
    ]
    return table([f"a month, prices of {prices['as_of']}", *(f"{volume:,}" for volume in VOLUMES)], rows)


def ceiling() -> str:
    """Return how many sheets a second the deployed instances bear."""
    rows = []
    for name in (CORNER, TYPICAL):
        one, limits = load(name), CHOICES["as deployed"]
        function = limits.function_max * per_second(one, FUNCTION.concurrency)
        serving = limits.serving_max * SERVING.vcpus / one.serving_cpu
        rows.append(
            [
                name,
                f"{function:.0f}",
                f"{serving:.0f}",
                f"{min(function, serving) * 86_400 / 1e6:.1f} million",
            ]
        )
    return table(["sheet", "20 of the function, a second", "5 of serving, a second", "at most, a day"], rows)


def per_second(one: Work, concurrency: int) -> float:
    """Return the sheets a second of one instance of the function: bound by its CPU, or by its places."""
    return min(1 / one.function_cpu, concurrency / one.seconds)


def bursts() -> str:
    """Return what becomes of bursts with several choices."""
    rows = []
    for burst, (count, seconds) in BURSTS.items():
        arrivals = [seconds * index / count for index in range(count)]
        rows += [
            [burst, choice, *shown(simulate(arrivals, load(), limits))] for choice, limits in CHOICES.items()
        ]
    head = ["burst", "settings", "median", "slowest 5 %", "last", "repeated", "function", "serving"]
    return table(head, rows, texts=2)


def shown(outcome: Outcome) -> list[str]:
    """Return an outcome's columns."""
    seconds = (outcome.median, outcome.p95, outcome.last)
    counts = (outcome.refusals, outcome.functions, outcome.servings)
    return [*(f"{one:.1f} s" for one in seconds), *(f"{one:,}" for one in counts)]


def dollars(amount: float) -> str:
    """Return an amount with cents, or without where they do not matter."""
    return f"${amount:,.0f}" if amount >= 100 else f"${amount:,.2f}"  # noqa: PLR2004 - a matter of taste


if __name__ == "__main__":
    main()
