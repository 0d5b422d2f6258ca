"""Find an emulator, start it and know when it serves: this package's own, or Google's from the Cloud SDK."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT_VARIABLE = "PUBSUB_EMULATOR_HOST"

_GOOGLE_EMULATOR = Path("platform/pubsub-emulator/bin/cloud-pubsub-emulator")
_PROBE_TIMEOUT_SECONDS = 1.0
_START_SECONDS = 60.0
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start an emulator; it will serve at `address` (host:port)."""

    command: tuple[str, ...]
    address: str


def embedded(host: str = "127.0.0.1", port: int = 0) -> Launch:
    """Return how to start this package's emulator; port 0 takes a free one."""
    port = port or free_port(host)
    command = (sys.executable, "-m", "infra.local.pubsub", "--host", host, "--port", str(port))
    return Launch(command, f"{host}:{port}")


def google(host: str = "127.0.0.1", port: int = 0) -> Launch | None:
    """Return how to start Google's emulator, or None without it or Java; port 0 takes a free one."""
    gcloud = shutil.which("gcloud")
    if gcloud is None or shutil.which("java") is None:
        return None
    # <root>/bin/gcloud; asking gcloud itself for its root takes seconds.
    program = Path(gcloud).resolve().parent.parent / _GOOGLE_EMULATOR
    if not program.is_file():
        return None
    port = port or free_port(host)
    return Launch((str(program), f"--host={host}", f"--port={port}"), f"{host}:{port}")


def given(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the address of an emulator that runs already, as Google's clients are told it, or None."""
    return environ.get(ENVIRONMENT_VARIABLE) or None


def is_ready(address: str) -> bool:
    """Tell whether an emulator, of either kind, serves at `address`."""
    try:
        with urllib.request.urlopen(f"http://{address}/", timeout=_PROBE_TIMEOUT_SECONDS) as response:
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP's own number
    except OSError:
        return False


@contextlib.contextmanager
def running(launch: Launch) -> Iterator[str]:
    """Start an emulator, lend its address while it serves, and end it with all its children.

    Raises:
        RuntimeError: when it ends by itself or does not serve within a minute.
    """
    # A session of its own, because Google's emulator is a shell script around Java.
    process = subprocess.Popen(
        launch.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_until_ready(launch, process)
        yield launch.address
    finally:
        _end(process)


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of `host` that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(launch: Launch, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while not is_ready(launch.address):
        if process.poll() is not None:
            raise RuntimeError(f"The emulator ended with status {process.returncode}: {launch.command}")
        if time.monotonic() > until:
            raise RuntimeError(f"The emulator does not serve at {launch.address}: {launch.command}")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal_group(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_END_SECONDS)
    _signal_group(process, signal.SIGKILL)  # whoever is left of the group
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
