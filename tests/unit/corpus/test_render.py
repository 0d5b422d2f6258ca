"""The renderer draws what it says it draws, the same every time."""

import ast
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.corpus import fonts
from tests.corpus.canvas import Box
from tests.corpus.render import Sheet, render
from tests.corpus.spec import CORNER, PAGE, Number, Paper, Printing, Scan, SheetSpec, Surroundings

CORPUS = Path(fonts.__file__).parent
CLEAN = SheetSpec(
    seed=1,
    number=Number("3080562", "Roboto-Regular"),
    around=Surroundings(letterhead=False, body="none"),
    printing=Printing(rough=0, mottle=0),
    paper=Paper(texture=0),
    scan=Scan(defocus=0, noise=0),
)
BUSY = SheetSpec(
    seed=7,
    number=Number("0471936", "Caladea-Bold", 4.5, jitter=0.03),
    coloured=True,
    around=Surroundings("Nr.", frame=1.2, barcode="below", handwriting=2, stamp=True, prose=3, dates=True),
    printing=Printing(weight=0.03, rough=0.04, voids=0.1, dropouts=2, mottle=0.3),
    paper=Paper(fold=0.3, show_through=0.1),
    scan=Scan(2, 0.5, 0.01, 0.2, 0.3, 0.2, 0.08, 0.2, 0.03, 0.01, 4, 2, 0.5),
)


def ink_inside(image: np.ndarray, boxes: tuple[Box, ...]) -> float:
    """Return the share of all ink that lies inside the boxes."""
    ink = 255.0 - image
    ink -= ink.min()
    inside = np.zeros(image.shape, bool)
    for left, top, right, bottom in boxes:
        inside[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))] = True
    return float(ink[inside].sum() / ink.sum())


def changed(spec: SheetSpec, **scan: Any) -> Sheet:  # noqa: ANN401 -- Scan's own fields
    """Draw the sheet with another scanner."""
    return render(dataclasses.replace(spec, scan=dataclasses.replace(spec.scan, **scan)))


def test_same_spec_same_pixels() -> None:
    """The same spec gives the same pixels and the same truth twice."""
    one, other = render(BUSY), render(BUSY)
    assert np.array_equal(one.image, other.image)
    assert one.truth == other.truth


def test_another_seed_another_sheet() -> None:
    """Everything random hangs on the seed."""
    other = render(dataclasses.replace(BUSY, seed=8))
    assert not np.array_equal(render(BUSY).image, other.image)


def test_corner_is_the_applications_crop() -> None:
    """At 200 dpi the corner is the 450x400 pixels that the application cuts out."""
    assert render(CLEAN).image.shape == (400, 450)


@pytest.mark.parametrize(("dpi", "size"), [(100, (1169, 827)), (200, (2339, 1654)), (300, (3508, 2480))])
def test_a_page_has_the_size_of_a4(dpi: int, size: tuple[int, int]) -> None:
    """A page of 210x297 mm has as many pixels as its resolution says."""
    assert render(dataclasses.replace(CLEAN, view=PAGE, dpi=dpi)).image.shape == size


@pytest.mark.parametrize("face", sorted(fonts.FACES))
def test_boxes_enclose_the_ink(face: str) -> None:
    """On a sheet with nothing but the number, all ink lies in the digits' boxes, whatever the font."""
    number = dataclasses.replace(CLEAN.number, face=face)
    sheet = render(dataclasses.replace(CLEAN, number=number))
    assert len(sheet.truth.digits) == len(number.text)
    assert ink_inside(sheet.image, sheet.truth.digits) > 0.995


@pytest.mark.parametrize("dpi", [100, 150, 300, 600])
def test_boxes_enclose_the_ink_at_any_resolution(dpi: int) -> None:
    """The boxes scale with the resolution as the ink does."""
    sheet = render(dataclasses.replace(CLEAN, dpi=dpi))
    assert ink_inside(sheet.image, sheet.truth.digits) > 0.995


@pytest.mark.parametrize("turn", [1, 2, 3])
@pytest.mark.parametrize("rotation", [-5.0, 5.0])
def test_boxes_follow_the_page(turn: int, rotation: float) -> None:
    """Rotating, slanting and turning the page moves the boxes with the ink."""
    scan = dataclasses.replace(CLEAN.scan, rotation=rotation, shear=1.5, keystone=0.02)
    sheet = render(dataclasses.replace(CLEAN, turn=turn, scan=scan))
    assert ink_inside(sheet.image, sheet.truth.digits) > 0.995


