"""Readers: whatever the collection, pictures of single characters come out black on white."""

import csv
import gzip
import re
import struct
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.errors import DataError

Grey = npt.NDArray[np.uint8]

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHARS74K_CHARACTERS = DIGITS + CAPITALS + CAPITALS.lower()
CHARS74K_FONTS = 1016

_CHARS74K_MEMBER = re.compile(r"(?:^|/)img(\d{3})-(\d{5})\.png$")
_IDX_IMAGES, _IDX_LABELS = 2051, 2049


@dataclass(frozen=True, slots=True)
class Picture:
    """One character: `image` `[height, width]` uint8, dark on light; `group` names what must not be split.

    The group is a font, a book or whatever else makes pictures alike for another reason than their character.
    """

    image: Grey
    character: str
    group: str


def read_chars74k(archives: Sequence[Path], groups: Path, characters: str = DIGITS) -> Iterator[Picture]:
    """Read Chars74K EnglishFnt, the official `.tgz` or a tar of it, for the `characters` that are wanted.

    Args:
        archives: Files that together hold all `characters`; what else is in them is skipped.
        groups: A CSV of `index,group,style`: which of the 1016 fonts are one and the same.
        characters: Of `0-9A-Za-z`.

    Raises:
        DataError: A file is missing or corrupt, or a character does not come in all 1016 fonts.
    """
    group_of = read_font_groups(groups)
    counts = dict.fromkeys(characters, 0)
    for archive in archives:
        for character, index, content in read_members(archive):
            if character in counts:
                counts[character] += 1
                name = f"{archive}: {character!r} of font {index}"
                yield Picture(decode(content, name), character, group_of[index])
    short = {character: count for character, count in counts.items() if count != CHARS74K_FONTS}
    if short:
        raise DataError(
            f"{_names(archives)}: {CHARS74K_FONTS} pictures of each character expected, got {short}"
        )


def read_members(archive: Path) -> Iterator[tuple[str, int, bytes]]:
    """Yield character, font index and PNG file of every picture in an archive of Chars74K.

    Raises:
        DataError: The archive is missing or corrupt.
    """
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                match = _CHARS74K_MEMBER.search(member.name)
                file = tar.extractfile(member) if match else None
                if match and file:
                    yield CHARS74K_CHARACTERS[int(match[1]) - 1], int(match[2]), file.read()
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataError(f"{archive}: missing or corrupt ({error})") from error


def read_font_groups(path: Path) -> dict[int, str]:
    """Return the group of every Chars74K font by its index; fonts that look alike share a group."""
    try:
        with path.open(newline="") as file:
            groups = {int(row["index"]): row["group"] for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path}: the fonts' groups cannot be read ({error})") from error
    if set(groups) != set(range(1, CHARS74K_FONTS + 1)):
        raise DataError(f"{path}: the group of every index from 1 to {CHARS74K_FONTS} is expected")
    return groups


def read_mnist(images: Path, labels: Path) -> Iterator[Picture]:
    """Read one pair of MNIST's idx files, gzipped, inverted to dark on light; every picture is its own group.

    Raises:
        DataError: A file is missing, corrupt or shorter than it says, or the two do not belong together.
    """
    pixels = _read_idx(images, _IDX_IMAGES, dimensions=3)
    classes = _read_idx(labels, _IDX_LABELS, dimensions=1)
    if len(pixels) != len(classes):
        raise DataError(f"{images} has {len(pixels)} pictures, {labels} has {len(classes)} labels")
    for number, (image, label) in enumerate(zip(pixels, classes, strict=True)):
        yield Picture(255 - image, DIGITS[label], f"{images.name}:{number}")


def decode(content: bytes, name: str) -> Grey:
    """Decode one picture; raises DataError, with `name`, when it cannot be."""
    data = np.frombuffer(content, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if image is None:
        raise DataError(f"{name}: not a picture")
    return np.asarray(image, np.uint8)


def _read_idx(path: Path, magic: int, *, dimensions: int) -> Grey:
    try:
        content = gzip.decompress(path.read_bytes())
        found, *shape = struct.unpack_from(f">{1 + dimensions}i", content)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise DataError(f"{path}: missing or corrupt ({error})") from error
    values = np.frombuffer(content, np.uint8, offset=4 * (1 + dimensions))
    if found != magic or values.size != np.prod(shape):
        raise DataError(f"{path}: not an idx file of kind {magic} with the {shape} values that it announces")
    return values.reshape(shape)


def _names(paths: Iterable[Path]) -> str:
    return ", ".join(str(path) for path in paths)
