"""Every job is answered exactly once, wherever the connection to beanstalkd is cut."""

import json
from typing import Any

import greenstalk
import pytest

from infra.local.beanstalk_bridge.jobs import answer
from infra.local.beanstalk_bridge.tubes import MARK, MARK_DELAY, LostJobError, Tubes
from tests.integration.bridge.beanstalkd import (
    ANSWERS,
    COMPLAINTS,
    JOBS,
    counts,
    drain,
    needs_beanstalkd,
    producer,
)

pytestmark = needs_beanstalkd

Address = tuple[str, int]
NOTHING = {"ready": 0, "reserved": 0, "delayed": 0, "buried": 0}
ANSWER_COMMANDS = 4


def body_of_answer(job: int) -> bytes:
    """Return an answer's body."""
    return answer(job, "a.jpg", {"sheetNumber": "0042", "status": "read", "image": "beanstalk/1/x.jpg"})


def cut_after(tubes: Tubes, commands: int) -> None:
    """Let the connection be lost after so many more commands, as when the process is killed."""
    client: Any = tubes._client  # noqa: SLF001 - the only way to be killed between two commands
    send, left = client._send_cmd, [commands]  # noqa: SLF001

    def send_or_die(*command: bytes) -> list[bytes]:
        if left[0] == 0:
            client.close()
            raise ConnectionError("killed")
        left[0] -= 1
        result: list[bytes] = send(*command)
        return result

    client._send_cmd = send_or_die  # noqa: SLF001


def go_on(address: Address) -> None:
    """Do what the next bridge does: sweep, and answer what is not answered."""
    with Tubes(address, JOBS, ANSWERS) as tubes:
        tubes.sweep()
        while job := tubes.reserve(MARK_DELAY + 1):
            if job.answered_by is not None:
                tubes.finish(job, job.answered_by)
            else:
                tubes.answer(job, body_of_answer(job.id))
            if counts(address, JOBS) == NOTHING:
                return


@pytest.mark.parametrize("consumed", [False, True], ids=["answers wait", "answers are consumed at once"])
@pytest.mark.parametrize("commands", range(ANSWER_COMMANDS + 1))
@pytest.mark.parametrize("priority", [0, 2**32 - 1])
def test_cut_anywhere_the_job_is_answered_once(
    address: Address, commands: int, priority: int, *, consumed: bool
) -> None:
    """After a cut at any step and another bridge, there was one answer in all, and nothing is left over."""
    with producer(address) as client:
        number = client.put(b"{}", priority=priority)
    seen = []
    with Tubes(address, JOBS, ANSWERS) as tubes:
        job = tubes.reserve(0)
        assert job is not None
        assert job.answered_by is None
        cut_after(tubes, commands)
        try:
            tubes.answer(job, body_of_answer(number))
            assert commands == ANSWER_COMMANDS
        except ConnectionError:
            assert commands < ANSWER_COMMANDS
    if consumed:
        seen += drain(address, ANSWERS)
    if commands < ANSWER_COMMANDS:
        with producer(address) as client:
            client.kick(1)  # not to wait for the moment that a marked job is delayed
        go_on(address)
    seen += drain(address, ANSWERS)
    assert [json.loads(body)["job"] for body in seen] == [number]
    assert counts(address, JOBS) == counts(address, ANSWERS) == NOTHING


def test_a_marked_job_comes_back_by_itself(address: Address) -> None:
    """Nobody has to kick a job whose bridge was killed after marking it."""
    with producer(address) as client:
        number = client.put(b"{}")
    with Tubes(address, JOBS, ANSWERS) as tubes:
        job = tubes.reserve(0)
        assert job is not None
        cut_after(tubes, 2)
        with pytest.raises(ConnectionError):
            tubes.answer(job, body_of_answer(number))
    go_on(address)
    assert [json.loads(body)["job"] for body in drain(address, ANSWERS)] == [number]


def test_an_answer_is_as_urgent_as_its_job(address: Address) -> None:
    """Whoever put a job first in the queue finds its answer first."""
    with producer(address) as client:
        late, soon = client.put(b"{}", priority=500), client.put(b"{}", priority=5)
    with Tubes(address, JOBS, ANSWERS) as tubes:
        first, second = tubes.reserve(0), tubes.reserve(0)
        assert first is not None
        assert second is not None
        tubes.answer(second, body_of_answer(second.id))
        tubes.answer(first, body_of_answer(first.id))
    assert [json.loads(body)["job"] for body in drain(address, ANSWERS)] == [soon, late]


def test_a_lost_job_leaves_no_answer(address: Address) -> None:
    """When the job's time ran out, or somebody deleted it, no answer of ours is ever seen."""
    with producer(address) as client, Tubes(address, JOBS, ANSWERS) as tubes:
        client.put(b"{}")
        job = tubes.reserve(0)
        assert job is not None
        tubes._client.release(job.reserved)  # noqa: SLF001 - as beanstalkd itself does in time
        with pytest.raises(LostJobError):
            tubes.answer(job, body_of_answer(job.id))
        with pytest.raises(LostJobError):
            tubes.touch(job)
        with pytest.raises(LostJobError):
            tubes.bury(job, "why")
    assert counts(address, ANSWERS) == NOTHING
    assert counts(address, JOBS)["ready"] == 1


def test_a_priority_that_looks_like_a_mark_is_none(address: Address) -> None:
    """A job that an old worker released with the lowest priority is answered like any other."""
    with producer(address) as client:
        client.put(b"{}")
        client.watch(JOBS)
        client.release(client.reserve(0), priority=MARK | 7, delay=0)
    with Tubes(address, JOBS, ANSWERS) as tubes:
        job = tubes.reserve(0)
        assert job is not None
        assert job.answered_by is None


def test_buried_jobs_have_a_reason(address: Address) -> None:
    """A buried job keeps its place and priority for a person to kick; the note beside it says why."""
    with producer(address) as client:
        number = client.put(b"junk", priority=7)
    with Tubes(address, JOBS, ANSWERS) as tubes:
        job = tubes.reserve(0)
        assert job is not None
        tubes.bury(job, "no image")
        assert tubes.reserve(0) is None
    assert [json.loads(body) for body in drain(address, COMPLAINTS)] == [
        {"job": number, "body": "junk", "reason": "no image"}
    ]
    assert counts(address, JOBS) == {**NOTHING, "buried": 1}
    assert counts(address, ANSWERS) == NOTHING
    with producer(address) as client:
        assert client.stats_job(number)["pri"] == 7
        client.kick_job(number)
    with Tubes(address, JOBS, ANSWERS) as tubes:
        assert tubes.reserve(0) is not None


def test_sweeping_spares_what_is_wanted(address: Address) -> None:
    """An answer that a living bridge is about to hand over stays, and so does what is not ours."""
    with producer(address) as client, Tubes(address, JOBS, ANSWERS) as living:
        client.put(b"{}")
        job = living.reserve(0)
        assert job is not None
        with greenstalk.Client(address, None, use=ANSWERS) as other:
            other.put(b'{"sheetNumber": "1"}', delay=2**32 - 1)
            mine = other.put(body_of_answer(job.id), delay=2**32 - 1)
            other.kick_job(mine - 1)
        with Tubes(address, JOBS, ANSWERS) as starting:
            assert starting.sweep() == 0
        assert counts(address, ANSWERS)["delayed"] == 1
    with Tubes(address, JOBS, ANSWERS) as starting:
        assert starting.sweep() == 1
    assert counts(address, ANSWERS)["delayed"] == 0
