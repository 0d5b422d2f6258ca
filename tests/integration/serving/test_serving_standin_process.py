"""The stand-in as a process: how it starts, waits and ends, and how versions change meanwhile."""

import shutil
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from tensorflow_serving.apis import get_model_status_pb2

from serving.standin.faults import Fault, Kind, set_fault
from sheetid.cloud.serving import ServingClient
from sheetid.errors import TransientError
from sheetid.settings import ServingSettings
from tests.integration.serving.asking import ask, predict_request, refusal, some_images, status_request
from tests.integration.serving.servers import add_version, ready_address, standin_process

STATES = get_model_status_pb2.ModelVersionStatus.State
PATIENCE_SECONDS = 30

LABELLED = """
model_config_list {{ config {{
  name: "digits" base_path: "{path}" model_platform: "tensorflow"
  model_version_policy {{ specific {{ versions: 1 versions: 2 }} }}
  version_labels {{ key: "stable" value: 1 }}
  version_labels {{ key: "canary" value: 2 }}
}} }}
"""


def states(channel: grpc.Channel) -> dict[int, str]:
    """Return the state of each version."""
    versions = ask(channel, status_request()).model_version_status
    return {version.version: STATES.Name(version.state) for version in versions}


def wait_for_states(channel: grpc.Channel, expected: dict[int, str]) -> None:
    """Wait until the versions are in the states expected."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while states(channel) != expected:
        assert time.monotonic() < patience, states(channel)
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_start_and_stop(number: signal.Signals) -> None:
    """The shipped model is served by default, at the address that is printed, until a signal."""
    with standin_process() as process:
        address = ready_address(process)
        with grpc.insecure_channel(address) as channel:
            assert ask(channel, predict_request()).model_spec.name == "digits"
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, out, err) == (0, "", "")


def test_many_first_requests_at_once() -> None:
    """A server that has just started can be asked by many."""
    with standin_process() as process:
        client = ServingClient(ServingSettings(ready_address(process), timeout_seconds=PATIENCE_SECONDS))
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda seed: client.predict(some_images(1 + seed, seed)), range(16)))
        assert [len(answer.scores) for answer in answers] == list(range(1, 17))


def test_a_port_in_use() -> None:
    """The address is not shared with whoever has it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with standin_process(port=port) as process:
            _, err = process.communicate(timeout=PATIENCE_SECONDS)
            assert process.returncode == 1
            assert str(port) in err


def test_a_broken_model(tmp_path: Path) -> None:
    """A model that cannot be loaded is no server, and it is said why."""
    (tmp_path / "1").mkdir()
    with standin_process("--model-base-path", str(tmp_path)) as process:
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, out) == (1, "")
        assert "digits version 1: Could not find SavedModel" in err


def test_a_broken_configuration(tmp_path: Path) -> None:
    """A configuration that makes no sense is no server, and it is said why."""
    (tmp_path / "models.config").write_text("model_config_list { config { naem: 'digits' } }")
    with standin_process("--model-config-file", str(tmp_path / "models.config")) as process:
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 1
        assert "naem" in err


def test_the_port_is_closed_until_there_is_a_model(tmp_path: Path) -> None:
    """With an empty base path nobody is answered; the first version to appear is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with standin_process("--model-base-path", str(tmp_path), port=port) as process:
        assert process.stderr is not None
        assert "waiting for a version" in process.stderr.readline()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        add_version(tmp_path, 1)
        assert ready_address(process) == f"127.0.0.1:{port}"


def test_versions_come_and_go(tmp_path: Path) -> None:
    """A newer version takes over without a restart; a broken one does not; the older can come back."""
    add_version(tmp_path, 1)
    with (
        standin_process("--model-base-path", str(tmp_path)) as process,
        grpc.insecure_channel(ready_address(process)) as channel,
    ):
        assert states(channel) == {1: "AVAILABLE"}
        add_version(tmp_path, 2)
        wait_for_states(channel, {1: "END", 2: "AVAILABLE"})
        assert ask(channel, predict_request()).model_spec.version.value == 2
        (tmp_path / "3").mkdir()
        wait_for_states(channel, {1: "END", 2: "AVAILABLE", 3: "END"})
        assert ask(channel, predict_request()).model_spec.version.value == 2
        shutil.rmtree(tmp_path / "3")
        (tmp_path / "2").rename(tmp_path / "away")
        wait_for_states(channel, {1: "AVAILABLE", 2: "END", 3: "END"})
        assert ask(channel, predict_request()).model_spec.version.value == 1


def test_labels(tmp_path: Path) -> None:
    """Two versions at once, each by its label; the client asks for its own."""
    models = tmp_path / "digits"
    add_version(models, 1)
    (tmp_path / "models.config").write_text(LABELLED.format(path=models))
    with standin_process("--model-config-file", str(tmp_path / "models.config")) as process:
        address = ready_address(process)
        with grpc.insecure_channel(address) as channel:
            request = predict_request()
            request.model_spec.version_label = "canary"
            assert refusal(channel, request) == (
                grpc.StatusCode.NOT_FOUND,
                "Servable not found for request: Specific(digits, 2)",
            )
            add_version(models, 2)
            wait_for_states(channel, {1: "AVAILABLE", 2: "AVAILABLE"})
        for label, version in (("stable", "1"), ("canary", "2")):
            client = ServingClient(ServingSettings(address, model_label=label))
            assert client.predict(some_images(1)).model.version == version


def test_faults_on_request(tmp_path: Path) -> None:
    """A running stand-in is brought into trouble and out of it through a file."""
    fault_file = tmp_path / "fault"
    with standin_process("--faults", str(fault_file)) as process:
        client = ServingClient(ServingSettings(ready_address(process)))
        client.predict(some_images(1))
        set_fault(fault_file, Fault(Kind.NAN))
        with pytest.raises(TransientError, match="not finite"):
            client.predict(some_images(1))
        set_fault(fault_file, None)
        client.predict(some_images(1))


def test_a_hanging_call_does_not_keep_it_alive(tmp_path: Path) -> None:
    """Asked to stop, the stand-in gives up on calls that would never end."""
    fault_file = tmp_path / "fault"
    set_fault(fault_file, Fault(Kind.HANG))
    with standin_process("--faults", str(fault_file)) as process:
        address = ready_address(process)
        with grpc.insecure_channel(address) as channel, ThreadPoolExecutor(1) as thread:
            call = thread.submit(refusal, channel, predict_request())
            time.sleep(0.3)
            process.terminate()
            process.communicate(timeout=PATIENCE_SECONDS)
            assert process.returncode == 0
            assert call.result()[0] in {grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE}
