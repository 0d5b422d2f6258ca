"""The servers that are held to the contract."""

import os
from collections.abc import Iterator

import grpc
import pytest

from tests.integration.serving.servers import standin

REAL = os.environ.get("SERVING_TARGET", "")


@pytest.fixture(scope="session", params=["stand-in", *(["server"] if REAL else [])])
def channel(request: pytest.FixtureRequest) -> Iterator[grpc.Channel]:
    """Open a channel to the stand-in and, if SERVING_TARGET names one, to a real server with our model."""
    if request.param == "server":
        with grpc.insecure_channel(REAL) as real:
            yield real
        return
    with standin() as address, grpc.insecure_channel(address) as stand_in:
        yield stand_in
