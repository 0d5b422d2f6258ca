"""Everything drawn by hand, machine or stamp that is not set text: barcodes, scribbles, logos, stamps."""

import math

import numpy as np

from tests.corpus import words
from tests.corpus.canvas import Box, Canvas, Point


def barcode(canvas: Canvas, box: Box, rng: np.random.Generator) -> None:
    """Fill `box` with bars and gaps of one to four modules of 0.25 to 0.4 mm, as in Code 128."""
    module = rng.uniform(0.25, 0.4)
    x = box[0]
    while x < box[2] - 4 * module:
        bar, gap = rng.choice([1, 1, 1, 2, 2, 3, 4], 2)
        canvas.rectangle((x, box[1], x + bar * module, box[3]))
        x += (bar + gap) * module


def scribble(canvas: Canvas, start: Point, length: float, height: float, rng: np.random.Generator) -> None:
    """Write an illegible word by hand from `start` on, `length` mm long and about `height` mm high."""
    pen = rng.uniform(0.25, 0.5)
    loops = max(2, round(length / height * rng.uniform(1.2, 2.2)))
    slant = rng.uniform(0.1, 0.5)
    steps = np.linspace(0, 1, loops * 14)
    bends = np.linspace(0, 1, 2 * loops + 1)
    # The hand hurries and lingers, so that no loop is like the next.
    pace = np.interp(steps, bends, np.append(0, rng.uniform(0.4, 1.6, 2 * loops).cumsum() / (2 * loops)))
    phase = pace * loops * 2 * math.pi
    swing = np.interp(steps, bends, rng.uniform(0.15, 1, 2 * loops + 1)) * height / 2
    loop = np.interp(steps, bends, rng.uniform(-0.5, 0.7, 2 * loops + 1)) * length / loops
    y = start[1] - swing * np.sin(phase) + rng.normal(0, 0.03 * height, steps.size).cumsum() * 0.3
    x = start[0] + steps * length + loop * np.cos(phase) + slant * (start[1] - y)
    canvas.line(list(zip(x.tolist(), y.tolist(), strict=True)), pen)
    if rng.random() < 0.5:
        canvas.line([(start[0], start[1] + height * 0.7), (start[0] + length, start[1] + height * 0.5)], pen)


def tick(canvas: Canvas, at: Point, size: float) -> None:
    """Tick something off."""
    x, y = at
    canvas.line([(x, y), (x + 0.35 * size, y + 0.4 * size), (x + size, y - 0.7 * size)], 0.45)


def logo(canvas: Canvas, box: Box, rng: np.random.Generator) -> None:
    """Draw a company's sign into `box`."""
    left, top, right, bottom = box
    side = min(right - left, bottom - top)
    kind = rng.integers(4)
    if kind == 0:
        canvas.ellipse((left, top, left + side, top + side), 0.16 * side)
        canvas.rectangle((left + 0.4 * side, top + 0.2 * side, left + 0.6 * side, top + 0.8 * side))
    elif kind == 1:
        canvas.polygon([(left, bottom), (left + side / 2, top), (left + side, bottom)])
        canvas.polygon(
            [(left + 0.7 * side, bottom), (left + 1.1 * side, top + 0.3 * side), (left + 1.5 * side, bottom)]
        )
    elif kind == 2:
        for step in range(4):
            canvas.rectangle(
                (left + step * side / 3.5, top + step * side / 7, left + (step + 0.7) * side / 3.5, bottom)
            )
    else:
        angles = np.linspace(0, 2 * math.pi, 12, endpoint=False)
        radii = np.where(np.arange(12) % 2, side * 0.22, side * 0.5)
        centre = (left + side / 2, top + side / 2)
        canvas.polygon(
            [
                (centre[0] + r * math.cos(a), centre[1] + r * math.sin(a))
                for r, a in zip(radii, angles, strict=True)
            ]
        )


def stamp(canvas: Canvas, centre: Point, face: str, rng: np.random.Generator) -> None:
    """Press a rubber stamp, askew, around `centre`: a frame or two rings with a word inside."""
    angle = math.radians(rng.uniform(-25, 25))
    width, height = rng.uniform(22, 32), rng.uniform(8, 12)

    def askew(x: float, y: float) -> Point:
        return (
            centre[0] + x * math.cos(angle) - y * math.sin(angle),
            centre[1] + x * math.sin(angle) + y * math.cos(angle),
        )

    if rng.random() < 0.5:
        for inset in (0.0, 1.0):
            w, h = width / 2 - inset, height / 2 - inset
            canvas.line([askew(-w, -h), askew(w, -h), askew(w, h), askew(-w, h), askew(-w, -h)], 0.4)
    else:
        radius = width / 2.4
        for r in (radius, radius * 0.72):
            canvas.ellipse((centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r), 0.4)
    word = str(rng.choice(words.WORDS)).upper()
    x, y = askew(-width * 0.3, height * 0.15)
    canvas.text((x, y), word, face, 3.0)


def staple(canvas: Canvas, at: Point, rng: np.random.Generator) -> None:
    """Drive a staple of 11 mm, 0.6 mm thick, into the paper, rising from `at`."""
    angle = math.radians(rng.uniform(5, 70))
    canvas.line([at, (at[0] + 11 * math.cos(angle), at[1] - 11 * math.sin(angle))], 0.6)
