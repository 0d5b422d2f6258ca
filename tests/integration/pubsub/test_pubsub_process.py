"""The emulator as a process: how it starts, shares its port, and ends."""

import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from google.pubsub_v1.types import StreamingPullRequest

from tests.integration.pubsub.emulators import WAIT_SECONDS, Bench, connected

ROOT = Path(__file__).parents[3]


@contextmanager
def process(port: int = 0) -> Iterator["subprocess.Popen[str]"]:
    """Start the emulator as users do."""
    command = [sys.executable, "-m", "infra.local.pubsub", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def ready_address(child: "subprocess.Popen[str]") -> str:
    """Wait until the emulator says where it serves."""
    assert child.stdout is not None
    word, address = child.stdout.readline().split()
    assert word == "ready"
    return address


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked_to(number: signal.Signals) -> None:
    """Cleanly and quietly, with a stream and connections of both kinds open."""
    with process() as child:
        address = ready_address(child)
        with connected(address) as emulator:
            bench = Bench(emulator)
            subscription = bench.subscription(bench.topic())
            requests: queue.Queue[StreamingPullRequest | None] = queue.Queue()
            requests.put(StreamingPullRequest(subscription=subscription, stream_ack_deadline_seconds=60))
            # Not by `subscribe`, which would go on looking for the emulator.
            bench.subscriber.streaming_pull(requests=iter(requests.get, None), retry=None)
            bench.emulator.http.get(f"http://{address}/", timeout=WAIT_SECONDS)
            child.send_signal(number)
            output, errors = child.communicate(timeout=WAIT_SECONDS)
            requests.put(None)
        assert (child.returncode, output, errors) == (0, "", "")


def test_a_taken_port_is_an_error() -> None:
    """It says so and ends, instead of serving nobody."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with process(taken.getsockname()[1]) as child:
            output, errors = child.communicate(timeout=WAIT_SECONDS)
    assert child.returncode != 0
    assert output == ""
    assert "in use" in errors


def test_connections_that_say_nothing_harm_nobody(embedded_bench: Bench) -> None:
    """Neither an idle one, nor one that ends within its first bytes."""
    host, _, port = embedded_bench.emulator.address.rpartition(":")
    with socket.create_connection((host, int(port))), socket.create_connection((host, int(port))) as broken:
        broken.sendall(b"PR")
        broken.close()
        topic = embedded_bench.topic()
    assert embedded_bench.publisher.get_topic(topic=topic).name == topic


@pytest.mark.parametrize(
    "garbage",
    [
        b"nonsense nonsense nonsense nonsense\r\n\r\n",
        b"PUT /v1/x HTTP/1.1\r\nContent-Length: nonsense\r\n\r\n",
        b"PUT /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ],
    ids=["request", "length", "chunk"],
)
def test_garbage_is_answered_as_http(embedded_bench: Bench, garbage: bytes) -> None:
    """What is neither HTTP/2 nor a request gets a 400."""
    host, _, port = embedded_bench.emulator.address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_SECONDS) as connection:
        connection.sendall(garbage)
        assert b"400" in connection.recv(1000)
