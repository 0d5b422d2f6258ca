"""The serving image: its Dockerfile against the real server's flags, and against what Cloud Run is told."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import text_format
from tensorflow_serving.config.model_server_config_pb2 import ModelServerConfig

SERVER = "/usr/bin/tensorflow_model_server"
INIT = "/usr/bin/tini"
LABELS = {"stable", "canary"}
# Flags whose default is wrong for us, and what they have to say.
WANTED = {
    "rest_api_port": "0",
    "enable_grpc_healthcheck_service": "true",
    "enable_profiler": "false",
    "allow_version_labels_for_unavailable_models": "true",
    "model_config_file": "/models/models.config",
}
INSTRUCTION = re.compile(r"^(?P<name>[A-Z]+)\s+(?P<value>.+)$")
VALUES = {"bool": r"true|false", "int": r"-?\d+", "float": r"-?\d+(\.\d+)?", "string": r".*"}


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """The last stage's instructions, by name, in order; ENTRYPOINT and CMD put together are the `command`."""

    instructions: Mapping[str, list[str]]

    @classmethod
    def parse(cls, text: str) -> "Dockerfile":
        """Read a Dockerfile."""
        lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
        instructions: dict[str, list[str]] = {}
        for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
            if found := INSTRUCTION.match(line.strip()):
                instructions.setdefault(found["name"], []).append(found["value"])
        return cls(instructions)

    @property
    def command(self) -> list[str]:
        """The process that is started; raises ValueError if a shell would start it."""
        parts = []
        for name in ("ENTRYPOINT", "CMD"):
            for value in self.instructions.get(name, [])[-1:]:
                if not value.startswith("["):
                    raise ValueError(f"{name} is started by a shell, which keeps SIGTERM to itself")
                parts += json.loads(value)
        return parts

    @property
    def flags(self) -> dict[str, str]:
        """The server's flags by name; a flag without a value is `true`."""
        pairs = (
            part.removeprefix("--").partition("=")
            for part in self.command
            if part.startswith("--") and part != "--"
        )
        return {name: value if equals else "true" for name, equals, value in pairs}


def check(root: Path) -> list[str]:
    """Return what is wrong with the image."""
    dockerfile = Dockerfile.parse((root / "serving" / "Dockerfile").read_text())
    try:
        flags = dockerfile.flags
    except ValueError as error:
        return [str(error)]
    known = read_flags((root / "infra" / "checks" / "serving_flags.txt").read_text())
    terraform = (root / "infra" / "serving.tf").read_text()
    return (
        problems_of_flags(flags, known)
        + problems_of_process(dockerfile)
        + problems_of_cloud_run(dockerfile, terraform)
        + problems_of_models(root)
    )


def read_flags(text: str) -> dict[str, str]:
    """Return the type of every flag of the server."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return dict(rows)


def problems_of_flags(flags: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """Return flags that the server does not have, values of the wrong type, and what is missing."""
    problems = [
        f"the server has no flag --{name}, and would ignore it" for name in flags if name not in known
    ]
    problems += [
        f"--{name} wants a {known[name]}, not {value!r}"
        for name, value in flags.items()
        if name in known and not re.fullmatch(VALUES[known[name]], value)
    ]
    problems += [f"--{name} has to be {value}" for name, value in WANTED.items() if flags.get(name) != value]
    if flags.get("enable_batching", "false") != "false":
        problems.append(
            "--enable_batching: the client batches; one ill-shaped request would fail its batch-mates"
        )
    return problems


def problems_of_process(dockerfile: Dockerfile) -> list[str]:
    """Return why the container would not obey SIGTERM, or would run as root."""
    problems = []
    if dockerfile.command[:3] != [INIT, "--", SERVER]:
        problems.append(f"the server has to be a child of {INIT}: as process 1 it would ignore SIGTERM")
    if dockerfile.instructions.get("USER", ["root"])[-1].split(":")[0] in {"root", "0"}:
        problems.append("the container runs as root")
    if (
        ":latest" in " ".join(dockerfile.instructions["FROM"])
        or "SERVING_DIGEST" not in dockerfile.instructions["FROM"][-1]
    ):
        problems.append("the base image is not pinned by its tag and, if given, its digest")
    return problems


def problems_of_cloud_run(dockerfile: Dockerfile, terraform: str) -> list[str]:
    """Return where Cloud Run is told something else than the server."""
    port, concurrency = (number(terraform, name) for name in ("serving_port", "serving_concurrency"))
    flags = dockerfile.flags
    problems = []
    if flags.get("port") != str(port):
        problems.append(f"the server listens on port {flags.get('port')}, Cloud Run calls port {port}")
    if dockerfile.instructions.get("EXPOSE", [None])[-1] != str(port):
        problems.append(f"the Dockerfile does not expose port {port}")
    # Each concurrent request keeps a thread, and gRPC needs some to poll with.
    threads = flags.get("grpc_max_threads", "0")
    if threads.isdecimal() and int(threads) < 4 * concurrency:
        problems.append(f"--grpc_max_threads is less than four times the concurrency, {concurrency}")
    return problems


def number(terraform: str, name: str) -> int:
    """Return a number among Terraform's locals; raises ValueError if it is not there."""
    if not (found := re.search(rf"^ *{name} *= *(\d+)$", terraform, re.MULTILINE)):
        raise ValueError(f"infra/serving.tf does not say what {name} is")
    return int(found[1])


def problems_of_models(root: Path) -> list[str]:
    """Return labels without a version, versions without a model, and models without a manifest."""
    parsed = text_format.Parse((root / "serving" / "models.config").read_text(), ModelServerConfig())
    (config,) = parsed.model_config_list.config
    versions = set(config.model_version_policy.specific.versions)
    problems = [f"there is no label {label}" for label in sorted(LABELS - set(config.version_labels))]
    problems += [
        f"the label {label} names version {version}, which is not loaded"
        for label, version in config.version_labels.items()
        if version not in versions
    ]
    for version in sorted(versions):
        for path in (
            f"serving/models/{config.name}/{version}/saved_model.pb",
            f"function/sheetid/manifests/{config.name}-{version}.json",
        ):
            if not (root / path).exists():
                problems.append(f"version {version} is to be served, but there is no {path}")
    return problems
