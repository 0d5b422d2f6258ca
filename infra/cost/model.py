"""The bill of a month."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cost.measured import Work

PRICES = Path(__file__).parent / "prices.toml"
MONTH_SECONDS = 30.4 * 86_400
BUSY_SECONDS = 22 * 8 * 3600
"""Sheets are assumed to come evenly over eight hours of each working day."""
KEPT_SECONDS = 900
"""An instance without work is kept for about a quarter of an hour, not billed."""
BILLED_STEP = 0.1
LOG_BYTES = 2_000
"""Of each sheet: the function's own line and the request logs of both services."""
MESSAGE_BYTES = 2_500
"""Of each result: seven digits with their boxes; an event is about as long."""
IMAGES_GB = 3
"""Ten images of serving share their layers, as do those of the function."""
ALERTS = 7


@dataclass(frozen=True, slots=True)
class Machine:
    """An instance: its vCPUs and GiB, and how many sheets it takes at once."""

    vcpus: float
    gib: float
    concurrency: int


FUNCTION = Machine(1, 2, 4)
SERVING = Machine(2, 1, 16)


@dataclass(frozen=True, slots=True)
class Bill:
    """Dollars of one month, by what they are for; free tiers taken off."""

    compute: float
    storage: float
    messages: float
    logs: float
    standing: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.compute + self.storage + self.messages + self.logs + self.standing


def load_prices(path: Path = PRICES) -> Mapping[str, Any]:
    """Return the price list."""
    return tomllib.loads(path.read_text())


def month(sheets: int, work: Work, prices: Mapping[str, Any], *, warm: bool = False) -> Bill:
    """Return the bill for `sheets` a month; `warm` keeps one instance of each service ready all the time."""
    run = prices["cloud_run"]
    cold = 0.0 if warm else cold_share(sheets)
    function = (
        billed_seconds(sheets, work.seconds, work.function_cpu, FUNCTION) + sheets * cold * work.function_cold
    )
    serving = (
        billed_seconds(sheets, work.serving_cpu, work.serving_cpu / 2, SERVING)
        + sheets * cold * work.serving_cold
    )
    vcpu_seconds = function * FUNCTION.vcpus + serving * SERVING.vcpus
    gib_seconds = function * FUNCTION.gib + serving * SERVING.gib
    compute = (
        beyond(vcpu_seconds, run["free_vcpu_seconds"]) * run["vcpu_second"]
        + beyond(gib_seconds, run["free_gib_seconds"]) * run["gib_second"]
        + beyond(2 * sheets, run["free_requests"]) * run["request"]
    )
    return Bill(
        compute=compute,
        storage=sheets
        * (
            work.megabytes / 1000 * prices["storage"]["gb_month"]
            + prices["storage"]["write"]
            + prices["storage"]["read"]
        ),
        messages=messages(sheets, prices["pubsub"]),
        logs=beyond(sheets * LOG_BYTES / 2**30, prices["logging"]["free_gib"]) * prices["logging"]["gib"],
        standing=standing(prices, warm=warm),
    )


def cold_share(sheets: int) -> float:
    """Return the share of sheets before which nothing came for so long that no instance was left."""
    return math.exp(-sheets / BUSY_SECONDS * KEPT_SECONDS)


def billed_seconds(sheets: int, alone: float, busy: float, machine: Machine) -> float:
    """Return the seconds of instances that are billed.

    Args:
        sheets: How many come in the month.
        alone: Seconds that one takes by itself.
        busy: Seconds of all of the instance's vCPUs that it needs.
        machine: The instance.
    """
    at_once = min(sheets / BUSY_SECONDS * alone, machine.concurrency, alone / busy)
    shared = max(at_once, 1.0)
    step = math.ceil(alone / BILLED_STEP) * BILLED_STEP if at_once < 1 else alone
    return sheets * max(step / shared, busy)


def messages(sheets: int, prices: Mapping[str, float]) -> float:
    """Return the price of events and results, each published once and delivered once."""
    size = max(MESSAGE_BYTES, prices["smallest_bytes"])
    return beyond(4 * sheets * size / 2**30, prices["free_gib"]) * prices["gib"]


def standing(prices: Mapping[str, Any], *, warm: bool) -> float:
    """Return what is paid if no sheet comes at all."""
    run = prices["cloud_run"]
    kept = beyond(IMAGES_GB, prices["registry"]["free_gb"]) * prices["registry"]["gb_month"]
    alerts = ALERTS * prices["monitoring"]["condition_month"]
    idle = sum(
        MONTH_SECONDS * (one.vcpus * run["idle_vcpu_second"] + one.gib * run["idle_gib_second"])
        for one in (FUNCTION, SERVING)
    )
    return float(kept + alerts + (idle if warm else 0.0))


def rival(sheets: int, steps: Sequence[Sequence[float]]) -> float:
    """Return what a service costs that is paid by the page, by its steps `[from, price]`."""
    ends = [*(start for start, _ in steps[1:]), math.inf]
    return sum(
        max(0.0, min(sheets, end) - start) * price for (start, price), end in zip(steps, ends, strict=True)
    )


def beyond(amount: float, free: float) -> float:
    """Return what exceeds the free part."""
    return max(0.0, amount - free)
