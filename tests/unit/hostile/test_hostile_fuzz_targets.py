"""What `make fuzz` starts with passes its targets, so that what it finds was found by it."""

import importlib

import pytest

from tests.fuzz.plan import TARGETS

# `request` takes over the whole process, its environment and its log, and is left to the fuzzer.
SAFE = sorted(set(TARGETS) - {"request"})


@pytest.mark.parametrize("name", SAFE)
def test_the_seeds_pass_their_target(name: str) -> None:
    """Sound inputs, and the nothing that every fuzzer begins with."""
    target = importlib.import_module(f"tests.fuzz.targets.{name}")
    seeds = target.seeds()
    assert seeds
    for seed in [*seeds, b""]:
        target.run(seed)


def test_all_inputs_are_shared_out() -> None:
    """No target is left without its part."""
    assert sum(plan.share for plan in TARGETS.values()) == pytest.approx(1)
    assert all(plan.share > 0 for plan in TARGETS.values())
