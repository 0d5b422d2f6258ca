"""Start the stand-in: python -m serving.standin --port 8500 [--model-base-path DIR]; --help for more."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from serving.standin.catalogue import Catalogue
from serving.standin.config import ModelConfig, parse_config, single_model
from serving.standin.faults import FaultFile, FaultInterceptor
from serving.standin.predicting import load_servable
from serving.standin.server import running_server

MODELS = Path(__file__).parents[1] / "models"


def main() -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    options = parse_options()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        catalogue = Catalogue(choose_models(options), load_servable)
    except (OSError, ValueError) as error:
        return fail(str(error))
    if not wait_for_models(catalogue, stop, options.poll_seconds):
        return 0 if stop.is_set() else fail("; ".join(catalogue.failures()))
    interceptors = [FaultInterceptor(FaultFile(options.faults).take)] if options.faults else []
    try:
        with running_server(catalogue, options.port, interceptors) as address:
            print(f"ready {address}", flush=True)
            while not stop.wait(options.poll_seconds):
                catalogue.poll()
    except RuntimeError as error:
        return fail(str(error))
    return 0


def parse_options() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(
        prog="python -m serving.standin",
        description="A local stand-in for TensorFlow Serving, over OpenVINO.",
    )
    parser.add_argument("--port", type=int, default=8500, help="gRPC port on 127.0.0.1; 0 for a free one")
    parser.add_argument("--model-name", default="digits", help="name of the one model")
    parser.add_argument("--model-base-path", type=Path, help="its directory of versions")
    parser.add_argument(
        "--model-config-file",
        type=Path,
        help="TensorFlow Serving's model_config_list, instead of the two above",
    )
    parser.add_argument(
        "--poll-seconds", type=float, default=1.0, help="how often to look for new versions (default: 1)"
    )
    parser.add_argument(
        "--faults", type=Path, help="file that steers imitated faults (see serving.standin.faults)"
    )
    return parser.parse_args()


def choose_models(options: argparse.Namespace) -> list[ModelConfig]:
    """Return the models that the options ask for; raises OSError and ValueError."""
    if options.model_config_file:
        return parse_config(options.model_config_file.read_text())
    return single_model(options.model_name, options.model_base_path or MODELS / options.model_name)


def wait_for_models(catalogue: Catalogue, stop: threading.Event, poll_seconds: float) -> bool:
    """Load until every model has a version that answers; return False if one cannot, or if told to stop.

    Until then the port stays closed, as TensorFlow Serving's does.
    """
    catalogue.poll()
    waiting = False
    while not catalogue.is_ready() and not catalogue.failures():
        if not waiting:
            print("stand-in: waiting for a version under each model's base path", file=sys.stderr, flush=True)
            waiting = True
        if stop.wait(poll_seconds):
            return False
        catalogue.poll()
    return catalogue.is_ready()


def fail(why: str) -> int:
    """Say on stderr why there is no server, and return the exit code for it."""
    print(f"stand-in: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
