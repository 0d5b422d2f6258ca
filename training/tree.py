"""The directory tree `train/0..9`, `dev/0..9`: how prepared glyphs and people's own crops are kept."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from sheetid.vision.glyphs import SIDE, centred
from training.data import Grey, decode
from training.errors import DataError
from training.glyphsets import GlyphSet, ink_of
from training.splits import Part

SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
JUNK = "other"  # the folder of what is not one clean character


def write_tree(glyphs: GlyphSet, directory: Path, part: Part, alphabet: str) -> None:
    """Write glyphs as PNG files, white on black, one folder for each character; what is there already stays.

    Args:
        glyphs: Labelled by `alphabet`, and one more for "not a character".
        directory: Where `train/` and `dev/` are.
        part: Which of them it becomes.
        alphabet: The character of each class.
    """
    folders = [directory / part / name for name in folder_names(alphabet)]
    for label in np.unique(glyphs.labels):
        folders[label].mkdir(parents=True, exist_ok=True)
    for number, (image, label) in enumerate(zip(glyphs.images, glyphs.labels, strict=True)):
        cv2.imwrite(str(folders[label] / f"{number:06}.png"), image)


def read_tree(directory: Path, part: Part, alphabet: str) -> GlyphSet:
    """Read one part of a tree; each character must have pictures, `other` may.

    A picture of 28x28 pixels is a prepared glyph, white on black; any other size is a crop, dark on light,
    and is prepared here.

    Raises:
        DataError: A character has no pictures, or a file is no picture.
    """
    return GlyphSet.of(_tree_glyphs(directory / part, alphabet))


def folder_names(alphabet: str) -> list[str]:
    """Return the folder of every class: its character, or `a_` where file systems might not know case."""
    return [f"{character}_" if character.islower() else character for character in alphabet] + [JUNK]


def _tree_glyphs(directory: Path, alphabet: str) -> Iterator[tuple[Grey, int, str]]:
    for label, name in enumerate(folder_names(alphabet)):
        folder = directory / name
        files = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
        if not files and name != JUNK:
            raise DataError(
                f"{folder}: no pictures here; one folder with pictures for each of {alphabet} is expected"
            )
        for file in files:
            yield _glyph_in(decode(file.read_bytes(), str(file))), label, str(file)


def _glyph_in(image: Grey) -> Grey:
    return image if image.shape == (SIDE, SIDE) else centred(ink_of(image))
