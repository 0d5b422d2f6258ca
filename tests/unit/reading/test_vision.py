"""From pictures to runs and candidates, on print drawn here."""

import cv2
import numpy as np
import pytest

from sheetid.reader import glyphs_of
from sheetid.vision.bands import HEIGHT
from sheetid.vision.decoding import Grey, Scan
from sheetid.vision.geometry import Matrix, transform
from sheetid.vision.glyphs import BAND, SIDE
from sheetid.vision.ink import InkMap, divided, floor_in_text, floor_of, paper_shade, remove_lines
from sheetid.vision.lines import find_lines, measured
from sheetid.vision.page import is_page, orientations, search_region, skews
from sheetid.vision.runs import LOWEST, Groups, Run, find_groups
from sheetid.vision.strips import find_strips, widened
from tests.unit.reading.sheets import paper, printed

MOST = 512  # windows in one batch


def ink_of(grey: Grey) -> InkMap:
    """The ink on a picture."""
    return divided(grey, paper_shade(grey))


def test_ink_ignores_a_shadow() -> None:
    """A page that gets darker to one side has the same ink everywhere."""
    image = paper()
    for x in (60, 380):
        cv2.rectangle(image, (x, 100), (x + 10, 140), 20, -1)
    shaded = (image * np.linspace(1, 0.5, 450)).astype(np.uint8)
    ink = ink_of(shaded)
    assert abs(int(ink[120, 65]) - int(ink[120, 385])) < 12
    assert ink[300, 420] < 12


def test_blank_noisy_paper_has_no_ink() -> None:
    """Noise alone does not pass the threshold."""
    noise = np.random.default_rng(1).normal(220, 12, (400, 450)).clip(0, 255).astype(np.uint8)
    ink = ink_of(noise)
    assert (cv2.GaussianBlur(ink, (3, 3), 0) > floor_of(ink)[0]).mean() < 0.01


def test_noise_has_the_same_floor_whether_its_texture_or_its_neighbours_tell_it() -> None:
    """On paper without print."""
    noise = np.random.default_rng(2).normal(100, 20, (200, 225)).clip(0, 255).astype(np.uint8)
    smooth = np.asarray(cv2.GaussianBlur(noise, (3, 3), 0), np.uint8)
    assert floor_in_text(smooth)[0] == pytest.approx(floor_of(smooth)[0], rel=0.1)


@pytest.mark.parametrize("size", [(1754, 1240), (1240, 1754)])
@pytest.mark.parametrize("turns", range(4))
def test_the_words_of_a_page_tell_how_it_lies(size: tuple[int, int], turns: int) -> None:
    """Portrait or landscape, upright or not: lines of print run along its rows, or its columns."""
    page = paper(*size)
    for y in range(300, size[0] - 60, 34):
        cv2.putText(page, "conditions with Auftrag para approved invoice", (90, y), 0, 0.8, 60, 4)
    cv2.rectangle(page, (60, 240), (size[1] - 60, size[0] - 40), 0, 3)
    turned = np.ascontiguousarray(np.rot90(page, turns))
    assert orientations(turned) == ((0, 2) if turns % 2 == 0 else (1, 3))


@pytest.mark.parametrize(("size", "likely"), [((1754, 1240), 0), ((1240, 1754), 1)])
def test_a_page_without_words_may_lie_in_any_way(size: tuple[int, int], likely: int) -> None:
    """It is rather a portrait page than a landscape one."""
    page = paper(*size)
    cv2.putText(page, "5092716", (size[1] - 300, 120), 0, 1.5, 40, 4)
    ways = orientations(page)
    assert sorted(ways) == [0, 1, 2, 3]
    assert ways[0] == likely


def test_a_number_among_dense_text_is_found() -> None:
    """A median that takes text for the paper's texture leaves no ink."""
    image = printed("3051742", at=(230, 112), size=1.0, thickness=2, ink=140)
    for y in [*range(8, 80, 14), *range(128, 400, 14)]:
        cv2.putText(image, "conditions with Auftrag para approved invoice" * 2, (4, y), 0, 0.42, 110, 2)
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), 1.2), np.uint8)
    found = find_lines(search_region(blurred), 1)
    places = [transform(np.array([[run.left, run.middle]]), found.to_image)[0] for run, _ in found.runs]
    assert any(np.hypot(*(place - (230, 101))) < 12 for place in places)


