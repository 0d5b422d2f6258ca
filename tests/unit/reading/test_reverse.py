"""Light print on dark fields, and what only looks like it."""

import cv2
import numpy as np
import pytest

from sheetid.vision.decoding import Grey
from sheetid.vision.fields import stands_alone
from sheetid.vision.geometry import reduced
from sheetid.vision.lines import find_lines
from sheetid.vision.page import search_region
from sheetid.vision.reverse import positive
from tests.unit.reading.sheets import paper, printed

NUMBER = "3051742"
FIELD = (90, 100, 360, 160)  # left, top, right, bottom


def with_field(shade: int, pad: int = 12) -> Grey:
    """A sheet with a number in light print on a field of that shade, that goes beyond it so far."""
    dark = 255 - np.asarray(printed(NUMBER, at=(100, 140), size=1.2, thickness=3), np.int16)
    rows, columns = np.nonzero(dark > 128)
    image = paper()
    place = (
        slice(rows.min() - pad, rows.max() + pad + 1),
        slice(columns.min() - pad, columns.max() + pad + 1),
    )
    image[place] = np.clip(shade + dark[place], 0, 250)
    return image


@pytest.mark.parametrize("shade", [10, 90])
@pytest.mark.parametrize("angle", [0.0, 7.0])
def test_light_print_on_a_dark_field_becomes_dark_on_light(shade: int, angle: float) -> None:
    """However dark the field is, and if it lies aslant; the number's line is found then."""
    image = with_field(shade)
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    image = np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=int(image[0, 0])), np.uint8)
    turned = positive(image, image)
    was_dark, is_dark = (np.count_nonzero(one < 128) / one.size for one in (image, turned))
    assert is_dark < was_dark / 2
    best, _ = find_lines(search_region(image), 1).runs[0]
    assert best.even >= len(NUMBER) - 1


@pytest.mark.parametrize("what", ["rule", "streak", "dots", "hardly lighter print"])
def test_a_field_is_one_though_a_rule_touches_it_or_its_print_is_dim_or_in_dots(what: str) -> None:
    """A pen strikes the number through, dirt on the glass leaves a streak, or both inks are dark."""
    image = with_field(20)
    rows, columns = np.nonzero(image < 128)
    left, right, top, middle = columns.min(), columns.max(), rows.min(), (rows.min() + rows.max()) // 2
    if what == "rule":
        image[middle : middle + 3, left - 40 : right + 40] = 20
    elif what == "streak":
        image[:, left + 5 : left + 8] = 20
    elif what == "dots":
        field = image[top : rows.max() + 1, left : right + 1]
        field[::6] = field[:, ::6] = field[1::6] = field[:, 1::6] = 20
    else:
        field = image[top : rows.max() + 1, left : right + 1]
        field[:] = 20 + field * 0.35
    turned = positive(image, image)
    place = (slice(top, rows.max() + 1), slice(left, right + 1))
    assert np.median(image[place]) < 128
    assert np.median(turned[place]) > 200


def test_a_digit_that_reaches_the_edge_of_a_field_becomes_dark_too() -> None:
    """The outline of the field's dark goes around it, as it comes in from the paper."""
    image = with_field(20)
    rows, columns = np.nonzero(image < 128)
    top, left, right = rows.min(), columns.min(), columns.max()
    image[top + 12 : top + 18, left : left + 10] = 220  # the arm of a 7
    turned = positive(image, image)
    assert np.median(turned[top + 12 : top + 18, left + 3 : left + 10]) < 90
    assert np.median(turned[top + 4 : top + 9, left + 12 : right - 12]) > 200


@pytest.mark.parametrize(
    ("gaps", "between"),
    [([60, 61, 130], False), ([63, 107, 152, 196, 237], True)],
    ids=["streaks through digits", "cells"],
)
def test_a_field_is_one_though_white_gaps_go_through_it(gaps: list[int], *, between: bool) -> None:
    """A scanner leaves white streaks, or every digit of a counter has a dark wheel of its own."""
    image = np.asarray(cv2.resize(with_field(20), None, fx=2, fy=1), np.uint8)
    rows, columns = np.nonzero(image < 128)
    field = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    image[field][:, gaps] = 250
    turned = positive(image, image)[field]
    assert np.mean(turned > 200) > 0.6
    assert not between or (turned[:, gaps] > 200).mean() > 0.9


