"""A burst of uploads against instances, cold starts and concurrency: a simulation of the two services.

Every upload waits for a place in an instance of the function, fetches the sheet, computes, asks serving
(which has places and CPUs of its own), and publishes. Both services start instances while requests wait, up
to their maximum. A delivery that waits longer than Cloud Run lets it, or whose Predict is not served within
its deadline, fails and is repeated after Pub/Sub's backoff.
"""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.cost.measured import Work

PATIENCE_SECONDS = 10.0
"""Cloud Run lets a request wait for this long, or 3.5 times a usual start if that is longer."""
STARTS_OF_PATIENCE = 3.5
FIRST_BACKOFF, LONGEST_BACKOFF = 10.0, 600.0

Action = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is to be chosen: the places of an instance, instances (warm, and at most), Predict's deadline."""

    function_concurrency: int = 4
    function_max: int = 20
    function_min: int = 0
    serving_concurrency: int = 16
    serving_max: int = 5
    serving_min: int = 0
    deadline: float = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a burst.

    Attributes:
        last: Seconds until the last sheet was answered.
        median: Median seconds from an upload to its answer.
        p95: The slowest twentieth of them.
        refusals: Deliveries that found no place, and were repeated.
        functions: The most instances of the function.
        servings: The most instances of serving.
    """

    last: float
    median: float
    p95: float
    refusals: int
    functions: int
    servings: int


class Clock:
    """Events in the order of their time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = itertools.count()
        self._events: list[tuple[float, int, Action]] = []

    def after(self, seconds: float, action: Action) -> None:
        """Have `action` done in so many seconds."""
        heapq.heappush(self._events, (self.now + seconds, next(self._order), action))

    def run(self) -> None:
        """Do everything that is to be done."""
        while self._events:
            self.now, _, action = heapq.heappop(self._events)
            action()


@dataclass(slots=True)
class Instance:
    """An instance that has started: how many requests it holds, and until when each of its CPUs is taken."""

    cpus: list[float]
    held: int = 0

    def compute(self, clock: Clock, seconds: float, then: Action) -> None:
        """Take the CPU that is free first for so many seconds."""
        free = heapq.heappop(self.cpus)
        end = max(free, clock.now) + seconds
        heapq.heappush(self.cpus, end)
        clock.after(end - clock.now, then)


@dataclass(slots=True)
class _Request:
    """A request that waits for a place; `settled` once it has one, or has been refused."""

    serve: Callable[[Instance], None]
    refuse: Action
    settled: bool = False


@dataclass(slots=True)
class Service:
    """A Cloud Run service of `most` instances, each with `cpus` and places for `concurrency` requests."""

    clock: Clock
    concurrency: int
    cpus: int
    most: int
    cold_seconds: float
    patience: float
    instances: list[Instance] = field(default_factory=list)
    starting: int = 0
    refusals: int = 0
    _queue: deque[_Request] = field(default_factory=deque)
    _waiting: int = 0

    def warm(self, count: int) -> None:
        """Have instances there from the beginning."""
        self.instances += [Instance([0.0] * self.cpus) for _ in range(count)]

    def ask(self, serve: Callable[[Instance], None], refuse: Action) -> None:
        """Serve a request when there is a place for it, or refuse it when it has waited for too long."""
        request = _Request(serve, refuse)
        self._queue.append(request)
        self._waiting += 1
        self._seat()
        if not request.settled:
            self.clock.after(self.patience, lambda: self._give_up(request))
            self._scale()

    def leave(self, instance: Instance) -> None:
        """Give a place back."""
        instance.held -= 1
        self._seat()

    def _seat(self) -> None:
        while self._queue:
            if self._queue[0].settled:
                self._queue.popleft()
                continue
            free = min(self.instances, key=lambda one: one.held, default=None)
            if free is None or free.held >= self.concurrency:
                return
            self._settle(self._queue[0])
            free.held += 1
            self._queue.popleft().serve(free)

    def _give_up(self, request: _Request) -> None:
        if not request.settled:
            self._settle(request)
            self.refusals += 1
            request.refuse()

    def _settle(self, request: _Request) -> None:
        request.settled = True
        self._waiting -= 1

    def _scale(self) -> None:
        wanted = math.ceil(self._waiting / self.concurrency) - self.starting
        for _ in range(min(wanted, self.most - len(self.instances) - self.starting)):
            self.starting += 1
            self.clock.after(self.cold_seconds, self._started)

    def _started(self) -> None:
        self.starting -= 1
        self.instances.append(Instance([self.clock.now] * self.cpus))
        self._seat()


def simulate(arrivals: list[float], work: Work, limits: Limits) -> Outcome:
    """Return what becomes of uploads at the times `arrivals`, in seconds."""
    clock = Clock()
    held = max(PATIENCE_SECONDS, STARTS_OF_PATIENCE * work.function_cold)
    function = Service(clock, limits.function_concurrency, 1, limits.function_max, work.function_cold, held)
    held = max(PATIENCE_SECONDS, STARTS_OF_PATIENCE * work.serving_cold)
    held = min(held, limits.deadline)
    serving = Service(clock, limits.serving_concurrency, 2, limits.serving_max, work.serving_cold, held)
    function.warm(limits.function_min)
    serving.warm(limits.serving_min)
    answered: list[tuple[float, float]] = []
    for arrival in arrivals:
        clock.after(arrival, _Sheet(clock, function, serving, work, arrival, answered).deliver)
    clock.run()
    ordered = sorted(took for _, took in answered)
    return Outcome(
        last=max(arrival + took for arrival, took in answered),
        median=ordered[len(ordered) // 2],
        p95=ordered[int(0.95 * (len(ordered) - 1))],
        refusals=function.refusals + serving.refusals,
        functions=len(function.instances),
        servings=len(serving.instances),
    )


@dataclass(slots=True)
class _Sheet:
    """One sheet on its way; each step schedules the next."""

    clock: Clock
    function: Service
    serving: Service
    work: Work
    arrival: float
    answered: list[tuple[float, float]]
    backoff: float = FIRST_BACKOFF

    def deliver(self) -> None:
        self.function.ask(self._fetch, self._again)

    def _again(self) -> None:
        self.clock.after(self.backoff, self.deliver)
        self.backoff = min(2 * self.backoff, LONGEST_BACKOFF)

    def _fetch(self, place: Instance) -> None:
        self.clock.after(
            self.work.network / 2,
            lambda: place.compute(self.clock, self.work.function_cpu, lambda: self._ask(place)),
        )

    def _ask(self, place: Instance) -> None:
        self.serving.ask(lambda server: self._score(place, server), lambda: self._fail(place))

    def _fail(self, place: Instance) -> None:
        self.function.leave(place)
        self._again()

    def _score(self, place: Instance, server: Instance) -> None:
        server.compute(self.clock, self.work.serving_cpu, lambda: self._publish(place, server))

    def _publish(self, place: Instance, server: Instance) -> None:
        self.serving.leave(server)
        self.clock.after(self.work.network / 2, lambda: self._finish(place))

    def _finish(self, place: Instance) -> None:
        self.function.leave(place)
        self.answered.append((self.arrival, self.clock.now - self.arrival))
