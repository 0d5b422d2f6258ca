"""From a run to a released version: its SavedModel for TensorFlow Serving, its manifest for the function."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.checksums import checksums
from training.errors import ReleaseError
from training.paths import MANIFESTS, MODELS, ROOT

TOLERANCE = 2.0  # standard errors by which a set may be worse by chance: 1 would refuse half of all equals
JUDGED = ("chars74k", "synthetic", "books", "receipts")  # the held-out sets that a release is judged by
TOLD = ("figures", "junk", "calibration_error", "cost")  # the metrics that a manifest repeats
LEAST_TESTED = 0.5  # of the glyphs that the other was tested on: fewer do not compare
FIRST_THRESHOLDS = {"read_threshold": 0.9, "review_threshold": 0.3}


@dataclass(frozen=True, slots=True)
class Places:
    """Where a release goes: `models/<name>/<version>/` and `manifests/<name>-<version>.json`."""

    models: Path = MODELS
    manifests: Path = MANIFESTS

    def manifest(self, name: str, version: int) -> Path:
        """Return the path of a version's manifest."""
        return self.manifests / f"{name}-{version}.json"

    def versions(self, name: str) -> list[int]:
        """Return the released versions, the oldest first."""
        return sorted(int(path.name) for path in (self.models / name).glob("*") if path.name.isdigit())


def release(
    run: Path,
    name: str,
    places: Places = Places(),
    *,
    replaces: int | None = None,
    version: int | None = None,
) -> Path:
    """Release a run's model as the next version, or as `version`; return the version directory.

    Args:
        run: The directory of the run.
        name: Of the served model.
        places: Where releases are kept.
        replaces: The version that it is held against; the latest unless told otherwise. The first has none.
        version: Must be new; the latest and one more unless told otherwise.

    Raises:
        ReleaseError: The model is worse than the one it replaces on a held-out set, or was not tested on it;
            the run's files are not those that were tested; or the version is there already.
    """
    metrics = json.loads((run / "metrics.json").read_text())
    if checksums(run / "model") != metrics["sha256"]:
        raise ReleaseError(f"{run}: the model's files are not the ones that were tested")
    released = places.versions(name)
    previous = replaces if replaces is not None else max(released, default=None)
    thresholds = FIRST_THRESHOLDS
    if previous is not None:
        old = json.loads(places.manifest(name, previous).read_text())
        thresholds = {threshold: old[threshold] for threshold in FIRST_THRESHOLDS}
        if found := regressions(metrics["figures"], figures_of(previous, metrics, old)):
            raise ReleaseError(f"worse than version {previous}: {'; '.join(found)}")
    number = version if version is not None else max(released, default=0) + 1
    target = places.models / name / str(number)
    if target.exists():
        raise ReleaseError(f"{target} is there already: a version never changes")
    shutil.copytree(run / "model", target)
    shutil.copy(run / "MODEL_CARD.md", target / "MODEL_CARD.md")
    manifest = places.manifest(name, number)
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps(manifest_of(metrics, thresholds), indent=2) + "\n")
    return target


def figures_of(version: int, metrics: Mapping[str, Any], manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a version's figures on the very sets that a run was tested on, else those of its manifest."""
    tested = metrics["latest"]
    same = tested is not None and tested["version"] == version
    figures: Mapping[str, Any] = tested["figures"] if same else manifest["metrics"].get("figures", {})
    return figures


def regressions(new: Mapping[str, Mapping[str, float]], old: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return on which sets a model is worse than another by more than chance explains, in words."""
    found = []
    for name in JUDGED:
        if name not in old:
            continue
        if name not in new or new[name]["glyphs"] < LEAST_TESTED * old[name]["glyphs"]:
            found.append(f"{name}: not tested as the other was")
            continue
        before, after = old[name]["error_rate"], new[name]["error_rate"]
        pooled = (before + after) / 2
        chance = (pooled * (1 - pooled) * (1 / old[name]["glyphs"] + 1 / new[name]["glyphs"])) ** 0.5
        if after > before + TOLERANCE * chance:
            found.append(f"{name}: {after:.2%} errors instead of {before:.2%}")
    return found


def manifest_of(metrics: Mapping[str, Any], thresholds: Mapping[str, float]) -> dict[str, Any]:
    """Return what the function reads of a version, and what people want to know of it."""
    return {
        "alphabet": metrics["alphabet"],
        "temperature": metrics["temperature"],
        **thresholds,
        "commit": _commit(),
        "sha256": metrics["sha256"],
        "metrics": {name: metrics[name] for name in TOLD},
    }


def _commit() -> str | None:
    """Return the current commit, marked if there is more than was committed; None outside git."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"],  # noqa: S607 - git on the path
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
