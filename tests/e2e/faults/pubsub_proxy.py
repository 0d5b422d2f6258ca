"""Stands between the function and the Pub/Sub emulator, and spoils publishing as a test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeAlias

import grpc
from google.pubsub_v1 import types

from infra.local.clients import insecure_channel
from serving.standin.faults import wait_until_abandoned
from tests.e2e.faults.script import PATIENCE_SECONDS, Moment, Script
from tests.integration.faulty_pubsub import publish_server

Take: TypeAlias = Callable[[], types.PublishResponse]
# Given how to have the emulator take the message, returns the response or ends the call.
Spoil: TypeAlias = Callable[[Take, grpc.ServicerContext], types.PublishResponse]


class PubSubProxy:
    """Passes messages on, but for those that its script spoils.

    Attributes:
        faults: The script.
        address: Where the function finds it.
        taken: The objects of the results that the emulator has taken, one for each message.
    """

    def __init__(self, upstream: str) -> None:
        """Stand in front of the emulator at `upstream`, `host:port`."""
        self.faults: Script[Spoil] = Script()
        self.address = ""
        self.taken: list[str] = []
        self._publish = insecure_channel(upstream).unary_unary(
            "/google.pubsub.v1.Publisher/Publish",
            request_serializer=types.PublishRequest.serialize,
            response_deserializer=types.PublishResponse.deserialize,
        )

    def answer(self, request: types.PublishRequest, context: grpc.ServicerContext) -> types.PublishResponse:
        """Answer one publish request."""
        spoil = self.faults.take()
        return spoil(lambda: self._take(request), context) if spoil else self._take(request)

    def _take(self, request: types.PublishRequest) -> types.PublishResponse:
        response: types.PublishResponse = self._publish(
            request, timeout=PATIENCE_SECONDS, wait_for_ready=True
        )
        self.taken += [message.attributes["objectId"] for message in request.messages]
        return response


@contextmanager
def pubsub_proxy(upstream: str) -> Iterator[PubSubProxy]:
    """Run a proxy on a free port."""
    proxy = PubSubProxy(upstream)
    with publish_server(proxy.answer) as proxy.address:
        yield proxy


def refused(code: grpc.StatusCode) -> Spoil:
    """A status, and the message is not taken."""
    return lambda _, context: context.abort(code, f"told to answer {code.name}")


def answer_lost(take: Take, context: grpc.ServicerContext) -> NoReturn:
    """The message is taken, but the connection breaks before the function hears of it."""
    take()
    context.abort(grpc.StatusCode.UNAVAILABLE, "connection reset")
    raise AssertionError  # abort does not return


def taken_in_silence(take: Take, context: grpc.ServicerContext) -> types.PublishResponse:
    """The message is taken, and nothing is said until the function has waited long enough."""
    response = take()
    wait_until_abandoned(context)
    return response


def lost_in_silence(_: Take, context: grpc.ServicerContext) -> types.PublishResponse:
    """The message is not taken, and nothing is said until the function has waited long enough."""
    wait_until_abandoned(context)
    return types.PublishResponse()


def held(moment: Moment) -> Spoil:
    """The request has come; the message is taken when the moment is over."""

    def hold(take: Take, _: grpc.ServicerContext) -> types.PublishResponse:
        moment.hold()
        return take()

    return hold


def killed_before(moment: Moment) -> Spoil:
    """The request has come; the message is never taken, for the function will not live to see it."""

    def hold(take: Take, context: grpc.ServicerContext) -> types.PublishResponse:
        moment.begin()
        return lost_in_silence(take, context)

    return hold


def killed_after(moment: Moment) -> Spoil:
    """The message is taken; the function will not live to hear of it."""

    def hold(take: Take, context: grpc.ServicerContext) -> types.PublishResponse:
        response = take()
        moment.begin()
        wait_until_abandoned(context)
        return response

    return hold
