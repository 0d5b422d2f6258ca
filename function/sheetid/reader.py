"""One image from bytes to a reading: every stage in its order, and one question to the model."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from sheetid.atoms import HEIGHT
from sheetid.decoding import decode
from sheetid.errors import TransientError
from sheetid.geometry import bounding_box, corners, transform
from sheetid.glyphs import SIDE, Ink, stack
from sheetid.lattice import Path, best_path
from sheetid.manifest import Manifest, load_manifest
from sheetid.prediction import Classifier, Prediction
from sheetid.reading import Finding, decide, violation
from sheetid.result import Digit, Model, Reading, Reason, Status
from sheetid.settings import ReadingSettings
from sheetid.strips import LocatedStrip, find_strips

OPEN_END_DOUBT = 0.5  # a number that may go on is as likely cut short
ALL_ONES_DOUBT = 0.5  # upright strokes side by side are as likely bars or walls
UPRIGHT_DOUBT = 0.02  # confidence of a number seen upright, from which on its other way up is in doubt


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reading is based on.

    Attributes:
        region: `[4, 2]` float64, the corners of the run that was read, in the uploaded image, or None.
        glyphs: `[digits, 28, 28]` float32, the digits as the model saw them.
    """

    region: npt.NDArray[np.float64] | None
    glyphs: Ink


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A reading and its evidence."""

    reading: Reading
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ReadRun:
    """A run, the digits found in it, and what they add up to."""

    located: LocatedStrip
    path: Path
    finding: Finding

    @property
    def outline(self) -> npt.NDArray[np.float64]:
        """The corners `[4, 2]` of the line of digits, in the uploaded image."""
        top = (self.located.strip.ink.shape[0] - HEIGHT) / 2
        left, right = self.path.candidates[0].box[0], self.path.candidates[-1].box[2]
        return transform(corners(left, top, right, top + HEIGHT), self.located.to_image)

    def overlaps(self, other: Self) -> bool:
        """Tell whether both runs are the same print, seen the same way up."""
        ours, theirs = self.outline, other.outline
        low = np.maximum(ours.min(axis=0), theirs.min(axis=0))
        high = np.minimum(ours.max(axis=0), theirs.max(axis=0))
        return self.located.turns == other.located.turns and bool((high > low).all())


def read_sheet(data: bytes, classifier: Classifier, settings: ReadingSettings) -> SheetReading:
    """Read the number on one sheet.

    Args:
        data: The uploaded file.
        classifier: Scores all candidate glyphs in one call.
        settings: What a sheet number looks like, and how large an image may be.

    Raises:
        PermanentError: The file can never be read.
        TransientError: The classifier could not answer.
    """
    strips = find_strips(decode(data, settings.max_pixels))
    glyphs = [candidate.glyph for located in strips for candidate in located.strip.candidates]
    if not glyphs:
        return rejected(Reason.NO_DIGITS, None)
    prediction = classifier.predict(stack(glyphs))
    model = prediction.model
    manifest = load_manifest(model.name, model.version)
    if manifest is None:
        raise TransientError(
            f"this function was deployed without the manifest of {model.name} {model.version}"
        )
    runs = read_runs(strips, calibrated(prediction, manifest), manifest)
    return choose(runs, settings, manifest, model)


def calibrated(prediction: Prediction, manifest: Manifest) -> npt.NDArray[np.float64]:
    """Return the calibrated log-probabilities, `[N, classes]`, of the model's scores."""
    log_scores = np.log(np.maximum(prediction.scores.astype(np.float64), 1e-30)) / manifest.temperature
    return np.asarray(log_scores - np.logaddexp.reduce(log_scores, axis=1, keepdims=True), np.float64)


def read_runs(
    strips: list[LocatedStrip], log_scores: npt.NDArray[np.float64], manifest: Manifest
) -> list[ReadRun]:
    """Find the digits of every run; `log_scores` has a row for each candidate, in order."""
    runs, offset = [], 0
    for located in strips:
        count = len(located.strip.candidates)
        path = best_path(located.strip, log_scores[offset : offset + count], len(manifest.alphabet))
        offset += count
        if path:
            number = "".join(manifest.alphabet[index] for index in path.classes)
            confidence = path.posterior * min(path.probabilities) * OPEN_END_DOUBT**path.open_ends
            if set(number) == {"1"}:
                confidence *= ALL_ONES_DOUBT
            runs.append(ReadRun(located, path, Finding(number, confidence, located.height)))
    return without_repeats(runs)


def without_repeats(runs: list[ReadRun]) -> list[ReadRun]:
    """Keep one run for each place: the same print may have been found in several ways.

    Where these disagree on the number, and not only on how much of it they hold, confidence is shared.
    """
    kept: list[ReadRun] = []
    for run in sorted(runs, key=lambda run: -run.finding.confidence * len(run.finding.number)):
        at = next((i for i, other in enumerate(kept) if run.overlaps(other)), None)
        if at is None:
            kept.append(run)
        elif run.finding.number not in kept[at].finding.number:
            best, other = kept[at].finding.confidence, run.finding.confidence
            shared = replace(kept[at].finding, confidence=best * best / (best + other))
            kept[at] = replace(kept[at], finding=shared)
    return kept


def choose(runs: list[ReadRun], settings: ReadingSettings, manifest: Manifest, model: Model) -> SheetReading:
    """Decide on the runs; the likeliest orientation comes first."""
    answer, rival = None, False
    for turns in dict.fromkeys(run.located.turns for run in sorted(runs, key=lambda run: run.located.turns)):
        side = [run for run in runs if run.located.turns == turns]
        decision = decide([run.finding for run in side], settings, manifest)
        if decision.chosen is not None:
            status, reason = decision.status, decision.reason
            if rival and status is Status.READ:
                status, reason = Status.REVIEW, Reason.AMBIGUOUS
            return report(side[decision.chosen], status, reason, model)
        answer = answer or decision.reason
        rival = any(
            run.finding.confidence >= UPRIGHT_DOUBT and violation(run.finding.number, settings) is None
            for run in side
        )
    return rejected(answer or Reason.NO_DIGITS, model)


def report(run: ReadRun, status: Status, reason: Reason | None, model: Model) -> SheetReading:
    """Put the reading of the chosen run together."""
    candidates, to_image = run.path.candidates, run.located.to_image
    digits = tuple(
        Digit(character, round(probability, 4), bounding_box(transform(corners(*candidate.box), to_image)))
        for character, probability, candidate in zip(
            run.finding.number, run.path.probabilities, candidates, strict=True
        )
    )
    confidence = round(run.finding.confidence, 4)
    glyphs = np.stack([candidate.glyph for candidate in candidates])
    return SheetReading(
        Reading(status, reason, run.finding.number, confidence, digits, model),
        Evidence(run.outline, glyphs),
    )


def rejected(reason: Reason, model: Model | None) -> SheetReading:
    """Return the reading of a sheet on which no number was found."""
    evidence = Evidence(None, np.zeros((0, SIDE, SIDE), np.float32))
    return SheetReading(Reading(Status.REJECTED, reason, model=model), evidence)
