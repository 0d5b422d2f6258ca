"""Printed digits from real scans: single ones from old books, and those in lines of receipts."""

import csv
import io
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.geometry import after, transform
from sheetid.vision.glyphs import BAND, HEIGHT, SIDE, straighten
from sheetid.vision.ink import InkMap
from sheetid.vision.lines import find_lines
from sheetid.vision.page import search_region
from training.data import Grey, Picture, decode
from training.errors import DataError
from training.glyphsets import EDGE, GlyphSet

_PAPER = 1.5  # of the word's height: white paper put around a patch, so that its print has a background
_FULL = 0.8  # of the line's height: a digit, no piece of one


def read_books(archive: Path) -> Iterator[Picture]:
    """Read `lept_digits`: single digits, each grouped by the book it was printed in."""
    files = _read(archive)
    for row in _truth(files, "lept_digits"):
        name = f"lept_digits/{row['file']}"
        yield Picture(decode(files[name], name), row["text"], row["book"])


def read_receipts(archive: Path, alphabet: str) -> GlyphSet:
    """Read `sroie_lines`: the digits of words that fall into as many pieces of ink as they have characters.

    Lines with touching or broken digits, whose places cannot be told, are left out; every receipt is a group.
    """
    files = _read(archive)
    return GlyphSet.of(_receipt_glyphs(files, alphabet))


def _receipt_glyphs(files: dict[str, bytes], alphabet: str) -> Iterator[tuple[Grey, int, str]]:
    for row in _truth(files, "sroie_lines"):
        name = f"sroie_lines/{row['file']}"
        box = np.array(row["word_box_in_patch"].split(), np.float64)
        glyphs = word_windows(decode(files[name], name), box, len(row["text"]))
        for glyph, character in zip(glyphs, row["text"], strict=False):
            yield glyph, alphabet.index(character), row["doc"]


def word_windows(patch: Grey, box: npt.NDArray[np.float64], length: int) -> list[Grey]:
    """Return the windows at the characters of the word in a `box` (left, top, right, bottom).

    The line is found by the function's own code, whose first look at the word counts; there are none if the
    ink in the box does not fall into `length` pieces of a line's height.
    """
    margin = round(_PAPER * (box[3] - box[1]))
    paper = int(np.percentile(patch, 80))
    lines = find_lines(search_region(np.pad(patch, margin, constant_values=paper)), reduction=1)
    ends = np.array([[box[0], (box[1] + box[3]) / 2], [box[2], (box[1] + box[3]) / 2]]) + margin
    for run, _ in lines.runs:
        strip, to_run = straighten(lines.ink, run, lines.to_ink)
        from_patch = np.asarray(cv2.invertAffineTransform(after(lines.to_image, to_run)), np.float64)
        (left, middle), (right, _) = transform(ends, from_patch)
        if not BAND.start <= middle < BAND.stop:
            continue
        centres = piece_centres(strip, left, right)
        return [window_at(strip, centre) for centre in centres] if len(centres) == length else []
    return []


def piece_centres(strip: InkMap, left: float, right: float) -> list[float]:
    """Return where the pieces of ink of a line's height are, of those whose middle is between two columns."""
    mask = (strip > EDGE * 255).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    full = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] >= _FULL * HEIGHT]
    centres = full[:, cv2.CC_STAT_LEFT] + full[:, cv2.CC_STAT_WIDTH] / 2
    return sorted(float(centre) for centre in centres if left <= centre <= right)


def window_at(strip: InkMap, centre: float) -> Grey:
    """Return the window of a strip whose middle is nearest to a column."""
    start = int(np.clip(round(centre - SIDE / 2), 0, strip.shape[1] - SIDE))
    return np.asarray(strip[:, start : start + SIDE], np.uint8)


def _read(archive: Path) -> dict[str, bytes]:
    try:
        content = lzma.decompress(archive.read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            members = [
                (member.name.removeprefix("./"), tar.extractfile(member)) for member in tar if member.isfile()
            ]
            return {name: file.read() for name, file in members if file is not None}
    except (OSError, EOFError, lzma.LZMAError, tarfile.TarError) as error:
        raise DataError(f"{archive}: missing or corrupt ({error})") from error


def _truth(files: dict[str, bytes], folder: str) -> list[dict[str, str]]:
    name = f"{folder}/truth.csv"
    if name not in files:
        raise DataError(f"{name} is not in the archive")
    return list(csv.DictReader(io.StringIO(files[name].decode())))
