"""Which targets there are, how much each is tried, and what of the code guides the fuzzer."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How one target is fuzzed.

    Attributes:
        share: How many of all inputs it gets, as a share.
        instrumented: The modules whose branches guide the fuzzer; each instrumented loop is a slower one.
        longest: The most bytes of an input.
    """

    share: float
    instrumented: tuple[str, ...]
    longest: int = 8192


TARGETS: Mapping[str, Plan] = {
    "file": Plan(0.02, ("sheetid", "imagesize")),
    "pixels": Plan(0.01, ("sheetid",)),
    "header": Plan(0.17, ("sheetid.vision.decoding", "imagesize")),
    "answer": Plan(0.2, ("sheetid.cloud.serving",), 1024),
    "settings": Plan(0.2, ("sheetid.settings", "sheetid.environment"), 512),
    "event": Plan(0.3, ("sheetid.events", "json"), 2048),
    "request": Plan(0.1, ("sheetid", "main", "cloudevents"), 2048),
}
