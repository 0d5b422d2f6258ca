"""What `make fuzz` starts with passes its targets, so that what it finds was found by it."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.plan import TARGETS

# `request` takes over the whole process, its environment and its log, and is left to the fuzzer.
SAFE = sorted(set(TARGETS) - {"request"})
CHEAP = sorted(set(SAFE) - {"file", "pixels"})


@pytest.mark.parametrize("name", SAFE)
def test_the_seeds_pass_their_target(name: str) -> None:
    """Sound inputs, and the nothing that every fuzzer begins with."""
    target = importlib.import_module(f"tests.fuzz.targets.{name}")
    seeds = target.seeds()
    assert seeds
    for seed in [*seeds, b""]:
        target.run(seed)


@pytest.mark.parametrize("name", CHEAP)
@given(st.binary(max_size=400) | st.text(max_size=100).map(str.encode))
def test_any_bytes_pass_their_target(name: str, data: bytes) -> None:
    """Without the guidance of coverage, but in every run of the tests."""
    importlib.import_module(f"tests.fuzz.targets.{name}").run(data)


def test_all_inputs_are_shared_out() -> None:
    """No target is left without its part."""
    assert sum(plan.share for plan in TARGETS.values()) == pytest.approx(1)
    assert all(plan.share > 0 for plan in TARGETS.values())
