"""The sets that are put together."""

from pathlib import Path

import numpy as np
import pytest

from training import datasets
from training.datasets import Datasets, Plan, assemble, upside_down
from training.glyphsets import GlyphSet
from training.paths import DataDirectory
from training.splits import Part

PLAN = Plan(scenes=3, dev_scenes=2, test_scenes=2)


def glyphs(labels: list[int]) -> GlyphSet:
    """Return a glyph for each label, with ink in its top left corner."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    images[:, 4, 5] = 255
    return GlyphSet(images, np.array(labels), np.array(["f"] * len(labels)))


def small_sets() -> Datasets:
    """Return sets with a character, junk and a letter like a character in each."""
    parts = {part: glyphs([3, 10, 11]) for part in Part}
    return Datasets(10, {part: glyphs([3]) for part in Part}, parts, glyphs([10]))


def test_letters_like_a_character_are_learned_as_junk_and_tested_apart() -> None:
    """The network has one class for both; the tests count them by themselves."""
    sets = small_sets()
    assert sets.train().labels.max() == 10
    assert sets.dev().labels.tolist() == [3, 10, 10]
    tested = dict(datasets.tests(DataDirectory(Path("nowhere")), sets, PLAN))
    assert tested["synthetic"].labels.tolist() == [3]
    assert tested["junk"].labels.tolist() == [10]
    assert tested["twins"].labels.tolist() == [10]


def test_without_real_scans_and_mnist_there_are_the_other_tests() -> None:
    """Not everybody has them."""
    tested = dict(datasets.tests(DataDirectory(Path("nowhere")), small_sets(), PLAN))
    assert set(tested) == {"chars74k", "synthetic", "junk", "twins"}


def test_only_what_is_nothing_upside_down_is_learned_as_junk() -> None:
    """A 6 is a 9 then; a 4 is nothing."""
    turned = upside_down(glyphs([4] * 8 + [6] * 8 + [10] * 8), PLAN)
    assert turned.labels.tolist() == [10]
    assert turned.images[0, 23, 22] == 255


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
    np.testing.assert_array_equal(first.train().images, again.train().images)
    assert made == [PLAN]
    assemble(Plan(scenes=4), data)
    code = tmp_path / "code.py"
    code.write_text("changed = True")
    monkeypatch.setattr(datasets, "ROOT", tmp_path)
    monkeypatch.setattr(datasets, "GLYPH_CODE", ("*.py",))
    assemble(PLAN, data)
    code.write_text("changed = False")
    assemble(PLAN, data)
    assert len(made) == 4
