"""Copies of the deployment's files with an error planted, to show that a check finds it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = (
    "cloudbuild.yaml",
    "function/main.py",
    "function/sheetid/manifests",
    "infra",
    "serving/Dockerfile",
    "serving/models.config",
    "serving/models",
)


@dataclass(frozen=True, slots=True)
class Error:
    """An error to plant: in the file `path`, `right` becomes `wrong`; and what a check has to say of it."""

    path: str
    right: str
    wrong: str
    complaint: str

    def __str__(self) -> str:
        """Name the test."""
        return self.complaint.replace(" ", "-")


def copy_deployment(target: Path) -> Path:
    """Copy the files that the checks read to `target`, and return it."""
    for name in COPIED:
        source, copy = ROOT / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source, copy, ignore=shutil.ignore_patterns("local", "__pycache__", ".terraform*")
            )
        else:
            shutil.copy(source, copy)
    return target


def plant(root: Path, error: Error) -> None:
    """Plant an error in the copy; the right text has to be there, or the test would prove nothing."""
    file = root / error.path
    text = file.read_text()
    assert error.right in text, f"{error.path} does not say {error.right!r} any more"
    file.write_text(text.replace(error.right, error.wrong, 1))
