"""What load is counted and measured by."""

import pytest

from infra.local.application import Answer
from sheetid.result import Reason
from tests.corpus.fixture import reads, rejects
from tests.load.measures import Latency, slope
from tests.load.tally import Question, tally

QUESTIONS = {
    "1": Question("a.jpg", reads("4711")),
    "2": Question("b.jpg", rejects(Reason.NO_DIGITS)),
    "3": Question("folder/", None),
}


def answer(image: str, **fields: str) -> Answer:
    """Return an answer."""
    return Answer({"image": image, **fields}, {}, 0.0)


READ = answer("a.jpg", status="read", sheetNumber="4711")
REJECTED = answer("b.jpg", status="rejected", reason="no_digits")


def test_all_answered() -> None:
    """What is not to be answered is not asked for; a second answer that is right is a repetition."""
    counted = tally(QUESTIONS, {"1": [READ, READ], "2": [REJECTED]})
    assert (counted.asked, counted.answered, counted.lost) == (2, 2, 0)
    assert (counted.repeated, counted.wrong) == (1, 0)


def test_no_answer_is_lost() -> None:
    """An empty list is no answer either."""
    assert tally(QUESTIONS, {"1": [READ], "2": []}).lost == 1
    assert tally(QUESTIONS, {}).lost == 2


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("1", [answer("a.jpg", status="read", sheetNumber="4712")]),
        ("1", [READ, answer("a.jpg", status="read", sheetNumber="4712")]),
        ("1", [answer("c.jpg", status="read", sheetNumber="4711")]),
        ("2", [answer("b.jpg", status="rejected", reason="too_small")]),
        ("3", [answer("folder/", status="rejected", reason="empty_file")]),
        ("4", [READ]),
    ],
    ids=["number", "second answer", "another's", "reason", "unwanted", "unasked"],
)
def test_wrong_answers(key: str, given: list[Answer]) -> None:
    """Each is counted once, and said in words."""
    counted = tally(QUESTIONS, {"1": [READ], "2": [REJECTED]} | {key: given})
    assert counted.wrong == len(counted.complaints) == 1


def test_percentiles() -> None:
    """In milliseconds; a burst in which nothing was accepted has none."""
    assert Latency.of([n / 1000 for n in range(1, 102)]) == Latency(51.0, 96.0, 100.0, 101.0)
    assert Latency.of([]) == Latency(0.0, 0.0, 0.0, 0.0)


def test_the_slope_leaves_warming_up_out() -> None:
    """Memory that rises at first and then no more is flat; what rises all the time is not."""
    warming = [(events, 100.0 if events < 1000 else 160.0) for events in range(0, 20_001, 100)]
    assert slope(warming) == 0
    leaking = [(events, 100 + events / 500) for events in range(0, 20_001, 100)]
    assert slope(leaking) == pytest.approx(2)
    assert slope([(0, 1.0), (5, 2.0)]) == 0
