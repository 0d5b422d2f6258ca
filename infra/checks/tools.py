"""Checkers from PyPI, in an environment of their own (`make check-infra` makes it)."""

from pathlib import Path

from infra.checks.outcome import LeftOutError
from infra.checks.terraform import run

TOOLS = Path(__file__).parents[2] / "build" / "venv-checks" / "bin"


def checkov(root: Path) -> list[str]:
    """Return the security policies that infra/*.tf breaks; each one skipped says why, where it is skipped."""
    command = [tool("checkov"), "--directory", str(root / "infra"), "--framework", "terraform"]
    return said([*command, "--quiet", "--compact", "--skip-download"])


def cloudbuild_schema(root: Path) -> list[str]:
    """Return where the builds' configurations break Cloud Build's schema."""
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.cloudbuild"]
    builds = [root / "cloudbuild.yaml", root / "infra" / "release" / "first-image.yaml"]
    return said([*command, *map(str, builds)])


def hadolint(root: Path) -> list[str]:
    """Return bad practice in the Dockerfile."""
    return said([tool("hadolint"), str(root / "serving" / "Dockerfile")])


def tool(name: str) -> str:
    """Return the path of a checker; raises LeftOutError if it is not installed."""
    path = TOOLS / name
    if not path.exists():
        raise LeftOutError(f"{name} is not installed: make check-infra installs it")
    return str(path)


def said(command: list[str]) -> list[str]:
    """Return what a command printed if it failed, else nothing."""
    output = run(command)
    return [output] if output else []
