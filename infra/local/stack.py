"""The local stack as a context manager: entered, it reads uploads; left, it leaves nothing behind."""

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local import emulators, names, probes, topics
from infra.local.names import Project
from infra.local.parts import Addresses, Parts, Retries, own_addresses
from infra.local.ports import Ports, require_free
from infra.local.process import Process, StartError, Supervisor
from sheetid.settings import KNOWN, is_loopback

ROOT = Path(__file__).parents[2]
RUNS = ROOT / "build" / "local"
CHOOSABLE = sorted(set(KNOWN) - {"SHEETID_TOPIC", "SHEETID_BUCKET"} | {"THREADS"})


class PubSub(StrEnum):
    """Which Pub/Sub emulator is used."""

    AUTO = "auto"  # the one at PUBSUB_EMULATOR_HOST, else Google's if it is installed, else ours
    GOOGLE = "google"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Options:
    """What may differ from one stack to the next.

    Attributes:
        project: The project that topics and subscriptions are in; one of its own where an emulator is shared.
        ports: Where the parts listen; free ports when None.
        pubsub: Which Pub/Sub emulator is used.
        retries: How the local Eventarc tries again.
        environ: Says which servers of the caller's are used (SERVING_TARGET, PUBSUB_EMULATOR_HOST), and
            settings of the function other than the stack's own (SHEETID_LENGTH and so on).
        detours: Addresses at which the function finds `storage` or `pubsub`, of proxies in front of them.
    """

    project: Project = field(default_factory=Project)
    ports: Ports | None = None
    pubsub: PubSub = PubSub.AUTO
    retries: Retries = field(default_factory=Retries)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    detours: Mapping[str, str] = field(default_factory=dict)


class LocalStack:
    """Runs the stack.

    Attributes:
        project: The project that topics and subscriptions are in.
        addresses: Where the parts answer.
        logs: The folder of the processes' logs.
        descriptions: What each part is, by name.
    """

    def __init__(self, name: str, options: Options | None = None, say: Callable[[str], None] = print) -> None:
        """Prepare a stack whose logs are in `build/local/NAME-…`; `say` is told what is going on."""
        options = options or Options()
        self.project = options.project
        self.logs = RUNS / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        self.descriptions: dict[str, str] = {}
        self._options = options
        self._say = say
        self._ports = options.ports or Ports.free()
        self.addresses = _addresses(self._ports, options)
        self._parts = Parts(
            root=ROOT,
            project=options.project,
            ports=self._ports,
            addresses=self.addresses,
            settings={name: options.environ[name] for name in CHOOSABLE if name in options.environ},
            detours=options.detours,
        )
        self._supervisor = Supervisor(self.logs, ROOT)
        self._processes: dict[str, Process] = {}
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Start every part, and return when a sheet that is uploaded would be read; raises StartError."""
        with self._exit:
            self._exit.enter_context(self._supervisor)
            began = time.monotonic()
            self._plan()
            for part in (field.name for field in fields(Ports) if field.name in self._processes):
                require_free(getattr(self._ports, part), part)
            self._say(f"starting {', '.join(f'{k} ({v})' for k, v in self.descriptions.items())} …")
            self._begin("pubsub", "serving", "function")
            topics.create_topics(self.addresses.pubsub, self.project)
            self._begin("storage", "eventarc")
            topics.create_bucket(self.addresses.storage_url, self.project)
            self._say(f"ready in {time.monotonic() - began:.1f} s; logs are in {self.logs}")
            self._exit = self._exit.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End every process."""
        self._exit.close()

    def start(self, name: str) -> None:
        """Start a part that was stopped, on the same port, and wait until it is ready."""
        self._supervisor.start(self._processes[name])

    def stop(self, name: str) -> None:
        """Stop one part politely."""
        self._supervisor.stop(name)

    def kill(self, name: str) -> None:
        """Kill one part."""
        self._supervisor.kill(name)

    def pid(self, name: str) -> int:
        """Return the process id of a part."""
        return self._supervisor.pid(name)

    def ended(self) -> list[str]:
        """Return the names of the parts that have ended by themselves."""
        return self._supervisor.ended()

    def log(self, name: str) -> Path:
        """Return the path of a part's log."""
        return self._supervisor.log(name)

    @property
    def topic(self) -> str:
        """The full name of the results' topic."""
        return self.project.topic(names.RESULTS)

    def client_environment(self) -> dict[str, str]:
        """Return the variables that a client of the stack needs."""
        return {
            "GOOGLE_CLOUD_PROJECT": self.project.id,
            "STORAGE_EMULATOR_HOST": self.addresses.storage_url,
            "PUBSUB_EMULATOR_HOST": self.addresses.pubsub,
            "SERVING_TARGET": self.addresses.serving,
            "SHEETS_BUCKET": names.BUCKET,
            "SHEETS_TOPIC": names.RESULTS,
            "SHEETS_SUBSCRIPTION": names.RESULTS_SUBSCRIPTION,
        }

    def _plan(self) -> None:
        """Choose what each part is."""
        self._use("pubsub", *self._pubsub())
        self._use("serving", *self._serving())
        self._use("function", "functions-framework", self._parts.function())
        self._use("storage", "fake-gcs-server", self._parts.storage())
        self._use("eventarc", "local Eventarc", self._parts.eventarc(self._options.retries))

    def _use(self, name: str, description: str, process: Process | None) -> None:
        self.descriptions[name] = description
        if process is not None:
            self._processes[name] = process

    def _pubsub(self) -> tuple[str, Process | None]:
        """Return what serves as Pub/Sub, and its process if that is ours."""
        choice = self._options.pubsub
        if choice is PubSub.AUTO and (address := self._options.environ.get("PUBSUB_EMULATOR_HOST")):
            _require(probes.pubsub_probe(address, self.project.id), "PUBSUB_EMULATOR_HOST", address)
            return f"emulator at {address}", None
        script = None if choice is PubSub.EMBEDDED else emulators.google_pubsub_emulator()
        if script is not None:
            return "Google's emulator", self._parts.google_pubsub(script)
        if choice is PubSub.GOOGLE:
            raise StartError(
                "Google's Pub/Sub emulator is not here: gcloud, its component and Java are needed"
            )
        return "embedded emulator", self._parts.embedded_pubsub()

    def _serving(self) -> tuple[str, Process | None]:
        """Return what serves the model, and its process if that is ours."""
        if address := self._options.environ.get("SERVING_TARGET"):
            if is_loopback(address):
                _require(probes.serving_probe(address, names.MODEL), "SERVING_TARGET", address)
            return f"server at {address}", None
        if program := emulators.model_server():
            return "TensorFlow Serving", self._parts.tensorflow_serving(program)
        return "stand-in for TensorFlow Serving", self._parts.serving_stand_in()

    def _begin(self, *parts: str) -> None:
        self._supervisor.start(*(self._processes[part] for part in parts if part in self._processes))


def _addresses(ports: Ports, options: Options) -> Addresses:
    """Return where the parts answer: on our ports, but for the servers that the caller brings."""
    brought = {"serving": options.environ.get("SERVING_TARGET")}
    if options.pubsub is PubSub.AUTO:
        brought["pubsub"] = options.environ.get("PUBSUB_EMULATOR_HOST")
    return replace(own_addresses(ports), **{part: address for part, address in brought.items() if address})


def _require(is_ready: Callable[[], bool], variable: str, address: str) -> None:
    """Raise StartError unless the server that a variable names is ready."""
    if not is_ready():
        raise StartError(f"{variable} names {address}, but nothing that is ready answers there")
