"""The local Eventarc between a real Pub/Sub emulator and a server that answers as it is told."""

import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from google.api_core.exceptions import DeadlineExceeded
from google.pubsub_v1.types import PubsubMessage, ReceivedMessage

from infra.local import clients, names, topics
from infra.local.cloudevent import FINALIZED
from infra.local.eventarc import Policy
from infra.local.names import Project
from infra.local.ports import Ports, address
from infra.local.probes import pubsub_probe
from infra.local.process import Process, Supervisor
from infra.local.stack import ROOT
from tests.integration.stack.receiver import receiver

ATTRIBUTES = {"eventType": "OBJECT_FINALIZE", "bucketId": names.BUCKET}
SECONDS = 60.0
FAST = ("--minimum-backoff", "0.05", "--maximum-backoff", "0.2")


class Wires:
    """A Pub/Sub emulator, and what it takes to run the local Eventarc on one project of its own."""

    def __init__(self, supervisor: Supervisor, pubsub: str) -> None:
        """Create the project's topics in the emulator at `pubsub`."""
        self.project = Project(f"eventarc-{secrets.token_hex(3)}")
        self.supervisor = supervisor
        self.pubsub = pubsub
        log = supervisor.log("eventarc")
        self._log_start = len(log.read_text()) if log.exists() else 0
        topics.create_topics(pubsub, self.project)

    def notify(self, *object_names: str) -> None:
        """Publish the notifications of finalized objects."""
        data = [
            json.dumps({"bucket": names.BUCKET, "name": name, "generation": "1"}) for name in object_names
        ]
        self.publish(*(PubsubMessage(data=text.encode(), attributes=ATTRIBUTES) for text in data))

    def publish(self, *messages: PubsubMessage) -> None:
        """Publish any messages to the notification topic."""
        topic = self.project.topic(names.NOTIFICATIONS)
        with clients.publisher(self.pubsub) as publisher:
            for message in messages:
                publisher.publish(topic, message.data, **message.attributes).result()

    def start(self, url: str, *options: str) -> None:
        """Run the local Eventarc."""
        command = [sys.executable, "-u", "-m", "infra.local.eventarc", "--function-url", url]
        command += ["--pubsub", self.pubsub, "--project", self.project.id]
        command += ["--subscription", names.NOTIFICATIONS_SUBSCRIPTION]
        command += ["--dead-letter-topic", names.NOTIFICATIONS_DEAD, *options]
        self.supervisor.start(Process("eventarc", command, dict(os.environ), is_ready=None))

    def wait_for_log(self, text: str) -> None:
        """Wait until the local Eventarc has logged a text in this test."""
        deadline = time.monotonic() + SECONDS
        while text not in self.supervisor.log("eventarc").read_text()[self._log_start :]:
            assert time.monotonic() < deadline, f"{text!r} was never logged"
            time.sleep(0.05)

    def pull(self, subscription: str, seconds: float) -> list[ReceivedMessage]:
        """Take messages off a subscription; none if none comes in time."""
        full_name = self.project.subscription(subscription)
        with clients.subscriber(self.pubsub) as subscriber:
            try:
                pulled = subscriber.pull(subscription=full_name, max_messages=10, timeout=seconds, retry=None)
            except DeadlineExceeded:
                return []
            received = list(pulled.received_messages)
            if received:
                subscriber.acknowledge(subscription=full_name, ack_ids=[each.ack_id for each in received])
            return received


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    """Supervise the emulator and the local Eventarc."""
    with Supervisor(tmp_path_factory.mktemp("logs"), ROOT) as running:
        yield running


@pytest.fixture(scope="module")
def pubsub(supervisor: Supervisor) -> str:
    """Run a Pub/Sub emulator and return its address."""
    port = Ports.free().pubsub
    command = [sys.executable, "-u", "-m", "infra.local.pubsub", "--port", str(port)]
    probe = pubsub_probe(address(port), "any")
    supervisor.start(Process("pubsub", command, dict(os.environ), is_ready=probe))
    return address(port)


@pytest.fixture
def wires(supervisor: Supervisor, pubsub: str) -> Iterator[Wires]:
    """Give every test a project of its own."""
    yield Wires(supervisor, pubsub)
    supervisor.stop("eventarc")


def test_an_event_arrives_once_and_is_acknowledged(wires: Wires) -> None:
    """A notification becomes a request; accepted, it is not delivered again."""
    with receiver(lambda _headers, _before: 204) as function:
        wires.start(function.url, *FAST)
        wires.notify("in/sheet.jpg")
        ((headers, body),) = function.wait(1)
        wires.wait_for_log("delivered")
        wires.supervisor.stop("eventarc")
        wires.start(function.url, *FAST)
        wires.notify("in/other.jpg")
        ids = [headers["ce-id"] for headers, _ in function.wait(2)]
    assert headers["ce-type"] == FINALIZED
    assert headers["ce-subject"] == "objects/in/sheet.jpg"
    assert json.loads(body)["generation"] == "1"
    assert len(set(ids)) == len(ids) == 2


