"""`python -m sheetid read`: read images on this machine, as the deployed function reads uploads."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import cv2

from sheetid.cloud.serving import ServingClient
from sheetid.errors import PermanentError, TransientError
from sheetid.overlay import draw
from sheetid.prediction import Classifier
from sheetid.reader import read_sheet
from sheetid.result import Reading, SheetObject, SheetResult, Status
from sheetid.settings import ReadingSettings, ServingSettings, SettingsError
from sheetid.vision.decoding import decode

LOCAL = "local-files"  # stands in the results where an upload's bucket does
STAND_IN = (sys.executable, "-m", "serving.standin", "--port", "0")


def main() -> int:
    """Read the images named on the command line or on standard input; one JSON result a line."""
    arguments = parse_arguments()
    try:
        settings = ReadingSettings.from_environment(os.environ)
        with serving_target() as target:
            serving = ServingSettings.from_environment({**os.environ, "SERVING_TARGET": target})
            classifier = ServingClient(serving)
            done = [
                read_one(path, classifier, settings, arguments.overlay) for path in paths(arguments.paths)
            ]
    except (SettingsError, OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(done) else 1


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m sheetid", description=__doc__)
    commands = parser.add_subparsers(required=True)
    read = commands.add_parser("read", help="read images; one JSON result a line, as it is published")
    read.add_argument("--overlay", type=Path, metavar="DIR", help="also draw each reading, as DIR/<name>.png")
    read.add_argument("paths", nargs="+", metavar="PATH", help="an image, or - for paths on standard input")
    return parser.parse_args()


@contextmanager
def serving_target() -> Iterator[str]:
    """Yield the TensorFlow Serving named in the environment, or the stand-in started for this run."""
    if target := os.environ.get("SERVING_TARGET"):
        yield target
        return
    print("SERVING_TARGET is not set: starting the local stand-in for TensorFlow Serving …", file=sys.stderr)
    with subprocess.Popen(STAND_IN, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("ready "):
                raise OSError("the stand-in did not start; set SERVING_TARGET to a TensorFlow Serving")
            yield line.split()[1]
        finally:
            process.terminate()


def paths(arguments: list[str]) -> Iterator[Path]:
    """Yield the images to read, in order; `-` stands for the lines of standard input, as they come."""
    for argument in arguments:
        if argument == "-":
            yield from (Path(line.rstrip("\n")) for line in sys.stdin if line.strip())
        else:
            yield Path(argument)


def read_one(path: Path, classifier: Classifier, settings: ReadingSettings, overlay: Path | None) -> bool:
    """Print the result for one file; return whether there is one."""
    try:
        data = path.read_bytes()
        generation = str(path.stat().st_mtime_ns)
        reading = read(data, path, classifier, settings, overlay)
    except (OSError, TransientError) as error:
        print(f"{path}: {error}", file=sys.stderr, flush=True)
        return False
    sheet = SheetObject(LOCAL, str(path), generation)
    print(SheetResult(reading, sheet, "command-line", datetime.now(UTC)).to_json(), flush=True)
    return True


def read(
    data: bytes, path: Path, classifier: Classifier, settings: ReadingSettings, overlay: Path | None
) -> Reading:
    """Read one file's bytes, and draw the reading if that is asked for."""
    try:
        sheet = read_sheet(data, classifier, settings)
        if overlay:
            overlay.mkdir(parents=True, exist_ok=True)
            picture = draw(decode(data, settings.max_pixels), sheet)
            cv2.imwrite(str(overlay / f"{path.name}.png"), picture)
    except PermanentError as error:
        return Reading(Status.REJECTED, error.reason)
    return sheet.reading


if __name__ == "__main__":
    sys.exit(main())
