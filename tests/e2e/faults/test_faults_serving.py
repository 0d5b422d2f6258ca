"""TensorFlow Serving in trouble: no sheet is read wrongly meanwhile, and every one is read afterwards."""

from collections.abc import Callable, Container, Mapping
from contextlib import AbstractContextManager

import pytest

from serving.standin.faults import Fault, Kind
from tests.e2e.faults.rig import Rig
from tests.e2e.faults.trial import Trial, takes_long

Trouble = Callable[[Rig], AbstractContextManager[None]]

# By name: what happens, in words; how it is brought about; and what the log has to say of the cause.
PROCESS: dict[str, tuple[str, Trouble, str]] = {
    "killed": ("serving is killed by SIGKILL", lambda rig: rig.serving.killed(), "could not be reached"),
    "stopped": ("serving is ended by SIGTERM", lambda rig: rig.serving.stopped(), "could not be reached"),
    "hung": ("serving is stopped by SIGSTOP", lambda rig: rig.serving.hung(), "within 3 s"),
}
ANSWERS: dict[Kind, tuple[str, str]] = {
    Kind.LOADING: ("serving refuses: still loading its model", "is not there"),
    Kind.SWAPPING: ("serving refuses: it is exchanging the model", "does not serve this model"),
    Kind.EXHAUSTED: ("serving refuses: no thread is left", "has no thread left"),
    Kind.QUEUE_FULL: ("serving refuses: its queue is full", "queue is full"),
    Kind.BATCH_MATE: ("serving refuses: the batch was spoilt by another", "spoilt by its batch"),
    Kind.BROKEN: ("serving refuses: an internal error", "INTERNAL"),
    Kind.HANG: ("serving takes the request and says nothing", "did not answer within 3 s"),
    Kind.SLOW: ("serving answers a second after the deadline", "did not answer within 3 s"),
    Kind.NAN: ("serving answers NaN", "not finite"),
    Kind.UNNORMALISED: ("serving answers scores that are no probabilities", "no probabilities"),
    Kind.WRONG_SHAPE: ("serving answers scores of the wrong shape", "a tensor"),
    Kind.CUT_SHORT: ("serving answers too few scores", "bytes of scores"),
    Kind.NO_OUTPUT: ("serving answers without the scores", "instead of scores"),
    Kind.OTHER_VERSION: (
        "serving answers for a version that the function does not know",
        "without the manifest",
    ),
    Kind.OTHER_MODEL: ("serving answers for another model", "for model 'another'"),
}
# What `make test` tries. The others take as long, and are met in the same way as one of these.
LIKE_ANOTHER = {"stopped", Kind.EXHAUSTED, Kind.QUEUE_FULL}
ALWAYS_AT_START = {"killed", Kind.NAN}


def spoilt(kind: Kind) -> Trouble:
    """Return the trouble of answers spoilt in one way."""
    return lambda rig: rig.serving.spoilt(Fault(kind, seconds=4.0))


def parameters(
    troubles: Mapping[str, tuple[str, Trouble, str]], when: str, always: Container[str]
) -> list[object]:
    """Return the trouble and its cause, for each test of a table, and what the test injects."""
    return [
        pytest.param(
            trouble,
            cause,
            id=name,
            marks=[pytest.mark.injects(f"{what}, {when}"), *([] if name in always else [takes_long])],
        )
        for name, (what, trouble, cause) in troubles.items()
    ]


TROUBLES = PROCESS | {kind: (what, spoilt(kind), cause) for kind, (what, cause) in ANSWERS.items()}
MID_RUN = parameters(TROUBLES, "mid-run", always=set(TROUBLES) - LIKE_ANOTHER)
AT_START = parameters(TROUBLES, "as the function starts", always=ALWAYS_AT_START)


@pytest.mark.parametrize(("trouble", "cause"), MID_RUN)
def test_serving_is_in_trouble_mid_run(rig: Rig, trial: Trial, trouble: Trouble, cause: str) -> None:
    """Sheets are under way, and more come: nothing false is published, and all are read in the end."""
    under_way = trial.upload(6)
    trial.answers(under_way[0])
    with trouble(rig):
        late = trial.upload(2)
        trial.wait_for_cause(cause)
        assert not any(trial.is_answered(sheet) for sheet in late)
    trial.settle()


@pytest.mark.parametrize(("trouble", "cause"), AT_START)
def test_serving_is_in_trouble_at_start(rig: Rig, trial: Trial, trouble: Trouble, cause: str) -> None:
    """A function that has never seen serving well answers nothing, and reads as soon as serving is well."""
    with trouble(rig):
        rig.kill_function()
        uploads = trial.upload(2)
        trial.wait_for_cause(cause)
        assert not any(trial.is_answered(sheet) for sheet in uploads)
    trial.settle()


@pytest.mark.injects("serving gets a newer model than the function knows, and is rolled back")
def test_a_model_that_the_function_does_not_know(rig: Rig, trial: Trial) -> None:
    """Nothing is read with it: what its scores mean is not known."""
    trial.answers(trial.upload(1)[0])
    with rig.serving.newer():
        (sheet,) = trial.upload(1)
        trial.wait_for_cause("without the manifest")
        assert not trial.is_answered(sheet)
    trial.settle()


@pytest.mark.injects("serving answers slowly, within the deadline")
def test_serving_is_slow(rig: Rig, trial: Trial) -> None:
    """What comes late, but in time, is an answer."""
    with rig.serving.spoilt(Fault(Kind.SLOW, seconds=0.5)):
        trial.upload(4)
        trial.settle()
