"""Lines of print where something else stands close to the number, or where the number is hard to see."""

import cv2
import numpy as np
import pytest

from sheetid.vision.bands import COLUMNS, HEIGHT, LEFT, RIGHT, lengthened, seen
from sheetid.vision.decoding import Grey
from sheetid.vision.geometry import transform
from sheetid.vision.lines import CLEAR, LEAST, LEAST_AGAIN, PROMISING, Found, find_lines, least_of, likely
from sheetid.vision.looks import are_bars, regularity
from sheetid.vision.page import search_region, skews
from sheetid.vision.rows import GIVEN, LOOSE, PLAIN, refined, rows_of
from sheetid.vision.runs import Groups
from tests.unit.reading.sheets import paper, printed

NUMBER = "3051742"


def digits_of(image: Grey) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the print on an image."""
    rows, columns = np.nonzero(image < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def fits(found: Found, box: tuple[int, int, int, int]) -> list[bool]:
    """Whether each line that was found is as high as the box, at its place, and holds all of it."""
    left, top, right, bottom = box
    scale = np.hypot(*found.to_image[:, 0])
    told = []
    for run, _ in found.runs:
        (start,) = transform(np.array([[run.left, run.middle]]), found.to_image)
        height = run.height * scale
        told.append(
            abs(height / (bottom - top + 1) - 1) < 0.12
            and abs(start[1] - (top + bottom) / 2) < 0.12 * height
            and start[0] <= left + 2
            and start[0] + (run.right - run.left) * scale >= right - 2
        )
    return told


@pytest.mark.parametrize("gap", [4, 8, 14])
@pytest.mark.parametrize("thick", [2, 5])
def test_line_in_cells_is_as_high_as_its_digits(gap: int, thick: int) -> None:
    """Walls around every digit, as close as they are and however thick, are told from the digits."""
    image, pitch = paper(), 24 + gap + thick
    for place, digit in enumerate(NUMBER):
        image = np.minimum(image, printed(digit, at=(80 + place * pitch, 110), size=1.2, thickness=3))
    _, top, _, bottom = box = digits_of(image)
    off = gap + thick // 2
    for place in range(len(NUMBER)):
        left = 80 - (pitch - 22) // 2 + place * pitch
        cv2.rectangle(image, (left, top - off), (left + pitch, bottom + off), 40, thick)
    assert any(fits(find_lines(search_region(image), 1), box))


def test_digits_that_end_in_hairlines_are_measured_to_their_ends() -> None:
    """A zero whose top and bottom are far thinner than its sides is as high as it is."""
    image = paper()
    for x in range(120, 300, 32):
        cv2.ellipse(image, (x, 100), (12, 20), 0, 0, 360, 60, -1, cv2.LINE_AA)
        cv2.ellipse(image, (x, 100), (4, 19), 0, 0, 360, 230, -1, cv2.LINE_AA)
    ink = np.asarray(cv2.GaussianBlur(230 - image, (0, 0), 1.2), np.uint8)
    line = np.array([[108.0, 292.0, 100.0, 0.0, 36.0]])
    rows = rows_of(line, seen(ink, line))
    plain, loose = (refined(line, rows, np.array([way]))[0, HEIGHT] for way in (PLAIN, LOOSE))
    assert plain < 0.95 * 40
    assert loose == pytest.approx(40, rel=0.05)


def test_print_that_touches_a_line_is_none_of_it_where_its_characters_told() -> None:
    """Where nothing parts two lines, what the characters measured holds."""
    ink = np.zeros((100, 300), np.uint8)
    for x in range(40, 240, 20):
        ink[40:60, x : x + 10] = 200
        ink[30:40, x + 4 : x + 12] = 200
    line = np.array([[40.0, 230.0, 50.0, 0.0, 20.0]])
    rows = rows_of(line, seen(ink, line))
    heights = [refined(line, rows, np.array([way]))[0, HEIGHT] for way in (PLAIN, GIVEN)]
    assert heights == [pytest.approx(30, abs=3), pytest.approx(20)]


def test_a_line_takes_in_all_of_a_long_number() -> None:
    """Of nine digits two may be all that stood out."""
    ink = np.zeros((100, 300), np.uint8)
    for x in range(20, 200, 20):
        ink[40:60, x : x + 10] = 200
    (line,) = lengthened(ink, np.array([[20.0, 50.0, 50.0, 0.0, 20.0]]), np.array([100.0]))
    assert line[[LEFT, RIGHT]] == pytest.approx([20, 190], abs=3)


@pytest.mark.parametrize(("start", "end"), [(200, 320), (320, 200)])
def test_skew_is_not_that_of_what_is_steeper_than_any_page(start: int, end: int) -> None:
    """A long bar that is steeper than sheets lie does not turn the print."""
    image = printed(NUMBER, size=1.0)
    cv2.line(image, (0, start), (449, end), 40, 8, cv2.LINE_AA)
    assert skews((image < 128).view(np.uint8))[0] == pytest.approx(0, abs=1.0)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_skew_is_not_that_of_dust(seed: int) -> None:
    """A number lies level, however many specks there are."""
    mask = (printed(NUMBER) < 128).view(np.uint8)
    random = np.random.default_rng(seed)
    mask[random.integers(0, 400, 15000), random.integers(0, 450, 15000)] = 1
    assert skews(mask)[0] == pytest.approx(0, abs=1.0)


def test_a_stamp_askew_does_not_hide_how_a_number_lies() -> None:
    """Where rules lie at another angle than print does, both are looked at, and the number is found."""
    image = printed(NUMBER, size=1.5)
    for aside in (0, 60):
        cv2.line(image, (20, 250 + aside), (140, 269 + aside), 40, 3, cv2.LINE_AA)
    angles = skews((image < 128).view(np.uint8))
    assert angles == [pytest.approx(9, abs=1.0), pytest.approx(0, abs=1.0)]
    best, _ = find_lines(search_region(image), 1).runs[0]
    assert best.even == len(NUMBER)


@pytest.mark.parametrize(("size", "thickness", "paler"), [(1.2, 2, 3), (0.8, 1, 2)], ids=["large", "small"])
def test_pale_print_is_found_beside_a_clear_line(size: float, thickness: int, paler: int) -> None:
    """A label or a stamp may be so much darker, or larger, that the number is not seen with it."""
    image = printed("UPPER", at=(90, 300), size=1.3, thickness=4)
    number = printed(NUMBER, at=(180, 110), size=size, thickness=thickness)
    pale = 230 - (230 - number.astype(np.int16)) // paler
    found = find_lines(search_region(np.minimum(image, pale.astype(np.uint8))), 1)
    assert found.runs[0][1] >= CLEAR
    assert any(fits(found, digits_of(number)))


def test_boxes_to_be_ticked_do_not_hide_a_number() -> None:
    """However many rows of them there are, and though they are more even than digits."""
    image = printed(NUMBER, at=(260, 80), size=0.7, thickness=1, ink=120)
    number = digits_of(image)
    for y in range(130, 390, 28):
        for x in range(290, 420, 28):
            cv2.rectangle(image, (x, y), (x + 17, y + 17), 60, 2)
    found = find_lines(search_region(image), 1)
    assert any(fits(found, number))
    assert all(run.middle * found.to_image[1, 1] + found.to_image[1, 2] < 120 for run, _ in found.runs)


@pytest.mark.parametrize("gap", [6, 14])
def test_a_barcode_does_not_hide_the_number_below_it(gap: int) -> None:
    """Its bars are more even than digits, and may stand close to these."""
    image = printed(NUMBER, at=(140, 200), size=0.7, thickness=1, ink=90)
    number = digits_of(image)
    bottom = 200 - int(0.7 * 22) - gap
    for x, width in zip(range(120, 300, 9), [2, 5, 3, 2, 6, 3, 2, 4] * 3, strict=False):
        image[bottom - 50 : bottom, x : x + width] = 30
    found = find_lines(search_region(image), 1)
    assert fits(found, number)[0]


def test_digits_come_again_more_regularly_than_scribble() -> None:
    """Columns of ink at one pitch are told from those at any."""
    columns = np.zeros((2, COLUMNS), np.float32)
    columns[0, 5::12] = columns[0, 6::12] = 100
    columns[1, [4, 5, 21, 22, 29, 30, 57, 58, 60, 61, 83, 84, 90, 91]] = 100
    digits, scribble = regularity(columns, np.full(2, 6.0)).tolist()
    assert digits > 0.7
    assert scribble < 0.5


def test_what_is_much_less_likely_than_the_best_line_is_not_asked_of() -> None:
    """Some less does not matter: text promises as much as a small number does."""
    assert least_of(CLEAR) == CLEAR - LEAST
    assert least_of(PROMISING) == PROMISING


@pytest.mark.parametrize(
    ("height", "middle", "off", "best", "asked"),
    [
        (24.0, 100, LEAST_AGAIN - 1, CLEAR, 2),
        (24.0, 100, LEAST_AGAIN + 1, CLEAR, 1),
        (24.0, 100, LEAST_AGAIN + 1, CLEAR - 1, 2),
        (13.0, 100, LEAST_AGAIN + 1, CLEAR, 2),
        (24.0, 150, LEAST_AGAIN + 1, CLEAR, 2),
        (24.0, 150, LEAST + 1, CLEAR, 1),
    ],
    ids=["likely", "less", "where none is clear", "lower", "elsewhere", "hardly"],
)
def test_same_print_at_another_height_is_asked_of_if_it_is_as_likely(
    height: float, middle: float, off: float, best: float, asked: int
) -> None:
    """Print elsewhere, and much lower one at the same place, may be far less likely."""
    lines = np.array([[50.0, 250, 100, 0, 20], [50, 250, middle, 0, height]])
    found = likely(Groups(lines, np.array([6, 6]), np.array([best, best - off])), -np.inf)
    assert len(found) == asked


@pytest.mark.parametrize(
    ("count", "rows", "bars"),
    [(20, 12, [True]), (12, 12, [False]), (20, 6, [False])],
    ids=["barcode", "ones", "strokes that end"],
)
def test_more_upright_strokes_than_a_number_has_are_bars(count: int, rows: int, bars: list[bool]) -> None:
    """Twelve ones are no barcode, nor is text, whose strokes end in other rows."""
    core = np.zeros((1, 12, COLUMNS), np.bool_)
    for stroke in range(count):
        core[0, 6 - rows // 2 : 6 + rows // 2, 4 * stroke : 4 * stroke + 1 + stroke % 2] = True
    assert are_bars(core).tolist() == bars
