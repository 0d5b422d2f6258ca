"""Properties of the steps between picture and decision, whatever they are given."""

import math
import re

import grpc
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetid.cloud.serving import explain
from sheetid.evidence.end import ends_of
from sheetid.evidence.ends import open_ends
from sheetid.evidence.letters import HIGHEST, LOWEST, heights_of_letters
from sheetid.manifest import Manifest
from sheetid.prediction import weighed
from sheetid.reading import Finding, decide, rivals, support, violation, weigh
from sheetid.recognition.numbers import find_numbers
from sheetid.recognition.printed import Printed
from sheetid.result import Reason, Status
from sheetid.settings import CheckDigit, ReadingSettings, ServingSettings
from sheetid.vision.geometry import (
    bounding_box,
    corners,
    half_turn,
    quarter_turns_back,
    transform,
)
from sheetid.vision.glyphs import centred, stack, stretched
from sheetid.vision.ink import without_pepper
from sheetid.vision.page import is_page, orientations
from sheetid.vision.runs import find_groups
from tests.unit.hostile.arrays import Picture, pictures
from tests.unit.hostile.classifiers import CLASSES

few = settings(max_examples=60, deadline=None)
SEED = st.integers(0, 2**32 - 1)
SHARE = st.floats(0, 1)
NUMBER = st.text("0123456789", min_size=1, max_size=14)
RULES = st.builds(
    lambda low, more, check, pattern: ReadingSettings(
        min_length=low, max_length=low + more, check=check, pattern=re.compile(pattern) if pattern else None
    ),
    st.integers(1, 12),
    st.integers(0, 8),
    st.sampled_from([None, *CheckDigit]),
    st.sampled_from([None, "[0-9]{6}", "0.*", "(1|2)+"]),
)
FINDING = st.builds(Finding, NUMBER, SHARE, st.floats(1, 2000))
MANIFEST = Manifest("0123456789", 1.0, read_threshold=0.9, review_threshold=0.3)


@given(st.lists(FINDING, max_size=6), RULES)
def test_a_decision_names_what_fits_or_why_not(findings: list[Finding], rules: ReadingSettings) -> None:
    """Only a sure number that fits is read; what is not read has a reason, and what is shown exists."""
    decision = decide(findings, rules, MANIFEST)
    if decision.status is Status.READ:
        assert decision.chosen is not None
        assert findings[decision.chosen].confidence >= MANIFEST.read_threshold
        assert violation(findings[decision.chosen].number, rules) is None
        assert decision.reason is None
    else:
        assert isinstance(decision.reason, Reason)
    assert (decision.chosen is None) == (decision.status is Status.REJECTED)


@given(FINDING, FINDING)
def test_no_number_rivals_itself(one: Finding, other: Finding) -> None:
    """Support is finite, and only another number is a rival."""
    assert math.isfinite(support(one))
    assert not rivals(one, one)
    assert not rivals(one, Finding(one.number, other.confidence, other.height))


@given(st.lists(st.tuples(NUMBER, SHARE), min_size=1, max_size=13), RULES)
def test_a_rule_chooses_one_of_the_readings(ways: list[tuple[str, float]], rules: ReadingSettings) -> None:
    """It fits if any does, and its share stays one."""
    total = sum(share for _, share in ways) or 1.0
    ways = sorted(((number, share / total) for number, share in ways), key=lambda way: -way[1])
    chosen, share = weigh(ways, rules)
    assert 0 <= share <= 1 + 1e-9
    fits = [violation(number, rules) is None for number, _ in ways]
    assert fits[chosen] or not any(fits)


@given(SEED, st.integers(1, 50), st.integers(1, CLASSES - 2))
def test_weighed_scores_are_probabilities(seed: int, count: int, characters: int) -> None:
    """Rows add up to 1, and characters gain what other print loses."""
    scores = np.random.default_rng(seed).dirichlet(np.full(CLASSES, 0.3), count)
    weights = weighed(scores, characters)
    assert np.allclose(weights.sum(axis=1), 1)
    assert (weights[:, :characters] >= scores[:, :characters] - 1e-12).all()


