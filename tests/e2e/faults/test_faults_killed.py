"""The function killed by SIGKILL at the worst moments: its successor answers every event that it had."""

import os
import signal

import psutil
import pytest

from sheetid.result import Reason
from tests.corpus.fixture import rejects
from tests.e2e.faults.pubsub_proxy import killed_after, killed_before
from tests.e2e.faults.rig import Rig
from tests.e2e.faults.script import Moment
from tests.e2e.faults.storage_proxy import held_after
from tests.e2e.faults.trial import Trial

injects = pytest.mark.injects


@injects("the function is killed while it downloads")
def test_killed_while_it_downloads(rig: Rig, trial: Trial) -> None:
    """It has nothing yet; its successor begins anew."""
    moment = Moment()
    rig.storage.faults.add(held_after(moment))
    trial.upload(1)
    moment.wait()
    rig.kill_function()
    moment.end()
    assert trial.settle().duplicates == 0


@injects("the function is killed between download and publish")
def test_killed_between_download_and_publish(rig: Rig, trial: Trial) -> None:
    """The result that it had, and could not hand over, is made again, once."""
    moment = Moment()
    rig.pubsub.faults.add(killed_before(moment))
    (sheet,) = trial.upload(1)
    moment.wait()
    assert not trial.is_answered(sheet)
    rig.kill_function()
    assert trial.settle().duplicates == 0


@injects("the function is killed between publish and acknowledge")
def test_killed_between_publish_and_acknowledge(rig: Rig, trial: Trial) -> None:
    """The event comes again, and so does its result: the same identity, the same content."""
    moment = Moment()
    rig.pubsub.faults.add(killed_after(moment))
    (sheet,) = trial.upload(1)
    moment.wait()
    trial.answers(sheet)
    rig.kill_function()
    answers = trial.answers(sheet, 2)
    assert trial.settle().duplicates == 1
    first, second = ({**answer.result, "processedAt": None} for answer in answers)
    assert first == second


@injects("the function is killed between publish and acknowledge, and the object is overwritten meanwhile")
def test_killed_before_acknowledging_what_is_overwritten(rig: Rig, trial: Trial) -> None:
    """The first answer stands. The second says that the generation is gone, and no other number."""
    moment = Moment()
    rig.pubsub.faults.add(killed_after(moment))
    older = trial.put("sheet.jpg", 0)
    number = trial.number(older)
    moment.wait()
    trial.answers(older)
    trial.put("sheet.jpg", 1, over=older)
    trial.expect(older, number, rejects(Reason.OBJECT_GONE))
    rig.kill_function()
    first, second = trial.answers(older, 2)
    trial.settle()
    assert number.complaint(first.result) is None
    assert second.result["reason"] == Reason.OBJECT_GONE


@injects("the function is killed twice with sheets under way")
def test_killed_with_sheets_under_way(rig: Rig, trial: Trial) -> None:
    """One of them is being downloaded, the others are wherever they are: each is read in the end."""
    for _ in range(2):
        moment = Moment()
        rig.storage.faults.add(held_after(moment))
        trial.upload(8)
        moment.wait()
        rig.kill_function()
        moment.end()
    trial.settle()


@injects("the function's worker alone is killed, as for its memory")
def test_the_worker_is_killed(rig: Rig, trial: Trial) -> None:
    """Its master starts another, which answers what is delivered again."""
    moment = Moment()
    rig.pubsub.faults.add(killed_before(moment))
    trial.upload(4)
    moment.wait()
    (worker,) = psutil.Process(rig.stack.pid("function")).children()
    os.kill(worker.pid, signal.SIGKILL)
    trial.settle()
    assert not worker.is_running()
