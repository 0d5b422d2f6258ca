"""Every collection as glyphs, by its name and part."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from training.data import Picture, read_chars74k, read_mnist
from training.glyphsets import GlyphSet, from_pictures, ink_of
from training.paths import DataDirectory
from training.real import read_books, read_receipts
from training.splits import Part, part_of
from training.synthesis.fonts import framed
from training.synthesis.foundry import PicturedFont


def chars74k(data: DataDirectory, characters: str) -> list[Picture]:
    """Read the pictures of some characters of Chars74K; about 20 kB each."""
    return list(read_chars74k(data.chars74k_archives, data.chars74k_groups, characters))


def in_part(pictures: Sequence[Picture], part: Part, seed: int) -> list[Picture]:
    """Return the pictures whose group belongs to a part."""
    return [picture for picture in pictures if part_of(picture.group, seed) is part]


def pictured_fonts(pictures: Sequence[Picture]) -> list[PicturedFont]:
    """Return the pictured fonts, but for framed ones, from pictures in the order of fonts."""
    fonts: dict[tuple[str, int], dict[str, Picture]] = defaultdict(dict)
    met: dict[tuple[str, str], int] = defaultdict(int)
    for picture in pictures:
        number = met[picture.group, picture.character]
        met[picture.group, picture.character] += 1
        fonts[picture.group, number][picture.character] = picture
    typefaces = [
        PicturedFont({character: ink_of(picture.image) for character, picture in font.items()}, group)
        for (group, _), font in fonts.items()
    ]
    return [face for face in typefaces if not framed(list(face.pictures.values()))]


def mnist(data: DataDirectory, part: Part) -> GlyphSet:
    """Return MNIST's training or test digits, normalised as all others are."""
    images, labels = data.mnist("train" if part is Part.TRAIN else "t10k")
    return from_pictures(read_mnist(images, labels), "0123456789")


def real(data: DataDirectory, alphabet: str) -> Iterator[tuple[str, GlyphSet]]:
    """Yield the sets of real printed digits by name, if they are there; they are for testing only."""
    if not data.real.is_file():
        return
    yield "books", from_pictures(read_books(data.real), alphabet)
    yield "receipts", read_receipts(data.real, alphabet)
