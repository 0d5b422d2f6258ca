"""The way from strips to one batch, from its answer back to the strips, and what several looks add up to."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from sheetid.agreement import MAY_BE_DIVIDED, ReadNumber, agreed, odds, without_repeats
from sheetid.evidence.doubts import ASIDE, DIVIDED
from sheetid.manifest import load_manifest
from sheetid.reader import choose, glyphs_of, is_upside_down, settled, spread, turned
from sheetid.reading import Finding
from sheetid.recognition.numbers import Number
from sheetid.recognition.printed import Printed
from sheetid.recognition.words import Beside
from sheetid.result import Model, Reading, Reason, Status
from sheetid.settings import ReadingSettings
from sheetid.vision.geometry import after, shift
from sheetid.vision.glyphs import SIDE, inked, windows
from sheetid.vision.strips import CROP_TURNED, Strip

CLASSES = 12
MODEL = Model("digits", "11")
SETTINGS = ReadingSettings()


def strip(*strokes: int) -> Strip:
    """Return a line with upright strokes at some columns."""
    ink = np.zeros((SIDE, 100), np.uint8)
    ink[6:22, list(strokes)] = 255
    clean, to_image = np.zeros(100, np.bool_), shift(0, 0)
    return Strip(ink, ink, (0, 100), clean, to_image, 20.0, 0.0, len(strokes), 0, inked(ink))


def test_answers_come_back_to_the_windows_that_were_asked() -> None:
    """Every window has the scores it was given; those that were not asked, for want of ink, show none."""
    strips = [strip(30), strip(), strip(20, 71)]
    batch = glyphs_of(strips)
    answers = np.random.default_rng(1).dirichlet(np.ones(CLASSES), len(batch))
    asked = 0
    for line, along in zip(strips, spread(strips, answers), strict=True):
        slid = windows(line.ink)
        assert along.shape == (len(slid), CLASSES)
        for window, scores in zip(slid, along, strict=True):
            if asked < len(batch) and (scores == answers[asked]).all():
                np.testing.assert_array_equal(np.round(batch[asked, ..., 0] * 255), window)
                asked += 1
            else:
                assert scores.tolist() == [0] * (CLASSES - 1) + [1]
    assert asked == len(batch) > 0


def test_upside_down_every_other_window_is_asked_of() -> None:
    """Those between show the mean of what those beside them do."""
    line = strip(20, 33, 46, 58, 71).upside_down()
    answers = np.random.default_rng(1).dirichlet(np.ones(CLASSES), len(glyphs_of([line])))
    (along,) = spread([line], answers)
    (asked,) = np.nonzero(line.inked[::2])
    np.testing.assert_array_equal(along[::2][asked], answers)
    (between,) = np.nonzero(line.inked[1::2])
    assert len(between) > 4
    np.testing.assert_allclose(along[1::2][between], (along[::2][between] + along[2::2][between]) / 2)


@pytest.mark.parametrize(("sure", "unsure", "left"), [(0.99, 0.4, 0.95), (0.9, 0.9, 0.45), (0.6, 0.0, 0.6)])
def test_looks_that_disagree_share_their_confidence_by_their_odds(
    sure: float, unsure: float, left: float
) -> None:
    """Of two looks at the same print the surer one is kept, the less doubtful the less the other one says."""
    centres = (40.0, 54.0, 68.0, 82.0)
    looks = [
        ReadNumber(strip(), Number((4, 0, 8, last), centres, (1.0,) * 4, share), Finding(text, share, 20))
        for last, text, share in ((2, "4082", sure), (3, "4083", unsure))
    ]
    (kept,) = without_repeats(looks)
    assert kept.finding.number == "4082"
    assert kept.finding.confidence == pytest.approx(left, abs=0.01)


def test_looks_that_agree_with_each_other_disagree_once() -> None:
    """Looks at the same print are no independent witnesses; a look at a part of it is none at all."""
    best = number_of("340000", 0.9, strip())
    others = [number_of("349000", share, strip()) for share in (0.8, 0.7, 0.7)]
    (kept,) = without_repeats([*others, best, number_of("340", 0.9, strip())])
    (by_one,) = without_repeats([best, others[0]])
    assert kept == by_one
    assert kept.finding.number == "340000"
    assert 0.5 < kept.finding.confidence < 0.7


def test_a_look_that_is_sure_of_fewer_digits_disagrees() -> None:
    """The bars beside |041597| are ones in a look that is a little off."""
    looks = [number_of("10415971", 0.98, strip()), number_of("041597", 0.99, strip())]
    (kept,) = without_repeats(looks)
    assert kept.finding.confidence < 0.6
    (kept,) = without_repeats([looks[0], number_of("041597", 0.9, strip())])
    assert kept.finding.confidence == pytest.approx(0.98)


@pytest.mark.parametrize(
    ("number", "again", "most"), [("300417", 0.97, 1.0), ("300417", 0.9, 0.6), ("110417", 0.97, 0.6)]
)
def test_two_looks_that_are_sure_of_a_number_outweigh_one_that_shows_a_part(
    number: str, again: float, most: float
) -> None:
    """A line that is a little aslant leaves digits out; but what it lacks may be walls, if these are ones."""
    looks = [
        number_of(text, share, strip()) for text, share in ((number, 0.99), (number, again), ("0417", 0.98))
    ]
    (kept,) = without_repeats(looks)
    assert kept.finding.number == number
    assert most - 0.2 < kept.finding.confidence <= most


def test_a_number_is_as_high_as_its_highest_look() -> None:
    """Looks at other digits do not count."""
    looks = [
        number_of("4082", 0.99, strip()),
        number_of("4082", 0.9, strip()),
        number_of("408", 0.9, strip()),
    ]
    for look, height in enumerate((20, 23, 30)):
        looks[look] = replace(looks[look], finding=replace(looks[look].finding, height=height))
    (kept,) = without_repeats(looks)
    assert kept.finding.height == 23


def test_print_above_is_no_other_look() -> None:
    """Lines that lie aslant share columns and rows, but no print."""
    line = replace(strip(), to_image=np.array([[1.0, 0.15, 0.0], [-0.15, 1.0, 0.0]]))
    above = replace(line, to_image=after(line.to_image, shift(30, -20)))
    numbers = [number_of("4082", 0.99, line), number_of("65", 0.99, above)]
    assert {read.finding.confidence for read in without_repeats(numbers)} == {0.99}
    (kept,) = without_repeats([numbers[0], number_of("65", 0.99, line)])
    assert kept.finding.confidence < 0.6


@pytest.mark.parametrize(
    ("shorter", "longer", "sure", "left"),
    [
        ("7790", "0007790", 0.4, 0.6),
        ("0779", "0007790", 0.4, 0.6),
        ("070", "0770", 0.4, 0.6),
        ("070", "0770", 0.7, 0.5),
        ("0007790", "0007790", 0.4, 0.9999),
    ],
)
def test_no_look_is_sure_of_what_it_does_not_show(
    shorter: str, longer: str, sure: float, left: float
) -> None:
    """Where another look shows more digits, those that are missing are in doubt, however sure the rest."""
    looks = [number_of(shorter, 0.9999, strip()), number_of(longer, sure, strip())]
    (kept,) = without_repeats(looks)
    assert kept.finding.number == shorter
    assert kept.finding.confidence == pytest.approx(left)


def test_a_year_stands_aside_if_any_look_shows_words_beside_it() -> None:
    """A look may be too low to show the words."""
    seen = number_of("1897", 0.9, strip())
    seen = replace(seen, signs=ASIDE, finding=replace(seen.finding, aside=True))
    (kept,) = without_repeats([number_of("1897", 0.99, strip()), seen])
    assert kept.finding.aside
    assert kept.finding.confidence == pytest.approx(0.99 * ASIDE)
    (kept,) = without_repeats([number_of("1897", 0.99, strip())])
    assert not kept.finding.aside


@pytest.mark.parametrize(("text", "longest", "doubt"), [("2020", 12, 0.5), ("2020", 4, 1), ("1920", 12, 1)])
def test_a_year_of_these_days_may_be_the_rest_of_a_date(text: str, longest: int, doubt: float) -> None:
    """Noise may hide its day and its month; unless all sheet numbers have four digits."""
    line, settings = strip(), replace(SETTINGS, max_length=longest)
    number = number_of(text, 0.99, line).number
    found = settled(Printed(line.ink, number), line, "0123456789", settings).finding
    other = settled(
        Printed(line.ink, replace(number, digits=(5, 0, 2, 0))), line, "0123456789", settings
    ).finding
    assert found.confidence == pytest.approx(doubt * other.confidence)


@pytest.mark.parametrize(
    ("text", "letters", "longest", "aside"),
    [("1897", 4, 12, 1), ("1897", 0, 12, 0), ("2051", 4, 12, 0), ("01897", 4, 12, 0), ("1897", 4, 4, 0)],
    ids=["since 1897", "alone", "no year yet", "longer", "of the length that is known"],
)
def test_four_digits_in_a_line_with_words_may_be_a_year(
    text: str, letters: int, longest: int, aside: int
) -> None:
    """Unless all sheet numbers have four digits."""
    settings = replace(SETTINGS, max_length=longest)
    number = replace(number_of(text, 0.99, strip()).number, letters=letters)
    assert settled(Printed(strip().ink, number), strip(), "0123456789", settings).finding.aside == aside


def test_look_at_a_single_digit_is_no_rival() -> None:
    """What shows less than half as many digits shows something else."""
    (kept,) = without_repeats([number_of("0124915199", 0.99, strip()), number_of("7", 0.999, strip())])
    assert kept.finding.confidence == 0.99


def number_of(text: str, confidence: float, line: Strip) -> ReadNumber:
    """Return a number in the middle of a line."""
    centres = tuple(50 + 10 * (place - (len(text) - 1) / 2) for place in range(len(text)))
    digits = tuple(int(digit) for digit in text)
    number = Number(digits, centres, (1.0,) * len(text), confidence)
    return ReadNumber(line, number, Finding(text, confidence, 20))


def test_no_look_is_so_sure_that_another_does_not_count() -> None:
    """Two looks that are both sure of something else leave the sheet to a person."""
    sure, other = (
        number_of(text, confidence, strip()) for text, confidence in (("4082", 1.0), ("4032", 0.8))
    )
    assert agreed([sure, other]).finding.confidence == pytest.approx(15 / 19)


def test_signs_that_any_look_at_the_same_digits_shows_leave_a_doubt() -> None:
    """In a date, a look that is a little off may not see the points; then it counts if there is no other."""
    best, dotted, other = (number_of(text, 0.9, strip()) for text in ("20022012", "20022012", "2002201"))
    doubtful = agreed([best, replace(dotted, signs=DIVIDED)]).finding
    assert doubtful.confidence == pytest.approx(0.9 * MAY_BE_DIVIDED)
    assert doubtful.aside
    assert agreed([best, replace(other, signs=DIVIDED)]).finding.confidence == pytest.approx(0.9)
    assert agreed([replace(best, signs=DIVIDED), dotted]).finding.confidence == pytest.approx(0.9)
    assert agreed([replace(best, signs=0.5), replace(dotted, signs=DIVIDED)]).finding.confidence < 0.3


def test_another_look_may_show_the_digits_in_parts_with_signs_between() -> None:
    """Then they are all of them, in their order; what misses one shows something else."""
    best, line = number_of("20022012", 0.9, strip()), strip()
    parts = [replace(number_of(text, 0.9, line), signs=DIVIDED) for text in ("20", "02", "2012")]
    for place, part in enumerate(parts):
        parts[place] = replace(part, number=replace(part.number, centres=(10.0 + 30 * place,)))
    assert agreed([best, *parts[::-1]]).finding.confidence == pytest.approx(0.9 * MAY_BE_DIVIDED)
    assert agreed([best, *parts[1:]]).finding.confidence == pytest.approx(0.9)


def test_signs_are_none_where_a_look_knows_the_walls_of_cells() -> None:
    """One that is a little too high sees but some of the walls, and takes them for signs."""
    best, high = (number_of("20022012", 0.9, strip()) for _ in range(2))
    celled = replace(best, number=replace(best.number, in_cells=True))
    assert agreed([celled, replace(high, signs=DIVIDED)]).finding.confidence == pytest.approx(0.9)


@pytest.mark.parametrize(("in_cells", "least", "most"), [(True, 0.99, 0.99), (False, 0.0, 0.6)])
def test_parts_that_walls_set_apart_are_no_other_number(*, in_cells: bool, least: float, most: float) -> None:
    """A look at lower rows may see a comb's teeth alone, and digits on both sides of one."""
    best, line = number_of("7102", 0.99, strip()), strip()
    best = replace(best, number=replace(best.number, in_cells=in_cells))
    parts = [number_of(text, 0.99, line) for text in ("71", "02")]
    for place, part in enumerate(parts):
        parts[place] = replace(part, number=replace(part.number, centres=(35.0 + 20 * place,)))
    assert least <= agreed([best, *parts]).finding.confidence <= most


