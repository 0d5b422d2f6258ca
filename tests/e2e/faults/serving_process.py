"""TensorFlow Serving's stand-in as a process that is killed, stopped, and told to answer nonsense."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local import names
from infra.local.parts import inherited, python
from infra.local.ports import address
from infra.local.probes import serving_probe
from infra.local.process import Process, Supervisor
from serving.standin.faults import Fault, set_fault
from tests.e2e.faults.script import wait_for
from tests.integration.serving.servers import add_version, newest_model

NEWER = 1_000_000  # a version of the model that no function was deployed with


class Serving:
    """The process, and what can befall it; each trouble ends with its context."""

    def __init__(self, supervisor: Supervisor, folder: Path, port: int) -> None:
        """Serve a copy of the shipped model's newest version, kept in `folder`."""
        self.address = address(port)
        self._supervisor = supervisor
        self._faults = folder / "fault.json"
        self._versions = folder / names.MODEL
        add_version(self._versions, int(newest_model().name))
        command = [*python("serving.standin"), "--port", str(port), "--faults", str(self._faults)]
        command += ["--model-base-path", str(self._versions), "--poll-seconds", "0.1"]
        self._process = Process("serving", command, inherited(), serving_probe(self.address, names.MODEL))
        supervisor.start(self._process)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """It is gone, by SIGKILL, and comes back on the same port."""
        self._supervisor.kill("serving")
        try:
            yield
        finally:
            self._supervisor.start(self._process)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """It is ended in order, as when an instance is taken away, and comes back on the same port."""
        self._supervisor.stop("serving")
        try:
            yield
        finally:
            self._supervisor.start(self._process)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """It is stopped by SIGSTOP: connections stand or are made, and nothing is ever said."""
        os.kill(self._supervisor.pid("serving"), signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._supervisor.pid("serving"), signal.SIGCONT)

    @contextmanager
    def spoilt(self, fault: Fault) -> Iterator[None]:
        """It answers every Predict as the fault has it."""
        set_fault(self._faults, fault)
        try:
            yield
        finally:
            set_fault(self._faults, None)

    @contextmanager
    def newer(self) -> Iterator[None]:
        """A newer version has taken the model's place, and is rolled back."""
        add_version(self._versions, NEWER)
        wait_for(serving_probe(self.address, names.MODEL, NEWER), "the newer version")
        try:
            yield
        finally:
            shutil.rmtree(self._versions / str(NEWER))
