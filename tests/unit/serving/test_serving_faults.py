"""The file that steers imitated faults."""

from pathlib import Path

import pytest

from serving.standin.faults import Fault, FaultFile, Kind, parse_fault, set_fault


def test_no_file_and_an_empty_file_are_no_fault(tmp_path: Path) -> None:
    """Without a word about faults, all is well."""
    faults = FaultFile(tmp_path / "fault")
    assert faults.take() is None
    set_fault(tmp_path / "fault", None)
    assert faults.take() is None


@pytest.mark.parametrize("fault", [Fault(Kind.SLOW, seconds=1.5), Fault(Kind.NAN, times=3)])
def test_what_is_written_is_read(tmp_path: Path, fault: Fault) -> None:
    """A fault survives its file."""
    set_fault(tmp_path / "fault", fault)
    assert FaultFile(tmp_path / "fault").take() == fault


def test_faults_are_counted(tmp_path: Path) -> None:
    """A fault for two Predicts hits two, and two again when it is written anew."""
    fault = Fault(Kind.EXHAUSTED, times=2)
    faults = FaultFile(tmp_path / "fault")
    for _ in range(2):
        set_fault(tmp_path / "fault", fault)
        assert [faults.take() for _ in range(3)] == [fault, fault, None]


def test_a_fault_is_taken_back(tmp_path: Path) -> None:
    """Emptying or removing the file ends the fault."""
    faults = FaultFile(tmp_path / "fault")
    set_fault(tmp_path / "fault", Fault(Kind.HANG))
    assert faults.take() == Fault(Kind.HANG)
    (tmp_path / "fault").unlink()
    assert faults.take() is None


@pytest.mark.parametrize("text", ["slow", '{"fault": "sleepy"}', '{"fault": "slow", "seconds": "long"}'])
def test_nonsense_is_not_passed_over(text: str) -> None:
    """A misspelt fault must not look like a server that copes with it."""
    with pytest.raises(ValueError):  # noqa: PT011 - any of the parsers' own
        parse_fault(text)
