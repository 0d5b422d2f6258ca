"""The models that are committed: whole, and with a manifest and a card that belong to them."""

import json

import pytest

from sheetid.manifest import load_manifest
from training.checksums import checksums
from training.paths import MODELS
from training.release import Places

PLACES = Places()
RELEASED = [(path.name, number) for path in sorted(MODELS.iterdir()) for number in PLACES.versions(path.name)]


@pytest.mark.parametrize(("name", "version"), RELEASED)
def test_a_released_model_is_the_one_that_its_manifest_tells_of(name: str, version: int) -> None:
    """No file was exchanged, lost or added since it was tested."""
    found = checksums(MODELS / name / str(version))
    assert found.pop("MODEL_CARD.md")
    assert found == json.loads(PLACES.manifest(name, version).read_text())["sha256"]


@pytest.mark.parametrize(("name", "version"), RELEASED)
def test_the_function_has_what_it_needs_of_a_released_model(name: str, version: int) -> None:
    """Alphabet, calibration and thresholds in their order."""
    manifest = load_manifest(name, str(version))
    assert manifest is not None
    assert len(set(manifest.alphabet)) == len(manifest.alphabet)
    assert 0.25 < manifest.temperature < 4
    assert 0 < manifest.review_threshold < manifest.read_threshold < 1


def test_there_is_a_released_model() -> None:
    """The local stack and the tests of serving need one."""
    assert ("digits", 4) in RELEASED
