"""Synthesis: type, layout, degradations, and all of it together."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.lines import DIGITS, FACES, FONTS, SEED, grey_of, plain_number
from training.errors import DataError
from training.labels import SIGNS
from training.paths import ROOT
from training.splits import Part
from training.synthesis import degradations
from training.synthesis.clutter import stamp
from training.synthesis.corpus import Recipe, make_scene, synthesise
from training.synthesis.degradations import Degradation, scan
from training.synthesis.fonts import Face, draw, find_faces, framed, usable
from training.synthesis.foundry import Foundry, PicturedFont
from training.synthesis.layout import compose, tight_signs
from training.synthesis.scene import CLUTTER, NOBODY, Scene
from training.synthesis.shapes import fold
from training.synthesis.typefaces import FontType, OldStyle, PictureType


def test_faces_reserved_for_tests_are_never_used() -> None:
    """What is measured must not have been learned, whatever the font's file is called."""
    for family in ("DejaVu Sans", "Bitstream Vera", "Roboto Slab", "Source Sans Pro", "Caladea", "CMU Serif"):
        assert not usable(Face(FACES[0].path, 0, family, "kin"), DIGITS)
    assert usable(Face(FACES[0].path, 0, "Something Else", "kin"), DIGITS)


def test_faces_that_lack_characters_are_never_used() -> None:
    """A font draws the same empty box for all that it does not have."""
    symbols = Face(FONTS / "STIXSizOneSymReg.ttf", 0, "Something Else", "kin")
    assert not usable(symbols, DIGITS)


def test_no_fonts_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """Before synthesis starts, not in the middle of it."""
    with pytest.raises(DataError, match="python -m training fonts"):
        find_faces(tmp_path, DIGITS)


def test_type_has_the_height_that_was_asked_for() -> None:
    """Fonts and pictures alike, give or take a pixel."""
    for typeface in (FontType(FACES[1], 40), PictureType({"8": draw("8", FACES[0].at(90))}, 40)):
        sort = typeface.sort("8")
        assert sort is not None
        assert abs(sort.ink.shape[0] - 40) <= 2
    assert PictureType({}, 40).sort("8") is None
    assert FontType(FACES[0], 40).sort(" ") is None


@pytest.mark.parametrize("width", [0.75, 1.5])
def test_type_is_printed_narrower_or_wider_at_the_same_height(width: float) -> None:
    """As printers do; what stands behind it moves along."""
    pictures = {"8": draw("8", FACES[0].at(90))}
    for plain, widened in (
        (FontType(FACES[1], 40), FontType(FACES[1], 40, width)),
        (PictureType(pictures, 40), PictureType(pictures, 40, width)),
    ):
        one, other = plain.sort("8"), widened.sort("8")
        assert one is not None
        assert other is not None
        assert other.ink.shape[0] == one.ink.shape[0]
        assert abs(other.ink.shape[1] - width * one.ink.shape[1]) <= 1
        assert abs((other.advance - one.advance) - (other.ink.shape[1] - one.ink.shape[1])) <= 8


def test_old_style_figures_are_low_sunk_or_as_they_were() -> None:
    """0, 1, 2 end as high as small letters, 3, 4, 5, 7, 9 start there; 6, 8 and letters are the same."""
    plain = FontType(FACES[1], 40)
    old = OldStyle(plain, 0.7)
    for character in DIGITS + "K":
        before, sort = plain.sort(character), old.sort(character)
        assert before is not None
        assert sort is not None
        low, sunk = character in "012", character in "34579"
        assert abs(sort.rise - (0.7 if low or sunk else 1) * before.rise) <= 1
        assert abs(sort.ink.shape[0] - (0.7 if low else 1) * before.ink.shape[0]) <= 1
        assert (sort.advance < before.advance) == low
    assert OldStyle(PictureType({}, 40), 0.7).sort("3") is None


def test_tight_signs_stand_nearer_to_their_digits() -> None:
    """Of some numbers; as wide as they were, and hardly over the digits."""
    plain = FontType(FACES[1], 40)
    made = [tight_signs(plain, 40, np.random.default_rng(seed)) for seed in range(40)]
    assert 3 <= sum(bool(signs) for signs in made) <= 16
    for signs in filter(None, made):
        assert set(signs) == set(SIGNS)
        for sign, sort in signs.items():
            before = plain.sort(sign)
            assert before is not None
            assert 0.9 * sort.ink.shape[1] <= sort.advance < before.advance
            assert sort.ink.shape == before.ink.shape


