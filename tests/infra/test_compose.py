"""The compose file against the code, without docker: every path, flag, name and port is one that is right."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.checks.image import Dockerfile
from infra.local import emulators, names
from infra.local.names import Project
from infra.local.parts import Parts, Retries, own_addresses
from infra.local.stack import ROOT
from infra.local.up import DEFAULT_PORTS
from sheetid.settings import Settings

LOCAL = ROOT / "infra" / "local"
COMPOSE = yaml.safe_load((LOCAL / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PARTS = Parts(ROOT, Project(), DEFAULT_PORTS, own_addresses(DEFAULT_PORTS))
SECRET = re.compile(r"password|secret|token|credential|private|api_?key", re.IGNORECASE)
# What a part is called inside the compose network, for where it answers on this machine.
INSIDE = {"127.0.0.1:4443": "storage:4443", "127.0.0.1:8085": "pubsub:8085", "127.0.0.1:8080": "serving:8080"}


def flags(command: list[str]) -> dict[str, str]:
    """Return the flags of a command by name, without dashes, given as `-name value` or as `--name=value`."""
    found: dict[str, str] = {}
    words = iter(command)
    for word in words:
        if word.startswith("-") and word != "-m":
            name, equals, value = word.partition("=")
            found[name.lstrip("-")] = value if equals else next(words, "")
    return found


def inside(value: str) -> str:
    """Return an address as it is called inside the compose network."""
    for outside, name in INSIDE.items():
        value = value.replace(outside, name)
    return value


def help_of(*command: str) -> str:
    """Return what a program prints about its flags."""
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


def published() -> Iterator[tuple[str, str]]:
    """Yield every published port: service and mapping."""
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            yield name, port


def test_the_addresses_are_those_of_make_up() -> None:
    """Each part is published on the port that `make up` gives it, and the container listens on it."""
    expected = {"storage": DEFAULT_PORTS.storage, "pubsub": DEFAULT_PORTS.pubsub}
    expected |= {"serving": DEFAULT_PORTS.serving, "function": DEFAULT_PORTS.function}
    assert sorted(port for _, port in published()) == sorted(
        f"127.0.0.1:{port}:{port}" for port in expected.values()
    )
    assert flags(SERVICES["storage"]["command"])["port"] == str(DEFAULT_PORTS.storage)
    assert SERVICES["pubsub"]["command"][-1] == f"--host-port=0.0.0.0:{DEFAULT_PORTS.pubsub}"
    assert flags(SERVICES["serving"]["command"])["port"] == str(DEFAULT_PORTS.serving)
    assert flags(image().command)["port"] == str(DEFAULT_PORTS.function)


def test_nothing_listens_to_the_world() -> None:
    """Every port is published on this machine alone, and no service takes the machine's network."""
    assert all(port.startswith("127.0.0.1:") for _, port in published())
    assert {service.get("network_mode", "") for service in SERVICES.values()} == {"", "service:serving"}
    assert not any(service.get("privileged") or service.get("cap_add") for service in SERVICES.values())


def test_images_are_pinned() -> None:
    """No image changes under us: each has a tag with a full version."""
    tags = [service["image"].rpartition(":")[2] for service in SERVICES.values() if "image" in service]
    bases = [base.split()[0] for base in re.findall(r"^FROM (.+)$", dockerfile(), re.MULTILINE)]
    for tag in [*tags, *(base.rpartition(":")[2] for base in bases)]:
        assert re.match(r"\d+\.\d+\.\d+(-\w+)*$", tag), tag


def test_there_are_no_secrets() -> None:
    """Emulators need none, so nothing that looks like one is here."""
    text = (LOCAL / "compose.yaml").read_text()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in lines if SECRET.search(line)]
    assert "secrets" not in COMPOSE


def test_every_mounted_and_copied_path_exists() -> None:
    """What is mounted is there, read-only; what the image copies is there and not ignored."""
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source, _, mode = volume.split(":")
            assert (LOCAL / source).exists(), f"{name}: {source}"
            assert mode == "ro"
        if "build" in service:
            context = (LOCAL / service["build"]["context"]).resolve()
            assert context == ROOT
            assert (context / service["build"]["dockerfile"]).is_file()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile(), re.MULTILINE):
        assert (ROOT / source).exists(), source
    ignored = (LOCAL / "Dockerfile.dockerignore").read_text().split()
    kept = {pattern[1:] for pattern in ignored if pattern.startswith("!")}
    assert {
        path.split("/")[0] for path in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile(), re.MULTILINE)
    } <= kept


