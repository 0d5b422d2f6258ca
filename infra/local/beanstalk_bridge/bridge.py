"""The bridge itself: every job becomes an upload, every result an answer."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from google.api_core.exceptions import Forbidden, NotFound, Unauthorized

from infra.local import names
from infra.local.beanstalk_bridge.cloud import Arrival
from infra.local.beanstalk_bridge.jobs import (
    UnusableJobError,
    answer,
    job_of_object,
    new_object_name,
    read_sheet,
)
from infra.local.beanstalk_bridge.tubes import Job, LostJobError, Tubes

LOG = logging.getLogger("beanstalk_bridge")

TICK_SECONDS = 0.05
TOUCHES_PER_RUN = 4
# A bucket that is not there, or not ours, is no fault of the job that happens to be first to notice.
MISCONFIGURED = (Forbidden, NotFound, Unauthorized)


class ResultSource(Protocol):
    """Where results come from."""

    def next(self, seconds: float) -> Arrival | None:
        """Return the next result, or None if none came in so many seconds."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the bridge works.

    Attributes:
        root: The folder that jobs name images in.
        prefix: What the objects' names begin with, so that the subscription can filter for them.
        in_flight: How many jobs are under way at a time, at most.
        wait_seconds: How long a job waits for its result before it is buried.
    """

    root: Path
    prefix: str = names.BRIDGE_PREFIX
    in_flight: int = 32
    wait_seconds: float = 300.0


@dataclass(slots=True)
class Pending:
    """A job whose result is still to come.

    Attributes:
        job: The job.
        image: The application's name for the sheet.
        upload: The upload, under way or done.
        give_up: When it is buried, on the monotonic clock.
        touch: When it is touched next.
    """

    job: Job
    image: str
    upload: Future[None]
    give_up: float
    touch: float


class Bridge:
    """Moves jobs; one turn after another, in one thread."""

    def __init__(
        self,
        tubes: Tubes,
        upload: Callable[[str, bytes], Future[None]],
        results: ResultSource,
        options: Options,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take jobs from `tubes`; `upload` begins to upload a name's bytes."""
        self._tubes, self._upload, self._results, self._options = tubes, upload, results, options
        self._clock = clock
        self._pending: dict[str, Pending] = {}  # by the object's name

    def turn(self) -> None:
        """Take what jobs there are, answer what results there are, and look after what is under way."""
        self._take_jobs()
        for arrival in self._arrivals():
            self._settle(arrival)
        now = self._clock()
        for name, pending in list(self._pending.items()):
            self._look_after(name, pending, now)

    def _take_jobs(self) -> None:
        while len(self._pending) < self._options.in_flight:
            job = self._tubes.reserve(0 if self._pending else 1)
            if job is None:
                return
            if job.answered_by is not None:
                LOG.info("job %d was answered before a bridge was killed", job.id)
                self._tubes.finish(job, job.answered_by)
            else:
                self._begin(job)

    def _begin(self, job: Job) -> None:
        try:
            sheet = read_sheet(job.body, self._options.root)
        except UnusableJobError as error:
            self._bury(job, str(error))
            return
        name = new_object_name(self._options.prefix, job.id, sheet.image)
        now = self._clock()
        upload = self._upload(name, sheet.data)
        give_up = now + self._options.wait_seconds
        self._pending[name] = Pending(job, sheet.image, upload, give_up, self._next_touch(job, now))

    def _arrivals(self) -> Iterator[Arrival]:
        """Yield the results that have come; with jobs under way, wait a moment for the first."""
        arrival = self._results.next(TICK_SECONDS if self._pending else 0)
        while arrival is not None:
            yield arrival
            arrival = self._results.next(0)

    def _settle(self, arrival: Arrival) -> None:
        """Answer the job that a result is for, and acknowledge the result only then."""
        name = arrival.result["image"]
        pending = self._pending.pop(name, None)
        if pending is not None:
            try:
                self._tubes.answer(pending.job, answer(pending.job.id, pending.image, arrival.result))
                LOG.info("job %d answered: %s", pending.job.id, arrival.result.get("status"))
            except LostJobError as error:
                LOG.warning("%s; whoever has it will answer it", error)
        elif self._is_anothers(name):
            arrival.receipt.nack()
            return
        arrival.receipt.ack()

    def _is_anothers(self, name: str) -> bool:
        """Return whether another bridge, on the same subscription, waits for this object's result."""
        job = job_of_object(self._options.prefix, name)
        if job is None or any(pending.job.id == job for pending in self._pending.values()):
            return False
        return self._tubes.is_reserved(job)

    def _look_after(self, name: str, pending: Pending, now: float) -> None:
        error = pending.upload.exception() if pending.upload.done() else None
        if isinstance(error, MISCONFIGURED):
            raise error
        if error is not None or now >= pending.give_up:
            del self._pending[name]
            late = f"no result within {self._options.wait_seconds:.0f} s"
            self._bury(pending.job, f"the upload failed: {error}" if error else late)
        elif now >= pending.touch:
            self._touch(name, pending, now)

    def _touch(self, name: str, pending: Pending, now: float) -> None:
        try:
            self._tubes.touch(pending.job)
            pending.touch = self._next_touch(pending.job, now)
        except LostJobError as error:
            LOG.warning("%s", error)
            del self._pending[name]

    def _bury(self, job: Job, reason: str) -> None:
        LOG.error("job %d buried: %s", job.id, reason)
        try:
            self._tubes.bury(job, reason)
        except LostJobError as error:
            LOG.warning("%s", error)

    @staticmethod
    def _next_touch(job: Job, now: float) -> float:
        return now + job.time_to_run / TOUCHES_PER_RUN
