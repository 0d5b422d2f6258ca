"""`make up` and `make demo` as programs: what they print, and what they leave behind when they are ended."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from google.api_core.exceptions import DeadlineExceeded

from infra.local import clients
from infra.local.names import Project
from infra.local.ports import HOST, Ports
from infra.local.stack import ROOT
from tests.corpus.fixture import Fixture

# Whatever the tests' own environment brings is not to be used by the programs.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"SERVING_TARGET", "PUBSUB_EMULATOR_HOST"}
}
READY = "Ctrl-C ends it all."
SECONDS = 90.0


def port_options(ports: Ports) -> list[str]:
    """Return the options that make `up` listen on these ports."""
    return [text for name, port in asdict(ports).items() for text in (f"--{name}-port", str(port))]


@contextmanager
def program(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run one of the stack's programs."""
    command = [sys.executable, "-u", "-m", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def read_until(running: "subprocess.Popen[str]", pattern: str) -> str:
    """Return what a program prints, up to a line that matches."""
    assert running.stdout is not None
    printed = ""
    for line in running.stdout:
        printed += line
        if re.search(pattern, line):
            return printed
    raise AssertionError(f"it ended and never printed {pattern!r}:\n{printed}")


def family(running: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Return all that a program has started, its guard too."""
    return psutil.Process(running.pid).children(recursive=True)


def assert_gone(processes: list[psutil.Process]) -> None:
    """Assert that processes end before long."""
    assert len(processes) >= 6  # five parts and their guard
    deadline = time.monotonic() + SECONDS
    while (left := [process for process in processes if is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process has not ended; a zombie has."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_up_leaves_no_process_behind(number: signal.Signals) -> None:
    """However `make up` is ended, all that it started ends."""
    with program("infra.local.up", *port_options(Ports.free())) as running:
        read_until(running, READY)
        processes = family(running)
        running.send_signal(number)
        running.wait(SECONDS)
        assert running.returncode == (-number if number == signal.SIGKILL else 128 + number)
        assert_gone(processes)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_demo_leaves_no_process_behind(number: signal.Signals) -> None:
    """The demo, ended in the middle, does not linger either."""
    with program("infra.local.demo") as running:
        read_until(running, r"\bread\b.*\d+$")
        processes = family(running)
        running.send_signal(number)
        running.wait(SECONDS)
        assert running.returncode != 0
        assert_gone(processes)


def test_up_says_all_that_a_client_needs(sheets: dict[str, bytes], good_sheets: list[Fixture]) -> None:
    """With nothing but the printed variables, a client uploads a sheet and gets its number."""
    fixture = good_sheets[0]
    with program("infra.local.up", *port_options(Ports.free())) as running:
        printed = read_until(running, READY)
        variables = dict(re.findall(r"^export (\w+)=(\S+)$", printed, re.MULTILINE))
        dotenv = (ROOT / "build" / "local" / "up.env").read_text()
        assert dict(line.split("=", 1) for line in dotenv.splitlines()) == variables
        upload(variables, fixture.file, sheets[fixture.file])
        message = pull(variables)
    assert f'"sheetNumber":"{fixture.expected.number}"' in message


def upload(variables: dict[str, str], name: str, data: bytes) -> None:
    """Upload a sheet to the bucket that the variables name."""
    client = clients.storage_client(variables["STORAGE_EMULATOR_HOST"], variables["GOOGLE_CLOUD_PROJECT"])
    client.bucket(variables["SHEETS_BUCKET"]).blob(name).upload_from_string(data, "image/jpeg")
    client.close()


def pull(variables: dict[str, str]) -> str:
    """Take the next message off the subscription that the variables name."""
    project = Project(variables["GOOGLE_CLOUD_PROJECT"])
    subscription = project.subscription(variables["SHEETS_SUBSCRIPTION"])
    deadline = time.monotonic() + SECONDS
    with clients.subscriber(variables["PUBSUB_EMULATOR_HOST"]) as subscriber:
        while time.monotonic() < deadline:
            try:
                pulled = subscriber.pull(subscription=subscription, max_messages=1, timeout=5, retry=None)
            except DeadlineExceeded:
                continue
            for received in pulled.received_messages:
                subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id])
                return str(received.message.data.decode())
    raise AssertionError("no message came")


def test_up_names_whoever_holds_a_port() -> None:
    """A port that is taken is an error that says by whom, and what to do, and nothing is left running."""
    with socket.create_server((HOST, 0)) as server:
        ports = asdict(Ports.free()) | {"function": server.getsockname()[1]}
        with program("infra.local.up", *port_options(Ports(**ports))) as running:
            printed, _ = running.communicate(timeout=SECONDS)
    assert running.returncode == 2
    assert f"port {ports['function']}, meant for function, is taken by process {os.getpid()}" in printed
    assert "--function-port" in printed


def test_a_failed_start_shows_the_end_of_the_right_log(tmp_path: Path) -> None:
    """When a part cannot start, the program says which one, why, and where the rest is written."""
    program_path = tmp_path / "tensorflow_model_server"
    program_path.write_text("#!/bin/sh\necho 'no model in the cupboard'\nexit 7\n")
    program_path.chmod(0o755)
    environment = ENVIRONMENT | {"PATH": f"{tmp_path}{os.pathsep}{ENVIRONMENT['PATH']}"}
    command = [sys.executable, "-m", "infra.local.up", *port_options(Ports.free())]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 2
    assert "serving ended with exit code 7" in ended.stdout
    assert "no model in the cupboard" in ended.stdout
    assert re.search(r"logs: .*/build/local/up-", ended.stdout)
