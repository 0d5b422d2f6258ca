"""What PHPUnit tests with SQLite, on a real MariaDB too, where one is installed."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.parts import inherited
from tests.php.workers import PACKAGE

MARIADB = [shutil.which(name) for name in ("mariadb-install-db", "mariadbd", "my_print_defaults", "phpunit")]
USER = ["--no-defaults", "--user=root"]


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[Path]:
    """Run a MariaDB of our own, on a socket alone, and give the socket."""
    install, server, *others = MARIADB
    if install is None or server is None or None in others:
        pytest.skip("left out: MariaDB or phpunit is not installed (apt install mariadb-server phpunit)")
    data, where = tmp_path / "data", tmp_path / "socket"
    subprocess.run(
        [install, *USER, f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=120,
    )
    options = [
        f"--datadir={data}",
        f"--socket={where}",
        "--skip-networking",
        f"--pid-file={tmp_path / 'pid'}",
    ]
    setup = tmp_path / "setup.sql"
    setup.write_text("CREATE DATABASE sheets CHARACTER SET utf8mb4;\n")
    process = subprocess.Popen(
        [server, *USER, *options, f"--init-file={setup}"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert any("ready for connections" in line for line in process.stderr)
        yield where
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=60)
        process.kill()


@pytest.mark.timeout(300)
def test_results_are_stored_in_mariadb(socket: Path) -> None:
    """Table, keys, duplicates and names of every kind work there as they do with SQLite."""
    environment = inherited() | {
        "SHEETS_TEST_MYSQL_DSN": f"mysql:unix_socket={socket};dbname=sheets;charset=utf8mb4",
        "SHEETS_TEST_MYSQL_USER": "root",
    }
    done = subprocess.run(
        [shutil.which("phpunit") or "", "--filter", "PdoResultStoreTest", "--fail-on-skipped"],
        check=False,
        cwd=PACKAGE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
