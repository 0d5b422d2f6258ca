"""What a check is."""

from collections.abc import Callable
from pathlib import Path

# Takes the repository's root and returns what is wrong, one sentence each; raises LeftOutError.
Check = Callable[[Path], list[str]]


class LeftOutError(Exception):
    """The check needs something that this machine lacks; the message says what."""
