"""The sets that are put together."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.lines import strip_with
from training import datasets
from training.datasets import Datasets, Plan, assemble, glyphs_of
from training.glyphsets import GlyphSet
from training.paths import DataDirectory
from training.splits import Part
from training.stripsets import StripSet

PLAN = Plan(scenes=3, dev_scenes=2, test_scenes=2)


def small_sets() -> Datasets:
    """Return sets with a strip, a row and a glyph in each."""
    strips = StripSet.of([(strip_with((30, 3), (70, 10)), "font")])
    glyph = GlyphSet(np.zeros((1, 28, 28), np.uint8), np.array([3]), np.array(["f"]))
    return Datasets("small", dict.fromkeys(Part, glyph), dict.fromkeys(Part, strips), strips)


def test_all_that_is_synthetic_and_the_rows_are_learned_from() -> None:
    """What choices go by is the dev part alone."""
    sets = small_sets()
    assert len(sets.train()) == 2
    assert len(sets.dev()) == 1


def test_windows_are_those_at_print_and_some_with_none() -> None:
    """Digits, other print and none are tested and calibrated by."""
    labels = glyphs_of(small_sets().dev(), PLAN).labels.tolist()
    assert labels[0] == 3
    assert labels[1] == 10
    assert set(labels[2:]) == {11}


def test_without_real_scans_and_mnist_there_are_the_other_tests() -> None:
    """Not everybody has them."""
    tested = dict(datasets.tests(DataDirectory(Path("nowhere")), small_sets(), PLAN))
    assert set(tested) == {"chars74k", "synthetic", "junk"}
    assert tested["synthetic"].labels.tolist() == [3]
    assert set(tested["junk"].labels.tolist()) == {10, 11}


def test_sets_are_kept_until_the_plan_or_the_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making them takes minutes; what is old is not used by mistake."""
    made: list[Plan] = []

    def make(plan: Plan, *_: object) -> Datasets:
        made.append(plan)
        return small_sets()

    monkeypatch.setattr(datasets, "BUILD", tmp_path)
    monkeypatch.setattr(datasets, "_make", make)
    data = DataDirectory(tmp_path)
    first, again = assemble(PLAN, data), assemble(PLAN, data)
    np.testing.assert_array_equal(first.train().ink, again.train().ink)
    np.testing.assert_array_equal(first.clean[Part.TEST].labels, again.clean[Part.TEST].labels)
    assert first.key == again.key == datasets.key(PLAN)
    assert made == [PLAN]
    assemble(Plan(scenes=4), data)
    code = tmp_path / "code.py"
    code.write_text("changed = True")
    monkeypatch.setattr(datasets, "ROOT", tmp_path)
    monkeypatch.setattr(datasets, "STRIP_CODE", ("*.py",))
    assemble(PLAN, data)
    code.write_text("changed = False")
    assemble(PLAN, data)
    assert len(made) == 4
