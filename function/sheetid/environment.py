"""Reads environment variables, and collects everything that is wrong instead of stopping at the first."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class SettingsError(ValueError):
    """The environment does not describe a deployment that can work; `problems` lists all that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Put all `problems`, each one sentence for an operator, into the message."""
        super().__init__("\n  - ".join(["the settings in the environment are not usable:", *problems]))
        self.problems = tuple(problems)


class Variables:
    """An environment while it is read.

    A variable that is set to nothing counts as not set: deployment tools write optional values that way.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def problem(self, name: str, sentence: str) -> None:
        """Note what is wrong with the variable `name`, in a sentence that goes on after its name."""
        self._problems.append(f"{name} {sentence}")

    def parsed(self, name: str, parse: Callable[[str], T], default: T, *, required: str | None = None) -> T:
        """Return the variable's value, or `default` if it is not set or not usable (which is noted).

        Args:
            name: The variable.
            parse: Makes the value of the text; raises ValueError saying what the variable "must be".
            default: The value when the variable is not set.
            required: What the variable should hold, if it must be set.
        """
        text = self._environ.get(name, "").strip()
        if not text:
            if required:
                self.problem(name, f"must be set ({required})")
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.problem(name, f"{error}, but it is {text!r}")
            return default

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        return self.parsed(name, lambda text: _whole(text, least, most), default)

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """Return a decimal number from `least` to `most`."""
        return self.parsed(name, lambda text: _decimal(text, least, most), default)

    def matching(self, name: str, expression: re.Pattern[str], expected: str) -> str | None:
        """Return the text, which matches all of `expression`, or None; `expected` says so in words."""
        return self.parsed(name, lambda text: match(expression, text, expected)[0], None)

    def refuse_unknown(self, prefix: str, known: Sequence[str]) -> None:
        """Note every variable that begins with `prefix` and is not `known`: it is most likely misspelt."""
        for name in sorted(self._environ):
            if name.startswith(prefix) and name not in known:
                similar = difflib.get_close_matches(name, known, n=1)
                self.problem(name, "is not a setting" + (f"; did you mean {similar[0]}?" if similar else ""))

    def raise_problems(self) -> None:
        """Raise SettingsError if anything was wrong."""
        if self._problems:
            raise SettingsError(self._problems)


def match(expression: re.Pattern[str], text: str, expected: str) -> re.Match[str]:
    """Return the match of all of `text`; raises ValueError naming what was `expected`."""
    found = expression.fullmatch(text)
    if found is None:
        raise ValueError(f"must be {expected}")
    return found


def _whole(text: str, least: int, most: int) -> int:
    if re.fullmatch(r"[0-9]{1,15}", text) and least <= int(text) <= most:
        return int(text)
    raise ValueError(f"must be a whole number from {least} to {most}")


def _decimal(text: str, least: float, most: float) -> float:
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) and least <= float(text) <= most:
        return float(text)
    raise ValueError(f"must be a number from {least:g} to {most:g}")
