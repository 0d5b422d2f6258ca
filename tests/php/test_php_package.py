"""The PHP package's own checks: its tests, its style, and that every file is valid on its own."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.php.workers import PACKAGE, PHP, needs_php

SOURCES = sorted(
    path for part in ("bin", "public", "src", "tests", "tools") for path in (PACKAGE / part).rglob("*.php")
)


def program(name: str, package: str) -> str:
    """Return the path of a program, or skip the test and say how to get it."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"left out: {name} is not installed (apt install {package})")
    return path


def run(*command: str) -> str:
    """Run a command in the package and return what it printed; it must succeed."""
    done = subprocess.run(command, check=False, cwd=PACKAGE, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("suite", ["logic", "adapters"])
def test_phpunit_passes(suite: str) -> None:
    """PHPUnit passes; without composer's libraries, the adapters' tests are reported as left out."""
    output = run(program("phpunit", "phpunit"), "--testsuite", suite, "--verbose")
    if suite == "adapters" and 'run "composer install"' in output:
        pytest.skip("left out: examples/php/vendor is not there (composer install in examples/php)")
    assert "OK" in output


def test_style_is_psr12() -> None:
    """PHP_CodeSniffer finds nothing, no warning either."""
    run(program("phpcs", "php-codesniffer"), "-q", "--report=emacs")


@needs_php
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_source_is_valid_and_strict(source: Path) -> None:
    """Every file compiles and declares strict types."""
    run(PHP, "-l", str(source))
    assert "declare(strict_types=1);" in source.read_text()


def test_every_class_has_the_file_that_composer_looks_for() -> None:
    """Composer finds each class by its namespace, which its folder must agree with."""
    namespaces = json.loads((PACKAGE / "composer.json").read_text())
    roots = {**namespaces["autoload"]["psr-4"], **namespaces["autoload-dev"]["psr-4"]}
    for namespace, folder in roots.items():
        for source in (PACKAGE / folder).rglob("*.php"):
            if not source.stem[0].isupper():
                continue  # a script
            parts = source.relative_to(PACKAGE / folder).parent.parts
            expected = "\\".join([namespace.rstrip("\\"), *parts])
            assert f"namespace {expected};" in source.read_text(), source


@needs_php
@pytest.mark.parametrize("script", ["bin/upload.php", "bin/sign-upload.php", "bin/subscribe.php"])
def test_scripts_explain_what_is_missing(script: str) -> None:
    """Started without settings, or without composer's libraries, a script says what it wants and fails."""
    done = subprocess.run(
        [PHP, script, "image/png"],
        check=False,
        cwd=PACKAGE,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "is not set" in done.stderr or "composer install" in done.stderr
