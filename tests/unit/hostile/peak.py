"""Reads one file as the deployed function would, and prints the most memory that took, in MB.

`python -m tests.unit.hostile.peak FILE`; a process of its own, since memory once taken is not given back.
"""

import sys
from pathlib import Path

from sheetid.cloud.publishing import PubSub
from sheetid.cloud.serving import ServingClient
from sheetid.cloud.storage import CloudStorage
from sheetid.errors import PermanentError
from sheetid.handler import check_size
from sheetid.reader import read_sheet
from sheetid.settings import ReadingSettings
from tests.unit.hostile.classifiers import AnyScores

CLIENTS = (PubSub, ServingClient, CloudStorage)  # what the function has loaded beside the reader
MOST_BYTES = 32 * 2**20


def main() -> int:
    """Read the file; returns 0 however it ends, as long as it ends in one of the ways it may."""
    data = Path(sys.argv[1]).read_bytes()
    try:
        check_size(len(data), MOST_BYTES)
        outcome = str(read_sheet(data, AnyScores(1), ReadingSettings()).reading.status)
    except PermanentError as error:
        outcome = str(error.reason)
    sys.stdout.write(f"{peak():.0f} {outcome}\n")
    return 0


def peak() -> float:
    """Return the most memory that this process has had, in MB; Linux only."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
