"""The fonts of the corpus: eleven families out of Python wheels, split into two disjoint halves."""

import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: its `family` (designs that look alike belong together) and where its wheel keeps it."""

    family: str
    package: str
    file: str

    @property
    def path(self) -> Path:
        """The installed font file; raises FileNotFoundError when its wheel is not installed."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"{self.file}: the package {self.package} is not installed")
        return Path(spec.origin).parent / self.file

    @property
    def name(self) -> str:
        """The file's name without its ending, unique among all faces."""
        return Path(self.file).stem

    @property
    def sets_words(self) -> bool:
        """Whether it has all letters and signs; Computer Modern lacks umlauts."""
        return self.family != "Computer Modern"


def _faces(family: str, package: str, folder: str, names: str, ending: str = "ttf") -> list[Face]:
    return [Face(family, package, f"{folder}/{name}.{ending}") for name in names.split()]


_MATPLOTLIB = ("matplotlib", "mpl-data/fonts/ttf")

DEVELOPMENT: tuple[Face, ...] = (
    *_faces(
        "Roboto",
        "font_roboto",
        "files",
        "Roboto-Light Roboto-Regular Roboto-Medium Roboto-Bold Roboto-Italic",
    ),
    *_faces("Caladea", "font_caladea", "files", "Caladea-Regular Caladea-Bold Caladea-Italic"),
    *_faces(
        "Source Serif",
        "font_source_serif_pro",
        "files",
        "SourceSerifPro-Regular SourceSerifPro-Semibold SourceSerifPro-Bold SourceSerifPro-It",
    ),
    *_faces(
        "Hanken Grotesk",
        "font_hanken_grotesk",
        "files",
        "HankenGrotesk-Regular HankenGrotesk-Medium HankenGrotesk-Bold HankenGrotesk-Italic",
        "otf",
    ),
    *_faces("Computer Modern", *_MATPLOTLIB, "cmr10 cmss10 cmtt10 cmb10"),
)
"""Fonts one may tune on: the fixtures and every corpus of the development split are printed in these."""

TEST: tuple[Face, ...] = (
    *_faces("DejaVu Sans", *_MATPLOTLIB, "DejaVuSans DejaVuSans-Bold DejaVuSans-Oblique"),
    *_faces("DejaVu Serif", *_MATPLOTLIB, "DejaVuSerif DejaVuSerif-Bold DejaVuSerif-Italic"),
    *_faces("DejaVu Sans Mono", *_MATPLOTLIB, "DejaVuSansMono DejaVuSansMono-Bold"),
    *_faces("STIX", *_MATPLOTLIB, "STIXGeneral STIXGeneralBol STIXGeneralItalic"),
    *_faces("Manrope", "font_manrope", "files", "Manrope-Regular Manrope-Medium Manrope-Bold"),
    *_faces(
        "Source Sans",
        "font_source_sans_pro",
        "files",
        "SourceSansPro-Regular SourceSansPro-Semibold SourceSansPro-Bold SourceSansPro-It",
    ),
)
"""Fonts that only the reported benchmark uses."""

FACES: dict[str, Face] = {face.name: face for face in (*DEVELOPMENT, *TEST)}


@functools.lru_cache(maxsize=256)
def sized(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    """Return the font at `pixels` to the em."""
    return ImageFont.truetype(FACES[face].path, pixels, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def digit_height(face: str) -> float:
    """Return the height of the digit 0 as a share of the em."""
    _, top, _, bottom = sized(face, 1000).getbbox("0")
    return (bottom - top) / 1000
