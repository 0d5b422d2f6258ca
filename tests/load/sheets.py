"""The sheets that load is made of: small ones, of every kind that the sample sheets have."""

from infra.local.stack import ROOT
from tests.corpus.fixture import Fixture
from tests.corpus.fixtures import FIXTURES, ensure_fixtures

LARGEST = 200_000  # bytes: crops of a page's corner, not pages
OTHERS = ("page-", "blank-page", "text-only-page", "corner-600", "tiff-fax", "bomb-")


def crops() -> list[tuple[Fixture, bytes]]:
    """Return the crops that are images, good and bad ones, and what is in their files."""
    return [
        (fixture, data)
        for fixture, data in small()
        if "not_an_image" not in fixture.expected.reasons and data
    ]


def rejects() -> list[tuple[Fixture, bytes]]:
    """Return the files that are refused without a question to the model, and what is in them."""
    chosen = {id(fixture) for fixture, _ in crops()}
    return [(fixture, data) for fixture, data in small() if id(fixture) not in chosen]


def small() -> list[tuple[Fixture, bytes]]:
    """Return all files that are no larger than a crop."""
    paths = ensure_fixtures(ROOT / "build" / "fixtures")
    files = [(f, paths[f.file].read_bytes()) for f in FIXTURES if not f.file.startswith(OTHERS)]
    return [(fixture, data) for fixture, data in files if len(data) <= LARGEST]
