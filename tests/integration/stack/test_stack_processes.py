"""The supervisor and its guard, with real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.local.process import Process, StartError, Supervisor

# A parent with a child, as gunicorn has one; both would rather not end.
FAMILY = """
import os, signal, sys, time
if sys.argv[1] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    if sys.argv[1] == "polite":
        signal.signal(signal.SIGTERM, lambda *_: (os.waitpid(child, 0), os._exit(0)))
    print(f"pids {os.getpid()} {child}", flush=True)
    print("ready", flush=True)
time.sleep(600)
"""


def family(name: str, manner: str = "polite") -> Process:
    """Describe a process that has a child."""
    return Process(name, [sys.executable, "-c", FAMILY, manner], dict(os.environ), is_ready=None)


def script(name: str, source: str, timeout_seconds: float = 30.0) -> Process:
    """Describe a process that runs a few lines of Python."""
    command = [sys.executable, "-c", textwrap.dedent(source)]
    return Process(name, command, dict(os.environ), is_ready=None, timeout_seconds=timeout_seconds)


def pids_in(log: Path) -> list[int]:
    """Return the process ids that families wrote to a log, the latest last."""
    lines = [line.split() for line in log.read_text().splitlines() if line.startswith("pids")]
    return [int(pid) for line in lines for pid in line[1:]]


def alive(pids: list[int]) -> list[int]:
    """Return those of the processes that have not ended; a zombie has."""
    return [pid for pid in pids if is_running(pid)]


def is_running(pid: int) -> bool:
    """Tell whether a process is there and no zombie; it may end while it is asked about."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def assert_gone(pids: list[int], seconds: float = 20.0) -> None:
    """Assert that processes end within some time, and that there were some."""
    assert pids
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(pids) == []


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """Supervise processes for one test."""
    with Supervisor(tmp_path / "logs", tmp_path) as running:
        yield running


def test_leaving_ends_grandchildren_too(tmp_path: Path) -> None:
    """Nothing that a process has started survives the supervisor."""
    with Supervisor(tmp_path, tmp_path) as supervisor:
        supervisor.start(family("one"), family("two"))
        pids = pids_in(supervisor.log("one")) + pids_in(supervisor.log("two"))
        assert len(alive(pids)) == 4
    assert alive(pids) == []


def test_a_process_that_ignores_being_asked_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL follows when SIGTERM does not help."""
    monkeypatch.setattr("infra.local.guard.GRACE_SECONDS", 0.3)
    with Supervisor(tmp_path, tmp_path) as supervisor:
        supervisor.start(family("stubborn", "stubborn"))
        pids = pids_in(supervisor.log("stubborn"))
    assert_gone(pids)


def test_stop_and_start_again(supervisor: Supervisor) -> None:
    """A stopped process can be started again; its new `ready` is waited for, not its old one."""
    supervisor.start(family("one"))
    first = pids_in(supervisor.log("one"))
    supervisor.stop("one")
    assert alive(first) == []
    supervisor.start(family("one"))
    second = pids_in(supervisor.log("one"))[2:]
    assert len(alive(second)) == 2


def test_kill(supervisor: Supervisor) -> None:
    """A killed process is gone with its children, and can be started again."""
    supervisor.start(family("one", "stubborn"))
    pids = pids_in(supervisor.log("one"))
    supervisor.kill("one")
    assert_gone(pids)
    supervisor.start(family("one"))


def test_a_process_that_ends_at_its_start_is_explained(supervisor: Supervisor) -> None:
    """The error names the process, its exit code and its log, and quotes the last lines."""
    with pytest.raises(StartError) as caught:
        supervisor.start(family("good"), script("bad", "import sys; print('no such model'); sys.exit(3)"))
    message = str(caught.value)
    assert "bad ended with exit code 3" in message
    assert str(supervisor.log("bad")) in message
    assert "no such model" in message


def test_a_process_that_never_is_ready_is_explained(supervisor: Supervisor) -> None:
    """Waiting ends, with the last lines of the log."""
    source = "import time; print('still loading', flush=True); time.sleep(600)"
    with pytest.raises(StartError, match=r"(?s)slow was not ready after .*still loading"):
        supervisor.start(script("slow", source, timeout_seconds=0.5))


def test_a_missing_program_is_explained(supervisor: Supervisor) -> None:
    """A command that is not there is an error of its own, not a traceback of subprocess."""
    with pytest.raises(StartError, match="nothing cannot be started"):
        supervisor.start(Process("nothing", ["/nowhere/program"], {}, is_ready=None))


def test_ended_lists_what_ended_by_itself(supervisor: Supervisor) -> None:
    """A crash after the start is noticed."""
    supervisor.start(family("one"), family("two"))
    os.killpg(supervisor.pid("two"), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not supervisor.ended() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert supervisor.ended() == ["two"]


@pytest.mark.parametrize("manner", ["polite", "stubborn"])
def test_kill_9_of_the_supervisor_leaves_nothing(tmp_path: Path, manner: str) -> None:
    """The guard ends what a killed supervisor could not."""
    source = f"""
        import sys, time
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parents[3])!r})
        from tests.integration.stack.test_stack_processes import family
        from infra.local.process import Supervisor
        with Supervisor(Path({str(tmp_path)!r}), Path({str(tmp_path)!r})) as supervisor:
            supervisor.start(family("one", {manner!r}))
            print("up", flush=True)
            time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        pids = pids_in(tmp_path / "one.log")
        assert len(alive(pids)) == 2
        parent.kill()
    assert_gone(pids)