def test_boxes_are_tight() -> None:
    """Every digit touches all four sides of its box, give or take two pixels."""
    sheet = render(CLEAN)
    for left, top, right, bottom in sheet.truth.digits:
        part = np.asarray(sheet.image[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))] < 128)
        columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        assert columns[0] <= 2
        assert rows[0] <= 2
        assert columns[-1] >= part.shape[1] - 3
        assert rows[-1] >= part.shape[0] - 3


@pytest.mark.parametrize("face", sorted(fonts.FACES))
def test_digits_are_as_high_as_asked(face: str) -> None:
    """Five millimetres at 300 dpi are 59 pixels, in every font."""
    number = dataclasses.replace(CLEAN.number, text="0000", face=face)
    sheet = render(dataclasses.replace(CLEAN, number=number, dpi=300))
    assert sheet.truth.box is not None
    height = sheet.truth.box[3] - sheet.truth.box[1]
    assert abs(height - 59) <= 3


def test_digits_read_from_left_to_right() -> None:
    """The boxes come in the number's order."""
    lefts = [box[0] for box in render(BUSY).truth.digits]
    assert lefts == sorted(lefts)


def test_a_sheet_without_a_number_says_so() -> None:
    """An empty number draws nothing and has no box."""
    sheet = render(dataclasses.replace(CLEAN, number=Number("", "Roboto-Regular")))
    assert sheet.truth.number is None
    assert sheet.truth.box is None
    assert sheet.image.min() > 200


def test_noise_is_as_strong_as_asked() -> None:
    """The sensor's noise has the deviation that the spec gives."""
    grey = changed(CLEAN, noise=0.05, white=0.6).image[300:, :]
    assert float(grey.std()) / 255 == pytest.approx(0.05 * 0.6, rel=0.1)


def test_contrast_is_where_asked() -> None:
    """Black and white lie where the scanner puts them."""
    image = changed(CLEAN, black=0.3, white=0.8).image
    assert float(image.max()) / 255 == pytest.approx(0.3 + 0.97 * 0.5, abs=0.02)
    assert float(image.min()) / 255 == pytest.approx(0.3 + 0.07 * 0.5, abs=0.03)


@pytest.mark.parametrize(
    "worse",
    [
        {"defocus": 0.2},
        {"motion": 0.5},
        {"noise": 0.08},
        {"salt_pepper": 0.02},
        {"specks": 20},
        {"streaks": 4},
        {"light": 0.4},
        {"shadow": 0.4},
        {"sharpen": 1.0},
        {"threshold": 0.6},
        {"rotation": 3},
        {"keystone": 0.02},
    ],
)
def test_every_degradation_shows(worse: dict[str, float]) -> None:
    """Each fault of the scanner changes the picture and leaves the truth's number alone."""
    before, after = changed(CLEAN, defocus=0.05), changed(CLEAN, **{"defocus": 0.05} | worse)
    assert not np.array_equal(before.image, after.image)
    assert after.truth.number == before.truth.number


def test_one_degradation_leaves_the_others_alone() -> None:
    """Dust falls on the same places whether or not the contrast is low."""
    clean, dusty = changed(CLEAN), changed(CLEAN, specks=10)
    low, low_dusty = changed(CLEAN, black=0.2), changed(CLEAN, black=0.2, specks=10)
    assert np.array_equal(clean.image != dusty.image, low.image != low_dusty.image)


def test_the_whole_number_is_in_the_corner() -> None:
    """The crop shows the same number as the page, in the page's top-right corner."""
    corner, page = render(CLEAN), render(dataclasses.replace(CLEAN, view=PAGE))
    assert corner.truth.box is not None
    assert page.truth.box is not None
    shift = CORNER.left / 25.4 * 200
    assert page.truth.box[0] - corner.truth.box[0] == pytest.approx(shift, abs=2)


def test_the_halves_of_the_fonts_are_disjoint() -> None:
    """No family is both tuned on and reported on, and every file exists."""
    assert not {face.family for face in fonts.DEVELOPMENT} & {face.family for face in fonts.TEST}
    assert len(fonts.FACES) == len(fonts.DEVELOPMENT) + len(fonts.TEST)
    assert all(face.path.is_file() for face in fonts.FACES.values())


def test_shares_nothing_with_training() -> None:
    """Neither the renderer nor training imports the other, and training opens none of its fonts."""
    for source in CORPUS.glob("*.py"):
        assert not {
            name
            for name in imports(source)
            if name.startswith(("training", "sheetid.")) and "result" not in name
        }
    packages = {face.package for face in fonts.FACES.values()} - {"matplotlib"}
    for source in (CORPUS.parents[1] / "training").rglob("*.py"):
        assert not any(name.startswith("tests") for name in imports(source))
        text = source.read_text()
        assert not any(package in text for package in (*packages, "mpl-data", "DejaVu"))


def imports(source: Path) -> set[str]:
    """Return the modules that a source file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names
