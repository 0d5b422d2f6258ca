"""What one sheet costs a warm function, and the server that it asks."""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from infra.local.stack import LocalStack
from tests.benchmarks.serving.events import Uploaded, post
from tests.benchmarks.serving.usage import cpu_seconds, peak_mb

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class SheetCost:
    """The cost of one kind of sheet.

    Attributes:
        name: The file that was read again and again.
        milliseconds: Median time from the event to the answer, one sheet at a time.
        function_cpu_ms: CPU milliseconds of the function for each sheet.
        serving_cpu_ms: CPU milliseconds of the model server for each sheet.
        peak_mb: The most megabytes that the function has held, with `at_once` of them at the same time.
    """

    name: str
    milliseconds: float
    function_cpu_ms: float
    serving_cpu_ms: float
    peak_mb: float


def measure(stack: LocalStack, sheets: Sequence[Uploaded], count: int, at_once: int) -> list[SheetCost]:
    """Return the cost of each of the sheets, in the order given."""
    return [_measure(stack, sheet, count, at_once) for sheet in sheets]


def _measure(stack: LocalStack, sheet: Uploaded, count: int, at_once: int) -> SheetCost:
    pids = [stack.pid("function"), stack.pid("serving")]
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(WARM_UP):
            post(session, stack.addresses.function_url, sheet.event)
        before = [cpu_seconds(pid) for pid in pids]
        times = [_timed(session, stack, sheet) for _ in range(count)]
        after = [cpu_seconds(pid) for pid in pids]
    function, serving = (1000 * (end - start) / count for start, end in zip(before, after, strict=True))
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda _: _alone(stack, sheet), range(2 * at_once)))
    return SheetCost(sheet.name, 1000 * statistics.median(times), function, serving, peak_mb(pids[0]))


def _timed(session: requests.Session, stack: LocalStack, sheet: Uploaded) -> float:
    began = time.perf_counter()
    post(session, stack.addresses.function_url, sheet.event)
    return time.perf_counter() - began


def _alone(stack: LocalStack, sheet: Uploaded) -> None:
    with requests.Session() as session:
        session.trust_env = False
        post(session, stack.addresses.function_url, sheet.event)
