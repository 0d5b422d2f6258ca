"""Tesseract 5 as a program, in one of its page modes, with or without a whitelist of digits."""

import csv
import io
import os
import subprocess

from tests.benchmarks.answers import Answer, Line, pick_number

PAGE_MODES = (6, 7, 8, 11, 13)
_WORD = "5"


class TesseractReader:
    """Reads with the `tesseract` on the PATH; whoever installs Debian's package has it."""

    def __init__(self, page_mode: int, *, digits_only: bool) -> None:
        """Choose one of `PAGE_MODES`: 6 block, 7 line, 8 word, 11 sparse text, 13 raw line."""
        self._command = ["tesseract", "stdin", "stdout", "--psm", str(page_mode)]
        if digits_only:
            self._command += ["-c", "tessedit_char_whitelist=0123456789"]
        self._command += ["tsv"]

    def read(self, image: bytes) -> Answer:
        """Read the image file's bytes."""
        # One thread, as for all: its threads cost more CPU than they save time.
        environ = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(self._command, input=image, capture_output=True, check=False, env=environ)
        return pick_number(lines(done.stdout.decode(errors="replace")))


def lines(table: str) -> list[Line]:
    """Return the lines of Tesseract's TSV output."""
    words: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD and (row["text"] or "").strip():
            words.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    return [_line(row) for row in words.values()]


def _line(words: list[dict[str, str]]) -> Line:
    numeric = [float(word["conf"]) for word in words if any(c.isdigit() for c in word["text"])]
    return Line(
        " ".join(word["text"] for word in words),
        top=min(float(word["top"]) for word in words),
        right=max(float(word["left"]) + float(word["width"]) for word in words),
        confidence=min(numeric, default=0.0) / 100,
    )
