"""What goes with one version of the model: its alphabet, calibration and thresholds."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MANIFESTS = Path(__file__).parent / "manifests"


@dataclass(frozen=True, slots=True)
class Manifest:
    """How the scores of one model version are to be understood.

    Attributes:
        alphabet: The character of each class, in the order of the scores; then come the classes of other
            print (a letter, a blot) and of no print in the middle of the window.
        temperature: Divides the log-scores; calibrated on held-out glyphs.
        read_threshold: The whole number's confidence from which on it is `read`.
        review_threshold: The confidence from which on it is shown as a candidate for `review`.
    """

    alphabet: str
    temperature: float
    read_threshold: float
    review_threshold: float

    @property
    def classes(self) -> int:
        """How many scores the model gives for a glyph."""
        return len(self.alphabet) + 2


@cache
def load_manifest(name: str, version: str) -> Manifest | None:
    """Return the manifest of one model version, or None if this function was deployed without it."""
    path = MANIFESTS / f"{name}-{version}.json"
    if not path.is_file():
        return None
    fields = json.loads(path.read_text())
    return Manifest(**{field: fields[field] for field in Manifest.__slots__})
