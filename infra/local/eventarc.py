"""A local Eventarc: delivers Cloud Storage notifications to the function as Eventarc does.

Every finalized object becomes a CloudEvent in binary mode, posted to the function. What is not answered with
2xx is posted again after a pause that doubles each time; an event that grows too old goes to the dead-letter
topic, if there is one. Notifications are acknowledged when their event has ended one way or the other: none
is lost with this process, Pub/Sub delivers it again.

Usage: python -m infra.local.eventarc --pubsub HOST:PORT --project P --subscription S --function-url URL
"""

import argparse
import asyncio
import logging
import secrets
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus

import requests
from google.cloud.pubsub_v1 import PublisherClient
from google.cloud.pubsub_v1.subscriber.message import Message
from google.cloud.pubsub_v1.types import FlowControl

from infra.local import clients
from infra.local.cloudevent import FINALIZED, EventRequest, NotAnEventError, Notification, event_request
from infra.local.names import Project

LOG = logging.getLogger("eventarc")
LEASE_SECONDS = 10
OUTSTANDING_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Policy:
    """How events are delivered.

    Attributes:
        minimum_backoff: Seconds before the second attempt; each later pause is twice as long.
        maximum_backoff: The longest pause, in seconds.
        maximum_age: Seconds after which an undelivered event is given up.
        in_flight: How many events the function is given at a time.
        timeout: Seconds that the function may take for one event.
    """

    minimum_backoff: float = 10.0
    maximum_backoff: float = 600.0
    maximum_age: float = 86_400.0
    in_flight: int = 8
    timeout: float = 540.0

    def pause(self, attempts: int) -> float:
        """Return the seconds to wait after so many failed attempts."""
        return min(self.maximum_backoff, self.minimum_backoff * 2.0 ** min(attempts - 1, 30))


