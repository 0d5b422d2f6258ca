"""Fetch the public collections, and keep nothing that is not what it should be."""

import hashlib
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from training.data import CHARS74K_CHARACTERS, read_members
from training.errors import DataError
from training.groups import write_groups

TIMEOUT = 60  # seconds without a byte
CHUNK = 1 << 20

Digest = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that can be fetched.

    Attributes:
        url: http or https.
        path: Where it goes, below the data directory.
        digest: What `measure` must answer for it.
        measure: The file's SHA-256, or that of its contents where packaging may change.
    """

    url: str
    path: str
    digest: str
    measure: Digest


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_pictures(archive: Path) -> str:
    """Return the SHA-256 of what sha256sum prints for an archive's pictures, sorted by name."""
    digests = {
        f"img{CHARS74K_CHARACTERS.index(character) + 1:03}-{index:05}.png": hashlib.sha256(
            content
        ).hexdigest()
        for character, index, content in read_members(archive)
    }
    listing = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(listing.encode()).hexdigest()


CHARS74K = Origin(
    "http://www.ee.surrey.ac.uk/CVSSP/demos/chars74k/EnglishFnt.tgz",
    "EnglishFnt.tgz",
    "3c73e544350c12834ef3da7ee91b26e88129b6b164b47c63525bb7d62dd7722d",
    sha256_of_pictures,
)
_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
ORIGINS = (
    CHARS74K,
    *(
        Origin(f"{_MNIST}{name}", f"mnist/{name}", digest, sha256)
        for name, digest in {
            "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        }.items()
    ),
)


def download_all(directory: Path, origins: Sequence[Origin]) -> None:
    """Fetch what is not there yet, and write down which fonts of Chars74K are alike.

    Raises:
        DataError: A file cannot be fetched, or is not what it should be.
    """
    with Progress() as progress:
        for origin in origins:
            if not (directory / origin.path).is_file():
                fetch(origin, directory, progress)
    archive, groups = directory / CHARS74K.path, directory / "chars74k-fnt-groups.csv"
    if archive.is_file() and not groups.is_file():
        write_groups(archive, groups)


def fetch(origin: Origin, directory: Path, progress: Progress) -> Path:
    """Fetch one file, verify it and put it in its place."""
    target = directory / origin.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        partial = Path(scratch) / target.name
        try:
            with urllib.request.urlopen(origin.url, timeout=TIMEOUT) as answer, partial.open("wb") as file:  # noqa: S310 - our own list's addresses
                total = int(answer.headers.get("Content-Length", 0)) or None
                task = progress.add_task(origin.path, total=total)
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
                    progress.advance(task, len(chunk))
        except OSError as error:
            raise DataError(f"{origin.url} cannot be fetched ({error})") from error
        if (found := origin.measure(partial)) != origin.digest:
            raise DataError(f"{origin.url}: {found} instead of {origin.digest}; not kept")
        shutil.move(partial, target)
    return target
