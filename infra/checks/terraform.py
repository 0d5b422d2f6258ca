"""Terraform's own judgement: format, validity, and the tests in infra/tests, with no cloud."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from infra.checks.outcome import LeftOutError

# Does the same as `by_terraform` without reaching Terraform's registry, where somebody has provided it.
TFCHECK = "TFCHECK"
BESIDE = Path("..") / "shared" / "tools" / "tfcheck"


def check(root: Path) -> list[str]:
    """Return what Terraform says is wrong."""
    tool = tfcheck()
    output = run([str(tool), str(root / "infra")]) if tool else by_terraform(root / "infra")
    return [output] if output else []


def tfcheck() -> Path | None:
    """Return the offline checker, if this machine has it."""
    tool = Path(os.environ.get(TFCHECK, Path(__file__).parents[2] / BESIDE))
    return tool if os.access(tool, os.X_OK) else None


def by_terraform(infra: Path) -> str | None:
    """Return what Terraform itself says is wrong, having fetched the provider; None if nothing is."""
    if not shutil.which("terraform"):
        raise LeftOutError("terraform is not installed")
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "infra"
        shutil.copytree(infra, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfvars", "__pycache__"))
        terraform = ["terraform", f"-chdir={copy}"]
        if run([*terraform, "init", "-backend=false", "-input=false", "-no-color"]):
            raise LeftOutError("terraform could not fetch the google provider from its registry")
        steps = (["fmt", "-check", "-recursive", "-diff"], ["validate", "-no-color"], ["test", "-no-color"])
        return next((output for step in steps if (output := run([*terraform, *step]))), None)


def run(command: list[str]) -> str | None:
    """Return what a command printed if it failed, or None if it did not."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return None if done.returncode == 0 else done.stdout.strip() or f"exit code {done.returncode}"
