r"""Have sheets read again, or results delivered again.

python -m infra.replay uploads gs://BUCKET/PREFIX
python -m infra.replay dead-uploads projects/P/subscriptions/sheet-uploads-dead-inspect
python -m infra.replay dead-results projects/P/subscriptions/sheet-results-dead-inspect \
    --topic projects/P/topics/sheet-results

Google's clients are used as they are: their credentials and project, or, where STORAGE_EMULATOR_HOST and
PUBSUB_EMULATOR_HOST name them, the emulators. Called again, it goes on where it was interrupted.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from google.cloud import storage
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from rich.console import Console

from infra.replay import dead_letters, uploads
from infra.replay.pace import replay_all

STATES = Path(__file__).parents[2] / "build" / "replay"
SCHEME = "gs://"


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay what the command line names, and print how many became what."""
    options = parser().parse_args(arguments)
    console = Console(stderr=True)
    if options.what == "uploads":
        outcomes = replay_uploads(options.source, options.rate, console)
    else:
        outcomes = replay_dead_letters(options, console)
    print(", ".join(f"{count} {what}" for what, count in sorted(outcomes.items())) or "nothing to do")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.replay",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--rate", type=positive, default=5.0, help="at most so many a second (default 5)")
    kinds = parser.add_subparsers(dest="what", required=True)
    by_prefix = kinds.add_parser("uploads", parents=[common], help="have the objects of a prefix read again")
    by_prefix.add_argument("source", type=source, help="gs://BUCKET/PREFIX")
    for name, explanation in (
        ("dead-uploads", "have the uploads read again that could not be answered"),
        ("dead-results", "publish the results again that could not be delivered"),
    ):
        dead = kinds.add_parser(name, parents=[common], help=explanation)
        dead.add_argument("subscription", help="projects/P/subscriptions/S, of the dead letters")
        if name == "dead-results":
            dead.add_argument("--topic", required=True, help="projects/P/topics/T, of the results")
    return parser


def positive(text: str) -> float:
    """Return a positive number; raises ValueError."""
    number = float(text)
    if not number > 0:
        raise ValueError
    return number


def source(text: str) -> tuple[str, str]:
    """Return bucket and prefix of gs://BUCKET/PREFIX; raises ValueError."""
    bucket, _, prefix = text.removeprefix(SCHEME).partition("/")
    if not text.startswith(SCHEME) or not bucket:
        raise ValueError
    return bucket, prefix


def replay_uploads(source: tuple[str, str], rate: float, console: Console) -> Counter[str]:
    """Write the objects of a prefix again, and keep the position until all are done."""
    bucket, prefix = source
    STATES.mkdir(parents=True, exist_ok=True)
    path = STATES / f"{bucket}-{hashlib.sha256(prefix.encode()).hexdigest()[:12]}.json"
    position = uploads.Position.load(path, bucket, prefix)
    position.save(path, position.after)
    if position.after:
        console.print(f"going on after {position.after!r}; to begin anew, delete {path}", markup=False)

    def replay(blob: storage.Blob) -> str:
        outcome = uploads.write_again(blob)
        position.save(path, blob.name)
        return outcome

    outcomes = replay_all(uploads.uploads(storage.Client(), position), replay, rate, console)
    path.unlink()
    return outcomes


def replay_dead_letters(options: argparse.Namespace, console: Console) -> Counter[str]:
    """Replay the messages of a dead-letter subscription; those that are done are gone from it."""
    subscriber = SubscriberClient()
    if options.what == "dead-uploads":
        replay = dead_letters.upload_again(storage.Client())
    else:
        replay = dead_letters.publish_again(PublisherClient(), options.topic)
    return replay_all(
        dead_letters.messages(subscriber, options.subscription, dead_letters.SILENCE_SECONDS),
        dead_letters.acknowledged(subscriber, options.subscription, replay),
        options.rate,
        console,
    )


if __name__ == "__main__":
    sys.exit(main())
