"""Ends process groups: when asked to, and, run as a program, when its parent is gone, even by `kill -9`.

The program reads `+GROUP` and `-GROUP`, one a line, from the parent's pipe. The pipe ends with the parent,
however that ends; the guard then ends every group that is still listed. A pipe works on every Unix, reaches
grandchildren too, and does not care which thread started a process, as `PR_SET_PDEATHSIG` does.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 5.0
POLL_SECONDS = 0.02


def end_groups(groups: Iterable[int]) -> None:
    """Ask every process of the groups to end, and kill what has not ended in five seconds."""
    remaining = set(groups)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in remaining:
            signal_group(group, number)
        remaining = wait_until_empty(remaining)
        if not remaining:
            return


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to the members of a group, if there are any."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def wait_until_empty(groups: set[int]) -> set[int]:
    """Wait until the groups have no members, for five seconds at most, and return those that still have."""
    deadline = time.monotonic() + GRACE_SECONDS
    while remaining := {group for group in groups if has_members(group)}:
        if time.monotonic() > deadline:
            return remaining
        time.sleep(POLL_SECONDS)
    return set()


def has_members(group: int) -> bool:
    """Return whether a process group has members; children of ours that have ended are reaped."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-group, os.WNOHANG)
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # so does macOS say that only zombies are left
        return False
    return True


def main() -> None:
    """Remember the groups that the parent lists until it is gone, then end those that are left."""
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    end_groups(groups)


if __name__ == "__main__":
    main()
