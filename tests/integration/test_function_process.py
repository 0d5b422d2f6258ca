"""The function as a process: functions-framework, gunicorn, threads and the official clients."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import requests
from google.cloud import storage

from infra.local.ports import Ports, address
from infra.local.probes import http_probe
from infra.local.process import Process, Supervisor
from sheetid.result import SheetObject
from tests.integration.emulated_storage import emulated_storage, upload
from tests.integration.faulty_pubsub import FaultyPubSub, faulty_pubsub
from tests.unit.function.cloud_events import binary_headers, data

ROOT = Path(__file__).parents[2]
TEXT = b"this is no image"
LIMIT = 100_000


@dataclass
class Function:
    """A running function and the emulators that it talks to."""

    url: str
    log: Path
    bucket: storage.Client
    results: FaultyPubSub

    def deliver(self, sheet: SheetObject, size: int | None = None) -> int:
        """Post the event of an object and return the status of the response."""
        body = data(name=sheet.name, generation=sheet.generation, size=None if size is None else str(size))
        headers = binary_headers(subject="objects/x")
        return requests.post(self.url, json=body, headers=headers, timeout=60).status_code

    def messages(self, sheet: SheetObject) -> list[dict[str, Any]]:
        """Return what was published for an object."""
        requests_ = list(self.results.requests)
        found = [json.loads(message.data) for request in requests_ for message in request.messages]
        return [message for message in found if message["image"] == sheet.name]

    def entries(self, sheet: SheetObject) -> list[dict[str, Any]]:
        """Return what was logged for an object."""
        found = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [entry for entry in found if entry.get("object") == sheet.name]


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    """Run the function with eight threads; nobody is where it looks for TensorFlow Serving."""
    logs = tmp_path_factory.mktemp("logs")
    ports = Ports.free()
    with (
        emulated_storage(logs) as (storage_url, client),
        faulty_pubsub() as results,
        Supervisor(logs=logs, directory=ROOT) as supervisor,
    ):
        settings = {
            "SHEETID_TOPIC": "projects/local/topics/sheet-results",
            "SHEETID_MAX_BYTES": str(LIMIT),
            "SHEETID_PREDICT_TIMEOUT_SECONDS": "0.5",
            "SERVING_TARGET": address(ports.serving),
            "STORAGE_EMULATOR_HOST": storage_url,
            "PUBSUB_EMULATOR_HOST": results.address,
            "THREADS": "8",
            "LOG_EXECUTION_ID": "true",  # as deployments have it; the framework then meddles with stdout
        }
        command = [
            *(sys.executable, "-m", "functions_framework", "--source", "function/main.py"),
            *("--target", "handle_upload", "--signature-type", "cloudevent"),
            *("--host", "127.0.0.1", "--port", str(ports.function)),
        ]
        host = address(ports.function)
        environment = {"PATH": os.environ["PATH"]} | settings
        supervisor.start(Process("function", command, environment, http_probe(host)))
        yield Function(f"http://{host}/", supervisor.log("function"), client, results)


def test_a_file_that_is_no_image(function: Function) -> None:
    """From the event through a real download to a real publish; one line in the log."""
    sheet = upload(function.bucket, "uploads/notes.jpg", TEXT)
    assert function.deliver(sheet, len(TEXT)) == 200
    (message,) = function.messages(sheet)
    assert (message["status"], message["reason"]) == ("rejected", "not_an_image")
    assert message["generation"] == sheet.generation
    (entry,) = function.entries(sheet)
    assert entry["message"] == "rejected: not_an_image"
    assert entry["downloadMs"] > 0


def test_an_object_that_was_deleted(function: Function) -> None:
    """The event came too late: an answer all the same."""
    sheet = upload(function.bucket, "uploads/deleted.png", TEXT)
    function.bucket.bucket(sheet.bucket).blob(sheet.name).delete()
    assert function.deliver(sheet, len(TEXT)) == 200
    assert function.messages(sheet)[0]["reason"] == "object_gone"


@pytest.mark.parametrize("size", [LIMIT + 1, None], ids=["known", "unknown"])
def test_an_object_that_is_too_large(function: Function, size: int | None) -> None:
    """Whether or not the event says how large it is."""
    sheet = upload(function.bucket, f"uploads/large-{size}.png", bytes(LIMIT + 1))
    assert function.deliver(sheet, size) == 200
    assert function.messages(sheet)[0]["reason"] == "too_large"


def test_every_event_of_a_burst_is_answered(function: Function) -> None:
    """More at a time than there are threads: each object has one result, its own."""
    contents = {f"uploads/burst-{number}.txt": f"text {number}".encode() for number in range(64)}
    sheets = [upload(function.bucket, name, content) for name, content in contents.items()]
    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(function.deliver, sheets)) == {200}
    for sheet in sheets:
        (message,) = function.messages(sheet)
        assert message["generation"] == sheet.generation
        assert len(function.entries(sheet)) == 1


def test_no_answer_without_tensorflow_serving(function: Function) -> None:
    """A page with a number is not rejected because nobody can read it now: the event has to come again."""
    sheet = upload(function.bucket, "uploads/page.png", page())
    assert function.deliver(sheet) == 503
    assert function.messages(sheet) == []
    (entry,) = function.entries(sheet)
    assert entry["severity"] == "ERROR"
    assert entry["cause"]


def page() -> bytes:
    """Return a clean image with a number on it."""
    image = np.full((400, 450), 255, np.uint8)
    cv2.putText(image, "0047112", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 0, 4)
    return cv2.imencode(".png", image)[1].tobytes()