def test_a_scene_knows_whose_its_pixels_are() -> None:
    """Characters by number, clutter, and paper; what falls off the paper is lost."""
    scene = Scene.blank(10, 10, 5)
    scene.put(np.ones((3, 3), np.float32), 1, 1, "4")
    scene.put(np.ones((1, 20), np.float32), -5, 6)
    scene.put(np.ones((2, 2), np.float32), 30, 30, "9")
    assert scene.characters == ["4"]
    assert (scene.owners == 1).sum() == 9
    assert (scene.owners == CLUTTER).sum() == 10
    assert (scene.owners == NOBODY).sum() == 81


@pytest.mark.parametrize("step", ["spread", "thin", "fray", "drop", "break_up", "fade"])
def test_wear_changes_print_but_leaves_paper_and_print_in_range(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With full strength each changes something; ink stays between none and full, and does not vanish."""
    for name, value in vars(degradations).items():
        if isinstance(value, Degradation):
            monkeypatch.setattr(degradations, name, Degradation(1.0, value.worst, value.worst))
    ink = plain_number("12345678").ink
    worn = getattr(degradations, step)(ink, 32.0, np.random.default_rng(3))
    assert worn.dtype == np.float32
    assert worn.min() >= 0
    assert worn.max() <= 1
    assert (worn != ink).any()
    assert worn.sum() > 0.2 * ink.sum()


@pytest.mark.parametrize("step", ["blur", "smear", "coarsen", "grain", "speckle", "streak"])
def test_optics_and_sensor_keep_the_size(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With full strength each changes something."""
    for name, value in vars(degradations).items():
        if isinstance(value, Degradation):
            monkeypatch.setattr(degradations, name, Degradation(1.0, value.worst, value.worst))
    grey = grey_of(plain_number("12345678")).astype(np.float32)
    seen = getattr(degradations, step)(grey, 32.0, np.random.default_rng(3))
    assert seen.shape == grey.shape
    assert (seen != grey).any()


def test_degradations_draw_within_their_range_and_as_often_as_they_say() -> None:
    """The documented ranges are the ranges."""
    random = np.random.default_rng(0)
    drawn = [Degradation(0.3, 24.0, 9.0).draw(random) for _ in range(2000)]
    amounts = [amount for amount in drawn if amount is not None]
    assert 0.26 < len(amounts) / 2000 < 0.34
    assert 9 <= min(amounts) < 10
    assert 23 < max(amounts) <= 24


def test_the_readme_tells_the_ranges_as_they_are() -> None:
    """Whoever changes one changes the other."""
    text = (ROOT / "training" / "README.md").read_text()
    for name, value in vars(degradations).items():
        if isinstance(value, Degradation):
            (row,) = re.findall(
                rf"^\| {name.lower()}: .* \| (\d+)% \| ([\d.]+) \| ([\d.]+) \|$", text, re.MULTILINE
            )
            told = int(row[0]) / 100, float(row[1]), float(row[2])
            assert told == pytest.approx((value.share, value.mildest, value.worst))


def test_the_truth_moves_with_the_picture() -> None:
    """After rotation and perspective, a character's pixels are still where its ink is."""
    scene = plain_number("12345678")
    for seed in range(8):
        grey, moved = scan(scene, np.random.default_rng(seed))
        assert grey.shape == moved.owners.shape
        assert moved.ink[moved.owners > 0].mean() > 0.6
        assert moved.ink[moved.owners == NOBODY].mean() < 0.1


def test_a_scene_tells_which_of_its_characters_are_the_numbers() -> None:
    """4 to 12 of the alphabet, now and then parted by one kind of sign; what is around them comes after."""
    around, parted = 0, 0
    for seed in range(40):
        number, text = FontType(FACES[0], 24), FontType(FACES[3], 16)
        scene = compose(number, text, 24, "XYZ", np.random.default_rng(seed))
        number_of_it = scene.characters[: scene.digits]
        signs = set(number_of_it) - set("XYZ")
        assert 4 <= sum(character in "XYZ" for character in number_of_it) <= 12
        assert signs <= set(SIGNS)
        assert len(signs) <= 1
        parted += len(signs)
        around += len(scene.characters) - scene.digits
        assert scan(scene, np.random.default_rng(seed))[1].digits == scene.digits
    assert around > 40
    assert 2 <= parted <= 16


def test_a_stamp_is_clutter_over_or_beside_the_number() -> None:
    """Its word is none of the scene's characters; now and then it misses the picture."""
    bare = float(plain_number("4711").ink.sum())
    inks = set()
    for seed in range(20):
        scene = plain_number("4711")
        stamp(scene, FontType(FACES[3], 24), (60, 68, 160, 100), np.random.default_rng(seed))
        assert scene.characters == list("4711")
        assert set(np.unique(scene.owners)) <= {CLUTTER, NOBODY, 1, 2, 3, 4}
        inks.add(float(scene.ink.sum()))
    assert sum(ink > bare for ink in inks) > 15


@pytest.mark.parametrize("seed", range(5))
def test_a_fold_goes_from_edge_to_edge_through_its_pixel(seed: int) -> None:
    """At any angle."""
    ink = fold((60, 90), (40, 30), 24, np.random.default_rng(seed))
    assert ink.shape == (60, 90)
    assert ink[30, 40] > 0.9
    assert sum(bool(edge.any()) for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1])) >= 2