def test_what_may_be_a_point_or_dust_counts_if_half_of_the_looks_at_the_same_digits_show_it() -> None:
    """One look of many may see dust where the others see paper."""
    best, again, other = (number_of(text, 0.9, strip()) for text in ("20525", "20525", "2052"))
    hinted = replace(best, hints=2)
    assert agreed([hinted, replace(again, hints=1), other]).finding.confidence == pytest.approx(0.45)
    assert agreed([replace(best, hints=1), replace(again, hints=1)]).finding.confidence == pytest.approx(0.9)
    assert agreed([hinted, again]).finding.confidence == pytest.approx(0.45)
    assert agreed([best, replace(again, hints=2)]).finding.confidence == pytest.approx(0.45)
    assert agreed([hinted, again, again]).finding.confidence == pytest.approx(0.9)


def chosen_of(upright: tuple[str, float], turned: tuple[str, float]) -> Reading:
    """Return what is made of a number, with its confidence, and of one at the same place, upside down."""
    manifest = load_manifest(MODEL.name, MODEL.version)
    assert manifest is not None
    sides = [number_of(*upright, strip())], [number_of(*turned, strip().upside_down())]
    return choose(sides, SETTINGS, manifest, MODEL).reading


@pytest.mark.parametrize(
    ("turned", "confidence", "status", "shown"),
    [
        ("8060350", 0.95, Status.REVIEW, "8060350"),
        ("8060350", 0.4, Status.READ, "0908"),
        ("8060", 0.99, Status.READ, "0908"),
    ],
)
def test_number_that_is_longer_upside_down_leaves_a_doubt(
    turned: str, confidence: float, status: Status, shown: str
) -> None:
    """A 3, a 5 or a 7 upside down is none of its digits: what is read of the others is not all there is."""
    reading = chosen_of(("0908", 0.99), (turned, confidence))
    assert (reading.status, reading.number) == (status, shown)
    assert reading.reason == (Reason.AMBIGUOUS if status is Status.REVIEW else None)