def test_a_refused_event_is_tried_again(wires: Wires) -> None:
    """Whatever is not 2xx is tried again, with the same id, until it is."""
    statuses = [500, 503, 404, 302, 429, 200]
    with receiver(lambda _headers, before: statuses[before]) as function:
        wires.start(function.url, *FAST)
        wires.notify("sheet.jpg")
        requests = function.wait(len(statuses))
    assert len({headers["ce-id"] for headers, _ in requests}) == 1
    assert len({headers["traceparent"] for headers, _ in requests}) == 1
    assert wires.pull(names.NOTIFICATIONS_DEAD_SUBSCRIPTION, 0.5) == []


def test_an_event_waits_for_the_function_to_be_there(wires: Wires) -> None:
    """A refused connection is a failed attempt like any other."""
    port = Ports.free().function
    wires.start(f"http://{address(port)}/", *FAST)
    wires.notify("sheet.jpg")
    wires.wait_for_log("ConnectionError")
    with receiver(lambda _headers, _before: 200, port) as function:
        assert len(function.wait(1)) == 1


def test_an_event_that_is_refused_for_ever_holds_up_no_other(wires: Wires) -> None:
    """Events that wait for their next attempt do not count as in flight."""
    with receiver(lambda headers, _before: 500 if "bad" in headers["ce-subject"] else 200) as function:
        wires.start(function.url, *FAST, "--in-flight", "1")
        wires.notify("bad/1.jpg", "bad/2.jpg", "bad/3.jpg", "good.jpg")
        deadline = time.monotonic() + SECONDS
        while not any("good" in headers["ce-subject"] for headers, _ in function.wait(4)):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_several_events_are_in_flight_at_once(wires: Wires) -> None:
    """As many events as the option says are with the function at a time, and no more."""
    together = threading.Barrier(3)

    def decide(_headers: dict[str, str], _before: int) -> int:
        together.wait(timeout=60)  # each waits for two others: three at once, or none gets through
        return 200

    with receiver(decide) as function:
        wires.start(function.url, *FAST, "--in-flight", "3")
        wires.notify(*(f"{number}.jpg" for number in range(6)))
        assert len({headers["ce-id"] for headers, _ in function.wait(6)}) == 6


def test_an_event_that_grows_too_old_is_a_dead_letter(wires: Wires) -> None:
    """After the maximum age the notification goes to the dead-letter topic, as it was, with the reason."""
    with receiver(lambda _headers, _before: 500) as function:
        wires.start(function.url, *FAST, "--maximum-age", "0.5")
        wires.notify("sheet.jpg")
        (dead,) = wires.pull(names.NOTIFICATIONS_DEAD_SUBSCRIPTION, 60)
        attempts = len(function.requests)
    assert json.loads(dead.message.data)["name"] == "sheet.jpg"
    assert ATTRIBUTES.items() <= dict(dead.message.attributes).items()
    assert dead.message.attributes["deadLetterReason"] == "too old"
    assert attempts > 1


def test_what_is_no_notification_is_a_dead_letter(wires: Wires) -> None:
    """A message that cannot be an event is put aside, and those after it are delivered."""
    with receiver(lambda _headers, _before: 200) as function:
        wires.start(function.url, *FAST)
        wires.publish(PubsubMessage(data=b"hello", attributes=ATTRIBUTES))
        wires.notify("sheet.jpg")
        function.wait(1)
        (dead,) = wires.pull(names.NOTIFICATIONS_DEAD_SUBSCRIPTION, 60)
    assert dead.message.data == b"hello"
    assert "not JSON" in dead.message.attributes["deadLetterReason"]


def test_events_of_other_kinds_are_not_delivered(wires: Wires) -> None:
    """The trigger is for finalized objects; a deletion is acknowledged and that is all."""
    data = json.dumps({"bucket": names.BUCKET, "name": "gone.jpg"}).encode()
    with receiver(lambda _headers, _before: 200) as function:
        wires.start(function.url, *FAST)
        wires.publish(PubsubMessage(data=data, attributes=ATTRIBUTES | {"eventType": "OBJECT_DELETE"}))
        wires.notify("sheet.jpg")
        ((headers, _),) = function.wait(1)
    assert headers["ce-subject"] == "objects/sheet.jpg"
    assert wires.pull(names.NOTIFICATIONS_DEAD_SUBSCRIPTION, 0.5) == []


@pytest.mark.parametrize("manner", ["stop", "kill"])
def test_an_undelivered_event_outlives_the_process(wires: Wires, manner: str) -> None:
    """What was not accepted when the local Eventarc ended is delivered by the next one."""
    with receiver(lambda _headers, _before: 500) as function:
        wires.start(function.url, *FAST)
        wires.notify("sheet.jpg")
        function.wait(2)
        getattr(wires.supervisor, manner)("eventarc")
    with receiver(lambda _headers, _before: 200) as function:
        wires.start(function.url, *FAST)
        ((headers, _),) = function.wait(1)
    assert headers["ce-subject"] == "objects/sheet.jpg"


def test_pauses_double_up_to_the_longest() -> None:
    """The real Eventarc's pauses: 10 seconds, doubled each time, 600 at most, however long it goes on."""
    policy = Policy()
    assert [policy.pause(attempts) for attempts in range(1, 9)] == [10, 20, 40, 80, 160, 320, 600, 600]
    assert policy.pause(10_000) == 600