def test_the_foundry_keeps_the_parts_apart() -> None:
    """Typefaces of one part are never drawn for another."""
    pictured = [PicturedFont({"1": draw("1", FACES[0].at(40))}, str(number)) for number in range(80)]
    faces = [Face(FACES[0].path, 0, f"family {number}", f"kin {number}") for number in range(80)]
    random = np.random.default_rng(0)
    met = {
        part: {Foundry(faces, pictured, part, 1).types(20, random)[2] for _ in range(300)} for part in Part
    }
    assert all(len(kins) > 3 for kins in met.values())
    assert not met[Part.TRAIN] & met[Part.TEST]
    assert not met[Part.TRAIN] & met[Part.DEV]
    assert not met[Part.DEV] & met[Part.TEST]


def test_the_same_recipe_gives_the_same_strips_with_any_number_of_workers() -> None:
    """Scenes depend on their number alone, not on who makes them or when."""
    recipe, foundry = Recipe(DIGITS, 24, Part.TRAIN, SEED), Foundry(FACES, [], Part.TRAIN, SEED)
    told: list[int] = []
    alone = synthesise(recipe, foundry, workers=0, advance=told.append)
    together = synthesise(recipe, foundry, workers=2)
    np.testing.assert_array_equal(alone.ink, together.ink)
    np.testing.assert_array_equal(alone.marks, together.marks)
    np.testing.assert_array_equal(alone.mark_ends, together.mark_ends)
    assert sum(told) == 24


def test_parts_have_scenes_of_their_own() -> None:
    """Test scenes are not training scenes in other fonts."""
    foundry = Foundry(FACES, [], Part.TRAIN, SEED)
    one, other = (
        [marks[:, 1].tolist() for (_, marks), _ in make_scene(Recipe(DIGITS, 1, part, SEED), foundry, 0)]
        for part in (Part.TRAIN, Part.TEST)
    )
    assert one != other


def test_synthesis_gives_every_digit_other_print_and_windows_without_any() -> None:
    """Most printed digits survive, in several lines each, and there is plenty that is no digit."""
    recipe = Recipe(DIGITS, 30, Part.TRAIN, SEED)
    strips = synthesise(recipe, Foundry(FACES, [], Part.TRAIN, SEED), workers=0)
    labels = strips.characters().labels
    assert (labels < 10).sum() > 8 * 30
    assert set(labels.tolist()) == set(range(11))
    assert len(strips.nones(none=11, seed=1)) > 2 * 30


def test_framed_and_inverted_faces_are_told_by_their_rims() -> None:
    """They would be cut as boxes."""
    plain = [draw(digit, FACES[0].at(40)) for digit in DIGITS]
    assert not framed(plain)
    assert framed([1 - np.pad(digit, 3) for digit in plain])
