"""Talks to a reader in its own process."""

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

PROJECT = Path(__file__).parents[2]
RAPIDOCR_PYTHON = PROJECT / "build" / "venv-bench" / "bin" / "python"


class ReaderProcess:
    """A context manager: a reader that runs until the end of the block.

    Args:
        name: `ours`, `recipe`, `rapidocr`, or `tesseract-MODE` with `-digits` for the whitelist.
    """

    def __init__(self, name: str) -> None:
        """Start the process without waiting for it."""
        self.name = name
        python = str(RAPIDOCR_PYTHON) if name == "rapidocr" else sys.executable
        # Its log goes nowhere: libraries warn about every blank sheet.
        self._process = subprocess.Popen(
            [python, "-m", "tests.benchmarks.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
        )

    def __enter__(self) -> Self:
        """Wait until the reader is ready; raises RuntimeError if it does not start."""
        self._reply()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the process end."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=60)

    def read(self, image: bytes) -> dict[str, Any]:
        """Return `number`, `candidate`, `confidence`, `cpu_ms` and `memory_mb`."""
        pipe = self._process.stdin
        if pipe is None:
            raise RuntimeError(f"{self.name} has no input")
        pipe.write(struct.pack(">Q", len(image)) + image)
        pipe.flush()
        return self._reply()

    def _reply(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else b""
        if not line:
            raise RuntimeError(
                f"the reader {self.name} ended: run `python -m tests.benchmarks.worker {self.name}`"
            )
        reply: dict[str, Any] = json.loads(line)
        return reply
