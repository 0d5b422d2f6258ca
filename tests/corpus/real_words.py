"""Real printed numbers from real scans, pasted into the corner of a sheet.

The words are cut from research collections that may not be distributed with the project, so they are read
from the directory that `SHEETID_REAL_WORDS` names: PNG files and a `truth.csv` with the columns `file`,
`text`, `word_box_in_patch` (x0 y0 x1 y1) and `digit_h` (pixels).
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from tests.corpus.fields import floats, smooth

VARIABLE = "SHEETID_REAL_WORDS"
_SIZE = (400, 450)
_DIGIT_HEIGHT = 40.0


@dataclass(frozen=True, slots=True)
class Word:
    """A printed number: the scan's patch around it, its box in the patch, its digits' height in pixels."""

    path: Path
    text: str
    box: tuple[int, int, int, int]
    digit_height: float


def directory() -> Path | None:
    """Return where the words are, or None when they are not there."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named and (Path(named) / "truth.csv").is_file() else None


def words(folder: Path) -> list[Word]:
    """Return the words of `folder` that are long enough to be a sheet's number."""
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as rows:
        return [_word(folder, row) for row in csv.DictReader(rows) if 4 <= len(row["text"]) <= 12]


def _word(folder: Path, row: dict[str, str]) -> Word:
    left, top, right, bottom = map(int, row["word_box_in_patch"].split())
    # Some digits could not be measured; then the box tells about how high they are.
    height = float(row["digit_h"]) or float(bottom - top)
    return Word(folder / row["file"], row["text"], (left, top, right, bottom), height)


def pasted(word: Word, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return a corner `[400, 450]` uint8 with the word at 40 pixels' digit height in its upper right part.

    The paper around it is as bright and as grainy as the paper between the word's strokes, and the cut's edge
    is blended into it, so that nothing but the word stands out.
    """
    patch = cv2.imread(str(word.path), cv2.IMREAD_GRAYSCALE)
    if patch is None:
        raise FileNotFoundError(word.path)
    cut = floats(_cut(np.asarray(patch, np.uint8), word))
    scale = _DIGIT_HEIGHT / word.digit_height
    scale = min(scale, (_SIZE[1] - 30) / cut.shape[1])
    cut = floats(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    paper = float(np.median(cut[cut >= np.quantile(cut, 0.5)]))
    grain = float(np.clip(1.5 * np.median(np.abs(cut[cut > paper - 25] - paper)), 0.5, 8))
    sheet = paper + smooth(_SIZE, scale, rng) * np.float32(grain)
    height, width = cut.shape
    top = int(rng.integers(40, 110))
    left = int(rng.integers(max(10, _SIZE[1] // 2 - width // 2), _SIZE[1] - width - 8))
    weight = _feather(height, width, max(2, round(4 * scale)))
    place = sheet[top : top + height, left : left + width]
    place[:] = weight * cut + (1 - weight) * place
    return np.asarray(np.clip(np.rint(sheet), 0, 255), np.uint8)


def _cut(patch: npt.NDArray[np.uint8], word: Word) -> npt.NDArray[np.uint8]:
    """Return the word with a margin of a third of its height, which its neighbours do not reach as a rule."""
    left, top, right, bottom = word.box
    margin = round(0.33 * word.digit_height)
    return patch[
        max(0, top - margin // 2) : bottom + margin // 2 + 1, max(0, left - margin) : right + margin + 1
    ]


def _feather(height: int, width: int, edge: int) -> npt.NDArray[np.float32]:
    """Return weights that rise from 0 at the border to 1 at `edge` pixels inside it."""
    rows = np.minimum(np.arange(height), np.arange(height)[::-1])
    columns = np.minimum(np.arange(width), np.arange(width)[::-1])
    return floats(np.clip(np.minimum(rows[:, None], columns[None, :]) / edge, 0, 1))
