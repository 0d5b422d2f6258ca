"""Things that are made once for a process."""

import threading

import pytest

from sheetid.once import Once


def test_it_is_made_when_first_needed() -> None:
    """Not before, and not again."""
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    once = Once(make)
    assert made == []
    assert once.get() is once.get()
    assert len(made) == 1


def test_threads_that_come_at_the_same_time_share_it() -> None:
    """The first makes it while the others wait."""
    everyone_is_here = threading.Barrier(8)
    made: list[object] = []
    got: list[object] = []

    def make() -> object:
        made.append(object())
        everyone_waits.wait(timeout=0.2)  # long enough for the others to come to the lock
        return made[-1]

    def use() -> None:
        everyone_is_here.wait(timeout=10)
        got.append(once.get())

    everyone_waits = threading.Event()
    once = Once(make)
    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert got == made * 8


def test_a_failure_is_not_kept() -> None:
    """The next event tries again."""
    answers = iter([OSError("no network yet"), 7])

    def make() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(make)
    with pytest.raises(OSError, match="no network yet"):
        once.get()
    assert once.get() == 7
