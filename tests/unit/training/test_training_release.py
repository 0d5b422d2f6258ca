"""Releases: what is refused, and what a released version consists of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheetid.manifest import Manifest
from training.card import write_card
from training.checksums import checksums
from training.errors import ReleaseError
from training.release import Places, regressions, release

Change = Callable[[dict[str, Any]], None]


def figure(errors: int, glyphs: int = 1000) -> dict[str, float]:
    """Return a set's figure."""
    return {
        "glyphs": glyphs,
        "errors": errors,
        "error_rate": errors / glyphs,
        "low": 0.0,
        "high": 0.1,
        "confused": errors // 2,
    }


def make_run(directory: Path, **errors: int) -> Path:
    """Write what a run leaves behind, with so many errors on each set."""
    model = directory / "model"
    (model / "variables").mkdir(parents=True)
    (model / "saved_model.pb").write_bytes(repr(errors).encode())
    (model / "variables" / "variables.index").write_bytes(b"weights")
    counts = {"chars74k": 10, "synthetic": 10, "books": 10, "receipts": 10} | errors
    metrics = {
        "alphabet": "0123456789",
        "network": "sliding",
        "teachers": [3, 4],
        "onward": "run 2",
        "asked": ["version 5", "run 6"],
        "sure": 0.99,
        "sure_enough": 0.9,
        "temperature": 1.25,
        "figures": {name: figure(count) for name, count in counts.items()},
        "latest": None,
        "junk": {"glyphs": 4000, "threshold": 0.9, "passed": 1, "lettered": 900, "letters_passed": 1},
        "calibration_error": {"before": 0.01, "after": 0.002},
        "cost": {"parameters": 1000, "bytes": 4096, "milliseconds": 5.0},
        "course": {"schedule": {"epochs": 6, "batch": 128, "rate": 0.001, "decay": None}},
        "sets": {"Chars74K, train": "7,000 pictures"},
        "sha256": checksums(model),
    }
    (directory / "metrics.json").write_text(json.dumps(metrics))
    write_card(metrics, directory / "MODEL_CARD.md")
    return directory


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return empty places for releases."""
    return Places(tmp_path / "models", tmp_path / "manifests")


def test_the_first_release_is_version_1_with_everything_that_belongs_to_it(
    tmp_path: Path, places: Places
) -> None:
    """SavedModel, card, and a manifest that the function can read: checksums, calibration, thresholds."""
    directory = release(make_run(tmp_path / "run"), "digits", places)
    assert directory == places.models / "digits" / "1"
    manifest = json.loads(places.manifest("digits", 1).read_text())
    fields = Manifest(**{field: manifest[field] for field in Manifest.__slots__})
    assert fields.temperature == 1.25
    assert fields.classes == 12
    released = checksums(directory)
    assert {name: released[name] for name in manifest["sha256"]} == manifest["sha256"]
    assert set(released) - set(manifest["sha256"]) == {"MODEL_CARD.md"}
    assert manifest["metrics"]["figures"]["books"]["errors"] == 10


def test_the_next_release_counts_on_and_keeps_the_thresholds(tmp_path: Path, places: Places) -> None:
    """Thresholds are set on whole numbers, by others; a new model does not forget them."""
    release(make_run(tmp_path / "one"), "digits", places)
    path = places.manifest("digits", 1)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"read_threshold": 0.97}))
    directory = release(make_run(tmp_path / "two", synthetic=8), "digits", places)
    assert directory.name == "2"
    assert json.loads(places.manifest("digits", 2).read_text())["read_threshold"] == 0.97


@pytest.mark.parametrize("worse", ["chars74k", "synthetic", "books", "receipts"])
def test_a_model_that_is_worse_on_any_held_out_set_is_refused(
    tmp_path: Path, places: Places, worse: str
) -> None:
    """However good it is elsewhere; and nothing is left behind."""
    release(make_run(tmp_path / "good"), "digits", places)
    better = dict.fromkeys(("chars74k", "synthetic", "books", "receipts"), 1)
    with pytest.raises(
        ReleaseError, match=rf"worse than version 1: {worse}: 4\.00% errors instead of 1\.00%"
    ):
        release(make_run(tmp_path / "bad", **(better | {worse: 40})), "digits", places)
    assert places.versions("digits") == [1]
    assert not places.manifest("digits", 2).exists()


def test_a_model_is_held_against_the_other_on_the_same_sets(tmp_path: Path, places: Places) -> None:
    """Where the sets have become harder, the one that it replaces gets more wrong there too."""

    def tested_beside(version: int, run: Path) -> Path:
        path = run / "metrics.json"
        latest = {"version": version, "figures": {"synthetic": figure(60)}}
        path.write_text(json.dumps(json.loads(path.read_text()) | {"latest": latest}))
        return run

    release(make_run(tmp_path / "one"), "digits", places)
    better = tested_beside(1, make_run(tmp_path / "two", synthetic=50))
    assert release(better, "digits", places).name == "2"
    worse = tested_beside(2, make_run(tmp_path / "three", synthetic=90))
    with pytest.raises(ReleaseError, match=r"synthetic: 9\.00% errors instead of 6\.00%"):
        release(worse, "digits", places)


def test_one_error_more_is_chance() -> None:
    """A difference that the size of the set does not show is no reason to refuse."""
    assert regressions({"books": figure(11)}, {"books": figure(10)}) == []


@pytest.mark.parametrize("new", [{}, {"books": figure(0, glyphs=100)}])
def test_a_model_that_was_not_tested_as_the_other_is_refused(new: dict[str, Any]) -> None:
    """Leaving a set out, or most of it, is no way around the comparison."""
    assert regressions(new, {"books": figure(10)}) == ["books: not tested as the other was"]


def test_a_model_that_is_not_the_tested_one_is_refused(tmp_path: Path, places: Places) -> None:
    """Figures belong to files."""
    run = make_run(tmp_path / "run")
    (run / "model" / "variables" / "variables.index").write_bytes(b"other weights")
    with pytest.raises(ReleaseError, match="not the ones that were tested"):
        release(run, "digits", places)


def test_a_version_never_changes(tmp_path: Path, places: Places) -> None:
    """What is deployed by its number stays what it is."""
    release(make_run(tmp_path / "one"), "digits", places)
    with pytest.raises(ReleaseError, match="a version never changes"):
        release(make_run(tmp_path / "two"), "digits", places, version=1)


def test_the_card_tells_figures_sizes_and_weaknesses(tmp_path: Path) -> None:
    """Nobody has to look for them."""
    card = (make_run(tmp_path / "run", books=37) / "MODEL_CARD.md").read_text()
    assert "| 1,000 | 37 | 3.70% | 0.00% to 10.00% | 18 |" in card
    assert "| Chars74K, train | 7,000 pictures |" in card
    assert "## Known weaknesses" in card
    assert "0.20%" in card
