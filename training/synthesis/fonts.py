"""The faces that numbers are printed in: fonts of Debian packages, none of which the tests print with."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sheetid.vision.glyphs import Ink
from training.errors import DataError

PACKAGES = Path(__file__).with_name("packages.txt")
SUFFIXES = {".ttf", ".otf", ".ttc"}

# Families of the tests' pages, and what was made from them or they from it: nobody learns from the test.
RESERVED = re.compile(
    r"dejavu|vera|arundina|hack|computer modern|^cmu|latin modern|^lm|caladea|cambria|hanken|hk grotesk"
    r"|manrope|roboto|heebo|source (sans|serif|code|han)",
    re.IGNORECASE,
)
# Families whose digits are pictures, ornaments, signs or handwriting: nobody numbers sheets with them.
NO_PRINT = re.compile(
    r"dings|symbol|marlett|emoji|icon|ornament|initial|braille|math|d050000|keyb|abecedario|abogado|wargames"
    r"|ecolier|cupola|domestic manners|tomson|junkyard|penguin|elegante|it wasn't me|chorus|z003|script"
    r"|gchan|weather",
    re.IGNORECASE,
)

FRAMED = 0.5  # of a common character's rim: more ink there is not of the character
_PROBE = 40  # pixels: faces are tried at this size
_ALIKE = (
    0.97  # correlation of two digits' pictures from which on they are one and the same, such as an empty box
)


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file.

    Attributes:
        path, index: The file, and which of its faces.
        family: Its name; faces are drawn family by family.
        kin: The group that no split divides: its package, or several packages of related designs.
    """

    path: Path
    index: int
    family: str
    kin: str

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Return the face at a size in pixels."""
        return _load(self.path, self.index, size)


def fetch(directory: Path, packages: Path = PACKAGES) -> None:
    """Download and unpack the listed Debian packages of fonts into `directory`, without installing them.

    Raises:
        DataError: This is no Debian with `apt-get`, or a package cannot be had in the version that is listed.
    """
    apt_get, dpkg = shutil.which("apt-get"), shutil.which("dpkg")
    if apt_get is None or dpkg is None:
        raise DataError(
            f"apt-get and dpkg are needed to fetch fonts; or unpack the packages of {packages} yourself"
        )
    wanted = list(_listed(packages))
    with tempfile.TemporaryDirectory() as downloads:
        done = subprocess.run(
            [apt_get, "download", *wanted], cwd=downloads, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DataError(f"fonts cannot be downloaded (is `apt-get update` due?):\n{done.stderr}")
        for package in sorted(Path(downloads).glob("*.deb")):
            target = directory / package.name.split("_")[0]
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run([dpkg, "-x", package, target], check=True)


def find_faces(directory: Path, characters: str) -> list[Face]:
    """Return the faces below `directory` that print each of the characters and are not reserved for tests.

    Raises:
        DataError: There is none.
    """
    kins = {entry.split("=")[0]: kin for entry, kin in _listed(PACKAGES).items()}
    faces = []
    for path in sorted(path for path in directory.rglob("*") if path.suffix.lower() in SUFFIXES):
        package = path.relative_to(directory).parts[0]
        faces += [face for face in _faces_of(path, kins.get(package, package)) if usable(face, characters)]
    if not faces:
        raise DataError(f"{directory}: no usable fonts here; `python -m training fonts` fetches them")
    return faces


def usable(face: Face, characters: str) -> bool:
    """Tell whether a face prints each of the characters as something of its own, and is not reserved."""
    if RESERVED.search(face.family) or NO_PRINT.search(face.family):
        return False
    try:
        pictures = [np.asarray(draw(character, face.at(_PROBE))) for character in characters]
    except OSError:  # a damaged font, or one without outlines
        return False
    if any(picture.max() == 0 for picture in pictures) or framed(pictures):
        return False
    alike = [_in_frame(picture) for picture in pictures]
    return all(float((a * b).sum()) < _ALIKE for a, b in combinations(alike, 2))


def framed(pictures: Sequence[Ink]) -> bool:
    """Tell whether a font's characters are framed, or white on black: their rims are of ink."""
    rims = [np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]) for picture in pictures]
    return float(np.median([rim.mean() for rim in rims])) > FRAMED


def draw(character: str, font: ImageFont.FreeTypeFont) -> Ink:
    """Draw one character, tightly cut: `[height, width]` float32, 0 to 1; 1x1 zero for one without ink."""
    left, top, right, bottom = (int(edge) for edge in font.getbbox(character))
    if right <= left or bottom <= top:
        return np.zeros((1, 1), np.float32)
    paper = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(paper).text((-left, -top), character, fill=255, font=font)
    return np.asarray(paper, np.float32) / np.float32(255)


def _listed(packages: Path) -> dict[str, str]:
    """Return the kin of each `package=version`; a package without relatives is its own kin."""
    lines = [line.split() for line in packages.read_text().splitlines() if not line.startswith("#")]
    return {entry: kin[0] if kin else entry.split("=")[0] for entry, *kin in lines}


def _faces_of(path: Path, kin: str) -> Iterator[Face]:
    for index in range(16 if path.suffix.lower() == ".ttc" else 1):
        try:
            family = ImageFont.truetype(path, _PROBE, index=index).getname()[0]
        except OSError:
            return
        yield Face(path, index, family or path.stem, kin)


def _in_frame(picture: Ink) -> Ink:
    frame = np.zeros((2 * _PROBE, 2 * _PROBE), np.float32)
    part = picture[: 2 * _PROBE, : 2 * _PROBE]
    frame[: part.shape[0], : part.shape[1]] = part
    return frame / max(float(np.linalg.norm(frame)), 1e-6)


@lru_cache(maxsize=4096)
def _load(path: Path, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index)