@pytest.mark.parametrize("angle", [-8, -3, 0, 2, 9])
def test_skew_is_measured(angle: float) -> None:
    """The angle of a printed number is found to within a degree."""
    matrix = cv2.getRotationMatrix2D((225, 200), -angle, 1)
    turned = cv2.warpAffine(printed("3051742"), matrix, (450, 400), borderValue=230)
    mask = (ink_of(np.asarray(turned, np.uint8)) > 60).view(np.uint8)
    assert skews(mask)[0] == pytest.approx(angle, abs=1.0)


def test_lines_are_removed_but_not_the_strokes_across_them() -> None:
    """A rule goes, a stroke that crosses it stays whole."""
    mask = np.zeros((60, 200), np.uint8)
    mask[30:33] = 1
    mask[10:50, 90:96] = 1
    left = remove_lines(mask, 80, 80, 6)
    assert left[31, 20] == 0
    assert left[10:50, 92].all()


def test_run_has_the_height_and_extent_of_its_print() -> None:
    """A line of digits is one run, as high as they are."""
    mask = np.zeros((200, 400), np.uint8)
    for x in range(60, 240, 30):
        mask[80:120, x : x + 20] = 1
        mask[86:114, x + 5 : x + 15] = 0
    (line,) = find_groups([mask]).lines
    assert line.tolist() == pytest.approx([60, 230, 100, 0, 40])


