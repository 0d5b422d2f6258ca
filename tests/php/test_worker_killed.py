"""The PHP worker is killed at any point, and yet every result is stored once and answered."""

import contextlib
import json
import os
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.php.subscription_server import Point, Subscription, SubscriptionServer
from tests.php.workers import FLAVOURS, Flavour, kill, running

RUNS = int(os.environ.get("SHEETID_PHP_KILL_RUNS", "8"))
SHEETS = 20
LEASE_SECONDS = 0.3
PATIENCE_SECONDS = 60.0


def result(number: int) -> bytes:
    """Return the message for one sheet."""
    fields = {
        "schemaVersion": 1,
        "sheetNumber": f"{number:07d}",
        "status": "read",
        "confidence": 0.99,
        "bucket": "sheets",
        "image": f"{number}.jpg",
        "generation": str(1_700_000_000_000_000 + number),
        "fieldOfTomorrow": {"nested": [number]},
    }
    return json.dumps(fields).encode()


class Victim:
    """Kills a worker when a point is reached for the n-th time, and lets the conversation end there."""

    def __init__(self, point: Point, count: int) -> None:
        """Kill at the `count`-th time that `point` is reached."""
        self.point, self.count = point, count
        self.kill: Callable[[], None] = lambda: None
        self.killed = False

    def reached(self, point: Point) -> bool:
        """Kill the worker if this is the point."""
        if point is not self.point or self.killed:
            return self.killed
        self.count -= 1
        if self.count > 0:
            return False
        self.killed = True
        self.kill()
        return True


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Wait until something happened."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < end, f"waited {PATIENCE_SECONDS:.0f} s for {what}"
        time.sleep(0.005)


def stored(database: Path) -> list[tuple[str, str]]:
    """Return image and number of every row."""
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        return connection.execute("SELECT image, sheet_number FROM sheet_results").fetchall()


class Run:
    """One worker's life: messages to store, and who watches what is acknowledged."""

    def __init__(self, flavour: Flavour, database: Path) -> None:
        """Publish every sheet's result."""
        self.flavour, self.database = flavour, database
        self.unstored: list[str] = []
        self.served = Subscription(LEASE_SECONDS, acknowledged=self._check)
        for number in range(SHEETS):
            self.served.publish(result(number))

    def kill_at(self, point: Point, count: int, address: str) -> None:
        """Run a worker until a point has been reached `count` times, or nothing is left to do."""
        victim = Victim(point, count)
        with running(self.flavour, address, self.database) as worker:
            victim.kill = lambda: kill(worker)
            self.served.reached = victim.reached
            wait_until(lambda: victim.killed or self.is_done(), "the worker to get anywhere")
        self.served.reached = lambda _: False

    def kill_after(self, seconds: float, address: str) -> None:
        """Run a worker for so long: too short to start, or into the middle of a transaction."""
        with running(self.flavour, address, self.database):
            time.sleep(seconds)

    def finish(self, address: str) -> None:
        """Run a worker until nothing is left to do."""
        with running(self.flavour, address, self.database):
            wait_until(self.is_done, "every message to be answered")

    def is_done(self) -> bool:
        """Return whether every message has been acknowledged."""
        return self.served.unanswered() == 0

    def _check(self, messages: list[bytes]) -> None:
        """Note what is acknowledged before its row can be seen from outside."""
        present = {image for image, _ in stored(self.database)}
        images = [json.loads(message)["image"] for message in messages]
        self.unstored += [image for image in images if image not in present]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_killed_anywhere_every_result_is_stored_once(flavour: Flavour, tmp_path: Path) -> None:
    """After any kills each object has one row, no message is left, and none was answered unstored."""
    chance = random.Random(f"kills of the {flavour} worker")  # noqa: S311 - the same kills on every run
    expected = sorted((f"{number}.jpg", f"{number:07d}") for number in range(SHEETS))
    for number in range(RUNS):
        run = Run(flavour, tmp_path / f"run-{number}.sqlite")
        point = list(Point)[number % len(Point)]  # each in turn: chance may leave one out
        with SubscriptionServer(run.served) as server:
            run.kill_at(point, chance.randint(1, 3), server.address)
            for _ in range(chance.randint(0, 2)):
                run.kill_after(chance.uniform(0.0, 0.25), server.address)
            run.finish(server.address)
        assert sorted(stored(run.database)) == expected, f"run {number}, killed {point}"
        assert run.unstored == [], f"run {number}, killed {point}: acknowledged before they were stored"
