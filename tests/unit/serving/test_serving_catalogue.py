"""Which versions are loaded, and which one a request means."""

import shutil
from pathlib import Path

import grpc
import pytest
from tensorflow_serving.apis import model_pb2

from serving.standin.catalogue import Catalogue
from serving.standin.config import parse_config, single_model
from serving.standin.refusal import Refusal
from tests.unit.serving.fake_models import Shelf

LABELS = """
model_config_list {{ config {{
  name: "digits" base_path: "{path}"
  model_version_policy {{ specific {{ versions: 1 versions: 2 }} }}
  version_labels {{ key: "stable" value: 1 }}
  version_labels {{ key: "canary" value: 2 }}
}} }}
"""


def spec(*, label: str = "", version: int | None = None, name: str = "digits") -> model_pb2.ModelSpec:
    """Return what a request says of its model."""
    model = model_pb2.ModelSpec(name=name)
    if label:
        model.version_label = label
    if version is not None:
        model.version.value = version
    return model


def catalogue_of(path: Path, shelf: Shelf, *versions: int) -> Catalogue:
    """Return a catalogue of one model, whose newest version is served, with directories for `versions`."""
    for version in versions:
        (path / str(version)).mkdir()
    catalogue = Catalogue(single_model("digits", path), shelf.load)
    catalogue.poll()
    return catalogue


def states(catalogue: Catalogue) -> list[tuple[int, str]]:
    """Return the versions and the names of their states, as they are answered."""
    return [
        (
            status.version,
            status.DESCRIPTOR.file.pool.FindEnumTypeByName(STATE).values_by_number[status.state].name,
        )
        for status in catalogue.status(spec())
    ]


STATE = "tensorflow.serving.ModelVersionStatus.State"


def refused(catalogue: Catalogue, model: model_pb2.ModelSpec) -> tuple[grpc.StatusCode, str]:
    """Return with what a look-up is refused."""
    with pytest.raises(Refusal) as refusal:
        catalogue.find(model)
    return refusal.value.code, refusal.value.text


def test_the_newest_version_is_served(tmp_path: Path) -> None:
    """Versions are compared as numbers: 10 is newer than 9, and 9 is not loaded at all."""
    catalogue = catalogue_of(tmp_path, Shelf(), 9, 10)
    assert catalogue.find(spec()).version == 10
    assert states(catalogue) == [(10, "AVAILABLE")]


def test_a_new_version_takes_over(tmp_path: Path) -> None:
    """A version that appears is loaded, and the older one is unloaded and no longer found."""
    catalogue = catalogue_of(tmp_path, Shelf(), 1)
    (tmp_path / "2").mkdir()
    catalogue.poll()
    assert catalogue.find(spec()).version == 2
    assert states(catalogue) == [(2, "AVAILABLE"), (1, "END")]
    assert refused(catalogue, spec(version=1))[1] == "Servable not found for request: Specific(digits, 1)"


def test_a_broken_version_leaves_the_old_one_serving(tmp_path: Path) -> None:
    """Whatever is wrong with the new version, there is an answer; the status says what is wrong."""
    shelf = Shelf(2)
    catalogue = catalogue_of(tmp_path, shelf, 1)
    (tmp_path / "2").mkdir()
    catalogue.poll()
    catalogue.poll()
    assert catalogue.find(spec()).version == 1
    assert states(catalogue) == [(2, "END"), (1, "AVAILABLE")]
    assert catalogue.status(spec(version=2))[0].status.error_message == "no such file: variables.index"
    assert catalogue.failures() == []


def test_a_version_that_comes_back_is_loaded_again(tmp_path: Path) -> None:
    """After it was removed and repaired, a broken version is tried once more."""
    shelf = Shelf(2)
    catalogue = catalogue_of(tmp_path, shelf, 1, 2)
    shutil.rmtree(tmp_path / "2")
    catalogue.poll()
    shelf.broken.clear()
    (tmp_path / "2").mkdir()
    catalogue.poll()
    assert shelf.loaded == [1, 2]
    assert catalogue.find(spec()).version == 2


def test_loaded_versions_are_not_loaded_again(tmp_path: Path) -> None:
    """Looking again changes nothing when nothing changed."""
    shelf = Shelf()
    catalogue = catalogue_of(tmp_path, shelf, 1)
    catalogue.poll()
    assert shelf.loaded == [1]


def test_all_versions_gone(tmp_path: Path) -> None:
    """An emptied base path unloads; one that is gone altogether, perhaps only for now, changes nothing."""
    catalogue = catalogue_of(tmp_path, Shelf(), 1)
    (tmp_path / "1").rename(tmp_path / "away")
    catalogue.poll()
    assert refused(catalogue, spec()) == (
        grpc.StatusCode.NOT_FOUND,
        "Servable not found for request: Latest(digits)",
    )
    (tmp_path / "away").rename(tmp_path / "2")
    catalogue.poll()
    shutil.rmtree(tmp_path)
    catalogue.poll()
    assert catalogue.find(spec()).version == 2


def test_readiness(tmp_path: Path) -> None:
    """A model is ready with its first version; without any, nothing has failed, and nothing is ready."""
    catalogue = catalogue_of(tmp_path, Shelf())
    assert not catalogue.is_ready()
    assert catalogue.failures() == []
    (tmp_path / "1").mkdir()
    catalogue.poll()
    assert catalogue.is_ready()


def test_a_model_that_cannot_be_loaded_is_a_failure(tmp_path: Path) -> None:
    """With no version to answer with, it is said what went wrong."""
    catalogue = catalogue_of(tmp_path, Shelf(1), 1)
    assert catalogue.failures() == ["digits version 1: no such file: variables.index"]


def test_labels(tmp_path: Path) -> None:
    """A label leads to its version; a label whose version is not there, and an unknown label, differ."""
    (tmp_path / "1").mkdir()
    catalogue = Catalogue(parse_config(LABELS.format(path=tmp_path)), Shelf().load)
    catalogue.poll()
    assert catalogue.find(spec(label="stable")).version == 1
    assert refused(catalogue, spec(label="canary")) == (
        grpc.StatusCode.NOT_FOUND,
        "Servable not found for request: Specific(digits, 2)",
    )
    (tmp_path / "2").mkdir()
    catalogue.poll()
    assert catalogue.find(spec(label="canary")).version == 2
    assert catalogue.find(spec(label="stable")).version == 1
    assert refused(catalogue, spec(label="beta")) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "Unrecognized servable version label: beta",
    )
    assert (
        refused(catalogue, spec(label="stable", name="nope"))[1]
        == "Unrecognized servable version label: stable"
    )


def test_unknown_models_and_versions(tmp_path: Path) -> None:
    """Look-ups and states are refused in TensorFlow Serving's words."""
    catalogue = catalogue_of(tmp_path, Shelf(), 1)
    assert refused(catalogue, spec(name="nope"))[1] == "Servable not found for request: Latest(nope)"
    assert refused(catalogue, spec(version=99))[1] == "Servable not found for request: Specific(digits, 99)"
    assert refused(catalogue, spec(name=""))[1] == "ModelSpec has no name specified."
    with pytest.raises(Refusal, match="Could not find any versions of model nope"):
        catalogue.status(spec(name="nope"))
    with pytest.raises(Refusal, match="Could not find version 99 of model digits"):
        catalogue.status(spec(version=99))