@pytest.mark.parametrize("side", [9, 20])
@pytest.mark.parametrize(
    ("what", "promises"),
    [("boxes", 0), ("zeros", 1), ("boxes and a digit", 1), ("boxes and zeros", 0), ("crossed boxes", 0)],
)
def test_boxes_to_be_ticked_promise_nothing(what: str, side: int, promises: int) -> None:
    """They have corners, with a cross too; circles stand among them, and are zeros on their own."""
    mask = np.zeros((120, 300), np.uint8)
    for x in range(40, 40 + 6 * 2 * side, 2 * side):
        if what == "zeros" or (what == "boxes and zeros" and x > 40):
            cv2.ellipse(mask, (x + side // 2, 60 + side // 2), (side // 2, side // 2), 0, 0, 360, 1, 2)
        else:
            mask[60 : 60 + side, x : x + side] = 1
            mask[62 : 58 + side, x + 2 : x + side - 2] = 0
        if what == "crossed boxes":
            cv2.line(mask, (x, 60), (x + side - 1, 59 + side), 1, 2)
            cv2.line(mask, (x, 59 + side), (x + side - 1, 60), 1, 2)
    if what == "boxes and a digit":
        mask[59 : 60 + side, 40 + 12 * side : 44 + 12 * side] = 1
    (promise,) = find_groups([mask]).promise
    assert (promise > 0) == promises


def test_distant_lines_of_print_are_runs_of_their_own() -> None:
    """Lines above each other do not mix."""
    mask = np.zeros((200, 400), np.uint8)
    for x in range(60, 240, 30):
        mask[20:60, x : x + 20] = 1
        mask[26:54, x + 5 : x + 15] = 0
        mask[120:140, x : x + 12] = 1
        mask[124:136, x + 3 : x + 9] = 0
    assert sorted(find_groups([mask]).lines[:, 4]) == pytest.approx([20, 40])


@pytest.mark.parametrize(
    ("apart", "raised", "between", "lines"),
    [(55, 0, 0, 1), (55, 9, 0, 2), (30, 0, 0, 2), (55, 0, 10, 2)],
    ids=["spaced out", "not on one line", "closer", "a broken digit between"],
)
def test_groups_are_as_far_apart_as_their_digits_let_them(
    apart: int, raised: int, between: int, lines: int
) -> None:
    """6 0   2 1 4 7 is one number; where digits stand close, what is as far off is none of them."""
    mask = np.zeros((200, 500), np.uint8)
    second = 60 + apart + 115
    for x, y in [(60, 80), (60 + apart, 80), *((second + apart * place, 80 - raised) for place in range(4))]:
        mask[y : y + 40, x : x + 20] = 1
        mask[y + 6 : y + 34, x + 5 : x + 15] = 0
    mask[95 : 95 + between, second - 60 : second - 50] = 1
    assert len(find_groups([mask]).lines) == lines


def test_print_in_two_masks_does_not_mix() -> None:
    """The same print seen in two masks is found in each, at its place."""
    mask = np.zeros((200, 400), np.uint8)
    for x in range(60, 240, 30):
        mask[80:120, x : x + 20] = 1
    lines = find_groups([mask, mask]).lines
    assert lines[:, 2].tolist() == pytest.approx([100, 100])


@pytest.mark.parametrize("angle", [-8, 0, 5])
def test_line_is_as_high_and_long_as_its_digits(angle: float) -> None:
    """A number is the most promising line, and lies on its digits from end to end."""
    matrix = cv2.getRotationMatrix2D((225, 200), -angle, 1)
    turned = cv2.warpAffine(printed("3051742"), matrix, (450, 400), borderValue=230)
    found = find_lines(search_region(np.asarray(turned, np.uint8)), 1)
    run = found.runs[0][0]
    ends = np.array([[run.left, run.middle], [run.right, run.middle + run.slope * (run.right - run.left)]])
    (left, right) = transform(transform(ends, found.to_image), matrix_back(np.asarray(matrix, np.float64)))
    rows, columns = np.nonzero(printed("3051742") < 128)
    assert left == pytest.approx([columns.min(), rows.mean()], abs=6)
    assert right == pytest.approx([columns.max(), rows.mean()], abs=6)
    height = run.height * np.hypot(*found.to_image[:, 0])
    assert height == pytest.approx(np.ptp(rows) + 1, rel=0.12)


def matrix_back(matrix: Matrix) -> Matrix:
    """The inverse of a 2x3 matrix."""
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def test_line_in_a_frame_is_as_high_as_its_digits() -> None:
    """A frame close around a number does not make it higher."""
    image = printed("3051742")
    rows, columns = np.nonzero(image < 128)
    cv2.rectangle(image, (columns.min() - 8, rows.min() - 8), (columns.max() + 8, rows.max() + 8), 40, 2)
    found = find_lines(search_region(image), 1)
    height = found.runs[0][0].height * np.hypot(*found.to_image[:, 0])
    assert height == pytest.approx(np.ptp(rows) + 1, rel=0.12)


@pytest.mark.parametrize("seed", range(3))
def test_faint_print_is_found_beside_a_dark_stamp(seed: int) -> None:
    """The stamp says how dark ink is; the number is a fifth as dark, and noise hides its parts."""
    image = paper()
    cv2.putText(image, "80412759", (180, 120), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 205, 2, cv2.LINE_AA)
    for radius in (55, 80):
        cv2.circle(image, (120, 270), radius, 15, 6, cv2.LINE_AA)
    noise = np.random.default_rng(seed).normal(0, 16, image.shape)
    strips = find_strips(Scan((image + noise).clip(0, 255).astype(np.uint8), 1), MOST)
    places = transform(np.array([[60.0, 14.0]]), strips[0].to_image)
    assert places[0, 1] == pytest.approx(111, abs=6)
    assert strips[0].height == pytest.approx(18, abs=6)


def test_faint_print_is_not_looked_for_where_another_region_has_a_clear_line() -> None:
    """It takes its time, and there is nothing to be found."""
    noise = np.random.default_rng(1).normal(200, 16, (400, 450)).clip(0, 255).astype(np.uint8)
    cv2.putText(noise, "80412759", (180, 120), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 172, 2, cv2.LINE_AA)
    noise[200:280, 60:140] = 20
    region = search_region(np.asarray(cv2.GaussianBlur(noise, (3, 3), 0), np.uint8))
    assert len(find_lines(region, 1, elsewhere=30.0).runs) < len(find_lines(region, 1).runs)


def test_barcode_promises_less_than_a_number() -> None:
    """Bars are as even as digits, but do not change from top to bottom."""
    image = printed("3051742")
    for x in range(100, 340, 10):
        cv2.rectangle(image, (x, 200), (x + x % 4 + 2, 260), 40, -1)
    found = find_lines(search_region(image), 1)
    run = found.runs[0][0]
    (middle,) = transform(np.array([[run.left, run.middle]]), found.to_image)
    assert middle[1] == pytest.approx(94, abs=6)


def test_blank_paper_has_no_lines() -> None:
    """Where nothing is printed, nothing is found."""
    assert find_lines(search_region(paper()), 1).runs == []


def test_a_rule_is_no_line_of_print() -> None:
    """Thinner than any digit that can be told, however long."""
    ink = np.zeros((200, 225), np.uint8)
    ink[180:183, :172] = 160
    ink[60:80:2, 100:160] = 160
    lines = np.array([[0, 172, 181, 0, 8], [100, 160, 70, 0, 20]], np.float64)
    left = measured(ink, Groups(lines, np.array([1, 4]), np.array([36.0, 80.0])), 12, 6)
    assert len(left.lines) > 0
    assert (left.lines[:, HEIGHT] >= LOWEST).all()
    alone = measured(ink, Groups(lines[:1], np.array([1]), np.array([36.0])), 12, 6)
    assert len(alone.lines) == len(alone.even) == len(alone.promise) == 0


def test_empty_mask_has_no_runs() -> None:
    """A blank sheet gives nothing and raises nothing."""
    assert not len(find_groups([np.zeros((50, 80), np.uint8)]).lines)


@pytest.mark.parametrize(
    ("shape", "page"),
    [
        ((2339, 1654), True),
        ((1654, 2339), True),
        ((400, 450), False),
        ((300, 900), False),
        ((566, 400), False),
    ],
)
def test_page_is_told_from_a_crop(shape: tuple[int, int], page: bool) -> None:  # noqa: FBT001 - an expectation
    """Only an image of a page's shape and size is searched as a page."""
    assert is_page(np.zeros(shape, np.uint8)) is page


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_crop_is_found_whichever_way_it_lies(turns: int) -> None:
    """The line of a turned crop is among the strips, upright."""
    upright = find_strips(Scan(printed("3051742"), 1), MOST)[0].ink
    turned = np.ascontiguousarray(np.rot90(printed("3051742"), -turns))
    found = next(strip for strip in find_strips(Scan(turned, 1), MOST) if strip.turns == turns).ink
    width = min(upright.shape[1], found.shape[1])
    assert abs(upright.shape[1] - found.shape[1]) <= 6
    assert np.corrcoef(upright[:, :width].ravel(), found[:, :width].ravel())[0, 1] > 0.8


def test_places_of_a_crop_upside_down_lie_where_they_are() -> None:
    """The matrix of a strip read upside down leads to the same places in the image."""
    strips = find_strips(Scan(printed("3051742"), 1), MOST)
    upright = strips[0]
    turned = next(strip for strip in strips if strip.turns == 2)
    height, width = upright.ink.shape
    one = transform(np.array([[3, 5]], np.float64), upright.to_image)
    other = transform(np.array([[width - 3, height - 5]], np.float64), turned.to_image)
    assert one == pytest.approx(other, abs=0.01)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_region_of_a_turned_page_is_its_own_top_right_corner(turns: int) -> None:
    """A mark in the page's corner is found in the region, and the matrix leads back to it."""
    page = np.full((2339, 1654), 255, np.uint8)
    page[200, 1500] = 0
    scanned = np.ascontiguousarray(np.rot90(page, -turns))
    region = search_region(scanned, turns)
    ((row, column),) = np.argwhere(region.grey == 0)
    x, y = transform(np.array([[column, row]], np.float64), region.to_image)[0].round().astype(int)
    assert scanned[y, x] == 0


def test_strip_leads_back_to_the_digits() -> None:
    """The line of a number starts where its first digit was printed, and is as high."""
    strip = find_strips(Scan(printed("3051742"), 1), MOST)[0]
    inked = np.flatnonzero(strip.ink[BAND].max(axis=0) > 127)
    x, y = transform(np.array([[inked[0], SIDE / 2]], np.float64), strip.to_image)[0]
    assert x == pytest.approx(122, abs=6)
    assert y == pytest.approx(94, abs=6)
    assert strip.height == pytest.approx(33, abs=4)


def test_windows_stay_bounded_on_a_page_full_of_print() -> None:
    """However much is printed, one batch stays small."""
    image = paper(600, 800)
    for line in range(8):
        text = "80412759"
        cv2.putText(
            image,
            text,
            (5 + 60 * (line % 3), 60 + 65 * line),
            cv2.FONT_HERSHEY_SIMPLEX,
            1.2,
            30,
            3,
            cv2.LINE_AA,
        )
    counts = {most: len(glyphs_of(find_strips(Scan(image, 1), most))) for most in (200, 600)}
    assert 0 < counts[200] <= 200 < counts[600] <= 600


def test_line_with_too_many_windows_leaves_the_others_in() -> None:
    """A line that does not fit into the batch is no reason to read nothing."""
    image = printed("304152617084")
    cv2.putText(image, "8041", (200, 250), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 3, cv2.LINE_AA)
    every = find_strips(Scan(image, 1), MOST)
    most = int(np.count_nonzero(every[0].asked)) - 1
    fitting = [strip.height for strip in every[1:] if np.count_nonzero(strip.asked) <= most]
    some = find_strips(Scan(image, 1), most)
    assert some[0].height == fitting[0]


@pytest.mark.parametrize(("top", "bottom", "streaks"), [(0, 400, True), (60, 140, False)])
def test_streaks_across_a_line_are_told_from_walls(top: int, bottom: int, *, streaks: bool) -> None:
    """A line knows where dirt on the glass has drawn through all of the image; a wall is shorter."""
    image = printed("3051742")
    image[top:bottom, 90:93] = 30
    for strip in find_strips(Scan(image, 1), MOST):
        crossed = np.flatnonzero(strip.streaked)
        assert bool(len(crossed)) is streaks
        if streaks:
            places = transform(
                np.column_stack([crossed + 0.5, np.full(len(crossed), SIDE / 2)]), strip.to_image
            )
            assert (np.abs(places[:, 0] - 91) < 3).all()


def test_walls_of_a_tight_crop_are_no_streaks() -> None:
    """A frame that fills the image is a frame all the same."""
    image = printed("3051742")[55:130]
    image[:, 90:93] = 30
    strips = find_strips(Scan(image, 1), MOST)
    assert strips
    assert not any(strip.streaked.any() for strip in strips)


def digits_in_a_strip(distance: int, count: int) -> InkMap:
    """Return a strip with so many characters like a narrow 0, so far apart."""
    strip = np.zeros((28, count * distance + 88), np.uint8)
    for left in range(44, 44 + count * distance, distance):
        strip[4:24, left : left + 6] = 255
        strip[6:22, left + 2 : left + 4] = 0
    return strip


@pytest.mark.parametrize(
    ("distance", "even", "wider"), [(8, 8, 2.0), (12, 8, 1.5), (18, 8, 1.0), (8, 3, 1.0)]
)
def test_narrow_print_is_made_as_wide_as_common_print(distance: int, even: int, wider: float) -> None:
    """Every stroke keeps its place in the image; what has few characters of one height is left as it is."""
    strip = digits_in_a_strip(distance, even)
    to_level = np.array([[1.0, 0, -44], [0, 1, 36]])
    ink, matrix = widened(Run(0, even * distance, 50, 0, 20, even), strip, to_level)
    assert ink.shape == (28, round(wider * strip.shape[1]))
    first = ink[14, : round(wider * (44 + distance - 1))].astype(float)
    middle = np.array([[first @ np.arange(len(first)) / first.sum(), 14]])
    np.testing.assert_allclose(transform(middle, matrix), [[2.5, 50]], atol=0.1)


@pytest.mark.parametrize("kind", ["cells", "barcode"])
def test_walls_and_bars_are_no_narrow_print(kind: str) -> None:
    """They stand close to each other, but no digits do."""
    strip = digits_in_a_strip(18, 6)
    if kind == "cells":
        strip[2:26, 38:150:18] = strip[[2, 25], 38:147] = 255
    else:
        strip[4:24, 4:40:6] = strip[4:24, 5:40:6] = 255
    run = Run(0, 6 * 18, 50, 0, 20, 12)  # as many characters as there are digits, and walls or bars
    assert widened(run, strip, np.eye(2, 3))[0] is strip
