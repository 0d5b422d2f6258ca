"""What the release build does by itself: packs the function, judges the sample, remembers the traffic."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from infra.release.package import FUNCTION, write_archive
from infra.release.sample import draw
from infra.release.traffic import split
from infra.release.waiting import Message, await_result, complaint
from tests.infra.fake_subscriber import FakeSubscriber

ANSWER = {"image": "release-check/1.png", "generation": "7", "status": "read", "sheetNumber": "20269134"}


def wait(subscriber: FakeSubscriber) -> Mapping[str, Any] | None:
    """Wait for the answer, by the subscriber's own clock."""
    return await_result(subscriber, "release-check/1.png", "7", patience=60, clock=subscriber.clock)


def test_the_archive_holds_what_the_function_needs(tmp_path: Path) -> None:
    """Sources, lock file and the wheel without TensorFlow are inside; nothing else is."""
    archive = tmp_path / "function.zip"
    write_archive(archive, FUNCTION)
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    assert {"main.py", "requirements.txt", "sheetid/handler.py"} <= set(names)
    assert any(name.startswith("wheels/tensorflow-") and name.endswith(".whl") for name in names)
    assert not [
        name for name in names if "__pycache__" in name or name.endswith((".in", "cut_protos_wheel.py"))
    ]


def test_the_archive_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    """Its hash names it, so it must not depend on when or where it was made."""
    for name in ("one.zip", "two.zip"):
        write_archive(tmp_path / name, FUNCTION)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_archive_without_wheels_is_refused(tmp_path: Path) -> None:
    """Such a function would pull in all of TensorFlow, or not build at all."""
    for name in ("main.py", "requirements.txt"):
        (tmp_path / name).touch()
    with pytest.raises(SystemExit, match="wheels/ is missing"):
        write_archive(tmp_path / "function.zip", tmp_path)


def test_waits_for_its_own_sample() -> None:
    """Results of other objects and other generations are acknowledged and passed over."""
    others = [ANSWER | {"image": "release-check/0.png"}, ANSWER | {"generation": "6"}]
    subscriber = FakeSubscriber(
        [[], [Message("a", others[0]), Message("b", others[1])], [Message("c", ANSWER)]]
    )
    assert wait(subscriber) == ANSWER
    assert subscriber.acknowledged == ["a", "b", "c"]


def test_waiting_ends() -> None:
    """Without a result it gives up when its patience does, not later."""
    subscriber = FakeSubscriber([])
    assert wait(subscriber) is None
    assert subscriber.now == pytest.approx(60)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (None, "no result within 300 s"),
        (ANSWER | {"status": "review", "reason": "low_confidence"}, "not read: review (low_confidence)"),
        (ANSWER | {"sheetNumber": "20269184"}, "read '20269184' instead of '20269134'"),
        (ANSWER, None),
    ],
)
def test_the_sample_has_to_be_read(result: Mapping[str, Any] | None, said: str | None) -> None:
    """A result that is missing, doubtful or wrong is said to be so."""
    assert complaint(result, "20269134") == said


def service(*traffic: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a service as gcloud does."""
    return {"status": {"traffic": traffic}}


def test_the_former_split_is_remembered_without_its_tags() -> None:
    """Shares of one revision are added up; a tag without a share is none."""
    described = service(
        {"revisionName": "s-3", "tag": "candidate", "url": "https://candidate---s"},
        {"revisionName": "s-1", "percent": 50, "latestRevision": True},
        {"revisionName": "s-2", "percent": 30},
        {"revisionName": "s-1", "percent": 20, "tag": "stable"},
    )
    assert split(described) == "s-1=70,s-2=30"


def test_half_a_split_is_not_restored() -> None:
    """Restoring less than everything would send users nowhere."""
    with pytest.raises(ValueError, match="adds up to 90 %"):
        split(service({"revisionName": "s-1", "percent": 90}))


def test_the_sample_shows_its_number() -> None:
    """The decoder takes it for what it is: the corner of a page at 200 dpi."""
    image = cv2.imdecode(np.frombuffer(draw("20269134"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None
    assert image.shape[:2] == (400, 450)