@pytest.mark.parametrize(
    ("upright", "confidence", "turned", "status"),
    [
        ("07691", 0.39, "7416920", Status.READ),
        ("07691", 0.29, "7416920", Status.READ),
        ("07691", 0.39, "7116920", Status.REVIEW),
        ("07691", 0.29, "7116920", Status.REVIEW),
        ("0269147", 0.29, "7416920", Status.REVIEW),
    ],
)
def test_what_is_left_of_a_number_seen_upside_down_is_no_rival_of_it(
    upright: str, confidence: float, turned: str, status: Status
) -> None:
    """A longer one with a 3 or a 4, which no digit looks like upside down, shows how the sheet lies."""
    reading = chosen_of((upright, confidence), (turned, 0.99))
    assert (reading.status, reading.number) == (status, turned)
    assert reading.reason == (Reason.AMBIGUOUS if status is Status.REVIEW else None)


@pytest.mark.parametrize(
    ("text", "likelier"), [("13381", 1), ("31370580", 1), ("106927", 10), ("234234", 50)]
)
def test_sheet_that_does_not_lie_upright_has_to_be_surer(text: str, likelier: float) -> None:
    """Sheets seldom do: STREET upside down looks much like 13381, but hardly a long word like 106927."""
    read = number_of(text, 0.99, strip().upside_down())
    assert odds(turned(read).finding.confidence) == pytest.approx(odds(0.99) * CROP_TURNED[2] * likelier)