@pytest.mark.parametrize("ground", [0, 60])
def test_a_negative_becomes_positive(ground: int) -> None:
    """As old copiers and microfilm give it."""
    image = np.asarray(255 - np.clip(printed(NUMBER), 0, 255 - ground), np.uint8)
    turned = positive(image, image)
    assert np.array_equal(turned, 255 - image)
    assert find_lines(search_region(image), 1).runs


def test_a_negative_is_told_in_noise() -> None:
    """That of single pixels is as dark, and as light, as print."""
    clean = np.clip(255 - printed(NUMBER).astype(np.float64), 0, 255) * 0.25 + 60
    noisy = np.clip(clean + np.random.default_rng(1).normal(0, 12, clean.shape), 0, 255).astype(np.uint8)
    assert np.array_equal(positive(noisy, noisy), 255 - noisy)


@pytest.mark.parametrize("what", ["dim", "beside a light bed", "bed"])
def test_a_dark_picture_of_dark_print_is_no_negative(what: str) -> None:
    """Neither in little light, nor where the scanner's bed is light, or takes most of it."""
    image = printed(NUMBER, size=0.8, thickness=2)
    if what != "bed":
        image = image // 3
        if what == "beside a light bed":
            image[:30, :150] = 250
    else:
        image[:, :200] = image[200:] = 5
    assert positive(image, image) is image


def test_a_frame_around_dark_print_stays() -> None:
    """However tight it is: between its rule and the digits there is paper."""
    image = printed(NUMBER, at=(100, 140), size=1.2, thickness=5)
    rows, columns = np.nonzero(image < 128)
    corners = (int(columns.min()) - 4, int(rows.min()) - 4), (int(columns.max()) + 4, int(rows.max()) + 4)
    cv2.rectangle(image, *corners, 20, 2)
    assert positive(image, image) is image


@pytest.mark.parametrize("what", ["nothing", "a code", "a field without print", "bars"])
def test_other_dark_shapes_stay(what: str) -> None:
    """Codes are no wider than high; bars are higher; a field without print says nothing."""
    image = paper()
    left, top, right, bottom = FIELD
    if what == "a code":
        modules = np.random.default_rng(3).integers(2, size=(20, 20)).astype(np.uint8)
        modules[[0, -1]] = modules[:, [0, -1]] = 0
        image[100:180, 100:180] = np.kron(modules, np.full((4, 4), 255, np.uint8))
    elif what == "a field without print":
        image[top:bottom, left:right] = 20
    elif what == "bars":
        for x in range(left, right, 9):
            image[top:bottom, x : x + 6] = 20
    assert positive(image, image) is image


def test_bold_digits_that_touch_are_no_field() -> None:
    """The paper in zeros is no light print."""
    image = paper()
    for x in range(100, 260, 32):
        cv2.ellipse(image, (x, 130), (18, 24), 0, 0, 360, 20, -1)
        cv2.ellipse(image, (x, 130), (5, 14), 0, 0, 360, 240, -1)
    assert positive(image, image) is image


def test_bold_condensed_zeros_that_touch_are_no_field() -> None:
    """Their straight sides make a rectangle, but for the notches between them."""
    image = paper()
    for x in range(100, 300, 26):
        cv2.rectangle(image, (x, 110), (x + 25, 150), 20, -1)
        for y in (110, 150):
            cv2.ellipse(image, (x + 13, y), (12, 10), 0, 0, 360, 20, -1)
        cv2.line(image, (x + 12, 112), (x + 12, 148), 240, 3)
    assert positive(image, image) is image


@pytest.mark.parametrize("pad", [5, 12])
def test_a_field_with_a_narrow_margin_is_told_in_the_whole_picture(pad: int) -> None:
    """In a reduced one, the print's blur takes all of the margin."""
    image = with_field(20, pad)
    turned = positive(image, reduced(image, 2))
    rows, columns = np.nonzero(image < 128)
    place = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    assert np.median(turned[place]) > 200


def test_a_thick_frame_that_dark_print_touches_is_no_field() -> None:
    """There the paper is in pieces as high as digits, and more than there is between letters."""
    image = paper()
    left, top, right, bottom = FIELD
    cv2.rectangle(image, (left, top), (right, bottom), 20, 7)
    for x in range(left + 30, right - 10, 30):
        image[top:bottom, x : x + 7] = 20
    assert positive(image, reduced(image, 2)) is image


@pytest.mark.parametrize(("beside", "alone"), [((), True), ((130,), True), (range(110, 150), False)])
def test_a_field_is_not_cut_out_of_touching_print(beside: tuple[int, ...], *, alone: bool) -> None:
    """A rule may lead away from it, but no broad strokes, as of the next digits."""
    dark = np.zeros((200, 300), np.uint8)
    dark[100:160, 100:200] = 1
    outline = np.array([(100, 100), (199, 100), (199, 159), (100, 159)], np.int32)
    dark[list(beside), 60:240] = 1
    assert stands_alone(dark, outline) == alone


