"""Drives the local stack from PHP: upload, function, subscribe, a row in the application's database.

Uploads sample sheets with `bin/upload.php`, full pages with `--crop` too, runs `bin/subscribe.php` until each
has its row, and shows the rows. Exits with 1 if one is missing or wrong, and with 2 if something does not
start.

Usage: python -m infra.local.demo_php
"""

import contextlib
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.local.names import Project
from infra.local.parts import inherited
from infra.local.process import StartError
from infra.local.signals import ends_in_order
from infra.local.stack import ROOT, LocalStack, Options
from tests.corpus.fixture import Fixture
from tests.corpus.fixtures import FIXTURES, ensure_fixtures

PACKAGE = ROOT / "examples" / "php"
SHEETS = ROOT / "build" / "fixtures"
WHOLE = (
    "corner-plain.jpg",
    "page-300-dpi.jpg",
    "tiff-lzw.tif",
    "webp.webp",
    "blank-page.jpg",
    "text-file.jpg",
)
CROPPED = ("page-150-dpi.jpg", "page-200-dpi-form.jpg", "page-300-dpi.jpg")
ROWS_SECONDS = 60.0
STOP_SECONDS = 60.0
NEEDED = "PHP and its libraries are needed: php-cli and composer, then `composer install` in examples/php"


@dataclass(frozen=True, slots=True)
class Upload:
    """One sheet that PHP uploaded, or why it did not.

    Attributes:
        fixture: The sheet.
        cropped: Whether only the page's corner was sent.
        image: The object's name, empty if the file was refused.
        error: What PHP said.
    """

    fixture: Fixture
    cropped: bool
    image: str
    error: str


@dataclass(frozen=True, slots=True)
class Row:
    """What the application's database has of one sheet."""

    image: str
    status: str
    sheet_number: str | None
    reason: str | None

    def complaint(self, fixture: Fixture) -> str | None:
        """Return what is wrong with it, or None if nothing is."""
        result = {"status": self.status, "sheetNumber": self.sheet_number, "reason": self.reason}
        return fixture.expected.complaint(result)


def main() -> int:
    """Run the demo; return the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    if not is_possible():
        console.print(NEEDED)
        return 2
    stack = LocalStack("demo-php", Options(project=Project(f"php-{secrets.token_hex(3)}")), console.print)
    with ends_in_order(console, "the local stack", stack.logs), stack:
        ensure_fixtures(SHEETS, console)
        database = stack.logs / "sheets.sqlite"
        with subscriber(stack, database):
            uploads = [*upload(stack, WHOLE), *upload(stack, CROPPED, "--crop")]
            rows = wait_for_rows(database, {upload.image for upload in uploads if upload.image})
        console.print(f"rows of {database.relative_to(ROOT)}:")
        return show(console, uploads, rows)


def is_possible() -> bool:
    """Return whether PHP and composer's libraries are here."""
    return shutil.which("php") is not None and (PACKAGE / "vendor" / "autoload.php").is_file()


def upload(stack: LocalStack, files: Sequence[str], *options: str) -> list[Upload]:
    """Upload sheets, one call of bin/upload.php each."""
    fixtures = {fixture.file: fixture for fixture in FIXTURES}
    uploads = []
    for file in files:
        done = subprocess.run(
            [*php("bin/upload.php"), *options, "--reference=demo", str(SHEETS / file)],
            check=False,
            env=inherited() | stack.client_environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        uploads.append(Upload(fixtures[file], bool(options), done.stdout.strip(), done.stderr.strip()))
    return uploads


@contextlib.contextmanager
def subscriber(stack: LocalStack, database: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run bin/subscribe.php, storing into an SQLite file; on leaving, ask it to stop, which must succeed."""
    environment = inherited() | stack.client_environment() | {"DATABASE_DSN": f"sqlite:{database}"}
    with (stack.logs / "subscribe.log").open("ab") as log:
        process = subprocess.Popen(php("bin/subscribe.php"), env=environment, stdout=log, stderr=log)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        if (code := process.wait(STOP_SECONDS)) != 0:
            raise StartError(f"bin/subscribe.php ended with {code}; see {stack.logs / 'subscribe.log'}")
    finally:
        process.kill()
        process.wait()


def wait_for_rows(database: Path, images: set[str]) -> dict[str, Row]:
    """Return the rows by image, as soon as there is one for each image, or after a minute."""
    end = time.monotonic() + ROWS_SECONDS
    while True:
        rows = {row.image: row for row in read_rows(database)}
        if images <= set(rows) or time.monotonic() > end:
            return rows
        time.sleep(0.1)


def read_rows(database: Path) -> list[Row]:
    """Return what is in the table, nothing if there is none yet."""
    if not database.is_file():
        return []
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            found = connection.execute("SELECT image, status, sheet_number, reason FROM sheet_results")
        except sqlite3.OperationalError:
            return []
        return [Row(*columns) for columns in found]


def show(console: Console, uploads: list[Upload], rows: dict[str, Row]) -> int:
    """Print every sheet with its row; return the exit code."""
    table = Table("file", "sent", "status", "sheet number", "reason", box=None)
    complaints = []
    for sent in uploads:
        row = rows.get(sent.image)
        what = ("corner" if sent.cropped else "whole") if sent.image else "refused"
        columns = (row.status, row.sheet_number or "", row.reason or "") if row else ("", "", sent.error[:60])
        table.add_row(sent.fixture.file, what, *columns)
        if complaint := complaint_about(sent, row):
            complaints.append(f"{sent.fixture.file}: {complaint}")
    console.print(table)
    for complaint in complaints:
        console.print(f"[bold red]✗[/] {complaint}")
    return 1 if complaints else 0


def complaint_about(sent: Upload, row: Row | None) -> str | None:
    """Return what is wrong with one sheet, or None; what is no image has to be refused unsent."""
    if not sent.image:
        return None if sent.fixture.file == "text-file.jpg" else f"was refused: {sent.error}"
    return row.complaint(sent.fixture) if row else "has no row"


def php(script: str) -> list[str]:
    """Return the command that runs a script of the package."""
    return [shutil.which("php") or "php", str(PACKAGE / script)]


if __name__ == "__main__":
    sys.exit(main())
