"""The smoke test and the recording of golden scores, as commands."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from serving.golden import Golden, load_golden
from serving.record_golden import draw_glyphs
from serving.smoke import main
from serving.standin.faults import Fault, FaultFile, FaultInterceptor, Kind, set_fault
from tests.integration.serving.servers import ROOT, newest_model, standin

Smoke = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def fault_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the stand-in looks for faults."""
    return tmp_path_factory.mktemp("faults") / "fault"


@pytest.fixture(scope="module")
def target(fault_file: Path) -> Iterator[str]:
    """Run a stand-in, and give its address."""
    with standin(interceptors=[FaultInterceptor(FaultFile(fault_file).take)]) as address:
        yield address


@pytest.fixture
def smoke(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Smoke:
    """Return what runs the smoke test with arguments, and returns its exit code and all that it says."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["smoke", *arguments])
        code = main()
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run


def test_as_a_command(target: str, fault_file: Path) -> None:
    """The exit code of the command is what a release goes by."""
    command = [sys.executable, "-m", "serving.smoke", target]
    for fault, code in ((None, 0), (Fault(Kind.BROKEN), 1)):
        set_fault(fault_file, fault)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == code, done.stdout + done.stderr


def test_a_good_server_passes(smoke: Smoke, target: str, fault_file: Path) -> None:
    """Every check is shown, and holds."""
    set_fault(fault_file, None)
    code, shown = smoke(target)
    assert code == 0, shown
    for check in ("health", "status", "metadata", "golden scores", "latency"):
        assert check in shown
    assert "FAILED" not in shown


@pytest.mark.parametrize("kind", [Kind.UNNORMALISED, Kind.NAN, Kind.BROKEN])
def test_a_server_with_wrong_scores_fails(smoke: Smoke, target: str, fault_file: Path, kind: Kind) -> None:
    """Scores that are not those recorded are a failure, by the exit code and in the table."""
    set_fault(fault_file, Fault(kind))
    code, shown = smoke(target)
    assert code == 1, shown
    assert "FAILED" in shown


def test_a_missing_label_fails(smoke: Smoke, target: str, fault_file: Path) -> None:
    """A label that has to be there, and is not, is a failure."""
    set_fault(fault_file, None)
    code, shown = smoke(target, "--label", "canary")
    assert code == 1
    assert "label canary" in shown


def test_no_server_fails(smoke: Smoke) -> None:
    """Without a server the first check fails, after the time that it was given."""
    code, shown = smoke("127.0.0.1:1", "--wait-seconds", "0.2")
    assert code == 1
    assert "DEADLINE_EXCEEDED" in shown


def test_plaintext_over_a_network_is_refused(smoke: Smoke) -> None:
    """Another machine is asked over TLS and with a token, or not at all."""
    code, shown = smoke("serving.example:443")
    assert code == 2
    assert "plaintext" in shown


def test_the_shipped_model_is_recorded() -> None:
    """What was recorded of the shipped version is what would be drawn and asked today."""
    golden = load_golden("digits", newest_model().name)
    assert golden is not None
    digits, glyphs = draw_glyphs()
    assert golden.glyphs.shape == glyphs.shape
    assert "".join(str(row.argmax()) for row in golden.scores[: len(digits)]) == digits


def test_recorded_scores_survive_their_file(tmp_path: Path) -> None:
    """A golden file is read as it was written."""
    golden = load_golden("digits", newest_model().name)
    assert golden is not None
    Golden("letters", "7", golden.glyphs, golden.scores).save(tmp_path)
    copy = load_golden("letters", "7", tmp_path)
    assert copy is not None
    assert (copy.model, copy.version) == ("letters", "7")
    assert (copy.glyphs == golden.glyphs).all()
    assert (copy.scores == golden.scores).all()
    assert load_golden("letters", "8", tmp_path) is None
