"""The processes that the stack is made of: a command, its environment, and how to tell that it serves."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from infra.local import emulators, names
from infra.local.names import Project
from infra.local.ports import Ports, address
from infra.local.probes import http_probe, pubsub_probe, serving_probe
from infra.local.process import Process

MODELS = Path("serving") / "models" / names.MODEL
# How many events the deployed function takes at once (infra/function.tf); functions-framework reads it.
THREADS = 4
# What a program needs of the caller's environment to run at all. Nothing else of it reaches the stack: the
# function sees what it would see in production, whatever the caller's shell holds.
INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts answer, as `host:port`."""

    storage: str
    pubsub: str
    serving: str
    function: str

    @property
    def storage_url(self) -> str:
        """The address of Cloud Storage, as clients want it."""
        return f"http://{self.storage}"

    @property
    def function_url(self) -> str:
        """Where events are posted."""
        return f"http://{self.function}/"


@dataclass(frozen=True, slots=True)
class Retries:
    """How the local Eventarc tries again: as Eventarc, but in seconds where that takes minutes."""

    minimum_backoff: float = 0.2
    maximum_backoff: float = 5.0
    in_flight: int = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """Makes the processes of one stack.

    Attributes:
        root: The repository's folder, in which every process runs.
        project: The project that the stack pretends to be in.
        ports: Where processes of ours listen.
        addresses: Where the parts answer, those that are not ours too.
        settings: Settings of the function that the caller chose, such as `SHEETID_LENGTH`.
        detours: Where the function finds parts that something of the caller's stands in front of, by name.
    """

    root: Path
    project: Project
    ports: Ports
    addresses: Addresses
    settings: Mapping[str, str] = field(default_factory=dict)
    detours: Mapping[str, str] = field(default_factory=dict)

    def google_pubsub(self, script: Path) -> Process:
        """Google's Pub/Sub emulator."""
        command = [str(script), "--host=127.0.0.1", f"--port={self.ports.pubsub}"]
        environment = inherited("JAVA_HOME", "JAVA_OPTS")
        return Process("pubsub", command, environment, pubsub_probe(self.addresses.pubsub, self.project.id))

    def embedded_pubsub(self) -> Process:
        """Our own Pub/Sub emulator."""
        command = [*python("infra.local.pubsub"), "--port", str(self.ports.pubsub)]
        return Process("pubsub", command, inherited(), pubsub_probe(self.addresses.pubsub, self.project.id))

    def tensorflow_serving(self, program: str) -> Process:
        """TensorFlow Serving itself, with the flags of the image, as far as they matter here."""
        command = [
            program,
            f"--port={self.ports.serving}",
            "--rest_api_port=0",
            f"--model_name={names.MODEL}",
            f"--model_base_path={self.root / MODELS}",
        ]
        return Process("serving", command, inherited(), serving_probe(self.addresses.serving, names.MODEL))

    def serving_stand_in(self) -> Process:
        """Our stand-in for TensorFlow Serving."""
        command = [*python("serving.standin"), "--port", str(self.ports.serving)]
        command += ["--model-name", names.MODEL, "--model-base-path", str(MODELS)]
        return Process("serving", command, inherited(), serving_probe(self.addresses.serving, names.MODEL))

    def storage(self) -> Process:
        """The Cloud Storage emulator, which notifies a topic of each finalized object."""
        command = [
            *(str(emulators.storage_emulator()), "-scheme", "http"),
            *("-host", "127.0.0.1", "-port", str(self.ports.storage)),
            *("-backend", "memory", "-external-url", self.addresses.storage_url),
            *("-public-host", self.addresses.storage),
            *("-event.list", "finalize", "-event.bucket", names.BUCKET),
            *("-event.pubsub-project-id", self.project.id, "-event.pubsub-topic", names.NOTIFICATIONS),
        ]
        environment = inherited() | {"PUBSUB_EMULATOR_HOST": self.addresses.pubsub}
        probe = http_probe(self.addresses.storage, "/_internal/healthcheck")
        return Process("storage", command, environment, probe)

    def function(self) -> Process:
        """The function, in an environment made from its own requirements, under functions-framework."""
        command = [
            str(emulators.functions_framework(self.root)),
            *("--source", "function/main.py", "--target", "handle_upload"),
            *("--signature-type", "cloudevent"),
            *("--host", "127.0.0.1", "--port", str(self.ports.function)),
        ]
        environment = inherited() | self.function_settings()
        return Process("function", command, environment, http_probe(self.addresses.function))

    def function_settings(self) -> dict[str, str]:
        """Return the settings of the deployed function, and where the emulators are."""
        seen = replace(self.addresses, **self.detours)
        return {
            "THREADS": str(THREADS),
            **self.settings,
            "SHEETID_TOPIC": self.project.topic(names.RESULTS),
            "SHEETID_BUCKET": names.BUCKET,
            "SERVING_TARGET": seen.serving,
            "LOG_LEVEL": "INFO",
            "STORAGE_EMULATOR_HOST": seen.storage_url,
            "PUBSUB_EMULATOR_HOST": seen.pubsub,
        }

    def eventarc(self, retries: Retries) -> Process:
        """The local Eventarc."""
        command = [
            *python("infra.local.eventarc"),
            *("--pubsub", self.addresses.pubsub, "--project", self.project.id),
            *("--subscription", names.NOTIFICATIONS_SUBSCRIPTION),
            *("--function-url", self.addresses.function_url),
            *("--dead-letter-topic", names.NOTIFICATIONS_DEAD),
            *("--minimum-backoff", str(retries.minimum_backoff)),
            *("--maximum-backoff", str(retries.maximum_backoff)),
            *("--in-flight", str(retries.in_flight)),
        ]
        return Process("eventarc", command, inherited(), is_ready=None)


def inherited(*more: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what a process inherits of the caller's environment, `more` variables included."""
    return {name: environ[name] for name in (*INHERITED, *more) if name in environ}


def python(module: str) -> list[str]:
    """Return the command that runs a module of ours."""
    return [sys.executable, "-u", "-m", module]


def own_addresses(ports: Ports) -> Addresses:
    """Return the addresses of a stack whose every part is ours."""
    return Addresses(
        storage=address(ports.storage),
        pubsub=address(ports.pubsub),
        serving=address(ports.serving),
        function=address(ports.function),
    )
