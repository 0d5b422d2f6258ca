"""Whatever is on a picture, and whatever its shape, every stage keeps its promises."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sheetid.reader import glyphs_of, interpret, read_sheet
from sheetid.recognition.numbers import find_numbers
from sheetid.recognition.printed import Printed
from sheetid.settings import CheckDigit, ReadingSettings
from sheetid.vision.decoding import Scan
from sheetid.vision.geometry import corners, transform
from sheetid.vision.glyphs import straighten, windows
from sheetid.vision.ink import divided, floor_of, paper_shade, remove_lines
from sheetid.vision.lines import MOST_UNCLEAR, find_lines
from sheetid.vision.page import STEEPEST, search_region, skews
from sheetid.vision.runs import Run
from sheetid.vision.strips import find_strips
from tests.unit.hostile import files
from tests.unit.hostile.arrays import Picture, pictures
from tests.unit.hostile.classifiers import CLASSES, AnyScores, EvenRow
from tests.unit.hostile.results import check_reading

SEED = st.integers(0, 2**32 - 1)
SHARPNESS = st.sampled_from([0.0, 1.0, 20.0, 300.0])
# Of a page two regions are read, of a crop two and their most promising run upside down.
MOST = 512  # windows in one batch
few = settings(max_examples=60, deadline=None)


@few
@given(pictures())
def test_ink_and_masks(picture: Picture) -> None:
    """Ink has the picture's shape, a mask is 0 or 1, and the floor is a shade."""
    ink = divided(picture, paper_shade(picture))
    floor, _ = floor_of(ink)
    mask = (ink > floor).view(np.uint8)
    left = remove_lines(mask, 20, 20, 5)
    assert ink.shape == mask.shape == left.shape == picture.shape
    assert 0 <= floor <= 255
    assert set(np.unique(mask)) <= {0, 1}
    assert not (left & ~mask & 1).any()


@few
@given(pictures(), st.integers(0, 3))
def test_regions_lie_in_their_image(picture: Picture, turns: int) -> None:
    """A region has pixels, and its corners are the image's own."""
    region = search_region(picture, turns)
    height, width = region.grey.shape
    assert height > 0
    assert width > 0
    there = transform(corners(0, 0, width - 1, height - 1), region.to_image)
    assert (there >= -1e-6).all()
    assert (there <= np.array(picture.shape[::-1]) - 1 + 1e-6).all()


@few
@given(pictures())
def test_skew_stays_within_what_is_looked_for(picture: Picture) -> None:
    """An angle is found for everything, and it is a possible one."""
    assert all(abs(angle) <= STEEPEST + 1 for angle in skews(np.asarray(picture > 128, np.uint8)))


@few
@given(pictures())
def test_lines_are_finite(picture: Picture) -> None:
    """Lines have a size, finite numbers, an order, and an end to their count."""
    runs = find_lines(search_region(picture), 1).runs
    assert len(runs) <= MOST_UNCLEAR
    assert [promise for _, promise in runs] == sorted((promise for _, promise in runs), reverse=True)
    for run, _ in runs:
        assert all(map(math.isfinite, (run.left, run.right, run.middle, run.slope)))
        assert run.left < run.right
        assert 0 < run.height <= 4 * max(picture.shape)


@few
@given(
    picture=pictures(),
    start=st.floats(0, 1),
    length=st.floats(0.01, 1),
    middle=st.floats(0, 1),
    slope=st.floats(-0.2, 0.2),
    share=st.floats(0.02, 1),
    seed=SEED,
)
def test_any_line_is_straightened_and_explained(
    *, picture: Picture, start: float, length: float, middle: float, slope: float, share: float, seed: int
) -> None:
    """Any line becomes a strip with windows, and the numbers found in it lie in it, in their order."""
    height, width = picture.shape
    print_height = min(max(7.0, share * height), 900.0)
    right = start * width + min(max(8.0, length * width), 40 * print_height)
    strip, _ = straighten(picture, Run(start * width, right, middle * height, slope, print_height, 4))
    seen = windows(strip)
    assert seen.shape[1:] == (28, 28)
    assert len(seen) > 0
    numbers = find_numbers(np.random.default_rng(seed).dirichlet(np.full(CLASSES, 0.1), len(seen)))
    for number in numbers:
        assert 0 <= number.share <= 1
        assert len(number.digits) == len(number.centres) == len(number.probabilities) > 0
        boxes = Printed(strip, number).boxes
        assert all(0 <= left < right <= strip.shape[1] for left, _, right, _ in boxes)
    centres = [centre for number in numbers for centre in number.centres]
    assert centres == sorted(centres)


@few
@given(pictures(), SEED, SHARPNESS, st.sampled_from([1, 2, 8]))
def test_any_picture_gets_a_reading(picture: Picture, seed: int, sharpness: float, reduction: int) -> None:
    """With whatever the model says, a reading is consistent in itself and can be published."""
    strips = find_strips(Scan(picture, reduction), MOST)
    glyphs = glyphs_of(strips)
    assert len(glyphs) <= MOST
    if len(glyphs):
        prediction = AnyScores(seed, sharpness).predict(glyphs)
        check_reading(interpret(strips, prediction, ReadingSettings()))


@few
@given(
    pictures(),
    SEED,
    SHARPNESS,
    st.sampled_from([None, *CheckDigit]),
    st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "WEBP", "PPM"]),
)
def test_any_picture_in_a_file_gets_a_reading(
    picture: Picture, seed: int, sharpness: float, check: CheckDigit | None, kind: str
) -> None:
    """The same, from the file on, with every check digit."""
    if kind == "WEBP" and max(picture.shape) > 16_383:
        kind = "PNG"
    data = files.encoded(Image.fromarray(picture), kind)
    classifier = AnyScores(seed, sharpness)
    sheet = read_sheet(data, classifier, ReadingSettings(check=check))
    assert len(classifier.asked) <= 1
    check_reading(sheet)


def test_a_reading_of_print_is_checked_at_all() -> None:
    """The checks below see a reading with digits, so that they are no empty words."""
    data = files.encoded(files.number(), "PNG")
    readings = [
        read_sheet(data, EvenRow(sureness), ReadingSettings(min_length=1, max_length=99))
        for sureness in (0.9, 0.99, 0.9999)
    ]
    assert any(sheet.reading.digits for sheet in readings)
    for sheet in readings:
        check_reading(sheet)