class Trigger:
    """Delivers the events of one subscription to one function."""

    def __init__(self, function_url: str, policy: Policy, dead_letters: "DeadLetters | None") -> None:
        """Deliver to `function_url`; what is given up goes to `dead_letters`."""
        self._url = function_url
        self._policy = policy
        self._dead_letters = dead_letters
        # A thread posts one event at a time. Events that wait for their next attempt hold none.
        self._posting = ThreadPoolExecutor(policy.in_flight, "post")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=policy.in_flight))

    async def handle(self, message: Message) -> None:
        """Deliver the event of one message, however long it takes, and acknowledge it in the end."""
        try:
            event = event_request(notification_of(message), new_traceparent())
        except NotAnEventError as error:
            LOG.warning("message %s is no notification: %s", message.message_id, error)
            await self._give_up(message, str(error))
            return
        if event.type == FINALIZED and not await self._deliver(event):
            await self._give_up(message, "too old")
            return
        message.ack()

    async def _deliver(self, event: EventRequest) -> bool:
        """Post an event until it is accepted; return False if it grew too old first."""
        started, attempts = time.monotonic(), 0
        while True:
            problem = await asyncio.get_running_loop().run_in_executor(self._posting, self._post, event)
            attempts += 1
            if problem is None:
                LOG.info("event %s delivered, attempt %d", event.id, attempts)
                return True
            pause = self._policy.pause(attempts)
            LOG.warning("event %s, attempt %d: %s; again in %.1f s", event.id, attempts, problem, pause)
            if time.monotonic() - started + pause > self._policy.maximum_age:
                return False
            await asyncio.sleep(pause)

    def _post(self, event: EventRequest) -> str | None:
        """Post an event once; return what went wrong, if anything did."""
        try:
            answer = self._session.post(
                self._url,
                data=event.body,
                headers=dict(event.headers),
                timeout=self._policy.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return type(error).__name__
        accepted = HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES
        return None if accepted else f"HTTP {answer.status_code}"

    async def _give_up(self, message: Message, why: str) -> None:
        LOG.error("message %s is given up: %s", message.message_id, why)
        if self._dead_letters is not None:
            await asyncio.to_thread(self._dead_letters.publish, message, why)
        message.ack()


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The topic of the events that are given up."""

    publisher: PublisherClient
    topic: str

    def publish(self, message: Message, why: str) -> None:
        """Publish what the message carried, and why it was given up."""
        attributes = {
            **message.attributes,
            "deadLetterReason": why,
            "deadLetterMessageId": message.message_id,
        }
        self.publisher.publish(self.topic, message.data, **attributes).result()


def notification_of(message: Message) -> Notification:
    """Return the notification in a Pub/Sub message."""
    published = message.publish_time.isoformat().replace("+00:00", "Z")
    return Notification(message.message_id, published, dict(message.attributes), message.data)


def new_traceparent() -> str:
    """Return the header that starts a new trace, as W3C Trace Context has it."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


async def run(pubsub: str, subscription: str, trigger: Trigger) -> None:
    """Deliver the messages of a subscription until SIGTERM or SIGINT."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    tasks: dict[asyncio.Task[None], Message] = {}

    def begin(message: Message) -> None:
        task = loop.create_task(trigger.handle(message))
        tasks[task] = message
        task.add_done_callback(finish)

    def finish(task: asyncio.Task[None]) -> None:
        message = tasks.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            LOG.error("message %s is left to be delivered again", message.message_id, exc_info=error)
            message.drop()  # Pub/Sub delivers it again when its lease ends, and not at once and for ever

    with clients.subscriber(pubsub) as subscriber:
        pulling = subscriber.subscribe(
            subscription,
            callback=lambda message: loop.call_soon_threadsafe(begin, message),
            flow_control=FlowControl(
                max_messages=OUTSTANDING_EVENTS, max_duration_per_lease_extension=LEASE_SECONDS
            ),
        )
        pulling.add_done_callback(lambda _: loop.call_soon_threadsafe(stopped.set))
        print(f"ready: {subscription} to the function", flush=True)  # noqa: T201 - whoever starts it waits for this line
        await stopped.wait()
        pulling.cancel()
        await asyncio.to_thread(pulling.result)
        # Only now, or the open stream would be given them again. Whoever comes next has them at once.
        if unfinished := [message.ack_id for message in tasks.values()]:
            subscriber.modify_ack_deadline(
                subscription=subscription, ack_ids=unfinished, ack_deadline_seconds=0, timeout=LEASE_SECONDS
            )


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    default = Policy()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pubsub", required=True, metavar="HOST:PORT", help="the Pub/Sub emulator")
    parser.add_argument("--project", required=True, help="the project of subscription and topic")
    parser.add_argument("--subscription", required=True, help="where the notifications arrive")
    parser.add_argument("--function-url", required=True, help="where the events are posted")
    parser.add_argument("--dead-letter-topic", help="where events go that are given up")
    parser.add_argument("--minimum-backoff", type=float, default=default.minimum_backoff, metavar="SECONDS")
    parser.add_argument("--maximum-backoff", type=float, default=default.maximum_backoff, metavar="SECONDS")
    parser.add_argument("--maximum-age", type=float, default=default.maximum_age, metavar="SECONDS")
    parser.add_argument("--in-flight", type=int, default=default.in_flight, metavar="EVENTS")
    return parser.parse_args()


def main() -> None:
    """Run a trigger as the command line says."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    arguments = parse_arguments()
    project = Project(arguments.project)
    policy = Policy(
        minimum_backoff=arguments.minimum_backoff,
        maximum_backoff=arguments.maximum_backoff,
        maximum_age=arguments.maximum_age,
        in_flight=arguments.in_flight,
    )
    dead_letters = None
    if arguments.dead_letter_topic:
        publisher = clients.publisher(arguments.pubsub)
        dead_letters = DeadLetters(publisher, project.topic(arguments.dead_letter_topic))
    trigger = Trigger(arguments.function_url, policy, dead_letters)
    asyncio.run(run(arguments.pubsub, project.subscription(arguments.subscription), trigger))


if __name__ == "__main__":
    main()
