"""The beanstalkd side: jobs are taken, kept, answered exactly once, or buried with a reason.

beanstalkd has no transactions, so a bridge that is killed between putting an answer and deleting its job
would answer twice. The answer is therefore put on its tube *delayed*, where nobody can reserve it, and handed
over by steps of which each leaves behind what the next bridge needs to go on:

1. put the answer, delayed for ever;
2. release the job with the answer's id in its priority: from here on the job counts as answered;
3. kick the answer: it is ready;
4. delete the job.

Killed before 2, the hidden answer is an orphan, swept away by the next bridge, and the job starts anew.
Killed after 2, whoever reserves the job sees the id in its priority and goes on with 3 and 4. Kicking what
was kicked before, or even consumed, does nothing.
"""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import greenstalk

from infra.local.beanstalk_bridge.jobs import complaint, job_of_answer

LOG = logging.getLogger("beanstalk_bridge")

FOR_EVER = 2**32 - 1  # seconds; the longest delay there is
# A job that was released with just this delay and the highest bit of its priority set carries an answer's id
# in the other bits. No worker releases jobs like that by accident.
MARK = 2**31
MARK_DELAY = 3


class LostJobError(Exception):
    """The job is not ours any more: its time ran out, or somebody deleted it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that is reserved for us.

    Attributes:
        reserved: What greenstalk calls a job.
        priority: As it was put; answers inherit it.
        time_to_run: Seconds after which beanstalkd gives it to somebody else, unless it is touched.
        answered_by: The id of its answer, if it has one already.
    """

    reserved: "greenstalk.Job[bytes]"
    priority: int
    time_to_run: int
    answered_by: int | None

    @property
    def id(self) -> int:
        """Its id."""
        return self.reserved.id

    @property
    def body(self) -> bytes:
        """What is in it."""
        return self.reserved.body


class Tubes:
    """One connection to beanstalkd; not for several threads.

    Every method raises ConnectionError when the connection is lost.
    """

    def __init__(self, address: tuple[str, int], jobs: str, answers: str) -> None:
        """Connect; jobs come from the tube `jobs`, answers go to `answers`, complaints to `JOBS-buried`."""
        self._client: greenstalk.Client[bytes] = greenstalk.Client(address, None, use=answers, watch=jobs)
        self._answers, self._complaints = answers, f"{jobs}-buried"

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect: whatever was reserved is ready for others again."""
        self._client.close()

    def reserve(self, seconds: int) -> Job | None:
        """Wait so long for a job, and return None if none came."""
        try:
            reserved = self._client.reserve(seconds)
        except (greenstalk.TimedOutError, greenstalk.DeadlineSoonError):
            return None
        try:
            stats = self._client.stats_job(reserved)
        except greenstalk.NotFoundError:
            return None
        return Job(reserved, stats["pri"], stats["ttr"], self._answer_of(reserved.id, stats))

    def touch(self, job: Job) -> None:
        """Keep a job for another time to run; raises LostJobError."""
        with self._ours(job):
            self._client.touch(job.reserved)

    def answer(self, job: Job, body: bytes) -> None:
        """Answer a job and delete it; raises LostJobError, and then nobody ever sees this answer."""
        hidden = self._client.put(body, priority=job.priority, delay=FOR_EVER)
        try:
            with self._ours(job):
                self._client.release(job.reserved, priority=MARK | hidden, delay=MARK_DELAY)
        except LostJobError:
            self._client.delete(hidden)
            raise
        self.finish(job, hidden)

    def finish(self, job: Job, answer: int) -> None:
        """Reveal the answer that a job has, unless that was done before, and delete the job."""
        with contextlib.suppress(greenstalk.NotFoundError):  # kicked before
            self._client.kick_job(answer)
        with contextlib.suppress(greenstalk.NotFoundError):  # deleted by whoever saw the mark
            self._client.delete(job.reserved)

    def bury(self, job: Job, reason: str) -> None:
        """Bury a job, and say why on the tube of complaints; raises LostJobError."""
        self._client.use(self._complaints)
        try:
            self._client.put(complaint(job.id, job.body, reason))
        finally:
            self._client.use(self._answers)
        with self._ours(job):
            self._client.bury(job.reserved, priority=job.priority)

    def is_reserved(self, job: int) -> bool:
        """Return whether somebody has reserved the job of that id."""
        try:
            return self._client.stats_job(job)["state"] == "reserved"
        except greenstalk.NotFoundError:
            return False

    def sweep(self) -> int:
        """Delete the hidden answers that a killed bridge left behind, and return how many there were.

        Ours are due last of all delayed jobs, so as soon as the first is one of ours, the others are. The
        answer of a job that is in somebody's hands, or marked with it, is still wanted.
        """
        swept = 0
        while (hidden := self._first_hidden_answer()) and not self._is_wanted(hidden):
            self._client.delete(hidden)
            swept += 1
        return swept

    def _first_hidden_answer(self) -> "greenstalk.Job[bytes] | None":
        try:
            first = self._client.peek_delayed()
            delay = self._client.stats_job(first)["delay"]
        except greenstalk.NotFoundError:
            return None
        return first if delay == FOR_EVER and job_of_answer(first.body) is not None else None

    def _is_wanted(self, hidden: "greenstalk.Job[bytes]") -> bool:
        job = job_of_answer(hidden.body) or 0
        try:
            stats = self._client.stats_job(job)
        except greenstalk.NotFoundError:
            return False
        return stats["state"] == "reserved" or self._answer_of(job, stats) == hidden.id

    def _answer_of(self, job: int, stats: greenstalk.StatsJob) -> int | None:
        """Return the id of the answer that a job is marked with."""
        if not (stats["releases"] and stats["delay"] == MARK_DELAY and stats["pri"] & MARK):
            return None
        answer = stats["pri"] ^ MARK
        try:
            found = self._client.peek(answer)
        except greenstalk.NotFoundError:
            return answer  # it was consumed already
        return answer if job_of_answer(found.body) == job else None

    @contextlib.contextmanager
    def _ours(self, job: Job) -> Iterator[None]:
        try:
            yield
        except greenstalk.NotFoundError as error:
            raise LostJobError(f"job {job.id} is not ours any more") from error
