"""The code's weaknesses, secrets in the repository, and what is known of the packages that are deployed."""

import json
import subprocess
from pathlib import Path

from infra.checks.outcome import LeftOutError
from infra.checks.tools import said, tool

CODE = ("function", "infra", "serving", "training")
# Files in which something looks like a secret, and what it is.
NO_SECRETS = {
    "examples/php/tests/Fake/OneToken.php": "a made-up token",
    "function/sheetid/manifests/digits-3.json": "checksums",
    "function/sheetid/manifests/digits-4.json": "checksums",
    "function/sheetid/manifests/digits-5.json": "checksums",
    "function/sheetid/manifests/digits-6.json": "checksums",
    "function/sheetid/manifests/digits-7.json": "checksums",
    "function/sheetid/manifests/digits-8.json": "checksums",
    "function/sheetid/manifests/digits-9.json": "checksums",
    "function/sheetid/manifests/digits-10.json": "checksums",
    "function/sheetid/manifests/digits-11.json": "checksums",
    "training/download.py": "checksums",
    "training/synthesis/layout.py": "an alphabet",
}
GENERATED = ("requirements.txt", "requirements-dev.txt", "requirements-checks.txt", "composer.lock")
OF_RUFF = "B310"  # URLs that are opened: S310 of ruff says so too, and hears the reason
SECONDS = 120


def bandit(root: Path) -> list[str]:
    """Return weaknesses of medium severity and more; ruff's rules S, which are all on, see to the others."""
    code = [str(root / folder) for folder in CODE]
    return said([tool("bandit"), "--quiet", "--recursive", "-ll", "--skip", OF_RUFF, *code])


def secrets(root: Path) -> list[str]:
    """Return where something looks like a secret in a file that git knows, or is about to."""
    known = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the one on the path
        check=False,
        capture_output=True,
        text=True,
    )
    if known.returncode != 0:
        raise LeftOutError("this is no git repository")
    files = [
        name
        for name in known.stdout.splitlines()
        if Path(name).name not in GENERATED and (root / name).is_file()
    ]
    command = [tool("detect-secrets"), "scan", "--all-files", *files]
    scan = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    return [
        f"{name}:{one['line_number']} looks like a secret: {one['type']}"
        for name, found in sorted(json.loads(scan.stdout)["results"].items())
        if name not in NO_SECRETS
        for one in found
    ]


def audit(root: Path) -> list[str]:
    """Return the packages of the deployed function of which a weakness is known."""
    requirements = root / "function" / "requirements.txt"
    command = [tool("pip-audit"), "--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]
    try:
        done = subprocess.run(
            [*command, "-r", str(requirements)], check=False, capture_output=True, text=True, timeout=SECONDS
        )
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise LeftOutError("the database of weaknesses cannot be reached") from error
    audited = [package for package in packages if "vulns" in package]
    if not audited:
        raise LeftOutError("the database of weaknesses knows none of the packages: it is not PyPI's own")
    return [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {weakness['fix_versions']}"
        for package in audited
        for weakness in package["vulns"]
    ]
