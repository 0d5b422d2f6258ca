"""Both emulators, found by Google's clients as they find them anywhere: by the environment."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import storage

from infra.local.names import Project
from infra.local.parts import Addresses, Parts
from infra.local.ports import Ports, address
from infra.local.process import Supervisor
from infra.local.stack import ROOT
from infra.replay import __main__ as command
from tests.integration.emulated_storage import emulated_storage


@pytest.fixture(scope="session")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, storage.Client, str]]:
    """Run them; gives the URL and client of Cloud Storage's, and the address of Pub/Sub's."""
    ports = Ports.free()
    addresses = Addresses(
        *(address(port) for port in (ports.storage, ports.pubsub, ports.serving, ports.function))
    )
    parts = Parts(root=ROOT, project=Project(), ports=ports, addresses=addresses)
    with (
        emulated_storage(tmp_path_factory.mktemp("storage")) as (url, client),
        Supervisor(logs=tmp_path_factory.mktemp("pubsub"), directory=ROOT) as supervisor,
    ):
        supervisor.start(parts.embedded_pubsub())
        yield url, client, addresses.pubsub


@pytest.fixture
def bucket(
    emulators: tuple[str, storage.Client, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> storage.Bucket:
    """A fresh bucket, in an environment that names the emulators; positions are kept for this test alone."""
    url, client, pubsub = emulators
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "local")
    monkeypatch.setattr(command, "STATES", tmp_path / "states")
    return client.create_bucket(f"replay-{secrets.token_hex(4)}")


@pytest.fixture
def pubsub(bucket: storage.Bucket, emulators: tuple[str, storage.Client, str]) -> tuple[str, Project]:
    """The address of Pub/Sub's emulator, and a project that nobody else uses."""
    return emulators[2], Project(bucket.name)