@pytest.mark.parametrize(
    ("text", "beside", "letters", "most"),
    [
        ("7380", Beside(0.99, joined=True), 1, 0.4),
        ("7380", Beside(0.99), 1, 1),
        ("1131", Beside(), 0, 0.4),
        ("6809", Beside(), 8, 0.4),
        ("6809", Beside(), 0, 1),
    ],
)
def test_what_upright_print_may_look_like_is_never_read_where_it_does_not_lie_upright(
    text: str, beside: Beside, letters: int, most: float
) -> None:
    """OBELISK upside down is like 7380 beside letters, a table's rules like ones, 3234 6089 like 6809."""
    read = number_of(text, 1.0, strip().upside_down())
    number = replace(read.number, before=beside, letters=letters)
    confidence = turned(replace(read, number=number)).finding.confidence
    assert confidence == pytest.approx(most, abs=0.001)


@pytest.mark.parametrize(
    ("text", "opposite", "share", "doubted"),
    [("0068", "100320", 0.98, 1), ("0068", "100220", 0.98, 0), ("0068", "100320", 0.8, 0),
     ("0068", "3", 0.98, 0), ("0768", "100320", 0.98, 0)],
)  # fmt: skip
def test_page_whose_opposite_corner_lies_upright_has_no_number_upside_down(
    text: str, opposite: str, share: float, doubted: int
) -> None:
    """3 and 4 are no digits upside down: a date with one of them lies as the page does."""
    corner, other = replace(strip(30, 50), apart=True), replace(strip(30, 50), apart=True, turns=2)
    read, date = number_of(text, 1.0, corner), number_of(opposite, 0.15, other)
    date = replace(date, number=replace(date.number, share=share))
    assert is_upside_down(read, [read, date]) == doubted
    assert not is_upside_down(replace(read, strip=replace(corner, apart=False)), [read, date])


