"""The table of fixtures covers what the reader is promised to handle, and is written once."""

import dataclasses
import struct
from pathlib import Path

import pytest

from sheetid.result import Reason, Status
from tests.corpus import fixtures
from tests.corpus.bad_fixtures import BAD
from tests.corpus.fixture import Fixture, doubts, reads, rejects
from tests.corpus.fixtures import FIXTURES, ensure_fixtures
from tests.corpus.good_fixtures import GOOD

SAMPLE = tuple(fixture for fixture in FIXTURES if not fixture.file.startswith("page"))[::6]


def test_there_are_enough_of_each_kind() -> None:
    """At least forty sheets have to be read, and every reason that an image can give occurs."""
    assert len(GOOD) >= 40
    assert {reason for fixture in BAD for reason in fixture.expected.reasons} == {
        Reason.NO_DIGITS,
        Reason.WRONG_LENGTH,
        Reason.EMPTY_FILE,
        Reason.NOT_AN_IMAGE,
        Reason.TOO_LARGE,
        Reason.TOO_SMALL,
    }


def test_numbers_have_four_to_ten_digits() -> None:
    """Good sheets have every length that the default settings read from four to ten, but the odd nine."""
    numbers = [fixture.expected.number or "" for fixture in GOOD]
    assert {len(number) for number in numbers} >= {4, 5, 6, 7, 8, 10}
    assert sum(number.startswith("0") for number in numbers) >= 8
    assert all(any(str(digit) in number for number in numbers) for digit in range(10))


def test_files_and_numbers_are_unique() -> None:
    """No file is there twice, and no good number either, so that a mixed-up result shows."""
    assert len({fixture.file for fixture in FIXTURES}) == len(FIXTURES)
    assert len({fixture.expected.number for fixture in GOOD}) == len(GOOD)


@pytest.mark.parametrize("fixture", SAMPLE, ids=lambda fixture: fixture.file)
def test_made_the_same_every_time(fixture: Fixture) -> None:
    """A fixture has the same bytes whenever it is made."""
    assert fixture.make() == fixture.make()


def test_the_bomb_is_small_and_huge() -> None:
    """The bomb has eighty million pixels in less than a hundred kilobytes."""
    data = next(fixture for fixture in BAD if fixture.name.startswith("bomb")).make()
    # Its header says so: opening it would be what a bomb is made for.
    width, height = struct.unpack(">II", data[16:24])
    assert width * height == 80_000_000
    assert len(data) < 100_000


def test_writes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixtures are drawn when missing, and all of them when the renderer has changed."""
    monkeypatch.setattr(fixtures, "FIXTURES", BAD[-5:-1])
    paths = ensure_fixtures(tmp_path)
    written = {file: path.stat().st_mtime_ns for file, path in paths.items()}
    assert {file: path.stat().st_mtime_ns for file, path in ensure_fixtures(tmp_path).items()} == written
    tiny = paths["tiny.png"]
    tiny.unlink()
    ensure_fixtures(tmp_path)
    assert tiny.read_bytes() == next(fixture for fixture in BAD if fixture.file == "tiny.png").make()
    tiny.write_bytes(b"stale")
    (tmp_path / ".drawn-by").write_text("an older renderer")
    ensure_fixtures(tmp_path)
    assert tiny.read_bytes() != b"stale"


def test_complains_about_wrong_answers() -> None:
    """Only the documented answers pass."""
    right = {"status": Status.READ, "sheetNumber": "0123"}
    assert reads("0123").complaint(right) is None
    assert reads("123").complaint(right)
    assert reads("0123").complaint({"status": "review", "reason": "low_confidence", "candidate": "0123"})
    assert rejects(Reason.NO_DIGITS).complaint({"status": "rejected", "reason": "no_digits"}) is None
    assert rejects(Reason.NO_DIGITS).complaint({"status": "rejected", "reason": "too_small"})
    assert rejects(Reason.NO_DIGITS).complaint(right)


def test_doubtful_ones_may_do_anything_but_lie() -> None:
    """A doubtful sheet may be read, reviewed or rejected, but never read wrong."""
    expected = doubts("0123")
    assert expected.complaint({"status": "read", "sheetNumber": "0123"}) is None
    assert expected.complaint({"status": "review", "reason": "low_confidence", "candidate": "9"}) is None
    assert expected.complaint({"status": "rejected", "reason": "no_digits"}) is None
    assert expected.complaint({"status": "read", "sheetNumber": "0723"})
    assert expected.complaint({"status": "rejected", "reason": "not_an_image"})


def test_names_are_fit_for_object_names() -> None:
    """Files have plain names, and a fixture's name is its file's without the ending."""
    assert all(fixture.file.replace("-", "").replace(".", "").isalnum() for fixture in FIXTURES)
    assert dataclasses.replace(FIXTURES[0], file="a-b.tif").name == "a-b"