def test_serving_is_the_image_of_production() -> None:
    """The same version, with the same flags, each of which the server knows, and the model where they say."""
    production = Dockerfile.parse((ROOT / "serving" / "Dockerfile").read_text())
    service = SERVICES["serving"]
    assert flags(service["command"]) == production.flags
    known = (ROOT / "infra" / "checks" / "serving_flags.txt").read_text()
    names_known = {line.split()[0] for line in known.splitlines() if not line.startswith("#")}
    assert set(flags(service["command"])) <= names_known
    version = re.search(r"SERVING_VERSION=(\S+)", (ROOT / "serving" / "Dockerfile").read_text())
    assert version is not None
    assert service["image"] == f"tensorflow/serving:{version[1]}"
    targets = {volume.split(":")[1] for volume in service["volumes"]}
    assert flags(service["command"])["model_config_file"] in targets
    base_path = re.search(r'base_path: "([^"]+)"', (ROOT / "serving" / "models.config").read_text())
    assert base_path is not None
    assert base_path[1] in targets
    assert {volume.split(":")[0] for volume in service["volumes"]} == {
        "../../serving/models.config",
        f"../../serving/models/{names.MODEL}",
    }


def test_storage_notifies_as_in_the_local_stack() -> None:
    """Every flag is one that fake-gcs-server knows, with the value that `make up` gives it, names apart."""
    command = SERVICES["storage"]["command"]
    known = set(
        re.findall(r"^\s+-([\w.\-]+)", help_of(str(emulators.storage_emulator()), "-h"), re.MULTILINE)
    )
    assert set(flags(command)) <= known
    local = flags([word for word in PARTS.storage().command[1:] if word])
    assert {**flags(command), "host": "127.0.0.1"} == local
    assert SERVICES["storage"]["environment"]["PUBSUB_EMULATOR_HOST"] == INSIDE["127.0.0.1:8085"]


def test_the_function_has_the_settings_of_the_local_stack() -> None:
    """They differ in the emulators' names alone; the function accepts them, and finds the server near."""
    environment = SERVICES["function"]["environment"]
    local = PARTS.function_settings()
    assert {name: inside(value) for name, value in local.items()} == environment
    settings = Settings.from_environment(environment)
    assert settings.serving.is_loopback
    assert SERVICES["function"]["network_mode"] == "service:serving"


def test_the_function_is_started_as_in_the_local_stack() -> None:
    """The image starts functions-framework with the same flags, all of them known to it."""
    local = flags(list(PARTS.function().command[1:]))
    assert {**flags(image().command), "host": "127.0.0.1"} == local
    about = help_of(str(emulators.functions_framework(ROOT)), "--help")
    assert all(f"--{name}" in about for name in local)


@pytest.mark.parametrize("service", ["create", "eventarc"])
def test_modules_know_their_flags(service: str) -> None:
    """The modules that are run in containers exist, and know every flag that they are given."""
    python, dash_m, module, *arguments = SERVICES[service]["command"]
    assert (python, dash_m) == ("python", "-m")
    about = help_of(sys.executable, "-m", module, "--help")
    assert all(f"--{name}" in about for name in flags(arguments)), about


def test_eventarc_delivers_as_in_the_local_stack() -> None:
    """Subscription, dead letters and pauses are those of `make up`; the function is where compose puts it."""
    local = flags(list(PARTS.eventarc(Retries()).command[4:]))
    assert {name: inside(value) for name, value in local.items()} == flags(
        SERVICES["eventarc"]["command"][3:]
    )


def test_pubsub_is_started_with_flags_that_gcloud_knows() -> None:
    """The emulator's own command, in the project of the local stack."""
    command = SERVICES["pubsub"]["command"]
    assert command[:5] == ["gcloud", "beta", "emulators", "pubsub", "start"]
    assert f"--project={Project().id}" in command
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        pytest.skip("left out: gcloud is not installed, which would say what flags it knows")
    about = help_of(gcloud, "beta", "emulators", "pubsub", "start", "--help")
    assert all(f"--{name}" in about for name in flags(command[5:]))


def test_whoever_is_waited_for_can_be_healthy() -> None:
    """A service that others wait for has a health check, or ends by itself when it is waited for to end."""
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES
            assert how["condition"] in {"service_healthy", "service_completed_successfully"}, name
            assert ("healthcheck" in SERVICES[needed]) == (how["condition"] == "service_healthy")
    served = {name for name, service in SERVICES.items() if name not in {"create", "eventarc"}}
    assert served == {name for name, service in SERVICES.items() if "healthcheck" in service}


def test_the_image_needs_no_more_than_the_function() -> None:
    """Every module of ours in the image imports nothing but what the function's requirements bring."""
    python = Path(emulators.functions_framework(ROOT)).parent / "python"
    for module in ("infra.local.create", "infra.local.eventarc"):
        about = help_of(str(python), "-m", module, "--help")
        assert "usage:" in about, about


def dockerfile() -> str:
    """Return the image's Dockerfile."""
    return (LOCAL / "Dockerfile").read_text()


def image() -> Dockerfile:
    """Return the image's last stage."""
    return Dockerfile.parse(dockerfile())
