"""The handler's ports without a network: they do what a test says, and remember what they were asked."""

import json
from dataclasses import dataclass, field
from typing import Any

from sheetid.handler import Ports
from sheetid.result import Digit, Model, Reading, SheetObject, SheetResult, Status

READ = Reading(
    status=Status.READ,
    number="00471",
    confidence=0.998,
    digits=tuple(Digit(digit, 0.999, (10 + 20 * place, 12, 18, 30)) for place, digit in enumerate("00471")),
    model=Model("digits", "1"),
)


@dataclass
class FakeStore:
    """Holds objects by identity; `failure` is raised instead of an answer."""

    objects: dict[str, bytes] = field(default_factory=dict)
    failure: Exception | None = None
    downloads: list[str] = field(default_factory=list)

    def download(self, sheet: SheetObject, max_bytes: int) -> bytes:
        """Return an object's content, cut off at the limit as no real store would."""
        self.downloads.append(sheet.identity)
        if self.failure:
            raise self.failure
        return self.objects.get(sheet.identity, b"an image")[:max_bytes]


@dataclass
class FakeReader:
    """Reads everything as `reading`; `failure` is raised instead."""

    reading: Reading = READ
    failure: Exception | None = None
    images: list[bytes] = field(default_factory=list)

    def __call__(self, data: bytes) -> Reading:
        """Return the reading."""
        self.images.append(data)
        if self.failure:
            raise self.failure
        return self.reading


@dataclass
class FakePublisher:
    """Keeps what was published; `failures` are raised first, one for each attempt."""

    failures: list[Exception] = field(default_factory=list)
    results: list[SheetResult] = field(default_factory=list)

    def publish(self, result: SheetResult) -> None:
        """Keep the result."""
        if self.failures:
            raise self.failures.pop(0)
        self.results.append(result)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What consumers would get."""
        return [json.loads(result.to_json()) for result in self.results]


@dataclass
class World:
    """All the ports of one test."""

    store: FakeStore = field(default_factory=FakeStore)
    read: FakeReader = field(default_factory=FakeReader)
    publisher: FakePublisher = field(default_factory=FakePublisher)

    @property
    def ports(self) -> Ports:
        """The ports as the handler takes them."""
        return Ports(self.store, self.read, self.publisher)
