"""The Cloud Storage emulator with one bucket, for tests that need no other part of the stack."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from google.cloud import storage

from infra.local.clients import storage_client
from infra.local.emulators import storage_emulator
from infra.local.ports import Ports, address
from infra.local.probes import http_probe
from infra.local.process import Process, Supervisor
from sheetid.result import SheetObject

BUCKET = "sheets"


@contextmanager
def emulated_storage(logs: Path) -> Iterator[tuple[str, storage.Client]]:
    """Run the emulator on a free port; gives its URL and the official client of it."""
    host = address(Ports.free().storage)
    _, _, port = host.rpartition(":")
    flags = ["-scheme=http", "-backend=memory", "-host=127.0.0.1", f"-port={port}"]
    process = Process(
        name="storage",
        command=[str(storage_emulator()), *flags, f"-external-url=http://{host}"],
        environment={},
        is_ready=http_probe(host, "/storage/v1/b"),
    )
    with Supervisor(logs=logs, directory=Path.cwd()) as supervisor:
        supervisor.start(process)
        client = storage_client(f"http://{host}", "local")
        client.create_bucket(BUCKET)
        yield f"http://{host}", client


def upload(client: storage.Client, name: str, content: bytes) -> SheetObject:
    """Upload an object and return its generation."""
    blob = client.bucket(BUCKET).blob(name)
    blob.upload_from_string(content, content_type="image/png")
    return SheetObject(BUCKET, name, str(blob.generation))
