"""Where typefaces come from: fonts on disk, and fonts pictured in Chars74K."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from sheetid.vision.glyphs import Ink
from training.augment import drawn_width
from training.splits import Part, part_of
from training.synthesis.fonts import Face
from training.synthesis.typefaces import FontType, OldStyle, PictureType, Typeface

SHARE_PICTURED = 0.25  # of the numbers are set in fonts known from pictures only
SHARE_WIDENED = 0.3  # of the numbers are printed narrower or wider than the font is, as printers can
SHARE_OLD_STYLE, LOW = 0.1, (0.6, 0.8)  # of the numbers have old-style figures, the low ones of that height
TEXT_SIZE = (0.4, 1.0)  # of the number's digit height, for what stands around it
SHARE_SAME_FACE = 0.3  # of the texts around are in the number's own typeface

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PicturedFont:
    """Tightly cut pictures of one font's characters; `kin` is the group that no split divides."""

    pictures: dict[str, Ink]
    kin: str


class Foundry:
    """Draws typefaces, each family or group of fonts as often as any other."""

    def __init__(
        self, faces: Sequence[Face], pictured: Sequence[PicturedFont], part: Part, seed: int
    ) -> None:
        """Keep what belongs to `part` of the split by `seed`."""
        self._faces = _grouped([(face.family, face) for face in faces if part_of(face.kin, seed) is part])
        self._pictured = _grouped([(font.kin, font) for font in pictured if part_of(font.kin, seed) is part])

    def types(self, digit_height: float, random: np.random.Generator) -> tuple[Typeface, Typeface, str]:
        """Return a typeface for a number, one for the text around it, and the kin of the first."""
        face = _draw(self._faces, random)
        small = digit_height * random.uniform(*TEXT_SIZE)
        widened = random.random() < SHARE_WIDENED
        width = drawn_width(random) if widened else 1.0
        if self._pictured and random.random() < SHARE_PICTURED:
            font = _draw(self._pictured, random)
            number: Typeface = PictureType(font.pictures, digit_height, width)
            return in_a_style(number, random), FontType(face, small), font.kin
        other = face if random.random() < SHARE_SAME_FACE else _draw(self._faces, random)
        return in_a_style(FontType(face, digit_height, width), random), FontType(other, small), face.kin


def in_a_style(number: Typeface, random: np.random.Generator) -> Typeface:
    """Return a number's typeface as it is or, now and then, with old-style figures."""
    return OldStyle(number, random.uniform(*LOW)) if random.random() < SHARE_OLD_STYLE else number


def _grouped(items: list[tuple[str, Item]]) -> list[list[Item]]:
    groups = defaultdict(list)
    for name, item in items:
        groups[name].append(item)
    return [groups[name] for name in sorted(groups)]


def _draw(groups: list[list[Item]], random: np.random.Generator) -> Item:
    group = groups[int(random.integers(len(groups)))]
    return group[int(random.integers(len(group)))]
