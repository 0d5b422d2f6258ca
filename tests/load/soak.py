"""A soak: events by the thousand, posted to the function's process, as many at once as it has threads."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from infra.local.application import Answer, Application
from infra.local.parts import THREADS
from infra.local.stack import LocalStack, Options, PubSub
from tests.load.events import PREFIX, Announced, announced
from tests.load.measures import Burst, Latency
from tests.load.tally import tally
from tests.load.watch import watching

EVENT_SECONDS = 60.0
ANSWER_SECONDS = 30.0  # for the last ones, after all events were accepted


@dataclass(slots=True)
class Sender:
    """Posts events to the function from several threads, until there are enough or it is time.

    Attributes:
        url: The function's.
        end: When it is time, by the monotonic clock.
        seconds: How long each accepted event took.
        sent: What was announced by each event id.
        errors: How many were not accepted.
    """

    url: str
    end: float
    seconds: list[float] = field(default_factory=list)
    sent: dict[str, Announced] = field(default_factory=dict)
    errors: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, events: Iterator[tuple[str, Announced]], count: int, at_once: int) -> None:
        """Send `count` events, `at_once` at a time."""
        with ThreadPoolExecutor(at_once) as pool:
            for sending in [pool.submit(self._send, events, count) for _ in range(at_once)]:
                sending.result()

    def _send(self, events: Iterator[tuple[str, Announced]], count: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < self.end:
                with self._lock:
                    if len(self.sent) >= count:
                        return
                    event_id, announced = next(events)
                    self.sent[event_id] = announced
                self._post(session, event_id, announced)

    def _post(self, session: requests.Session, event_id: str, announced: Announced) -> None:
        event = announced.event(event_id)
        began = time.monotonic()
        try:
            answer = session.post(
                self.url, data=event.body, headers=dict(event.headers), timeout=EVENT_SECONDS
            )
            accepted = answer.ok
        except requests.RequestException:
            accepted = False
        with self._lock:
            self.errors += not accepted
            if accepted:
                self.seconds.append(time.monotonic() - began)


def run(count: int, seconds: float) -> Burst:
    """Send `count` events, for so many seconds at most."""
    options = Options(pubsub=PubSub.EMBEDDED, environ={"SHEETID_PREFIX": PREFIX})
    with LocalStack("soak", options) as stack, Application(stack, "soak") as application:
        stack.stop("eventarc")  # these events are ours
        sender = Sender(stack.addresses.function_url, time.monotonic() + seconds)
        with watching(stack.pid("function"), lambda: len(sender.seconds)) as watch:
            sender.send(announced(application), count, THREADS)
        answers = collect(application, sender.sent)
        return Burst(
            name=f"soak, {THREADS} at a time",
            planned=count,
            sent=len(sender.sent),
            tally=tally({event_id: one.question for event_id, one in sender.sent.items()}, answers),
            errors=sender.errors,
            seconds=watch.seconds,
            latency=Latency.of(sender.seconds),
            cpu_ms=1000 * watch.cpu_seconds / len(sender.sent),
            memory=watch.memory,
        )


def collect(application: Application, sent: dict[str, Announced]) -> dict[str, list[Answer]]:
    """Return the answers by the ids of their events, once there are as many as there should be."""
    wanted: dict[str, int] = defaultdict(int)
    for one in sent.values():
        wanted[one.sheet.identity] += one.question.expected is not None
    answers = defaultdict(list)
    end = time.monotonic() + ANSWER_SECONDS
    for identity, number in wanted.items():
        for answer in application.inbox.wait(identity, max(0.0, end - time.monotonic()), number):
            answers[answer.result["eventId"]].append(answer)
    return answers
