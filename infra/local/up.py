"""Runs the local stack until Ctrl-C, for an application of one's own to upload to and subscribe to.

Prints every address, and the environment variables that a client needs; `build/local/up.env` has them too.

Usage: python -m infra.local.up [--storage-port 4443] [--pubsub-port 8085] [--serving-port 8500]
           [--function-port 8080]
"""

import argparse
import sys
import time
from dataclasses import fields

from rich.console import Console
from rich.table import Table

from infra.local import names
from infra.local.ports import Ports
from infra.local.signals import ends_in_order
from infra.local.stack import ROOT, RUNS, LocalStack, Options

DEFAULT_PORTS = Ports(storage=4443, pubsub=8085, serving=8500, function=8080)
ENVIRONMENT = RUNS / "up.env"
WATCH_SECONDS = 1.0


def main() -> int:
    """Run the stack; return the exit code."""
    ports = parse_arguments()
    console = Console(highlight=False, soft_wrap=True, markup=False)
    stack = LocalStack("up", Options(ports=ports), console.print)
    with ends_in_order(console, "the local stack", stack.logs), stack:
        describe(console, stack)
        return watch(console, stack)


def parse_arguments() -> Ports:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    for port in fields(Ports):
        default = getattr(DEFAULT_PORTS, port.name)
        parser.add_argument(
            f"--{port.name}-port",
            type=int,
            default=default,
            dest=port.name,
            metavar="PORT",
            help=f"where {port.name} listens (%(default)s)",
        )
    return Ports(**vars(parser.parse_args()))


def describe(console: Console, stack: LocalStack) -> None:
    """Print what runs where, and what a client has to know."""
    table = Table(show_edge=False, box=None, padding=(0, 2))
    for heading in ("part", "address", "what it is"):
        table.add_column(heading)
    table.add_row("Cloud Storage", stack.addresses.storage_url, f"bucket {names.BUCKET}")
    table.add_row(
        "Pub/Sub", stack.addresses.pubsub, f"{stack.descriptions['pubsub']}; project {stack.project.id}"
    )
    table.add_row("", "", f"topic {names.RESULTS}, subscription {names.RESULTS_SUBSCRIPTION}")
    table.add_row("TensorFlow Serving", stack.addresses.serving, stack.descriptions["serving"])
    table.add_row("function", stack.addresses.function_url, "takes the events of finalized objects")
    console.print(table)
    variables = stack.client_environment()
    ENVIRONMENT.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    console.print("\nFor a client in this shell:\n")
    console.print("".join(f"export {name}={value}\n" for name, value in variables.items()))
    console.print(
        f"The same for a .env file is in {ENVIRONMENT.relative_to(ROOT)}; logs are in {stack.logs}."
    )
    console.print("Ctrl-C ends it all.")


def watch(console: Console, stack: LocalStack) -> int:
    """Wait until a part ends by itself, which none should; return the exit code."""
    while not (ended := stack.ended()):
        time.sleep(WATCH_SECONDS)
    for name in ended:
        console.print(f"{name} has ended by itself; its log is {stack.log(name)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
