"""The fixtures that tests and demo share: `FIXTURES` says what they are, `ensure_fixtures` writes them.

`python -m tests.corpus.fixtures DIRECTORY` writes them and lists what each has to be answered with.
"""

import argparse
import hashlib
import os
import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.corpus.bad_fixtures import BAD
from tests.corpus.fixture import Fixture
from tests.corpus.good_fixtures import DOUBTFUL, GOOD

FIXTURES: tuple[Fixture, ...] = (*GOOD, *DOUBTFUL, *BAD)
"""Good ones first, then those on which only a wrong answer is a mistake, then the bad ones."""

_STAMP = ".drawn-by"
_BY_FILE = {fixture.file: fixture for fixture in FIXTURES}


def ensure_fixtures(directory: Path, console: Console | None = None) -> dict[str, Path]:
    """Write all fixtures to `directory` unless they are there already, and return their paths by file name.

    They are drawn again when the renderer, the table or a library that draws has changed. Two processes may
    do so at once: every file appears whole or not at all.
    """
    paths = {fixture.file: directory / fixture.file for fixture in FIXTURES}
    stamp, drawn_by = directory / _STAMP, _fingerprint()
    current = stamp.exists() and stamp.read_text() == drawn_by
    missing = [file for file, path in paths.items() if not current or not path.exists()]
    if missing:
        directory.mkdir(parents=True, exist_ok=True)
        console = console or Console(stderr=True)
        done = track(
            _drawn(missing), "Drawing the sample sheets", len(missing), console=console, transient=True
        )
        for file, data in done:
            _write(paths[file], data)
        _write(stamp, drawn_by.encode())
    return paths


def _drawn(files: list[str]) -> Iterator[tuple[str, bytes]]:
    # The largest page first, so that no thread is left with it at the end. Drawing is done by libraries that
    # let go of the interpreter, so threads do; processes would ask callers for an importable main module.
    order = sorted(files, key=lambda file: not file.startswith("page-600"))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        yield from pool.map(_draw, order)


def _draw(file: str) -> tuple[str, bytes]:
    return file, _BY_FILE[file].make()


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(data)
    part.replace(path)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    libraries = [f"{name} {version(name)}" for name in ("numpy", "opencv-python-headless", "pillow")]
    digest.update("\n".join([*libraries, platform.machine(), sys.version]).encode())
    return digest.hexdigest()


def main() -> None:
    """Write the fixtures and list them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("directory", type=Path)
    paths = ensure_fixtures(parser.parse_args().directory)
    table = Table("file", "bytes", "expected")
    for fixture in FIXTURES:
        table.add_row(fixture.file, f"{paths[fixture.file].stat().st_size:,}", str(fixture.expected))
    Console().print(table)


if __name__ == "__main__":
    main()
