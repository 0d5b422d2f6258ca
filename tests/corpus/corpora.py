"""The benchmark's corpora: seeded and indexed, so that any number of sheets can be drawn in any order.

`mild` is what the application sees every day, `hard` has several strong faults at once, `none` shows no
number, `page` holds whole pages, some of them without a number, `AXIS-LEVEL` (`blur-3`) has one fault at one
level, and `real` holds real scanned words where they are present.

Every corpus exists twice: `dev` is for tuning, `test` is for reporting, and they share neither seeds nor
fonts. (The real words are one set; which words they are is up to whoever names their directory.)
"""

import zlib
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from tests.corpus import real_words
from tests.corpus.axes import AXES, LEVELS
from tests.corpus.files import Stored, encode
from tests.corpus.fonts import DEVELOPMENT, TEST
from tests.corpus.nothing import nothing
from tests.corpus.pages import page
from tests.corpus.render import render
from tests.corpus.sampling import Drawn, bad_day, everyday

Split = Literal["dev", "test"]

_FACES = {"dev": DEVELOPMENT, "test": TEST}
_SAMPLERS = {"mild": everyday, "hard": bad_day, "none": nothing, "page": page}

NAMES: tuple[str, ...] = (
    *_SAMPLERS,
    "real",
    *(f"{axis}-{level}" for axis in AXES for level in range(LEVELS)),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sheet of a corpus: the file's bytes, and the number on it, None if there is none."""

    data: bytes
    number: str | None


class Corpus(Protocol):
    """Sheets by index."""

    def sheet(self, index: int) -> Sample:
        """Return sheet `index`, the same one every time."""
        ...


@dataclass(frozen=True, slots=True)
class RenderedCorpus:
    """Sheets drawn by the renderer; there is no end to them."""

    name: str
    split: Split

    def spec(self, index: int) -> Drawn:
        """Return what sheet `index` is made of."""
        faces = _FACES[self.split]
        if self.name in _SAMPLERS:
            return _SAMPLERS[self.name](_rng(self.name, self.split, index), faces)
        axis, level = self.name.rsplit("-", 1)
        # The level is no part of the seed: a sheet differs from level to level in the fault alone.
        return AXES[axis].drawn(int(level), _rng(axis, self.split, index), faces)

    def sheet(self, index: int) -> Sample:
        """Return sheet `index`, the same one every time."""
        spec, stored = self.spec(index)
        drawn = render(spec)
        return Sample(encode(drawn.image, stored), drawn.truth.number)


@dataclass(frozen=True, slots=True)
class RealCorpus:
    """Real words in the corner of a sheet; after the last word they come again, in other places."""

    words: tuple[real_words.Word, ...]

    def sheet(self, index: int) -> Sample:
        """Return sheet `index`, the same one every time."""
        word = self.words[index % len(self.words)]
        corner = real_words.pasted(word, _rng("real", "test", index))
        return Sample(encode(corner, Stored("png")), word.text)


def corpus(name: str, split: Split = "dev") -> Corpus:
    """Return a corpus; raises ValueError for an unknown name, FileNotFoundError if its data are absent."""
    if name not in NAMES:
        raise ValueError(f"no corpus is called {name}; there are {', '.join(NAMES)}")
    if name != "real":
        return RenderedCorpus(name, split)
    folder = real_words.directory()
    if folder is None:
        raise FileNotFoundError(f"{real_words.VARIABLE} names no directory with real words")
    return RealCorpus(tuple(real_words.words(folder)))


def _rng(name: str, split: Split, index: int) -> np.random.Generator:
    return np.random.default_rng([zlib.crc32(f"{name}/{split}".encode()), index])
