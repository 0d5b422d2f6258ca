"""Printed digits from real scans: single ones from old books, and those cut from receipts."""

import csv
import io
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sheetid.atoms import HEIGHT
from sheetid.glyphs import Ink
from sheetid.page import search_region
from sheetid.segmentation import Candidate
from sheetid.strips import LocatedStrip, region_strips
from training.data import Grey, Picture, decode
from training.errors import DataError
from training.glyphsets import GlyphSet

_PAPER = 1.5  # of the word's height: white paper put around a patch, so that its print has a background


def read_books(archive: Path) -> Iterator[Picture]:
    """Read `lept_digits`: single digits, each grouped by the book it was printed in."""
    files = _read(archive)
    for row in _truth(files, "lept_digits"):
        name = f"lept_digits/{row['file']}"
        yield Picture(decode(files[name], name), row["text"], row["book"])


def read_receipts(archive: Path, alphabet: str) -> GlyphSet:
    """Read `sroie_lines`: the digits of lines whose segmentation finds as many characters as there are.

    Lines with touching or broken digits, whose pieces cannot be told, are left out; every receipt is a group.
    """
    files = _read(archive)
    return GlyphSet.of(_receipt_glyphs(files, alphabet))


def _receipt_glyphs(files: dict[str, bytes], alphabet: str) -> Iterator[tuple[Ink, int, str]]:
    for row in _truth(files, "sroie_lines"):
        name = f"sroie_lines/{row['file']}"
        box = np.array(row["word_box_in_patch"].split(), np.float64)
        glyphs = cut_word(decode(files[name], name), box, len(row["text"]))
        for glyph, character in zip(glyphs, row["text"], strict=False):
            yield glyph, alphabet.index(character), row["doc"]


def cut_word(patch: Grey, box: np.ndarray[tuple[int], np.dtype[np.float64]], length: int) -> list[Ink]:
    """Cut the word in a `box` (left, top, right, bottom); nothing if it does not fall into `length` parts."""
    margin = round(_PAPER * (box[3] - box[1]))
    paper = int(np.percentile(patch, 80))
    framed = np.pad(patch, margin, constant_values=paper)
    for located in region_strips(search_region(framed), turns=0, reduction=1):
        inside = [c for c in located.strip.candidates if _lies_in(c, located, box + margin)]
        whole = [c for c in inside if c.first == c.last and c.box[3] - c.box[1] >= _FULL * HEIGHT]
        if len(whole) == length and whole[-1].last - whole[0].first == length - 1:
            return [candidate.glyph for candidate in whole]
    return []


_FULL = 0.8  # of the strip's height: a digit, no piece of one


def _lies_in(
    candidate: Candidate, located: LocatedStrip, box: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> bool:
    left, top, right, bottom = candidate.box
    x, y = located.to_image @ np.array([(left + right) / 2, (top + bottom) / 2, 1])
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


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
