"""A sheet's number is picked out of an OCR library's text by one rule."""

from tests.benchmarks.answers import Answer, Line, pick_number
from tests.benchmarks.tesseract import lines

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def picked(*texts: str) -> str | None:
    """Return the number picked from lines of text, one below the other."""
    return pick_number(Line(text, 10.0 * row, 100, 0.9) for row, text in enumerate(texts)).number


def test_takes_the_number_beside_its_label() -> None:
    """Letters and punctuation around the number do not belong to it."""
    assert picked("Formular-Nr.: 0048213") == "0048213"


def test_the_longest_run_wins() -> None:
    """A date is no match for a longer number, wherever it stands."""
    assert picked("12.03.2024", "No. 48213") == "48213"


def test_of_equals_the_topmost_then_the_last() -> None:
    """Of equally long runs the upper one counts, and on one line the right one."""
    assert picked("1111 x 2222", "3333") == "2222"


def test_widely_set_digits_are_one_number() -> None:
    """Spaces between digits do not divide a number; anything else does."""
    assert picked("1 5 8 0 2 6") == "158026"
    assert picked("158-026") is None


def test_too_short_and_too_long_are_no_numbers() -> None:
    """Runs under four and over twelve digits are not a sheet's number."""
    assert picked("417", "1234567890123") is None
    assert pick_number([]) == Answer()


def test_reads_tesseracts_table() -> None:
    """Words of one line are joined; the line is as sure as its least sure word with a digit."""
    table = HEADER + (
        "1\t1\t0\t0\t0\t0\t0\t0\t450\t400\t-1\t\n"
        "5\t1\t1\t1\t1\t1\t200\t60\t30\t20\t40.0\tNo.\n"
        "5\t1\t1\t1\t1\t2\t240\t58\t50\t22\t91.5\t0048\n"
        '5\t1\t1\t1\t1\t3\t300\t58\t40\t22\t88.0\t21"\n'
        "5\t1\t1\t1\t2\t1\t200\t90\t40\t20\t95.0\ttext\n"
    )
    first, second = lines(table)
    assert first == Line('No. 0048 21"', top=58, right=340, confidence=0.88)
    assert (second.text, second.confidence) == ("text", 0)
    assert pick_number([first, second]).number == "004821"


def test_tesseracts_silence_is_no_answer() -> None:
    """No output at all, as for a file that it cannot open, is no answer."""
    assert lines("") == []
