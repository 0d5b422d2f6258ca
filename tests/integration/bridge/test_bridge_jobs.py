"""What is in the bridge's jobs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.beanstalk_bridge.jobs import (
    MAX_BYTES,
    UnusableJobError,
    answer,
    complaint,
    image_of,
    job_of_answer,
    job_of_object,
    new_object_name,
    read_sheet,
)

RESULT = {
    "schemaVersion": 1,
    "status": "read",
    "sheetNumber": "0042",
    "confidence": 0.99,
    "digits": [],
    "bucket": "sheets",
    "image": "beanstalk/17/ab.jpg",
    "generation": "5",
    "eventId": "9",
}


def job(image: object) -> bytes:
    """Return the body of a job."""
    return json.dumps({"image": image}).encode()


def test_reads_what_the_job_names(tmp_path: Path) -> None:
    """The path is taken inside the root; other fields of the job do no harm."""
    (tmp_path / "upload").mkdir()
    (tmp_path / "upload" / "part.jpg").write_bytes(b"bytes")
    sheet = read_sheet(b'{"image": "upload/part.jpg", "more": 1}', tmp_path)
    assert (sheet.image, sheet.data) == ("upload/part.jpg", b"bytes")


@pytest.mark.parametrize(
    "image", ["../secret", "a/../../secret", "/etc/passwd", "link", "gone.jpg", ".", "nul\0byte", "x" * 5000]
)
def test_refuses_paths_outside_and_what_cannot_be_read(image: str, tmp_path: Path) -> None:
    """No job gets at a file outside the root, not through a link either; nor at what is no file."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(UnusableJobError):
        read_sheet(job(image), root)


def test_refuses_what_is_too_large(tmp_path: Path) -> None:
    """More than the function reads is not uploaded."""
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(MAX_BYTES + 1)
    with pytest.raises(UnusableJobError, match="larger"):
        read_sheet(job("huge"), tmp_path)


@pytest.mark.parametrize(
    "body",
    [b"", b"upload/part.jpg", b"[]", b'"x"', b"{}", job(None), job(5), job(""), job(["a"]), b"\xff" * 9],
)
def test_refuses_other_jobs(body: bytes) -> None:
    """A job of another form is unusable, not an accident."""
    with pytest.raises(UnusableJobError):
        image_of(body)


@given(body=st.binary(max_size=60))
def test_any_body_is_a_job_or_unusable(body: bytes) -> None:
    """Whatever bytes are in a job, reading it gives a path or a refusal."""
    try:
        assert image_of(body)
    except UnusableJobError:
        return


@given(number=st.integers(1, 2**40), image=st.text(min_size=1, max_size=40))
def test_object_names_lead_back_to_their_job(number: int, image: str) -> None:
    """An object's name is new each time, says whose it is, and can be encoded."""
    first, second = (new_object_name("beanstalk/", number, image) for _ in range(2))
    assert first != second
    assert job_of_object("beanstalk/", first) == number
    assert first.encode()


@pytest.mark.parametrize(
    "name", ["other/17/a.jpg", "beanstalk/", "beanstalk/x/a.jpg", "17/a.jpg", "beanstalk/²/a"]
)
def test_other_objects_lead_to_no_job(name: str) -> None:
    """An object that was uploaded by anybody else belongs to no job."""
    assert job_of_object("beanstalk/", name) is None


def test_the_answer_has_the_old_field_and_the_new_ones() -> None:
    """The old field is as it was; the sheet goes by the name that the application gave it."""
    assert json.loads(answer(17, "upload/part.jpg", RESULT)) == {
        "sheetNumber": "0042",
        "image": "upload/part.jpg",
        "job": 17,
        "object": "beanstalk/17/ab.jpg",
        "status": "read",
        "confidence": 0.99,
        "bucket": "sheets",
        "generation": "5",
    }


def test_without_a_number_the_old_field_is_null() -> None:
    """A doubtful number never gets into the field that old applications take at its word."""
    result = {**RESULT, "status": "review", "reason": "low_confidence", "candidate": "42"}
    del result["sheetNumber"]
    fields = json.loads(answer(17, "a.jpg", result))
    assert fields["sheetNumber"] is None
    assert (fields["status"], fields["reason"], fields["candidate"]) == ("review", "low_confidence", "42")


def test_answers_are_recognised() -> None:
    """A hidden answer says whose it is; other jobs on the tube are not taken for one."""
    assert job_of_answer(answer(17, "a.jpg", RESULT)) == 17
    assert [job_of_answer(body) for body in (b"", b"[]", b'{"sheetNumber": "1"}', b'{"job": "x"}')] == [
        None
    ] * 4


def test_complaints_are_readable_whatever_the_job_was() -> None:
    """A note says which job, what was in it, and why."""
    assert json.loads(complaint(3, b"\xff{", "bad")) == {"job": 3, "body": "\ufffd{", "reason": "bad"}
