"""Uploads through the whole stack, so many under way at a time, as fast as it takes them."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle, islice

from infra.local.application import Application, RoundTrip
from infra.local.parts import Retries
from infra.local.stack import LocalStack, Options, PubSub
from tests.load.measures import Burst, Latency
from tests.load.sheets import crops
from tests.load.tally import Question, tally
from tests.load.watch import watching

CONCURRENCIES = (1, 8, 32)
ANSWER_SECONDS = 60.0
# What the local Eventarc says of an attempt that has to be repeated.
REPEATED = re.compile(rb", attempt \d+: .*; again in")


def run(count: int, seconds: float) -> Iterator[Burst]:
    """Upload `count` sheets at each concurrency, for so many seconds each at most."""
    options = Options(pubsub=PubSub.EMBEDDED, retries=Retries(in_flight=max(CONCURRENCIES)), environ={})
    with LocalStack("load", options) as stack, Application(stack, "load") as application:
        for concurrency in CONCURRENCIES:
            yield burst(stack, application, concurrency, count, seconds)


def burst(stack: LocalStack, application: Application, concurrency: int, count: int, seconds: float) -> Burst:
    """Upload with so many under way at a time; each sheet's own answer has to come."""
    sheets = {
        f"load/{concurrency}/{number}-{fixture.file}": (fixture, data)
        for number, (fixture, data) in enumerate(islice(cycle(crops()), count))
    }
    trips: list[RoundTrip] = []
    log_start = stack.log("eventarc").stat().st_size
    end = time.monotonic() + seconds
    under_way = application.round_trips(
        ((name, data) for name, (_, data) in sheets.items()), concurrency, ANSWER_SECONDS
    )
    with closing(under_way), watching(stack.pid("function"), lambda: len(trips)) as watch:
        for trip in under_way:
            trips.append(trip)
            if time.monotonic() > end:
                break
    questions = {trip.name: Question(trip.name, sheets[trip.name][0].expected) for trip in trips}
    answers = {trip.name: application.inbox.wait(trip.answer.identity, 0) for trip in trips if trip.answer}
    return Burst(
        name=f"uploads, {concurrency} at a time",
        planned=count,
        sent=len(trips),
        tally=tally(questions, answers),
        errors=len(REPEATED.findall(stack.log("eventarc").read_bytes()[log_start:])),
        seconds=watch.seconds,
        latency=Latency.of([trip.seconds for trip in trips]),
        cpu_ms=1000 * watch.cpu_seconds / len(trips),
        memory=watch.memory,
    )
