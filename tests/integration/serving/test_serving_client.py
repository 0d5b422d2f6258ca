"""The serving client over the network: against the stand-in, healthy and in trouble."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from serving.golden import images_of, load_golden
from serving.standin.faults import Fault, FaultFile, FaultInterceptor, Kind, set_fault
from sheetid.cloud.serving import ServingClient
from sheetid.errors import TransientError
from sheetid.settings import ServingSettings
from tests.integration.serving.asking import some_images
from tests.integration.serving.servers import newest_model, standin

BATCH = some_images(3)


@pytest.fixture(scope="module")
def fault_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the stand-in looks for faults."""
    return tmp_path_factory.mktemp("faults") / "fault"


@pytest.fixture(scope="module")
def target(fault_file: Path) -> Iterator[str]:
    """Run a stand-in that can be brought into trouble, and give its address."""
    with standin(interceptors=[FaultInterceptor(FaultFile(fault_file).take)]) as address:
        yield address


@pytest.fixture
def settings(target: str, fault_file: Path) -> Iterator[ServingSettings]:
    """Give settings for the stand-in, which is healthy before and after the test."""
    set_fault(fault_file, None)
    yield ServingSettings(target, timeout_seconds=20)
    set_fault(fault_file, None)


def failure(settings: ServingSettings) -> str:
    """Return why there is no prediction."""
    with pytest.raises(TransientError) as error:
        ServingClient(settings).predict(BATCH)
    assert settings.target in str(error.value)
    return str(error.value)


def test_scores_and_model(settings: ServingSettings) -> None:
    """The recorded glyphs get the recorded scores, and the model that gave them is named."""
    version = newest_model().name
    golden = load_golden("digits", version)
    assert golden is not None
    prediction = ServingClient(settings).predict(images_of(golden.glyphs))
    assert (prediction.model.name, prediction.model.version) == ("digits", version)
    np.testing.assert_allclose(prediction.scores, golden.scores, atol=1e-5)


def test_an_empty_batch_is_not_sent(settings: ServingSettings, fault_file: Path) -> None:
    """A sheet without glyphs costs no call."""
    set_fault(fault_file, Fault(Kind.BROKEN))
    with pytest.raises(ValueError, match="batch"):
        ServingClient(settings).predict(BATCH[:0])


def test_one_client_for_many_threads(settings: ServingSettings) -> None:
    """Threads that share a client get their own answers."""
    client = ServingClient(settings)
    batches = [some_images(1 + seed % 4, seed) for seed in range(24)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(client.predict, batches))
    for batch, answer in zip(batches, answers, strict=True):
        np.testing.assert_allclose(answer.scores, client.predict(batch).scores, atol=1e-5)


@pytest.mark.parametrize("kind", [Kind.LOADING, Kind.QUEUE_FULL, Kind.EXHAUSTED])
def test_trouble_that_passes_is_not_noticed(settings: ServingSettings, fault_file: Path, kind: Kind) -> None:
    """What another attempt cures is tried again, up to four times, within the deadline."""
    set_fault(fault_file, Fault(kind, times=4))
    assert len(ServingClient(settings).predict(BATCH).scores) == 3


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (Kind.LOADING, "is not there"),
        (Kind.QUEUE_FULL, "queue is full"),
        (
            Kind.EXHAUSTED,
            "has no thread left to answer with (RESOURCE_EXHAUSTED: Server Threadpool Exhausted)",
        ),
        (Kind.SWAPPING, "does not serve this model or version, or is just exchanging it (NOT_FOUND"),
        (Kind.BATCH_MATE, "spoilt by its batch (FAILED_PRECONDITION"),
        (Kind.BROKEN, "failed (INTERNAL"),
        (Kind.NAN, "answered scores that are not finite"),
        (Kind.UNNORMALISED, "answered scores that are no probabilities"),
        (Kind.WRONG_SHAPE, "of type 1 for 3 glyphs"),
        (Kind.CUT_SHORT, "bytes of scores for a tensor [3, "),
        (Kind.NO_OUTPUT, "answered [] instead of scores"),
        (Kind.OTHER_MODEL, "answered for model 'another'"),
    ],
)
def test_trouble_is_transient_and_has_its_cause(
    settings: ServingSettings, fault_file: Path, kind: Kind, cause: str
) -> None:
    """Whatever the server does, the sheet is tried again later, and the log says why."""
    set_fault(fault_file, Fault(kind))
    assert cause in failure(settings)


def test_a_hanging_server(settings: ServingSettings, fault_file: Path) -> None:
    """A server that never answers costs no more than the deadline, and is told from one that is not there."""
    set_fault(fault_file, Fault(Kind.HANG))
    assert "did not answer within 0.3 s" in failure(replace(settings, timeout_seconds=0.3))


def test_a_slow_server(settings: ServingSettings, fault_file: Path) -> None:
    """A server that is slow, but not too slow, is waited for."""
    set_fault(fault_file, Fault(Kind.SLOW, seconds=0.3))
    assert len(ServingClient(settings).predict(BATCH).scores) == 3


def test_another_version_is_reported(settings: ServingSettings, fault_file: Path) -> None:
    """The version that answered is the one that is named, whichever was expected."""
    set_fault(fault_file, Fault(Kind.OTHER_VERSION))
    version = int(newest_model().name)
    assert ServingClient(settings).predict(BATCH).model.version == str(version + 1)


def test_unknown_label_and_model(settings: ServingSettings) -> None:
    """A label or a model that the server does not have, yet, is no reason to reject a sheet."""
    assert "has no version labelled canary" in failure(replace(settings, model_label="canary"))
    assert "Latest(letters)" in failure(replace(settings, model_name="letters"))


def test_no_server() -> None:
    """Nobody listens: said as such after the deadline."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{free.getsockname()[1]}"
        assert "could not be reached within 0.3 s" in failure(ServingSettings(target, timeout_seconds=0.3))


def test_a_server_that_comes_later_is_waited_for() -> None:
    """A call made before the server is up is answered when it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answers: list[int] = []
    client = ServingClient(ServingSettings(f"127.0.0.1:{port}", timeout_seconds=30))
    caller = threading.Thread(target=lambda: answers.append(len(client.predict(BATCH).scores)))
    caller.start()
    time.sleep(0.3)
    with standin(port=port):
        caller.join()
    assert answers == [3]


def test_a_server_that_is_restarted() -> None:
    """The same client goes on with a server that was stopped and started at the same address."""
    with standin() as target:
        client = ServingClient(ServingSettings(target, timeout_seconds=30))
        client.predict(BATCH)
    with standin(port=int(target.rpartition(":")[2])):
        assert len(client.predict(BATCH).scores) == 3


def test_nothing_is_opened_before_it_is_needed() -> None:
    """A client is made without a connection, so that a process may fork after it."""
    opened: list[ServingSettings] = []

    def refuse_to_open(settings: ServingSettings) -> None:
        opened.append(settings)

    ServingClient(ServingSettings("127.0.0.1:1"), refuse_to_open)  # type: ignore[arg-type]  # is not called
    assert opened == []
