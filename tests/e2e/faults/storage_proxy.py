"""Stands between the function and the Storage emulator, and spoils downloads as a test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

import requests

from tests.e2e.faults.script import PATIENCE_SECONDS, Moment, Script
from tests.integration.faulty_storage import Answer, download_server

# Given how to have the emulator's own answer, returns what the function gets.
Spoil: TypeAlias = Callable[[Callable[[], Answer]], Answer]


class StorageProxy:
    """Passes downloads on, but for those that its script spoils.

    Attributes:
        faults: The script.
        url: Where the function finds it.
    """

    def __init__(self, upstream: str) -> None:
        """Stand in front of the emulator at the URL `upstream`."""
        self.faults: Script[Spoil] = Script()
        self.url = ""
        self._upstream = upstream
        self._session = requests.Session()
        self._session.trust_env = False

    def answer(self, path: str) -> Answer:
        """Return what a download is answered."""
        spoil = self.faults.take()
        return spoil(lambda: self._fetch(path)) if spoil else self._fetch(path)

    def _fetch(self, path: str) -> Answer:
        answer = self._session.get(self._upstream + path, timeout=PATIENCE_SECONDS)
        generation = {name: text for name, text in answer.headers.items() if "generation" in name.lower()}
        return Answer(answer.status_code, answer.content, headers=generation)


@contextmanager
def storage_proxy(upstream: str) -> Iterator[StorageProxy]:
    """Run a proxy on a free port."""
    proxy = StorageProxy(upstream)
    with download_server(proxy.answer) as proxy.url:
        yield proxy


def refused(status: int) -> Spoil:
    """An HTTP status instead of the object."""
    return lambda _: Answer(status)


def cut_short(fetch: Callable[[], Answer]) -> Answer:
    """Half of the object, although the headers promise all of it."""
    whole = fetch()
    half = whole.body[: len(whole.body) // 2]
    return replace(whole, body=half, missing=len(whole.body) - len(half), checksum_of=whole.body)


def altered(fetch: Callable[[], Answer]) -> Answer:
    """One bit is not what was uploaded, and so not what the checksum is of."""
    whole = fetch()
    middle = len(whole.body) // 2
    body = bytearray(whole.body)
    body[middle] ^= 1
    return replace(whole, body=bytes(body), checksum_of=whole.body)


def silent(seconds: float) -> Spoil:
    """The headers, and then nothing for longer than the function waits."""
    return lambda fetch: replace(fetch(), pause_seconds=seconds)


def held_before(moment: Moment) -> Spoil:
    """The request has come, but nobody has looked for the object yet."""

    def hold(fetch: Callable[[], Answer]) -> Answer:
        moment.hold()
        return fetch()

    return hold


def held_after(moment: Moment) -> Spoil:
    """The object has been found and read, but nothing of it has been sent yet."""

    def hold(fetch: Callable[[], Answer]) -> Answer:
        found = fetch()
        moment.hold()
        return found

    return hold
