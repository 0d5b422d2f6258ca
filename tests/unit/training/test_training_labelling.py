"""The truth about strips: which character is centred where, and what is left open."""

from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from sheetid.vision.glyphs import centred, straighten
from sheetid.vision.runs import Run
from tests.unit.training.lines import DIGITS, FACES, grey_of, plain_number
from training.labels import UNDECIDED, label_of, upside_down
from training.stripsets import Strip, StripSet
from training.synthesis.fonts import draw
from training.synthesis.labelling import Truth, outlines, turned
from training.synthesis.lines import AIMED, digits_of, line_through, misplaced, missed, strips_of
from training.synthesis.scene import Scene

OTHER = len(DIGITS)
PLATES = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def true_line(scene: Scene) -> Run:
    """Return the line that a scene's number stands on."""
    return line_through(digits_of(scene, outlines(scene)))


def seen(scene: Scene, run: Run, ink: np.ndarray | None = None, alphabet: str = DIGITS) -> Strip:
    """Return the strip of a line of a scene, which is seen as it was printed, or as other `ink`."""
    strip, to_scene = straighten(255 - grey_of(scene) if ink is None else ink, run)
    return strip, Truth(scene, outlines(scene), alphabet).marks(strip, to_scene)


def labels(strip: Strip) -> list[int]:
    """Return the classes of a strip's marks from left to right."""
    marks = strip[1]
    return [int(label) for label in marks[np.argsort(marks[:, 0]), 1]]


def test_the_digits_of_a_number_are_marked_where_they_are() -> None:
    """The window at each mark shows that digit in its middle."""
    strip = seen(scene := plain_number("7258"), true_line(scene))
    assert labels(strip) == [7, 2, 5, 8]
    glyphs = StripSet.of([(strip, "f")]).characters()
    for image, label in zip(glyphs.images, glyphs.labels, strict=True):
        assert max(DIGITS, key=partial(like, image)) == DIGITS[label]


def like(image: np.ndarray, digit: str) -> float:
    """Return how like a window is to a digit in its middle, whatever stands beside it."""
    ideal = centred(draw(digit, FACES[0].at(44))).astype(np.float32)
    shown = np.where(ideal.any(axis=0), image, 0).astype(np.float32)
    return float((shown * ideal).sum() / np.linalg.norm(shown) / np.linalg.norm(ideal))


@pytest.mark.parametrize(
    ("higher", "larger", "expected"),
    [(0.1, 1.0, [3, 0]), (0.2, 1.0, [UNDECIDED] * 2), (0.5, 1.0, []),
     (0, 1.2, [3, 0]), (0, 1.4, [UNDECIDED] * 2), (0, 1.6, []), (0, 0.6, [])],
)  # fmt: skip
def test_a_digit_that_fits_a_line_only_roughly_is_undecided_and_else_none(
    higher: float, larger: float, expected: list[int]
) -> None:
    """By how far the line is off, in heights, and how much larger it takes the print to be."""
    scene = plain_number("30")
    line = true_line(scene)
    run = Run(line.left, line.right, line.middle + higher * line.height, line.slope, line.height * larger, 2)
    assert labels(seen(scene, run)) == expected


def old_style(text: str) -> Scene:
    """Return a scene whose 0, 1 and 2 are two thirds as high as its 6 and 8; the others hang lower."""
    scene, x = Scene.blank(120, 60 + 30 * len(text), 32), 30
    for character in text:
        ink = draw(character, FACES[0].at(30 if character in "012" else 44))
        hanging = 0 if character in "01268" else 11
        scene.put(ink, x, 76 - ink.shape[0] + hanging, character)
        x += 30
    scene.digits = len(text)
    return scene


def test_old_style_figures_fit_the_line_that_most_of_them_do() -> None:
    """They are of two heights and stand at three; a line at another height has none of them."""
    line = true_line(scene := old_style("3280614"))
    assert labels(seen(scene, line)) == [3, 2, 8, 0, 6, 1, 4]
    assert labels(seen(scene, replace(line, height=1.8 * line.height))) == []


def test_a_digit_beyond_recognition_is_undecided() -> None:
    """Ink that was not printed, or not where it was printed, is no digit to learn from."""
    scene = plain_number("4407")
    ink = 255 - grey_of(scene)
    first = scene.owners == 1
    noise = np.random.default_rng(1).integers(0, 255, ink.shape, np.uint8)
    rows, columns = np.nonzero(first)
    place = (slice(rows.min() - 2, rows.max() + 3), slice(columns.min() - 2, columns.max() + 3))
    ink[place] = noise[place]
    assert labels(seen(scene, true_line(scene), ink)) == [UNDECIDED, 4, 0, 7]


def test_a_line_through_a_digit_leaves_it_that_digit() -> None:
    """Merely hard ones count; a digit that is covered whole is beyond recognition."""
    scene = plain_number("2836")
    line = true_line(scene)
    scene.put(np.ones((4, 160), np.float32), 50, round(line.middle) - 2)
    assert labels(seen(scene, line)) == [2, 8, 3, 6]
    scene.put(np.ones((80, 40), np.float32), 45, 60)
    assert labels(seen(scene, line))[0] == UNDECIDED


