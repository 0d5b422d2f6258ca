"""The bridge between a real beanstalkd and a cloud in memory."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.api_core.exceptions import NotFound, ServiceUnavailable

from infra.local.beanstalk_bridge.bridge import Bridge, Options
from infra.local.beanstalk_bridge.tubes import Tubes
from tests.integration.bridge.beanstalkd import (
    ANSWERS,
    COMPLAINTS,
    JOBS,
    counts,
    drain,
    needs_beanstalkd,
    producer,
)
from tests.integration.bridge.fakes import Cloud

pytestmark = needs_beanstalkd

Address = tuple[str, int]
WAIT_SECONDS = 100.0


@pytest.fixture
def cloud() -> Cloud:
    """Give a cloud in memory."""
    return Cloud()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder with one sheet, `part.jpg`."""
    (tmp_path / "part.jpg").write_bytes(b"sheet")
    return tmp_path


@pytest.fixture
def bridge(address: Address, cloud: Cloud, root: Path) -> Iterator[Bridge]:
    """Give a bridge that has at most three jobs under way."""
    options = Options(root, in_flight=3, wait_seconds=WAIT_SECONDS)
    with Tubes(address, JOBS, ANSWERS) as tubes:
        yield Bridge(tubes, cloud.upload, cloud, options, cloud.time)


def put(address: Address, body: bytes = b'{"image": "part.jpg"}', ttr: int = 60) -> int:
    """Put a job and return its id."""
    with producer(address) as client:
        return client.put(body, ttr=ttr)


def answers(address: Address) -> list[dict[str, object]]:
    """Take the answers that are there."""
    return [json.loads(body) for body in drain(address, ANSWERS)]


def reasons(address: Address) -> dict[int, str]:
    """Take the complaints that are there."""
    return {note["job"]: note["reason"] for note in map(json.loads, drain(address, COMPLAINTS))}


def test_a_job_becomes_an_upload_and_its_result_the_answer(
    address: Address, cloud: Cloud, bridge: Bridge
) -> None:
    """The old round trip: a path goes in, a number comes out; the result is acknowledged after the answer."""
    number = put(address)
    bridge.turn()
    (name,) = cloud.uploads
    assert cloud.uploads[name] == b"sheet"
    assert answers(address) == []
    note = cloud.read(name)
    bridge.turn()
    (reply,) = answers(address)
    assert (reply["sheetNumber"], reply["image"], reply["job"]) == ("0042", "part.jpg", number)
    assert note.said == ["ack"]
    assert counts(address, JOBS) == {"ready": 0, "reserved": 0, "delayed": 0, "buried": 0}


def test_only_so_many_jobs_are_under_way(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """The rest stay on the tube, for other bridges too."""
    for _ in range(5):
        put(address)
    bridge.turn()
    assert len(cloud.uploads) == 3
    assert counts(address, JOBS)["ready"] == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"part.jpg", "not of the form"), (b'{"image": "gone.jpg"}', "cannot be read")],
)
def test_unusable_jobs_are_buried(address: Address, bridge: Bridge, body: bytes, reason: str) -> None:
    """What can never be answered is buried at once, with the reason."""
    number = put(address, body)
    bridge.turn()
    assert counts(address, JOBS)["buried"] == 1
    assert reason in reasons(address)[number]


def test_a_job_without_a_result_is_buried_in_the_end(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """Nobody waits for ever; a result that comes later still is acknowledged and forgotten."""
    number = put(address)
    bridge.turn()
    cloud.now = WAIT_SECONDS - 0.1
    bridge.turn()
    assert counts(address, JOBS)["reserved"] == 1
    cloud.now = WAIT_SECONDS
    bridge.turn()
    assert reasons(address) == {number: "no result within 100 s"}
    note = cloud.read(*cloud.uploads)
    bridge.turn()
    assert note.said == ["ack"]
    assert answers(address) == []
    assert counts(address, JOBS)["buried"] == 1


def test_a_kicked_job_starts_anew(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """Once the fault is mended, kicking the buried jobs is all that is to be done."""
    put(address, b'{"image": "late.jpg"}')
    bridge.turn()
    bridge._options.root.joinpath("late.jpg").write_bytes(b"late")  # noqa: SLF001
    with producer(address) as client:
        assert client.kick(10) == 1
    bridge.turn()
    cloud.read(*cloud.uploads)
    bridge.turn()
    assert [reply["image"] for reply in answers(address)] == ["late.jpg"]


def test_a_failed_upload_buries_the_job(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """An upload that failed for as long as it was tried is a reason."""
    cloud.error = ServiceUnavailable("away")  # type: ignore[no-untyped-call]  # google-api-core has no types here
    number = put(address)
    bridge.turn()
    assert "the upload failed" in reasons(address)[number]


def test_a_missing_bucket_is_no_fault_of_the_job(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """When nothing can be uploaded at all, the bridge ends and the jobs stay where they are."""
    cloud.error = NotFound("no such bucket")  # type: ignore[no-untyped-call]
    put(address)
    with pytest.raises(NotFound):
        bridge.turn()
    assert reasons(address) == {}
    assert counts(address, JOBS)["buried"] == 0


def test_long_jobs_are_kept(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """A job that takes longer than its time to run is touched, so that nobody else gets it."""
    put(address, ttr=60)
    bridge.turn()
    with producer(address) as client:
        before = client.stats()["cmd-touch"]
        for cloud.now in (14.9, 15.0, 20.0, 30.0):
            bridge.turn()
        assert client.stats()["cmd-touch"] == before + 2


def test_a_job_that_was_lost_is_left_to_others(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """When its time ran out all the same, its result is not answered twice."""
    number = put(address)
    bridge.turn()
    with producer(address) as client, Tubes(address, JOBS, ANSWERS) as other:
        bridge._tubes._client.release(  # noqa: SLF001 - as beanstalkd itself does in time
            next(iter(bridge._pending.values())).job.reserved  # noqa: SLF001
        )
        assert other.reserve(0) is not None
        note = cloud.read(*cloud.uploads)
        bridge.turn()
        assert answers(address) == []
        assert client.stats_job(number)["state"] == "reserved"
    assert note.said == ["ack"]


def test_results_of_others_are_given_back(address: Address, cloud: Cloud, bridge: Bridge) -> None:
    """A result that another bridge waits for goes back; one that nobody waits for is done with."""
    number = put(address)
    with Tubes(address, JOBS, ANSWERS) as other:
        assert other.reserve(0) is not None
        theirs = cloud.read(f"beanstalk/{number}/theirs.jpg")
        nobodys = cloud.read("beanstalk/999/gone.jpg")
        stray = cloud.read("sheets/application.jpg")
        bridge.turn()
    assert (theirs.said, nobodys.said, stray.said) == (["nack"], ["ack"], ["ack"])


def test_results_of_earlier_attempts_are_not_waited_for(
    address: Address, cloud: Cloud, bridge: Bridge
) -> None:
    """After a crash the job was uploaded anew; the first upload's result answers nothing."""
    number = put(address)
    bridge.turn()
    note = cloud.read(f"beanstalk/{number}/before-the-crash.jpg")
    bridge.turn()
    assert note.said == ["ack"]
    assert answers(address) == []
    cloud.read(*cloud.uploads)
    bridge.turn()
    assert [reply["job"] for reply in answers(address)] == [number]
