"""The downloader, against a server on this machine."""

import functools
import hashlib
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.unit.training.archives import write_chars74k
from training.data import read_font_groups
from training.download import CHARS74K, Origin, download_all, sha256, sha256_of_pictures
from training.errors import DataError


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Serve a directory; yield it and its address."""
    directory = tmp_path / "served"
    directory.mkdir()
    handler = functools.partial(QuietHandler, directory=str(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield directory, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_is_fetched_verified_and_kept(served: tuple[Path, str], tmp_path: Path) -> None:
    """Once: what is there is not fetched again."""
    directory, address = served
    (directory / "labels.gz").write_bytes(b"content" * 500_000)
    digest = hashlib.sha256(b"content" * 500_000).hexdigest()
    origin = Origin(f"{address}/labels.gz", "mnist/labels.gz", digest, sha256)
    download_all(tmp_path / "data", [origin])
    assert sha256(tmp_path / "data" / "mnist" / "labels.gz") == digest
    (directory / "labels.gz").unlink()
    download_all(tmp_path / "data", [origin])


def test_a_file_that_is_not_what_it_should_be_is_not_kept(served: tuple[Path, str], tmp_path: Path) -> None:
    """Not even a part of it."""
    directory, address = served
    (directory / "labels.gz").write_bytes(b"tampered")
    with pytest.raises(DataError, match="not kept"):
        download_all(tmp_path / "data", [Origin(f"{address}/labels.gz", "labels.gz", "0" * 64, sha256)])
    assert not list((tmp_path / "data").iterdir())


def test_a_file_that_is_not_there_is_named(served: tuple[Path, str], tmp_path: Path) -> None:
    """The address is in the message."""
    with pytest.raises(DataError, match=r"absent\.gz cannot be fetched"):
        download_all(tmp_path / "data", [Origin(f"{served[1]}/absent.gz", "absent.gz", "0" * 64, sha256)])


def test_the_official_archive_is_known_by_its_pictures_and_gets_groups(
    served: tuple[Path, str], tmp_path: Path
) -> None:
    """However it is packed; which fonts are alike is worked out from the pictures."""
    directory, address = served
    archive = write_chars74k(directory / "fonts.tgz", "01", fonts=12)
    digest = sha256_of_pictures(archive)
    repacked = write_chars74k(tmp_path / "again.tgz", "10", fonts=12)
    assert sha256_of_pictures(repacked) == digest
    assert repacked.read_bytes() != archive.read_bytes()
    origin = Origin(f"{address}/fonts.tgz", CHARS74K.path, digest, sha256_of_pictures)
    download_all(tmp_path / "data", [origin])
    groups = read_font_groups(tmp_path / "data" / "chars74k-fnt-groups.csv")
    assert groups[1] == groups[4] != groups[5]


def test_a_broken_archive_is_refused(served: tuple[Path, str], tmp_path: Path) -> None:
    """A download that broke off is no archive."""
    directory, address = served
    archive = write_chars74k(directory / "fonts.tgz", "0", fonts=8)
    archive.write_bytes(archive.read_bytes()[:-300])
    with pytest.raises(DataError, match="corrupt"):
        download_all(
            tmp_path / "data", [Origin(f"{address}/fonts.tgz", "f.tgz", "0" * 64, sha256_of_pictures)]
        )
