"""Events as Eventarc may bring them: again, out of order, late, and of objects that have changed since."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sheetid.result import Reason
from tests.corpus.fixture import rejects
from tests.e2e.faults.postman import aged
from tests.e2e.faults.pubsub_proxy import held
from tests.e2e.faults.rig import EVENT_SECONDS, Rig
from tests.e2e.faults.script import Moment
from tests.e2e.faults.storage_proxy import held_after, held_before, refused
from tests.e2e.faults.trial import Trial

injects = pytest.mark.injects
GONE = rejects(Reason.OBJECT_GONE)
EXPIRED = rejects(Reason.EXPIRED)


@injects("an event is delivered five times, four of them at once")
def test_an_event_delivered_again(rig: Rig, trial: Trial) -> None:
    """Every delivery is answered with the same number for the same object generation."""
    with rig.without("eventarc"):
        (sheet,) = trial.upload(1)
        (event,) = rig.postman.collect(1)
        assert rig.postman.post(event) == 200
        with ThreadPoolExecutor(4) as threads:
            assert set(threads.map(rig.postman.post, [event] * 4)) == {200}
    answers = trial.answers(sheet, 5)
    assert trial.settle().duplicates == 4
    assert len({answer.result["sheetNumber"] for answer in answers}) == 1
    assert {answer.result["eventId"] for answer in answers} == {event.message_id}


@injects("an upload is notified of three times, by three messages")
def test_a_notification_published_again(rig: Rig, trial: Trial) -> None:
    """Three events of different ids are one sheet."""
    with rig.without("eventarc"):
        (sheet,) = trial.upload(1)
        (event,) = rig.postman.collect(1)
        for _ in range(3):
            rig.postman.give_back(event)
    assert len({answer.result["eventId"] for answer in trial.answers(sheet, 3)}) == 3
    assert trial.settle().duplicates == 2


@injects("the events of six sheets arrive in reverse order")
def test_events_out_of_order(rig: Rig, trial: Trial) -> None:
    """Each is answered for what it names."""
    with rig.without("eventarc"):
        sheets = trial.upload(6)
        events = rig.postman.collect(6)
        assert [rig.postman.post(event) for event in reversed(events)] == [200] * 6
    assert trial.settle().duplicates == 0
    answers = [trial.answers(sheet)[0] for sheet in sheets]
    assert [answer.result["eventId"] for answer in answers] == [event.message_id for event in events]


@injects("the event of an overwritten object arrives after that of the newer generation")
def test_events_of_two_generations_out_of_order(rig: Rig, trial: Trial) -> None:
    """The older generation is not answered with the newer one's number."""
    with rig.without("eventarc"):
        older = trial.put("sheet.jpg", 0)
        newer = trial.put("sheet.jpg", 1, over=older)
        trial.expect(older, GONE)
        first, second = rig.postman.collect(2)
        assert [rig.postman.post(event) for event in (second, first)] == [200, 200]
        assert trial.answers(newer)[0].result["eventId"] == second.message_id
    trial.settle()


@injects("events are delayed until their objects are overwritten, twice")
def test_events_delayed_past_newer_generations(rig: Rig, trial: Trial) -> None:
    """Of three generations, whose events arrive at the same time, the last is read; the others are gone."""
    with rig.without("eventarc"):
        first = trial.put("sheet.jpg", 0)
        second = trial.put("sheet.jpg", 1, over=first)
        trial.put("sheet.jpg", 2, over=second)
        trial.expect(first, GONE)
        trial.expect(second, GONE)
    assert trial.settle().answered == 3


@injects("the object is overwritten when its download has been asked for")
def test_overwritten_before_it_is_found(rig: Rig, trial: Trial) -> None:
    """What is found is the newer generation, so nothing is found."""
    moment = Moment()
    rig.storage.faults.add(held_before(moment))
    older = trial.put("sheet.jpg", 0)
    moment.wait()
    trial.put("sheet.jpg", 1, over=older)
    trial.expect(older, GONE)
    moment.end()
    trial.settle()


@injects("the object is overwritten while it is sent")
def test_overwritten_while_it_is_sent(rig: Rig, trial: Trial) -> None:
    """The older generation's bytes have the older generation's number."""
    moment = Moment()
    rig.storage.faults.add(held_after(moment))
    older = trial.put("sheet.jpg", 0)
    moment.wait()
    trial.put("sheet.jpg", 1, over=older)
    moment.end()
    trial.settle()


@injects("the object is overwritten while its result is published")
def test_overwritten_while_its_result_is_published(rig: Rig, trial: Trial) -> None:
    """The newer generation's result may come first; each keeps its own number."""
    moment = Moment()
    rig.pubsub.faults.add(held(moment))
    older = trial.put("sheet.jpg", 0)
    moment.wait()
    newer = trial.put("sheet.jpg", 1, over=older)
    trial.answers(newer)
    assert not trial.is_answered(older)
    moment.end()
    trial.settle()


@injects("events are older than the configurable age when they arrive")
def test_an_event_that_is_too_old(rig: Rig, trial: Trial) -> None:
    """It is answered `rejected: expired`; one that is a minute short of the age is read."""
    with rig.without("eventarc"):
        expired, _ = trial.upload(2)
        trial.expect(expired, EXPIRED)
        old, young = rig.postman.collect(2)
        rig.postman.give_back(aged(old, EVENT_SECONDS + 1))
        rig.postman.give_back(aged(young, EVENT_SECONDS - 60))
    assert trial.settle().duplicates == 0


@injects("Storage never gives the object: the event comes again and again until it is too old")
def test_an_event_is_not_retried_for_ever(rig: Rig, trial: Trial) -> None:
    """Its failures are logged with their cause, then it is answered `rejected: expired` and acknowledged."""
    rig.storage.faults.last(refused(412))
    with rig.without("eventarc"):
        (sheet,) = trial.upload(1)
        trial.expect(sheet, EXPIRED)
        (event,) = rig.postman.collect(1)
        rig.postman.give_back(aged(event, EVENT_SECONDS - 8))
    trial.wait_for_cause("412")
    assert not trial.is_answered(sheet)
    assert trial.settle().duplicates == 0