@pytest.mark.parametrize(("between", "hints"), [(0.2, 2), (0.01, 1)])
def test_mark_between_digits_may_be_a_sign_where_the_model_thinks_so(between: float, hints: int) -> None:
    """The ink of a point and what the model says of it come together."""
    line = strip(20, 34, 62, 76)
    line.ink[19:22, 47:50] = 255
    number = Number((4, 2, 4, 2), (20.0, 34.0, 62.0, 76.0), (0.99,) * 4, 0.99, between=(0.0, between, 0.0))
    assert settled(Printed(line.ink, number), line, "0123456789", SETTINGS).hints == hints


def test_number_that_half_of_the_looks_show_beside_a_letter_is_in_doubt() -> None:
    """One look may see a gap in FR52703 that others do not."""
    apart = number_of("52703", 0.99, strip())
    code = replace(apart, code=True)
    assert agreed([apart, code]).finding.confidence == pytest.approx(0.99 / 2)
    assert agreed([apart, apart, code]).finding.confidence == 0.99
    assert agreed([code, code]).finding.confidence == 0.99


def test_number_that_any_look_shows_in_a_line_of_text_is_in_doubt() -> None:
    """It may be a post code, or of a date; a line that ends with the number does not show it."""
    apart = number_of("4082", 0.99, strip())
    assert agreed([apart, replace(apart, in_text=True)]).finding.confidence == pytest.approx(0.99 / 2)
    assert agreed([apart, apart]).finding.confidence == 0.99


@pytest.mark.parametrize(("half", "apart", "less"), [(10, 30, 0.15), (10, 24, 1), (6, 28, 1)])
def test_what_is_to_be_ticked_is_hardly_a_number(half: int, apart: int, less: float) -> None:
    """Nobody's 8 is as wide as it is high, and so far from the next one; a box with a cross is."""
    line, centres = strip(), tuple(20.0 + apart * place for place in range(3))
    for centre in centres:
        cv2.ellipse(line.ink, (int(centre), 14), (half - 1, 9), 0, 0, 360, 255, 3)
    confidence, other = (
        settled(Printed(line.ink, number), line, "0123456789", SETTINGS).finding.confidence
        for number in (Number(digits, centres, (0.99,) * 3, 0.99) for digits in ((8, 8, 8), (6, 6, 6)))
    )
    assert confidence == pytest.approx(less * other)
