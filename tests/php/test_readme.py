"""The PHP package's page: what it says is there, and its way from clone to row works as it is written."""

import contextlib
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import emulators
from infra.local.names import Project
from infra.local.parts import inherited
from infra.local.stack import ROOT, LocalStack, Options
from tests.corpus.fixtures import ensure_fixtures
from tests.php.test_worker_killed import stored, wait_until
from tests.php.workers import PACKAGE, needs_libraries

README = (PACKAGE / "README.md").read_text()
SOURCES = [path for part in ("bin", "public", "src") for path in (PACKAGE / part).rglob("*.php")]
EMULATOR = re.compile(r"(STORAGE_EMULATOR_HOST|PUBSUB_EMULATOR_HOST|GOOGLE_CLOUD_PROJECT)=\S+")


def section(heading: str) -> str:
    """Return the text under a heading."""
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def commands(text: str) -> list[str]:
    """Return the indented command lines of a text, continued ones as one."""
    blocks = re.findall(r"^(?: {7,}\S.*\n?)+", text, re.MULTILINE)
    joined = re.sub(r"\\\n\s*|\n\s+(?=->)", "", "".join(blocks))
    return [line.strip() for line in joined.splitlines()]


def test_every_setting_is_explained() -> None:
    """The table has the variables that the code reads, and no others."""
    code = "".join(path.read_text() for path in SOURCES)
    read = set(re.findall(r"'((?:SHEETS|DATABASE|GOOGLE|STORAGE|PUBSUB)_[A-Z_]+)'", code))
    table = [line for line in section("Settings").splitlines() if line.startswith("| `")]
    assert {name for line in table for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])} == read


def test_what_is_named_exists() -> None:
    """Files and classes that the page speaks of are there."""
    for file in re.findall(r"`((?:bin|public|src|tools)/[\w./-]+)`", README):
        assert (PACKAGE / file).exists(), file
    classes = {path.stem for path in SOURCES}
    for name in re.findall(r"`(\w+)::\w+`", README):
        assert name in classes or name == "PubSubClient", name
    ours = re.findall(r"new ((?:Worker|Uploader|Result\w+|Pdo\w+|Message\w+))\(", README)
    assert set(ours) <= classes


@contextlib.contextmanager
def worker(command: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run the page's worker in a terminal of its own, so to speak."""
    with log.open("ab") as output:
        process = subprocess.Popen(command.split(), cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0, log.read_text()


@needs_libraries
@pytest.mark.timeout(300)
def test_from_clone_to_row(tmp_path: Path) -> None:
    """The page's commands, one after another, end in the rows that it promises."""
    try:
        emulators.functions_framework(ROOT)
    except emulators.MissingProgramError as error:
        pytest.skip(f"left out: {error}")
    ensure_fixtures(ROOT / "build" / "fixtures")
    steps = commands(section("From clone to row, on one machine"))
    exports = " ".join(step.removeprefix("export ") for step in steps if step.startswith("export "))
    (subscribe,) = [step for step in steps if "subscribe.php" in step]
    uploads = [step for step in steps if "upload.php" in step]
    (look,) = [step for step in steps if step.startswith("php -r")]
    options = Options(project=Project(f"readme-{secrets.token_hex(3)}"))
    with LocalStack("readme", options) as stack:
        settings = dict(pair.split("=", 1) for pair in exports.split())
        assert set(settings) <= set(stack.client_environment())
        settings |= {name: stack.client_environment()[name] for name in settings}  # other ports, this time
        environment = inherited() | settings | {"SHEETS_STATE": str(tmp_path)}
        with worker(subscribe, environment, tmp_path / "worker.log"):
            names = [run(upload, environment) for upload in uploads]
            database = tmp_path / "sheets.sqlite"
            wait_until(lambda: database.is_file() and len(stored(database)) == len(names), "the rows")
        shown = run(look.replace("examples/php/var", str(tmp_path)), environment)
    assert all(name in shown for name in names)
    assert shown.count("[status] => read") == len(names)


def run(command: str, environment: dict[str, str]) -> str:
    """Run a command line as a shell does, and return what it printed."""
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
