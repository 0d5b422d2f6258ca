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

    The group is a font, a book or whatever else makes two pictures alike for another reason than their character.
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
    wanted = {CHARS74K_CHARACTERS.index(character) + 1: character for character in characters}
    counts = dict.fromkeys(characters, 0)
    for archive in archives:
        for name, content in _members(archive):
            match = _CHARS74K_MEMBER.search(name)
            character = wanted.get(int(match[1])) if match else None
            if match is None or character is None:
                continue
            counts[character] += 1
            yield Picture(decode(content, f"{archive}:{name}"), character, group_of[int(match[2])])
    short = {character: count for character, count in counts.items() if count != CHARS74K_FONTS}
    if short:
        raise DataError(f"{_names(archives)}: {CHARS74K_FONTS} pictures of each character expected, got {short}")


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
        DataError: A file is missing, corrupt or shorter than its header says, or the two do not belong together.
    """
    pixels = _read_idx(images, _IDX_IMAGES, dimensions=3)
    classes = _read_idx(labels, _IDX_LABELS, dimensions=1)
    if len(pixels) != len(classes):
        raise DataError(f"{images} has {len(pixels)} pictures, {labels} has {len(classes)} labels")
    for number, (image, label) in enumerate(zip(pixels, classes, strict=True)):
        yield Picture(255 - image, DIGITS[label], f"{images.name}:{number}")


def read_tree(directory: Path, characters: str = DIGITS) -> Iterator[Picture]:
    """Read `directory/<character>/*.png` (or jpg, tif): how people keep crops that they collected themselves.

    A folder is named by its character; a lower-case letter's as `a_`, for file systems that know no case.

    Raises:
        DataError: There is no such directory, a character has no pictures, or a picture cannot be decoded.
    """
    for character in characters:
        folder = directory / folder_name(character)
        files = sorted(path for path in folder.glob("*") if path.suffix.lower() in {".png", ".jpg", ".tif"})
        if not files:
            raise DataError(f"{folder}: no pictures of {character!r} here")
        for file in files:
            yield Picture(decode(file.read_bytes(), str(file)), character, str(file))


def folder_name(character: str) -> str:
    """Return the name of the folder that holds pictures of a character."""
    return f"{character}_" if character.islower() else character


def decode(content: bytes, name: str) -> Grey:
    """Decode one picture; raises DataError, with `name`, when it cannot be."""
    data = np.frombuffer(content, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if image is None:
        raise DataError(f"{name}: not a picture")
    return np.asarray(image, np.uint8)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                file = tar.extractfile(member) if member.name.endswith(".png") else None
                if file is not None:
                    yield member.name, file.read()
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataError(f"{archive}: missing or corrupt ({error})") from error


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
