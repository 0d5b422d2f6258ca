"""The processes of the local stack: started together, watched until ready, and gone when the stack is."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local import guard

TAIL_LINES = 25
POLL_SECONDS = 0.03


class StartError(Exception):
    """A process did not become ready; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Process:
    """How one program is started and recognised as ready.

    Attributes:
        name: What it is called in messages; its log is `NAME.log`.
        command: The program and its arguments.
        environment: All of its environment.
        is_ready: Whether it serves; called again and again, so it must return within a second or so. None for
            a program of ours that listens nowhere: it prints a line that begins with `ready`.
        timeout_seconds: How long it may take to become ready.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool] | None
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """A process that was started, and where in its log its own output begins."""

    child: "subprocess.Popen[bytes]"
    log: Path
    log_start: int

    def says_ready(self) -> bool:
        """Return whether it has printed a line that begins with `ready`."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return any(line.startswith(b"ready") for line in log)

    def tail(self) -> str:
        """Return the last lines of its output, indented."""
        lines = self.log.read_bytes()[self.log_start :].decode(errors="replace").splitlines()
        return "\n".join(f"  | {line}" for line in lines[-TAIL_LINES:]) or "  (empty)"


@dataclass(slots=True)
class Supervisor:
    """Starts processes, each in a group of its own, and ends them all when left, in whatever way.

    Attributes:
        logs: The folder of the processes' logs, made when needed.
        directory: The processes' working directory.
    """

    logs: Path
    directory: Path
    _running: dict[str, Running] = field(default_factory=dict)
    _guard: "subprocess.Popen[bytes] | None" = None

    def __enter__(self) -> Self:
        """Start the guard, which ends the processes should this one be killed."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__], stdin=subprocess.PIPE, start_new_session=True
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End every process."""
        self.stop(*self._running)
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()

    def start(self, *processes: Process) -> None:
        """Start processes side by side and return when all are ready; raises StartError.

        One that runs already is ended first.
        """
        for process in processes:
            self.stop(process.name)
            self._launch(process)
        started = time.monotonic()
        waiting = list(processes)
        while waiting:
            waiting = [process for process in waiting if not self._check(process, time.monotonic() - started)]
            if waiting:
                time.sleep(POLL_SECONDS)

    def stop(self, *names: str) -> None:
        """End processes, politely first; those that are not running are left alone."""
        stopping = {name: self._running[name].child for name in names if name in self._running}
        guard.end_groups(child.pid for child in stopping.values())
        for name, child in stopping.items():
            child.wait()
            self._tell_guard("-", child.pid)
            del self._running[name]

    def kill(self, name: str) -> None:
        """End a process and its children at once, as a crash would."""
        guard.signal_group(self._running[name].child.pid, signal.SIGKILL)
        self.stop(name)

    def ended(self) -> list[str]:
        """Return the names of the processes that have ended by themselves."""
        return [name for name, running in self._running.items() if running.child.poll() is not None]

    def pid(self, name: str) -> int:
        """Return the id of a running process, which is its group's too."""
        return self._running[name].child.pid

    def log(self, name: str) -> Path:
        """Return the path of a process's log."""
        return self.logs / f"{name}.log"

    def _launch(self, process: Process) -> None:
        log = self.log(process.name)
        with log.open("ab") as output:
            log_start = output.tell()
            try:
                child = subprocess.Popen(
                    process.command,
                    env=process.environment,
                    cwd=self.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # a group of its own, which Ctrl-C does not reach: we end it
                )
            except OSError as error:
                raise StartError(f"{process.name} cannot be started: {error}") from error
            self._running[process.name] = Running(child, log, log_start)
        self._tell_guard("+", child.pid)

    def _tell_guard(self, sign: str, group: int) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.write(f"{sign}{group}\n".encode())
            self._guard.stdin.flush()

    def _check(self, process: Process, waited: float) -> bool:
        """Return whether a process is ready; raises StartError if it ended or takes too long."""
        running = self._running[process.name]
        if (code := running.child.poll()) is not None:
            problem = f"ended with exit code {code} instead of serving"
        elif process.is_ready() if process.is_ready else running.says_ready():
            return True
        elif waited > process.timeout_seconds:
            problem = f"was not ready after {waited:.0f} s"
        else:
            return False
        raise StartError(f"{process.name} {problem}; the end of {running.log}:\n{running.tail()}")
