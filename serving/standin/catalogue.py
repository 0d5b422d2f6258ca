"""Which versions of which models are loaded, and which one a request means."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tensorflow_serving.apis import get_model_status_pb2, model_pb2, status_pb2

from serving.standin.config import ModelConfig, aspired_versions, find_versions
from serving.standin.predicting import Servable
from serving.standin.refusal import invalid, not_found

State: TypeAlias = get_model_status_pb2.ModelVersionStatus.State
START, LOADING, AVAILABLE, UNLOADING, END = (
    get_model_status_pb2.ModelVersionStatus.State.Value(name)
    for name in ("START", "LOADING", "AVAILABLE", "UNLOADING", "END")
)
UNKNOWN_ERROR = 2


@dataclass(slots=True)
class Version:
    """One version of a model: where it is in its life, and what it is while it is AVAILABLE."""

    state: State = START
    error: str = ""
    servable: Servable | None = None


@dataclass(slots=True)
class Model:
    """One configured model, and all its versions that were ever seen."""

    config: ModelConfig
    versions: dict[int, Version] = field(default_factory=dict)

    def available(self) -> list[int]:
        """Return the versions that answer, the newest first."""
        return sorted((n for n, v in self.versions.items() if v.state == AVAILABLE), reverse=True)


class Catalogue:
    """The models of one server. `poll` is for one thread, the look-ups are for any."""

    def __init__(self, configs: Iterable[ModelConfig], load: Callable[[str, int, Path], Servable]) -> None:
        """Take the models to serve, and what loads one version: from name, number and directory."""
        self._models = {config.name: Model(config) for config in configs}
        self._load = load
        self._lock = threading.Lock()

    def poll(self) -> None:
        """Look at the base paths once: load what is new, then unload what is no longer wanted.

        An old version goes only when a new one is there to answer, unless no version is wanted at all.
        """
        for model in self._models.values():
            found = find_versions(Path(model.config.base_path))
            if found is None:
                continue
            aspired = aspired_versions(model.config, found)
            for number in reversed(aspired):
                self._bring_up(model, number, found[number])
            if not aspired or set(aspired) & set(model.available()):
                self._retire(model, aspired)

    def is_ready(self) -> bool:
        """Return whether every model has a version that answers."""
        with self._lock:
            return all(model.available() for model in self._models.values())

    def failures(self) -> list[str]:
        """Return what went wrong with the models that have no version to answer with."""
        with self._lock:
            return [
                f"{name} version {number}: {version.error}"
                for name, model in self._models.items()
                for number, version in model.versions.items()
                if version.error and not model.available()
            ]

    def find(self, spec: model_pb2.ModelSpec) -> Servable:
        """Return what a request's `spec` means; raises Refusal."""
        if not spec.name:
            raise invalid("ModelSpec has no name specified.")
        with self._lock:
            number = self._number(spec)
            model = self._models.get(spec.name)
            if model and number is None:
                number = next(iter(model.available()), None)
            version = model.versions.get(number) if model and number is not None else None
            if version is None or version.servable is None:
                wanted = f"Latest({spec.name})" if number is None else f"Specific({spec.name}, {number})"
                raise not_found(f"Servable not found for request: {wanted}")
            return version.servable

    def status(self, spec: model_pb2.ModelSpec) -> list[get_model_status_pb2.ModelVersionStatus]:
        """Return the state of the version that `spec` names, or of all, the newest first; raises Refusal.

        A label in `spec` is ignored, as TensorFlow Serving does.
        """
        with self._lock:
            model = self._models.get(spec.name)
            versions = model.versions if model else {}
            if spec.HasField("version"):
                versions = {n: v for n, v in versions.items() if n == spec.version.value}
                if not versions:
                    raise not_found(f"Could not find version {spec.version.value} of model {spec.name}")
            if not versions:
                raise not_found(f"Could not find any versions of model {spec.name}")
            return [_status(number, versions[number]) for number in sorted(versions, reverse=True)]

    def _number(self, spec: model_pb2.ModelSpec) -> int | None:
        """Return the version that `spec` asks for by number or by label, None if by neither."""
        if spec.HasField("version"):
            return int(spec.version.value)
        if not spec.HasField("version_label"):
            return None
        model = self._models.get(spec.name)
        if model and spec.version_label in model.config.version_labels:
            return int(model.config.version_labels[spec.version_label])
        raise invalid(f"Unrecognized servable version label: {spec.version_label}")

    def _bring_up(self, model: Model, number: int, directory: Path) -> None:
        """Load one version, unless it is loaded or has failed since its directory appeared."""
        version = model.versions.get(number)
        if version and (version.state == AVAILABLE or version.error):
            return
        self._set(model, number, Version(LOADING))
        try:
            servable = self._load(model.config.name, number, directory)
        except (ValueError, RuntimeError, OSError) as error:
            self._set(model, number, Version(END, error=str(error)))
        else:
            self._set(model, number, Version(AVAILABLE, servable=servable))

    def _retire(self, model: Model, aspired: list[int]) -> None:
        """Unload all versions but the `aspired`; requests that run keep theirs until they are answered."""
        for number in model.versions.keys() - set(aspired):
            if model.versions[number].state == AVAILABLE:
                self._set(model, number, Version(UNLOADING))
            self._set(model, number, Version(END))

    def _set(self, model: Model, number: int, version: Version) -> None:
        with self._lock:
            model.versions[number] = version


def _status(number: int, version: Version) -> get_model_status_pb2.ModelVersionStatus:
    status = status_pb2.StatusProto()
    if version.error:
        status = status_pb2.StatusProto(error_code=UNKNOWN_ERROR, error_message=version.error)
    return get_model_status_pb2.ModelVersionStatus(version=number, state=version.state, status=status)
