"""Fuzzes one target: `python -m tests.fuzz.target NAME CORPUS OPTIONS…`; started by `tests.fuzz`."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sheetid", "imagesize", "tests.fuzz.targets"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Put the inputs to start with into the corpus and fuzz until the options say that it is enough."""
    name, folder, *options = sys.argv[1:]
    run, seeds = TARGETS[name]
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *options, folder], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
