"""Planted weaknesses and secrets are found, and so is a weakness that is known of a package."""

import json
import subprocess
from pathlib import Path

import pytest

from infra.checks import security
from infra.checks.outcome import LeftOutError
from infra.checks.tools import TOOLS

needs_tools = pytest.mark.skipif(
    not (TOOLS / "bandit").exists(), reason="make check-infra installs the checkers"
)
WEAK = "import subprocess\n\n\ndef run(text):\n    subprocess.call(text, shell=True)\n"
FINE = "def run(text):\n    return text\n"
PRIVATE_KEY = (
    "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "MIIB" * 16 + "\n-----END RSA " + "PRIVATE KEY-----\n"
)


def repository(folder: Path, **files: str) -> Path:
    """A git repository with these files in function/."""
    for name in security.CODE:
        (folder / name).mkdir()
    for name, text in files.items():
        (folder / "function" / f"{name}.py").write_text(text)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)  # noqa: S607 - the one on the path
    return folder


@needs_tools
def test_weak_code_is_found(tmp_path: Path) -> None:
    """A shell that reads what it is given."""
    assert "B602" in "".join(security.bandit(repository(tmp_path, weak=WEAK)))


@needs_tools
def test_sound_code_passes(tmp_path: Path) -> None:
    """Nothing is found where nothing is."""
    root = repository(tmp_path, fine=FINE)
    assert security.bandit(root) == []
    assert security.secrets(root) == []


@needs_tools
def test_a_secret_is_found_before_it_is_committed(tmp_path: Path) -> None:
    """A private key in a file that is not ignored."""
    (problem,) = security.secrets(repository(tmp_path, key=PRIVATE_KEY))
    assert problem == "function/key.py:2 looks like a secret: Private Key"


@needs_tools
def test_what_is_no_repository_is_left_out(tmp_path: Path) -> None:
    """An archive of the sources is not searched: what is in it is not known to be ours."""
    with pytest.raises(LeftOutError):
        security.secrets(tmp_path)


def answering(folder: Path, answer: str) -> Path:
    """A folder with a pip-audit that answers so."""
    program = folder / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n")
    program.chmod(0o755)
    return folder


def test_a_known_weakness_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the package, its version, and where it is mended."""
    weakness = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    packages = [
        {"name": "a", "version": "1.0", "vulns": [weakness]},
        {"name": "b", "version": "1", "vulns": []},
    ]
    answer = json.dumps({"dependencies": packages})
    monkeypatch.setattr("infra.checks.tools.TOOLS", answering(tmp_path, answer))
    assert security.audit(tmp_path) == ["a 1.0: PYSEC-1, mended in ['2.0']"]


@pytest.mark.parametrize(
    "answer", ["", json.dumps({"dependencies": [{"name": "a", "skip_reason": "Dependency not found"}]})]
)
def test_an_audit_without_its_database_is_left_out(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be looked up has not passed."""
    monkeypatch.setattr("infra.checks.tools.TOOLS", answering(tmp_path, answer))
    with pytest.raises(LeftOutError):
        security.audit(tmp_path)
