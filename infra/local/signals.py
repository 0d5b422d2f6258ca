"""Ending in order: on Ctrl-C, on SIGTERM, when the terminal is closed, and when the stack does not start."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from infra.local.emulators import MissingProgramError
from infra.local.ports import PortTakenError
from infra.local.process import StartError

ENDED_BY_SIGNAL = 128


class EndedBySignal(BaseException):
    """A signal asked the program to end."""

    def __init__(self, number: int) -> None:
        """Note the signal's number."""
        self.number = number


@contextlib.contextmanager
def ends_in_order(console: Console, what: str, logs: Path) -> Iterator[None]:
    """Turn signals into exceptions, so that what is inside is left properly; explain a failed start.

    Exits with 128 + the signal's number, as shells do, or with 2 when `what` does not start.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _raise)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup is to be respected
        signal.signal(signal.SIGHUP, _raise)
    try:
        yield
    except EndedBySignal as end:
        console.print(f"\nended by {signal.Signals(end.number).name}: {what} is stopped")
        raise SystemExit(ENDED_BY_SIGNAL + end.number) from None
    except (MissingProgramError, PortTakenError, StartError) as error:
        console.print(f"{what} did not start: {error}", markup=False)
        console.print(f"logs: {logs}")
        raise SystemExit(2) from None


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise EndedBySignal(number)
