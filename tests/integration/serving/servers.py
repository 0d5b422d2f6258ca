"""Servers for tests: the stand-in within the test's own process, or as a process of its own."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import grpc

from serving.standin.catalogue import Catalogue
from serving.standin.config import single_model
from serving.standin.predicting import load_servable
from serving.standin.server import running_server

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "serving/models/digits"
STOP_SECONDS = 20


def newest_model() -> Path:
    """Return the directory of the newest version of the model that is shipped."""
    return max((path for path in MODELS.iterdir() if path.name.isdecimal()), key=lambda path: int(path.name))


def add_version(base_path: Path, version: int) -> None:
    """Put the shipped model under `base_path` as another version, at once and whole."""
    base_path.mkdir(exist_ok=True)
    unfinished = base_path / f"{version}.part"
    shutil.copytree(newest_model(), unfinished)
    unfinished.rename(base_path / str(version))


@contextmanager
def standin(port: int = 0, interceptors: Sequence[grpc.ServerInterceptor] = ()) -> Iterator[str]:
    """Run the stand-in within this process, with the shipped model, and give its address."""
    catalogue = Catalogue(single_model("digits", MODELS), load_servable)
    catalogue.poll()
    with running_server(catalogue, port, interceptors) as address:
        yield address


@contextmanager
def standin_process(*arguments: str, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    """Run the stand-in as a process of its own, with pipes for what it says; it is gone in the end."""
    command = [
        sys.executable,
        "-m",
        "serving.standin",
        "--port",
        str(port),
        "--poll-seconds",
        "0.05",
        *arguments,
    ]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=STOP_SECONDS)


def ready_address(process: subprocess.Popen[str]) -> str:
    """Wait for the line that says where a process serves, and return `host:port`."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready "), f"{line!r}, exit code {process.poll()}"
    return line.split()[1]
