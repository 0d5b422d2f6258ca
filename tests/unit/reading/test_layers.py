"""The packages of `sheetid` build on each other in one direction, as the data goes."""

import re
from pathlib import Path

import pytest

import sheetid

PACKAGE = Path(sheetid.__file__).parent
IMPORT = re.compile(r"^\s*(?:from|import) sheetid\.(\w+)", re.MULTILINE)


def imported(package: str) -> set[str]:
    """Return the modules and packages of `sheetid` that the modules of one of its packages import."""
    return {name for path in (PACKAGE / package).glob("*.py") for name in IMPORT.findall(path.read_text())}


@pytest.mark.parametrize(
    ("package", "below"),
    [
        ("vision", {"errors", "result"}),
        ("recognition", {"vision"}),
        ("evidence", {"vision", "recognition"}),
        ("cloud", {"vision", "errors", "once", "prediction", "result", "settings"}),
    ],
)
def test_a_package_knows_only_what_is_below_it(package: str, below: set[str]) -> None:
    """Vision knows nothing of numbers, numbers nothing of doubts, and none of these a network."""
    assert imported(package) - {package} == below
