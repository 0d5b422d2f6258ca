"""The commands that need no TensorFlow, as a user runs them."""

from pathlib import Path

import pytest

from tests.unit.training.archives import drawn
from training import sources
from training.__main__ import main
from training.data import Picture
from training.errors import DataError


@pytest.fixture
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have forty fonts instead of the 1016 of Chars74K."""
    pictures = [Picture(drawn(digit, font), digit, str(font)) for digit in "0123456789" for font in range(40)]
    monkeypatch.setattr(sources, "chars74k", lambda *_: pictures)


@pytest.mark.usefixtures("few_pictures")
@pytest.mark.parametrize("arguments", [[], ["--random-split"]])
def test_prepare_writes_a_tree_to_train_from(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both splits hold every picture out or in, never both."""
    monkeypatch.setattr("sys.argv", ["training", "prepare", str(tmp_path), *arguments])
    assert main() == 0
    train, dev = (len(list((tmp_path / part).glob("?/*.png"))) for part in ("train", "dev"))
    assert dev == 8 if arguments else 0 < dev < 80
    assert 300 < train <= 400 - dev


def test_bad_data_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback: it is not a defect of the program."""

    def missing(*_: object) -> list[Picture]:
        raise DataError("chars74k-fnt-digits.tar: missing")

    monkeypatch.setattr(sources, "chars74k", missing)
    monkeypatch.setattr("sys.argv", ["training", "prepare", str(tmp_path)])
    assert main() == 1
    assert capsys.readouterr().err == "chars74k-fnt-digits.tar: missing\n"


def test_a_release_without_a_run_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make release-model` before `make train`."""
    monkeypatch.setattr("training.__main__.BUILD", tmp_path)
    monkeypatch.setattr("sys.argv", ["training", "release"])
    assert main() == 1
    assert "make train" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["epochs", "scenes"])
@pytest.mark.parametrize("count", ["0", "-3", "2.5", "many"])
def test_counts_that_cannot_be_are_refused(
    option: str, count: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told at once, not after the sets have been made."""
    monkeypatch.setattr("sys.argv", ["training", "train", f"--{option}={count}"])
    with pytest.raises(SystemExit):
        main()
    assert f"{count} is no whole number above 0" in capsys.readouterr().err