@pytest.mark.parametrize("lid", [70, 0, 120])
@pytest.mark.parametrize("angle", [0.0, 6.0])
def test_a_field_at_the_sheets_edge_is_told_from_a_dark_lid(lid: int, angle: float) -> None:
    """A coloured band at the top of a page, and behind the page the scanner's open lid."""
    image = printed(NUMBER, at=(120, 75), size=1.2, thickness=3)
    image[20:100] = 30 + (255 - image[20:100].astype(np.int16)) * 200 // 255
    image[100:, 30:420:40] = 40
    image[:20] = image[:, 430:] = lid
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    image = np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=lid), np.uint8)
    corners = cv2.transform(np.array([[[60.0, 35], [400, 35], [400, 90], [60, 90]]]), turn)
    inside = cv2.fillPoly(np.zeros_like(image), [np.rint(corners).astype(np.int32)], 1) > 0
    assert np.median(image[inside]) < 128
    assert np.median(positive(image, image)[inside]) > 200


def test_a_field_that_the_picture_cuts_off_aslant_is_one() -> None:
    """What is left of it is no rectangle."""
    image = printed(NUMBER, at=(150, 90), size=1.2, thickness=3)
    image[30:110] = 30 + (255 - image[30:110].astype(np.int16)) * 200 // 255
    turn = cv2.getRotationMatrix2D((225, 70), 10, 1)
    turn[1, 2] -= 40
    image = np.asarray(cv2.warpAffine(image, turn, (450, 400), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    assert np.median(image[20:40, 150:300]) < 128
    assert np.median(positive(image, image)[20:40, 150:300]) > 200


def test_a_reduced_picture_tells_where_fields_are_in_the_whole_one() -> None:
    """They are looked for where print can still be told apart, and turned in the picture as it is."""
    image = with_field(10)
    whole = np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert np.count_nonzero(positive(whole, image) < 128) < np.count_nonzero(whole < 128) / 2


def test_bold_digits_that_touch_at_a_field_of_their_own_are_none() -> None:
    """The bows of an 8 stand above each other, and are lower than the paper in a 0."""
    image = paper()
    image[100:160, 100:190] = 20
    image[115:145, 112:124] = 240
    image[112:124, 140:152] = image[134:148, 140:152] = 240
    image[115:145, 166:178] = 240
    assert positive(image, image) is image
    image[112:148, 140:152] = 240
    assert positive(image, image) is not image


@pytest.mark.parametrize(("side", "found"), [(3, 0), (5, 1)])
def test_the_counters_of_small_digits_are_no_print_on_a_field(side: int, found: int) -> None:
    """68 in blurred, bold print: three of them side by side, of a few pixels each."""
    image = paper()
    image[100:116, 100:127] = 20
    for left in (105, 112, 119):
        image[105 : 105 + side, left : left + min(side, 3)] = 240
    assert (positive(image, image) is not image) == found


@pytest.mark.parametrize(("shade", "found"), [(120, 1), (150, 1), (190, 0)])
def test_a_pale_field_in_uneven_light_is_found(shade: int, found: int) -> None:
    """What is hardly darker than the paper around is none."""
    image = with_field(shade)
    rows, columns = np.nonzero(image != paper())
    dark = np.asarray(image * np.linspace(1, 0.6, image.shape[1]), np.uint8)
    turned = positive(dark, dark)
    place = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    assert (np.median(turned[place]) > 190) == found
    assert (turned is not dark) == found


def test_a_pale_field_under_dark_print_stays() -> None:
    """Its light specks are no print: what is darker than the field is, and farther from it."""
    image = with_number_on(170)
    assert positive(image, image) is image


def with_number_on(shade: int) -> Grey:
    """A sheet with a number in dark print, and light specks as high as that, on a field of that shade."""
    number = np.asarray(printed(NUMBER, at=(100, 140), size=1.2, thickness=3), np.uint8)
    rows, columns = np.nonzero(number < 128)
    top, bottom, left, right = rows.min() - 12, rows.max() + 12, columns.min() - 12, columns.max() + 12
    image = paper()
    image[top:bottom, left:right] = np.minimum(number[top:bottom, left:right], shade)
    for x in range(left + 8, right - 8, 24):
        image[top + 10 : bottom - 10, x : x + 3] = 235
    return image
