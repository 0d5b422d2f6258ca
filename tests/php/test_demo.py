"""The whole way from PHP: upload, function, subscribe, row."""

import subprocess
import sys

import pytest

from infra.local import emulators
from infra.local.stack import ROOT
from tests.php.workers import needs_libraries


@needs_libraries
@pytest.mark.timeout(300)
def test_every_upload_becomes_its_row() -> None:
    """`make demo-php` finds every row right: numbers, rejections, whole pages and corners cut by PHP."""
    try:
        emulators.functions_framework(ROOT)
    except emulators.MissingProgramError as error:
        pytest.skip(f"left out: {error}")
    demo = [sys.executable, "-m", "infra.local.demo_php"]
    done = subprocess.run(demo, check=False, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
