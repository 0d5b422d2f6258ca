"""Golden scores: what one version of a model answered to glyphs that we drew, kept to hold any server to.

The file holds the glyphs themselves, so that neither fonts nor drawing can change what is compared.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import SIDE

DIRECTORY = Path(__file__).parent / "golden"
GREY_LEVELS = 255
DECIMALS = 7


@dataclass(frozen=True, slots=True)
class Golden:
    """The recorded answer of one version of a model.

    Attributes:
        model: The model's name.
        version: Its version.
        glyphs: `[N, 28, 28]` uint8, what was asked; a model is given them divided by 255.
        scores: `[N, classes]` float32, what it answered.
    """

    model: str
    version: str
    glyphs: npt.NDArray[np.uint8]
    scores: npt.NDArray[np.float32]

    def save(self, directory: Path) -> Path:
        """Write the file of this version into `directory`, and return its path."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.model}-{self.version}.json"
        rows = [
            {
                "glyph": base64.b64encode(glyph.tobytes()).decode(),
                "scores": [round(float(score), DECIMALS) for score in scores],
            }
            for glyph, scores in zip(self.glyphs, self.scores, strict=True)
        ]
        fields = {"model": self.model, "version": self.version, "rows": rows}
        path.write_text(json.dumps(fields, indent=1) + "\n")
        return path


def images_of(glyphs: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the batch `[N, 28, 28, 1]` float32 for glyphs `[N, 28, 28]` uint8."""
    return (glyphs.astype(np.float32) / np.float32(GREY_LEVELS))[..., np.newaxis]


def load_golden(model: str, version: str, directory: Path = DIRECTORY) -> Golden | None:
    """Return what was recorded of one version, or None if nothing was."""
    path = directory / f"{model}-{version}.json"
    if not path.is_file():
        return None
    fields = json.loads(path.read_text())
    pixels = b"".join(base64.b64decode(row["glyph"]) for row in fields["rows"])
    glyphs = np.frombuffer(pixels, np.uint8).reshape(-1, SIDE, SIDE)
    scores = np.array([row["scores"] for row in fields["rows"]], np.float32)
    return Golden(fields["model"], fields["version"], glyphs, scores)
