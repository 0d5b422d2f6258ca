"""One reader in a process of its own, so that its time and memory can be told: image in, answer out.

Protocol: the worker prints `{"ready": …}`; then for each image, sent as eight bytes of length (big-endian)
and the file, it prints one JSON object with the answer, the CPU milliseconds it took, children included,
and the peak memory in megabytes so far. It ends at the end of its input.

It runs on one core, so that nothing in it starts threads, and imports nothing but the reader that it was
asked for: one of them has an environment of its own.
"""

import dataclasses
import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import TextIO

from tests.benchmarks.answers import Reader

_LENGTH = struct.Struct(">Q")


def reader(name: str) -> Reader:
    """Return the reader called `name`; raises ValueError if there is none."""
    kind, *options = name.split("-")
    match kind:
        case "ours":
            from tests.benchmarks.ours import DenoisedReader, OurReader  # noqa: PLC0415

            return DenoisedReader() if "nlm" in options else OurReader()
        case "recipe":
            from tests.benchmarks.recipe import RecipeReader  # noqa: PLC0415

            return RecipeReader()
        case "rapidocr":
            from tests.benchmarks.rapidocr import RapidOcrReader  # noqa: PLC0415

            return RapidOcrReader()
        case "tesseract":
            from tests.benchmarks.tesseract import TesseractReader  # noqa: PLC0415

            return TesseractReader(int(options[0]), digits_only="digits" in options)
    raise ValueError(f"no reader is called {name}")


def main() -> None:
    """Answer images on stdin until it ends."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    ours = reader(sys.argv[1])
    answers.write(json.dumps({"ready": sys.argv[1]}) + "\n")
    while header := sys.stdin.buffer.read(_LENGTH.size):
        _answer(ours, sys.stdin.buffer.read(_LENGTH.unpack(header)[0]), answers)


def _answer(ours: Reader, image: bytes, answers: TextIO) -> None:
    before = _cpu_seconds()
    answer = dataclasses.asdict(ours.read(image))
    cost = {"cpu_ms": (_cpu_seconds() - before) * 1000, "memory_mb": _peak_megabytes()}
    answers.write(json.dumps(answer | cost) + "\n")


def _cpu_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak_megabytes() -> float:
    """Return the memory of the larger one of this process and any program that it runs."""
    # Not RUSAGE_SELF, which begins with the peak of whatever process started this one.
    status = Path("/proc/self/status").read_text()
    own = int(status.split("VmHWM:")[1].split()[0])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    main()
