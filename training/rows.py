"""Strips that are rows of single pictures, set wide apart: characters of fonts known from pictures only."""

from collections.abc import Iterator, Sequence

import numpy as np

from sheetid.vision.glyphs import HEIGHT, MARGIN, SIDE, stretched
from training import augment
from training.data import Picture
from training.glyphsets import ink_of, scaled
from training.labels import label_alone
from training.stripsets import Strip

LENGTH = 8  # pictures in a row
GAPS = (0.25, 2.0)  # of the height
LARGER = 0.06  # standard deviation of the height's logarithm
HIGHER = 0.8  # pixels of the strip, standard deviation
WIDEST = 6  # times the height that a picture and the gap behind it take
FURTHEST = 2.0  # standard deviations: what is off by more would not fit the line


def rows_of(
    pictures: Sequence[Picture], alphabet: str, copies: int, seed: int
) -> Iterator[tuple[Strip, str]]:
    """Yield rows in which each picture stands so many times, once as it is and else varied."""
    random = np.random.default_rng(seed)
    for copy in range(copies):
        order = random.permutation(len(pictures))
        for first in range(0, len(order), LENGTH):
            chosen = [pictures[index] for index in order[first : first + LENGTH]]
            yield row_of(chosen, alphabet, random, varied=copy > 0), chosen[0].group


def row_of(pictures: Sequence[Picture], alphabet: str, random: np.random.Generator, *, varied: bool) -> Strip:
    """Set pictures in a row, each with its mark."""
    paper = np.zeros((SIDE, 2 * MARGIN + LENGTH * WIDEST * HEIGHT), np.float32)
    marks, x = [], float(MARGIN)
    for picture in pictures:
        ink = ink_of(picture.image)
        off, higher = np.clip(random.normal(0, 1, 2), -FURTHEST, FURTHEST)
        glyph = scaled(augment.vary(ink, random) if varied else ink, HEIGHT * np.exp(off * LARGER))
        height, width = glyph.shape
        top = int(np.clip(round((SIDE - height) / 2 + higher * HIGHER), 0, SIDE - height))
        start = round(x)
        paper[top : top + height, start : start + width] = glyph
        marks.append((start + width / 2, label_alone(picture.character, alphabet)))
        x += width + random.uniform(*GAPS) * HEIGHT
    strip = np.round(paper[:, : round(x) + MARGIN] * 255).astype(np.uint8)
    return stretched(strip), np.array(marks, np.float32).reshape(-1, 2)
