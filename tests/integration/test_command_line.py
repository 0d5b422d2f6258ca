"""`python -m sheetid read`, as a user runs it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from tests.corpus.fixtures import ensure_fixtures

COMMAND = (sys.executable, "-m", "sheetid", "read")


@pytest.fixture(scope="module")
def sheets() -> dict[str, Path]:
    """The sample sheets by file name."""
    return ensure_fixtures(Path("build/fixtures"))


@pytest.fixture(scope="module")
def serving() -> Iterator[str]:
    """The address of a stand-in for TensorFlow Serving."""
    command = [sys.executable, "-m", "serving.standin", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[1]
        process.terminate()


def run(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """The finished command."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_results_are_printed_as_they_are_published(serving: str, sheets: dict[str, Path]) -> None:
    """One JSON result a file, in order, rejected files among them."""
    files = [str(sheets["corner-plain.jpg"]), str(sheets["blank-corner.jpg"]), str(sheets["tiny.png"])]
    finished = run(files, SERVING_TARGET=serving)
    read, blank, tiny = map(json.loads, finished.stdout.splitlines())
    assert finished.returncode == 0
    assert (read["status"], read["sheetNumber"], read["image"]) == ("read", "4082913", files[0])
    assert [digit["digit"] for digit in read["digits"]] == list("4082913")
    served = re.search(r"versions: (\d+)", Path("serving/models.config").read_text())
    assert served
    assert read["model"] == {"name": "digits", "version": served[1]}
    assert (blank["status"], blank["reason"]) == ("rejected", "no_digits")
    assert (tiny["status"], tiny["reason"]) == ("rejected", "too_small")


def test_paths_on_standard_input_are_answered_one_by_one(serving: str, sheets: dict[str, Path]) -> None:
    """Each result is there before the next path is given."""
    with subprocess.Popen(
        [*COMMAND, "-"],
        env={**os.environ, "SERVING_TARGET": serving},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("corner-plain.jpg", "corner-leading-zeros.jpg"):
            process.stdin.write(f"{sheets[name]}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["image"] == str(sheets[name])
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_stand_in_is_started_when_no_serving_is_named(sheets: dict[str, Path]) -> None:
    """Without a SERVING_TARGET the command brings its own, and says so."""
    finished = run([str(sheets["corner-plain.jpg"])], SERVING_TARGET="")
    assert finished.returncode == 0
    assert "stand-in" in finished.stderr
    assert json.loads(finished.stdout)["sheetNumber"] == "4082913"


def test_missing_file_is_told_and_the_others_are_read(serving: str, sheets: dict[str, Path]) -> None:
    """A file that is not there costs the exit code, not the run."""
    finished = run(["nowhere.jpg", str(sheets["corner-plain.jpg"])], SERVING_TARGET=serving)
    assert finished.returncode == 1
    assert "nowhere.jpg" in finished.stderr
    assert len(finished.stdout.splitlines()) == 1


def test_settings_apply_as_in_the_function(serving: str, sheets: dict[str, Path]) -> None:
    """A configured length rejects a number of another length."""
    finished = run([str(sheets["corner-plain.jpg"])], SERVING_TARGET=serving, SHEETID_LENGTH="5")
    result = json.loads(finished.stdout)
    assert (result["status"], result["reason"]) == ("rejected", "wrong_length")


def test_bad_setting_is_named(serving: str) -> None:
    """A setting that makes no sense ends the command before anything is read."""
    finished = run(["some.jpg"], SERVING_TARGET=serving, SHEETID_LENGTH="many")
    assert finished.returncode == 2
    assert "SHEETID_LENGTH" in finished.stderr


def test_unreachable_serving_is_told(sheets: dict[str, Path]) -> None:
    """Without an answer from the model there is no result, but an error."""
    finished = run(
        [str(sheets["corner-plain.jpg"])],
        SERVING_TARGET="127.0.0.1:9",
        SHEETID_PREDICT_TIMEOUT_SECONDS="1",
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "corner-plain.jpg" in finished.stderr


def test_overlay_shows_the_reading(serving: str, sheets: dict[str, Path], tmp_path: Path) -> None:
    """The picture has the size of the sheet, and colour where the number is."""
    run(["--overlay", str(tmp_path), str(sheets["corner-plain.jpg"])], SERVING_TARGET=serving)
    picture = cv2.imread(str(tmp_path / "corner-plain.jpg.png"))
    sheet = cv2.imread(str(sheets["corner-plain.jpg"]))
    assert picture is not None
    assert sheet is not None
    assert picture.shape == sheet.shape
    coloured = picture.max(axis=2).astype(int) - picture.min(axis=2) > 60
    assert 200 < coloured.sum() < 0.1 * coloured.size
