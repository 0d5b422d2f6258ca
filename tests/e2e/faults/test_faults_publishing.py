"""Pub/Sub in trouble: a result may come twice, but never not at all."""

import grpc
import pytest

from tests.e2e.faults.pubsub_proxy import Spoil, answer_lost, lost_in_silence, refused, taken_in_silence
from tests.e2e.faults.rig import Rig
from tests.e2e.faults.trial import Trial, takes_long

injects = pytest.mark.injects


@pytest.mark.parametrize(
    ("spoil", "duplicates"),
    [
        pytest.param(
            taken_in_silence, 1, id="timeout", marks=injects("publishing times out after it succeeded")
        ),
        pytest.param(
            answer_lost, 1, id="answer lost", marks=injects("the answer to a publish that succeeded is lost")
        ),
        pytest.param(
            lost_in_silence,
            0,
            id="request lost",
            marks=[takes_long, injects("publishing times out, not having succeeded")],
        ),
        pytest.param(
            refused(grpc.StatusCode.UNAVAILABLE), 0, id="unavailable", marks=injects("Pub/Sub is unavailable")
        ),
    ],
)
def test_publishing_is_tried_again(rig: Rig, trial: Trial, spoil: Spoil, duplicates: int) -> None:
    """Within one delivery; what had been taken all the same is there twice, the very same message."""
    rig.pubsub.faults.add(spoil)
    (sheet,) = trial.upload(1)
    answers = trial.answers(sheet, 1 + duplicates)
    assert trial.settle().duplicates == duplicates
    assert all(answer.result == answers[0].result for answer in answers)
    assert rig.pubsub.faults.injected == 1
    assert trial.errors() == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, id=code.name, marks=injects(f"Pub/Sub answers {code.name}, thrice"))
        for code in (
            grpc.StatusCode.PERMISSION_DENIED,
            grpc.StatusCode.NOT_FOUND,
            grpc.StatusCode.INVALID_ARGUMENT,
        )
    ],
)
def test_publishing_is_refused(rig: Rig, trial: Trial, code: grpc.StatusCode) -> None:
    """No second attempt would help: the event comes again until somebody has mended what is wrong."""
    rig.pubsub.faults.add(*[refused(code)] * 3)
    trial.upload(2)
    trial.settle()
    causes = [entry["cause"] for entry in trial.errors()]
    assert len(causes) == rig.pubsub.faults.injected == 3
    assert all("Pub/Sub did not take the result" in text and code.name in text for text in causes)


@takes_long
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            refused(grpc.StatusCode.UNAVAILABLE),
            id="unavailable",
            marks=injects("Pub/Sub stays unavailable"),
        ),
        pytest.param(lost_in_silence, id="silent", marks=injects("Pub/Sub takes nothing and says nothing")),
        pytest.param(
            taken_in_silence,
            id="taken in silence",
            marks=injects("Pub/Sub takes everything and says nothing"),
        ),
    ],
)
def test_publishing_fails_for_long(rig: Rig, trial: Trial, spoil: Spoil) -> None:
    """The function gives up, says why, and publishes when the event comes again."""
    rig.pubsub.faults.last(spoil)
    trial.upload(2)
    trial.wait_for_cause("Pub/Sub did not take the result")
    rig.pubsub.faults.clear()
    trial.settle()
