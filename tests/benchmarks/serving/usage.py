"""CPU time and memory of a process and its children."""

from pathlib import Path

import psutil


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process and its living children have used so far."""
    return sum(times.user + times.system for times in (process.cpu_times() for process in _family(pid)))


def memory_mb(pid: int) -> float:
    """Return the megabytes that a process and its children hold, pages that they share counted once."""
    return sum(process.memory_full_info().pss for process in _family(pid)) / 1e6


def peak_mb(pid: int) -> float:
    """Return the most megabytes that a process and its children have ever held, each for itself."""
    return sum(_peak_kb(process.pid) for process in _family(pid)) * 1024 / 1e6


def _peak_kb(pid: int) -> int:
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in line)
    return int(line.split()[1])


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]
