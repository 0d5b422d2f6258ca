"""Fixtures of the bridge's tests."""

from collections.abc import Iterator

import pytest

from tests.integration.bridge.beanstalkd import beanstalkd


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    """Run a beanstalkd and give its address."""
    with beanstalkd() as running:
        yield running