def test_letters_are_marked_by_what_they_may_be_taken_for() -> None:
    """O may be a 0 where digits are wanted, S and K are other print; else they are themselves."""
    assert [label_of(character, DIGITS) for character in "5SKO"] == [5, OTHER, OTHER, UNDECIDED]
    assert [label_of(character, PLATES) for character in "5SsOo&"] == [5, 28, UNDECIDED, 24, UNDECIDED, 36]
    scene = plain_number("5SKO")
    assert labels(seen(scene, true_line(scene), alphabet=PLATES)) == [5, 28, 20, 24]


@pytest.mark.parametrize("text", ["12.34", "12/34", "1-2-34", "12:34", "1'234"])
def test_a_sign_between_digits_is_other_print_however_small(text: str) -> None:
    """It is as its neighbours are: where these fit the line but roughly it is undecided, and else none."""
    line = true_line(scene := plain_number(text))
    assert labels(seen(scene, line)) == [DIGITS.index(c) if c in DIGITS else OTHER for c in text]
    lower = replace(line, middle=line.middle + 0.2 * line.height)
    assert labels(seen(scene, lower)) == [UNDECIDED] * len(text)
    assert labels(seen(scene, replace(line, middle=line.middle + 0.5 * line.height))) == []


def test_what_is_printed_like_a_digit_is_one_letter_more_in_a_word() -> None:
    """Alone or beside a digit no one can tell an O from a 0; among letters it is other print."""
    scene = plain_number("5OKOK")
    assert labels(seen(scene, true_line(scene))) == [5, UNDECIDED, OTHER, OTHER, OTHER]


def test_upside_down_only_what_is_no_character_then_is_other_print() -> None:
    """A 6 is a 9, and who can tell a 2 or a 5; a 4 is nothing, and a 3 is an E where letters are wanted."""
    assert [upside_down(character, DIGITS) for character in "0634"] == [UNDECIDED, UNDECIDED, OTHER, OTHER]
    assert upside_down("3", PLATES) == UNDECIDED
    marks = np.array([[20, 6], [40, 4], [60, UNDECIDED]], np.float32)
    assert turned(marks, 100, DIGITS).tolist() == [[80, UNDECIDED], [60, OTHER], [40, UNDECIDED]]


def test_the_line_through_a_number_follows_its_slope() -> None:
    """Its height is that of the digits, however steep the line is."""
    level = true_line(scene := plain_number("28064"))
    assert abs(level.slope) < 0.02
    assert abs(level.height - 32) < 2
    angle = np.radians(8)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    steep = true_line(scene.warped(turn, (420, 240)))
    assert abs(np.arctan(steep.slope) - angle) < 0.02
    assert abs(steep.height - level.height) < 2


def test_missed_lines_are_near_and_misplaced_ones_in_the_picture() -> None:
    """The one still shows most digits, the other seldom does."""
    scene = plain_number("280641")
    line, random = true_line(scene), np.random.default_rng(1)
    near = [labels(seen(scene, missed(line, random))) for _ in range(40)]
    assert np.mean([marks == [2, 8, 0, 6, 4, 1] for marks in near]) > 0.7
    far = [misplaced(line, outlines(scene), scene.ink.shape, random) for _ in range(200)]
    assert np.mean([labels(seen(scene, run)) == [2, 8, 0, 6, 4, 1] for run in far]) < 0.2
    assert all(run.right > run.left and run.height > 4 for run in far)


def test_a_picture_gives_aimed_misplaced_and_found_lines() -> None:
    """All are strips of 28 pixels; those aimed at and those found show the number."""
    scene = plain_number("28064193")
    strips = list(strips_of(grey_of(scene), scene, DIGITS, np.random.default_rng(2)))
    assert len(strips) >= 4
    assert all(ink.shape[0] == 28 for ink, _ in strips)
    whole = [labels(strip) == [2, 8, 0, 6, 4, 1, 9, 3] for strip in strips]
    assert whole[:AIMED] == [True] * AIMED
    assert whole[AIMED + 1]  # the most promising one of those found comes after the misplaced one


def test_marks_follow_lines_that_were_found_aslant() -> None:
    """The function levels the picture before it looks for lines; the way back is part of the truth."""
    scene = plain_number("28064193")
    turn = np.vstack([cv2.getRotationMatrix2D((200, 80), -7, 1), [0, 0, 1]])
    scene = scene.warped(turn, (400, 160))
    found = list(strips_of(grey_of(scene), scene, DIGITS, np.random.default_rng(2)))[AIMED + 1]
    assert labels(found) == [2, 8, 0, 6, 4, 1, 9, 3]
    glyphs = StripSet.of([(found, "f")]).characters()
    for image, label in zip(glyphs.images, glyphs.labels, strict=True):
        assert max(DIGITS, key=partial(like, image)) == DIGITS[label]
