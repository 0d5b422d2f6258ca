"""Not faster than so many a second, and how far it has come."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")


def replay_all(
    items: Iterable[Item],
    replay: Callable[[Item], str],
    rate: float,
    console: Console,
    sleep: Callable[[float], None] = time.sleep,
) -> Counter[str]:
    """Replay each item, starting at most `rate` a second.

    Args:
        items: What there is; may come in as it goes.
        replay: Replays one and says in a word what became of it.
        rate: How many a second.
        console: Where the progress is shown.
        sleep: Waits for so many seconds.

    Returns:
        How many became what.
    """
    outcomes: Counter[str] = Counter()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("replayed", total=None)
        due = time.monotonic()
        for item in items:
            sleep(max(0.0, due - time.monotonic()))
            due = max(due, time.monotonic()) + 1 / rate
            outcomes[replay(item)] += 1
            progress.update(
                task, advance=1, description=", ".join(f"{n} {what}" for what, n in outcomes.items())
            )
    return outcomes
