"""Keeps what readers answered: one file for each split, corpus and reader."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.scores import Record

Results = dict[str, dict[str, list[Record]]]
"""Records by corpus and reader."""


def save(folder: Path, corpus: str, reader: str, records: Sequence[Record]) -> None:
    """Replace what the reader answered on the corpus."""
    path = folder / corpus / f"{reader}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(dataclasses.asdict(record)) + "\n" for record in records))


def load(folder: Path) -> Results:
    """Return everything that is kept in `folder`."""
    results: Results = {}
    for path in sorted(folder.glob("*/*.jsonl")):
        records = [Record(**json.loads(line)) for line in path.read_text().splitlines()]
        results.setdefault(path.parent.name, {})[path.stem] = records
    return results
