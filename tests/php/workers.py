"""Starts the PHP worker: as it is where composer's libraries are, and on plain REST where they are not."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from infra.local.parts import inherited
from tests.php.subscription_server import NAME

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "examples" / "php"
LIBRARIES = PACKAGE / "vendor" / "autoload.php"

PHP = shutil.which("php") or "php"

needs_php = pytest.mark.skipif(
    shutil.which("php") is None, reason="left out: php is not installed (apt install php-cli)"
)
needs_libraries = pytest.mark.skipif(
    not LIBRARIES.is_file() or shutil.which("php") is None,
    reason="left out: examples/php/vendor is not there (composer install in examples/php)",
)


class Flavour(StrEnum):
    """Which worker is run."""

    PLAIN = "plain"  # without Google's client
    GOOGLE = "google"  # bin/subscribe.php as it stands


FLAVOURS = [
    pytest.param(Flavour.PLAIN, marks=needs_php),
    pytest.param(Flavour.GOOGLE, marks=needs_libraries),
]


def command(flavour: Flavour, address: str) -> list[str]:
    """Return the command that runs a worker on the subscription served at `address`."""
    if flavour is Flavour.GOOGLE:
        return [PHP, str(PACKAGE / "bin" / "subscribe.php")]
    return [PHP, str(PACKAGE / "tests" / "plain-worker.php"), f"http://{address}/v1/{NAME}"]


def environment(address: str, database: Path) -> dict[str, str]:
    """Return the settings of a worker that stores into an SQLite file."""
    return {
        **inherited(),
        "GOOGLE_CLOUD_PROJECT": "local",
        "PUBSUB_EMULATOR_HOST": address,
        "DATABASE_DSN": f"sqlite:{database}",
        "SHEETS_BATCH": "7",
    }


@contextlib.contextmanager
def running(flavour: Flavour, address: str, database: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker; on leaving, it is gone."""
    with (database.parent / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            command(flavour, address), env=environment(address, database), cwd=ROOT, stderr=log, stdout=log
        )
    try:
        yield worker
    finally:
        kill(worker)
        worker.wait()


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """End a worker at once, if it has not ended yet."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker.pid, signal.SIGKILL)
