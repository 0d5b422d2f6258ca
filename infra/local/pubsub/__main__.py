"""Run the emulator: `python -m infra.local.pubsub [--host 127.0.0.1] [--port 8085]`."""

import argparse
import signal

from infra.local.pubsub.server import PubSubServer


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="infra.local.pubsub", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8085, help="0 takes a free port")
    arguments = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    # Blocked before any thread starts, so that all threads inherit it and `sigwait` alone receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with PubSubServer(arguments.host, arguments.port) as server:
        print(f"ready {server.address}", flush=True)
        signal.sigwait(ends)


if __name__ == "__main__":
    main()
