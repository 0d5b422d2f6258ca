"""Cloud Storage in trouble: no sheet is read from bytes that are not the upload's, and none is lost."""

import pytest

from sheetid.result import Reason
from tests.corpus.fixture import rejects
from tests.e2e.faults import storage_proxy
from tests.e2e.faults.rig import Rig
from tests.e2e.faults.storage_proxy import Spoil, altered, cut_short, refused
from tests.e2e.faults.trial import Trial, takes_long

injects = pytest.mark.injects


@injects("the object is deleted before its event arrives (404)")
def test_an_object_deleted_since(rig: Rig, trial: Trial) -> None:
    """Whoever uploaded it is told so; what was uploaded beside it is read."""
    with rig.without("eventarc"):
        deleted, _ = trial.upload(2)
        trial.delete(deleted)
        trial.expect(deleted, rejects(Reason.OBJECT_GONE))
    trial.settle()
    assert trial.errors() == []


@pytest.mark.parametrize(
    ("spoil", "times"),
    [
        pytest.param(refused(429), 2, id="429", marks=injects("Storage answers 429, twice")),
        pytest.param(refused(503), 2, id="503", marks=injects("Storage answers 503, twice")),
        pytest.param(cut_short, 2, id="cut short", marks=injects("Storage's body is cut short, twice")),
    ],
)
def test_a_failure_that_passes_is_waited_out(rig: Rig, trial: Trial, spoil: Spoil, times: int) -> None:
    """Within one delivery of the event: nobody notices."""
    rig.storage.faults.add(*[spoil] * times)
    trial.upload(1)
    trial.settle()
    assert rig.storage.faults.injected == times
    assert trial.errors() == []


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        pytest.param(refused(412), "412", id="412", marks=injects("Storage answers 412, thrice")),
        pytest.param(refused(403), "403", id="403", marks=injects("Storage answers 403, thrice")),
        pytest.param(
            altered,
            "checksum",
            id="altered",
            marks=injects("bytes that do not match the checksum, thrice"),
        ),
    ],
)
def test_a_failure_that_no_second_attempt_mends(rig: Rig, trial: Trial, spoil: Spoil, cause: str) -> None:
    """The event comes again until the download is right; each failure is logged with its cause."""
    rig.storage.faults.add(spoil, spoil, spoil)
    trial.upload(2)
    trial.settle()
    causes = [entry["cause"] for entry in trial.errors()]
    assert len(causes) == rig.storage.faults.injected == 3
    assert all("Cloud Storage did not give the object" in text and cause in text for text in causes)


@takes_long
@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        pytest.param(refused(429), "429", id="429", marks=injects("Storage answers nothing but 429")),
        pytest.param(refused(503), "503", id="503", marks=injects("Storage answers nothing but 503")),
        pytest.param(
            cut_short, "Incomplete", id="cut short", marks=injects("Storage sends nothing but halves")
        ),
        pytest.param(
            storage_proxy.silent(10.0),
            "timed out",
            id="silent",
            marks=injects("Storage falls silent after the headers"),
        ),
    ],
)
def test_a_failure_that_lasts(rig: Rig, trial: Trial, spoil: Spoil, cause: str) -> None:
    """The function gives up, says why, and reads the sheet when the event comes again."""
    rig.storage.faults.last(spoil)
    sheets = trial.upload(2)
    trial.wait_for_cause(cause)
    assert not any(trial.is_answered(sheet) for sheet in sheets)
    rig.storage.faults.clear()
    trial.settle()