@few
@given(SEED, st.integers(60, 400), st.integers(0, 200), st.integers(0, 200), st.floats(0, 1))
def test_a_number_has_two_ends(seed: int, width: int, first: int, last: int, share: float) -> None:
    """Of every number in any strip none, one or both are open."""
    random = np.random.default_rng(seed)
    strip = random.integers(0, 256, (28, width), np.uint8)
    scores = random.dirichlet(np.full(CLASSES, 0.1), (width - 28) // 2 + 1)
    for number in find_numbers(scores):
        seen = min(first, width), max(0, width - last)
        ends = ends_of(Printed(strip, number), seen, random.random(width) < share)
        assert open_ends(ends) in {0, 1, 2}
        assert all(LOWEST <= height <= HIGHEST for end in ends for height in heights_of_letters(end))


@few
@given(pictures())
def test_pictures_stay_pictures(picture: Picture) -> None:
    """Pepper goes without a change of size or type; a page has two ways to lie, or all four."""
    assert without_pepper(picture).shape == picture.shape
    assert without_pepper(picture).dtype == np.uint8
    assert isinstance(is_page(picture), bool)
    assert set(orientations(picture)) in ({0, 2}, {1, 3}, {0, 1, 2, 3})


@few
@given(pictures(), pictures())
def test_groups_lie_in_their_masks(one: Picture, other: Picture) -> None:
    """Lines of components have a size and finite places, in either mask."""
    height, width = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
    masks = [np.asarray(picture[:height, :width] > 128, np.uint8) for picture in (one, other)]
    groups = find_groups(masks)
    assert len(groups.lines) == len(groups.even) == len(groups.promise)
    assert np.isfinite(groups.lines).all()
    assert (groups.even >= 0).all()


@few
@given(SEED, st.integers(1, 300), st.integers(1, 300))
def test_any_cut_character_becomes_a_window(seed: int, height: int, width: int) -> None:
    """It is 28x28 whatever its shape, and batches hold what they are given, between 0 and 1."""
    ink = np.random.default_rng(seed).random((height, width), np.float32)
    window = centred(ink)
    assert window.shape == (28, 28)
    assert window.dtype == np.uint8
    assert stretched(window).max() >= window.max()
    batch = stack([window[None], window[None]])
    assert batch.shape == (2, 28, 28, 1)
    assert 0 <= batch.min() <= batch.max() <= 1


@given(st.integers(0, 3), st.integers(1, 30_000), st.integers(1, 30_000), SHARE, SHARE)
def test_turns_lead_into_the_image_and_back(turns: int, width: int, height: int, x: float, y: float) -> None:
    """A point of the turned image is one of the image; half a turn twice is none."""
    turned = (width, height) if turns % 2 == 0 else (height, width)
    point = np.array([[x * (turned[0] - 1), y * (turned[1] - 1)]])
    there = transform(point, quarter_turns_back(turns, width, height))
    assert (there >= -1e-6).all()
    assert (there <= np.array([width, height])).all()
    twice = transform(transform(point, half_turn(width, height)), half_turn(width, height))
    assert np.allclose(twice, point)


@given(*[st.floats(-1e5, 1e5)] * 4)
def test_a_box_holds_its_corners(left: float, top: float, width: float, height: float) -> None:
    """Whole pixels around any four corners."""
    points = corners(left, top, left + abs(width), top + abs(height))
    x, y, across, down = bounding_box(points)
    assert x <= points[:, 0].min()
    assert y <= points[:, 1].min()
    assert x + across >= points[:, 0].max()
    assert y + down >= points[:, 1].max()


@given(st.sampled_from(list(grpc.StatusCode)), st.text(max_size=1000))
def test_every_refusal_has_a_cause(code: grpc.StatusCode, details: str) -> None:
    """Whatever a server says, the cause names the status and stays short."""
    cause = explain(code, details, ServingSettings("127.0.0.1:1"))
    assert code.name in cause
    assert len(cause) < 600
