"""Fuzzes one target: `python -m tests.fuzz.target NAME CORPUS OPTIONS…`; started by `tests.fuzz`."""

import importlib
import sys
from pathlib import Path

import atheris

from tests.fuzz.plan import TARGETS


def main() -> None:
    """Put the inputs to start with into the corpus and fuzz until the options say that it is enough."""
    name, folder, *options = sys.argv[1:]
    module = f"tests.fuzz.targets.{name}"
    with atheris.instrument_imports(include=[module, *TARGETS[name].instrumented]):
        importlib.import_module("sheetid.vision.decoding")  # sets limits that OpenCV reads when it is loaded
        target = importlib.import_module(module)
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *options, folder], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
