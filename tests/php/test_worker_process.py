"""The PHP worker as a process: it stops when asked to, and nothing that it is sent brings it down."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.php.subscription_server import Subscription, SubscriptionServer
from tests.php.test_worker_killed import result, stored, wait_until
from tests.php.workers import FLAVOURS, Flavour, needs_libraries, running

LEASE_SECONDS = 5.0


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_stops_on_sigterm_within_its_pull(flavour: Flavour, tmp_path: Path) -> None:
    """SIGTERM ends it with success and in order, after all that it had in hand was stored and answered."""
    database = tmp_path / "sheets.sqlite"
    served = Subscription(LEASE_SECONDS)
    for number in range(5):
        served.publish(result(number))
    with SubscriptionServer(served) as server, running(flavour, server.address, database) as worker:
        wait_until(lambda: served.unanswered() == 0, "the messages to be answered")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    assert len(stored(database)) == 5


@needs_libraries
def test_sigterm_interrupts_a_long_pull(tmp_path: Path) -> None:
    """An idle worker does not wait for its pull to end: it is gone while the server still holds it."""
    served = Subscription(LEASE_SECONDS, pull_seconds=600.0)
    with (
        SubscriptionServer(served) as server,
        running(Flavour.GOOGLE, server.address, tmp_path / "sheets.sqlite") as worker,
    ):
        assert served.pulling.wait(30)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
        assert served.pulling.is_set()
        served.publish(result(0))  # ends the pull, so that the server can stop


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_poison_does_not_stop_the_others(flavour: Flavour, tmp_path: Path) -> None:
    """Messages that are no results are given back, again and again; every result behind them is stored."""
    database = tmp_path / "sheets.sqlite"
    served = Subscription(LEASE_SECONDS)
    poison = [b"", b"junk", b"\xff\x00", json.dumps({"schemaVersion": 9}).encode()]
    for number, junk in enumerate(poison):
        served.publish(junk)
        served.publish(result(number))
    with SubscriptionServer(served) as server, running(flavour, server.address, database) as worker:
        wait_until(lambda: served.unanswered() == len(poison), "the results to be answered")
        time.sleep(0.3)  # a few more deliveries of the poison
        assert worker.poll() is None
    assert len(stored(database)) == len(poison)
    log = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines()]
    assert len([entry for entry in log if entry["message"] == "message refused"]) >= len(poison)
