"""Train the model: python -m training COMMAND. What the commands do is in training/README.md."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from training.data import CAPITALS, DIGITS
from training.errors import DataError, ReleaseError
from training.paths import BUILD, FONTS, RESULTS, DataDirectory


def main() -> int:
    """Do what the command line asks; return the exit code."""
    options = parser().parse_args()
    try:
        options.command(options)
    except (DataError, ReleaseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("download", help="fetch the public collections, verified")
    command.add_argument("directory", type=Path)
    command.set_defaults(command=download)
    command = commands.add_parser("fonts", help="fetch the fonts that numbers are printed in")
    command.set_defaults(command=fonts)
    command = commands.add_parser("prepare", help="write Chars74K as a tree of prepared glyphs")
    command.add_argument("directory", type=Path)
    command.add_argument(
        "--random-split", action="store_true", help="98/2 at random, as the original recipe does"
    )
    command.set_defaults(command=prepare)
    command = commands.add_parser("train", help="train, test and report")
    command.add_argument("--alphabet", choices=(DIGITS, DIGITS + CAPITALS), default=DIGITS)
    command.add_argument(
        "--crops", type=Path, help="a tree train/0..9, dev/0..9 of your own crops, learned from too"
    )
    command.add_argument("--epochs", type=positive, help="more or fewer than are done in 20 minutes")
    command.add_argument("--scenes", type=positive, help="synthetic scenes to learn from, likewise")
    command.add_argument(
        "--teachers", type=positive, nargs="+", default=[], metavar="VERSION", help="to learn from"
    )
    command.add_argument("--quick", action="store_true", help="a network that is asked first, in a cascade")
    command.add_argument(
        "--onward",
        type=Path,
        metavar="RUN",
        help="or version whose network goes on learning, at half the rate",
    )
    command.add_argument(
        "--place", type=positive, default=2, help="of a cascade's networks, which one goes on (default: 2)"
    )
    command.set_defaults(command=train)
    command = commands.add_parser("join", help="make a cascade, test and report")
    command.add_argument("first", type=Path, help="the run whose network is asked first")
    command.add_argument("others", type=Path, nargs="+", help="runs and versions asked where it is not sure")
    command.set_defaults(command=join)
    command = commands.add_parser("compare", help="train the baselines and write the table")
    command.set_defaults(command=compare)
    command = commands.add_parser("release", help="release a run's model, unless it is worse than the last")
    command.add_argument("run", type=Path, nargs="?", help="its directory (default: the latest)")
    command.set_defaults(command=release)
    return top


def positive(text: str) -> int:
    """Return a whole number above 0; raises ArgumentTypeError for anything else."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no whole number above 0")
    return int(text)


def download(options: argparse.Namespace) -> None:
    """Fetch the public collections."""
    from training.download import ORIGINS, download_all  # noqa: PLC0415 - as below

    download_all(options.directory, ORIGINS)


def fonts(_: argparse.Namespace) -> None:
    """Fetch the fonts."""
    from training.synthesis.fonts import fetch  # noqa: PLC0415 - as below

    fetch(FONTS)


def prepare(options: argparse.Namespace) -> None:
    """Write the tree."""
    from training.prepare import prepare_tree  # noqa: PLC0415 - as below

    prepare_tree(DataDirectory.from_environment(), options.directory, seed=1, at_random=options.random_split)


def train(options: argparse.Namespace) -> None:
    """Train the model that is shipped."""
    from training.datasets import Plan  # noqa: PLC0415 - TensorFlow takes seconds to import; only who trains waits
    from training.fitting import ONWARD_RATE, SHIPPED  # noqa: PLC0415 - as above
    from training.train import Run  # noqa: PLC0415 - as above
    from training.train import train as train_run  # noqa: PLC0415 - as above

    rate = SHIPPED.rate * (ONWARD_RATE if options.onward else 1)
    schedule = replace(SHIPPED, epochs=options.epochs or SHIPPED.epochs, rate=rate)
    plan = Plan(alphabet=options.alphabet, scenes=options.scenes or Plan().scenes)
    teachers = tuple(options.teachers)
    run = Run(plan, schedule, options.crops, options.quick, teachers, options.onward, options.place)
    train_run(run, DataDirectory.from_environment())


def join(options: argparse.Namespace) -> None:
    """Make a cascade."""
    from training.join import join as join_networks  # noqa: PLC0415 - as above

    join_networks(options.first, options.others, DataDirectory.from_environment())


def compare(_: argparse.Namespace) -> None:
    """Make the table."""
    from training.compare import compare as compare_all  # noqa: PLC0415 - as above
    from training.datasets import Plan  # noqa: PLC0415 - as above

    RESULTS.write_text(compare_all(Plan(), DataDirectory.from_environment()))
    print(RESULTS.read_text())


def release(options: argparse.Namespace) -> None:
    """Release the latest run, or the one that is named."""
    from training.release import release as release_run  # noqa: PLC0415 - as above

    runs = sorted(path.parent for path in BUILD.glob("*/metrics.json"))
    if options.run is None and not runs:
        raise ReleaseError(f"no run in {BUILD}: `make train` first")
    print(release_run(options.run or runs[-1], "digits"))


if __name__ == "__main__":
    sys.exit(main())
