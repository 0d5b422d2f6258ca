"""Check any TensorFlow Serving, or the stand-in: python -m serving.smoke TARGET [--label stable …].

Waits until the server is healthy, then checks the model's state, its signature, the scores of recorded glyphs
for every version that is served, and the labels, and measures latency. Ends with 0 only if every check held.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import grpc
from google.oauth2.credentials import Credentials
from rich.console import Console
from rich.table import Table

from serving import smoke_checks as checks
from sheetid.cloud.serving import AnswerError
from sheetid.cloud.serving_channel import open_channel
from sheetid.settings import ServingSettings

TIMEOUT_SECONDS = 10
Check = Callable[[checks.Server], str]


def main() -> int:
    """Run the checks, show what they found, and return the exit code."""
    options = parse_options()
    settings = ServingSettings(
        options.target,
        options.model,
        timeout_seconds=TIMEOUT_SECONDS,
        audience=f"https://{options.target}" if options.token_file else None,
    )
    try:
        token = read_token(options.token_file) if options.token_file else None
        channel = open_channel(settings, credentials=token)
    except (OSError, ValueError) as error:
        print(f"smoke: {error}", file=sys.stderr)
        return 2
    table = Table(title=f"{options.model} at {options.target}", title_justify="left")
    for column in ("check", "", "found"):
        table.add_column(column, overflow="fold")
    held = True
    with channel:
        for name, passed, found in run_checks(checks.Server(channel, settings), choose_checks(options)):
            table.add_row(name, "[green]ok[/]" if passed else "[red]FAILED[/]", found)
            held = held and passed
    Console().print(table)
    return 0 if held else 1


def parse_options() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(
        prog="python -m serving.smoke", description="Check a TensorFlow Serving."
    )
    parser.add_argument("target", help="host:port; in plaintext only if it is on this machine")
    parser.add_argument("--model", default="digits", help="the model's name (default: digits)")
    parser.add_argument("--label", action="append", default=[], help="a version label that has to be served")
    parser.add_argument("--token-file", type=Path, help="file with an ID token: ask over TLS, with it")
    parser.add_argument(
        "--wait-seconds", type=float, default=60, help="how long the server may take to start (default: 60)"
    )
    return parser.parse_args()


def read_token(path: Path) -> Credentials:
    """Return credentials that are this file's token, and are never renewed; raises OSError."""
    return Credentials(path.read_text().strip())  # type: ignore[no-untyped-call]  # the library is not typed


def choose_checks(options: argparse.Namespace) -> list[tuple[str, Check]]:
    """Return the checks in their order, with the names under which they are shown."""
    return [
        ("health", partial(checks.check_health, wait_seconds=options.wait_seconds)),
        ("status", checks.check_status),
        ("metadata", checks.check_metadata),
        ("golden scores", checks.check_golden),
        *((f"label {label}", partial(checks.check_label, label=label)) for label in options.label),
        ("latency", checks.measure_latency),
    ]


def run_checks(server: checks.Server, chosen: list[tuple[str, Check]]) -> Iterator[tuple[str, bool, str]]:
    """Run checks one after another; give each one's name, whether it held, and what it found.

    Without a server, the first check says so, and the others are not run.
    """
    for name, check in chosen:
        try:
            yield name, True, check(server)
        except (checks.CheckError, AnswerError) as error:
            yield name, False, str(error)
        except grpc.RpcError as error:
            yield name, False, f"{error.code().name}: {error.details()}"
            if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                return


if __name__ == "__main__":
    sys.exit(main())
