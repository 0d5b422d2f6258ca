"""Random sheets: what comes in every day, and what comes in on bad days."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.corpus import words
from tests.corpus.canvas import text_width
from tests.corpus.files import Stored
from tests.corpus.fonts import Face
from tests.corpus.layout import number_width
from tests.corpus.spec import (
    BLACK,
    CORNER,
    WHITE,
    Colour,
    Number,
    Paper,
    Printing,
    Scan,
    SheetSpec,
    Surroundings,
)

Drawn = tuple[SheetSpec, Stored]

_PAPERS: tuple[Colour, ...] = (
    WHITE,
    WHITE,
    (0.93, 0.92, 0.88),
    (0.96, 0.90, 0.62),
    (0.95, 0.80, 0.82),
    (0.80, 0.92, 0.80),
    (0.80, 0.87, 0.95),
)
_INKS: tuple[Colour, ...] = (
    BLACK,
    BLACK,
    (0.12, 0.16, 0.55),
    (0.72, 0.12, 0.12),
    (0.25, 0.25, 0.25),
    (0.1, 0.35, 0.2),
)
_LENGTHS = (4, 5, 6, 6, 7, 7, 7, 8, 8, 9, 10)
_LEAST_PIXELS = 15.0


def digits(rng: np.random.Generator, length: int | None = None) -> str:
    """Return a number; a quarter of them start with zeros, as running numbers do."""
    length = length or int(rng.choice(_LENGTHS))
    text = "".join(map(str, rng.integers(0, 10, length)))
    zeros = int(rng.integers(1, 4)) if rng.random() < 0.25 else 0
    return "0" * zeros + text[zeros:]


def chance(rng: np.random.Generator, share: float) -> bool:
    """Return True for the given share of calls."""
    return bool(rng.random() < share)


def either(rng: np.random.Generator, share: float, low: float, high: float, otherwise: float = 0.0) -> float:
    """Return a value between `low` and `high` for the given share of calls, and `otherwise` for the rest."""
    value = float(rng.uniform(low, high))
    return value if chance(rng, share) else otherwise


def everyday(rng: np.random.Generator, faces: Sequence[Face]) -> Drawn:
    """Draw lots for a sheet as it comes in every day: printed well, scanned with care, a little askew."""
    dpi = int(rng.choice([150, 200, 200, 200, 200, 200, 200, 200, 200, 300]))
    coloured = chance(rng, 0.2)
    number = Number(
        digits(rng),
        str(rng.choice([face.name for face in faces])),
        # Two thirds are set in the size that most of these sheets have: 40 pixels at 200 dpi.
        either(rng, 0.33, 3.5, 6.5, float(rng.uniform(4.7, 5.4))),
        spacing=float(rng.uniform(0.02, 0.16)),
        right=float(rng.uniform(8, 16)),
        top=float(rng.uniform(9, 18)),
        colour=_INKS[rng.integers(len(_INKS))] if coloured else BLACK,
        jitter=either(rng, 0.1, 0, 0.04),
    )
    spec = SheetSpec(
        seed=int(rng.integers(2**31)),
        number=number,
        dpi=dpi,
        coloured=coloured,
        around=_everyday_surroundings(rng),
        printing=Printing(
            weight=float(rng.uniform(-0.015, 0.04)),
            rough=float(rng.uniform(0, 0.03)),
            density=float(rng.uniform(0.75, 1)),
            mottle=float(rng.uniform(0, 0.25)),
        ),
        paper=Paper(
            _PAPERS[rng.integers(len(_PAPERS))] if coloured else WHITE,
            texture=float(rng.uniform(0.002, 0.015)),
            show_through=either(rng, 0.1, 0.01, 0.06),
        ),
        scan=Scan(
            rotation=float(np.clip(rng.normal(0, 1.2), -3, 3)),
            bed=(None, None, 0.95, 0.15)[rng.integers(4)],
            light=either(rng, 0.4, 0.05, 0.25),
            defocus=float(rng.uniform(0.03, 0.09)),
            noise=float(rng.uniform(0.003, 0.03)),
            specks=either(rng, 0.25, 0.2, 1.5),
            sharpen=either(rng, 0.25, 0.2, 0.8),
            white=float(rng.uniform(0.92, 1.06)),
            black=float(rng.uniform(0, 0.12)),
        ),
    )
    return fitted(spec), Stored(quality=int(rng.integers(70, 96)), dpi=dpi)


def _everyday_surroundings(rng: np.random.Generator) -> Surroundings:
    gaps = float(rng.uniform(1.0, 2.2)), float(rng.uniform(0.6, 1.5))
    framed, underlined = chance(rng, 0.12), chance(rng, 0.1)
    return Surroundings(
        label=str(rng.choice(words.LABELS)) if chance(rng, 0.45) else "",
        label_place="left" if chance(rng, 0.7) else "above",
        label_size=float(rng.uniform(0.5, 1)),
        frame=gaps[0] if framed else None,
        underline=gaps[1] if underlined and not framed else None,
        rule=float(rng.uniform(0.15, 0.35)),
        barcode="below" if chance(rng, 0.08) else "none",
        letterhead=chance(rng, 0.8),
        handwriting=int(chance(rng, 0.08)),
        prose=int(rng.integers(2, 6)) if chance(rng, 0.2) else 0,
    )


def bad_day(rng: np.random.Generator, faces: Sequence[Face]) -> Drawn:
    """Draw lots for a sheet with several strong faults at once, which a person still reads."""
    spec, _ = everyday(rng, faces)
    dpi = int(rng.choice([100, 150, 200, 200, 200, 300]))
    number = dataclasses.replace(
        spec.number,
        height=float(rng.uniform(3.0, 7.5)),
        spacing=either(rng, 0.2, -0.06, 0.0, float(rng.uniform(0.0, 0.3))),
        jitter=either(rng, 0.25, 0.02, 0.06),
        right=float(rng.uniform(9, 15)),
        top=float(rng.uniform(10, 18)),
    )
    around, printing, scan = _crowded(rng, spec.around), _bad_print(rng), _bad_scan(rng)
    if around.cells:
        number = dataclasses.replace(number, spacing=float(rng.uniform(0.35, 0.5)))
    if scan.white - scan.black < 0.7:
        # Faint print in a flat scan is nothing that people read without a doubt.
        printing = dataclasses.replace(printing, density=max(printing.density, 0.65))
    spec = dataclasses.replace(
        spec,
        dpi=dpi,
        number=number,
        around=around,
        printing=printing,
        paper=dataclasses.replace(
            spec.paper,
            texture=float(rng.uniform(0.005, 0.03)),
            fold=either(rng, 0.15, 0.1, 0.35),
            show_through=either(rng, 0.25, 0.03, 0.15),
        ),
        scan=scan,
    )
    return fitted(spec), Stored(quality=int(rng.integers(30, 90)), dpi=dpi)


def _crowded(rng: np.random.Generator, around: Surroundings) -> Surroundings:
    framed, underlined = chance(rng, 0.25), chance(rng, 0.2)
    gap = float(rng.uniform(0.4, 1.6))
    barcode = str(rng.choice(["below", "above", "left"])) if chance(rng, 0.2) else "none"
    changes: dict[str, Any] = {
        "frame": gap if framed else None,
        "cells": framed and chance(rng, 0.25),
        "underline": gap * 0.6 if underlined and not framed else None,
        "rule": float(rng.uniform(0.15, 0.5)),
        "barcode": barcode,
        "handwriting": int(rng.integers(0, 3)) if chance(rng, 0.3) else 0,
        "stamp": chance(rng, 0.15),
        "prose": int(rng.integers(2, 8)) if chance(rng, 0.35) else 0,
    }
    return dataclasses.replace(around, **changes)


def _bad_print(rng: np.random.Generator) -> Printing:
    return Printing(
        weight=either(rng, 0.4, -0.05, 0.09, 0.01),
        rough=float(rng.uniform(0.01, 0.06)),
        density=either(rng, 0.35, 0.35, 0.8, 0.95),
        mottle=float(rng.uniform(0.05, 0.5)),
        voids=either(rng, 0.3, 0.03, 0.15),
        dropouts=either(rng, 0.2, 0.5, 2.0),
        dots=either(rng, 0.1, 0.22, 0.3),
    )


def _bad_scan(rng: np.random.Generator) -> Scan:
    low = chance(rng, 0.3)
    return Scan(
        rotation=float(rng.uniform(-8, 8)) if chance(rng, 0.5) else float(rng.normal(0, 1)),
        shear=either(rng, 0.3, -2, 2),
        keystone=either(rng, 0.3, 0.003, 0.02),
        bed=(None, 0.95, 0.15, 0.03)[rng.integers(4)],
        light=either(rng, 0.5, 0.1, 0.5),
        shadow=either(rng, 0.2, 0.1, 0.45),
        defocus=float(rng.uniform(0.04, 0.14)),
        motion=either(rng, 0.25, 0.15, 0.4),
        noise=float(rng.uniform(0.01, 0.07)),
        salt_pepper=either(rng, 0.2, 0.002, 0.02),
        specks=either(rng, 0.35, 1, 10),
        streaks=int(rng.integers(1, 4)) if chance(rng, 0.25) else 0,
        sharpen=either(rng, 0.25, 0.3, 1.2),
        black=float(rng.uniform(0.15, 0.35)) if low else 0.03,
        white=float(rng.uniform(0.65, 0.85)) if low else float(rng.uniform(0.92, 1.08)),
    )


def fitted(spec: SheetSpec, corner: float = CORNER.width) -> SheetSpec:
    """Return the sheet with number and label inside the view and digits not smaller than 15 pixels.

    Args:
        spec: The sheet.
        corner: How far from the page's right edge number and label may begin, in mm.
    """
    number, around = spec.number, spec.around
    least = _LEAST_PIXELS / spec.dpi * 25.4
    if number.height < least:
        number = dataclasses.replace(number, height=least)
    room = min(spec.view.width, corner) - number.right - 6
    width = number_width(number)
    label = text_width(around.label, "Roboto-Regular", number.height * around.label_size) * 1.15 + 2
    if around.label and around.label_place == "left" and width + label > room:
        around = dataclasses.replace(around, label_place="above")
    if around.label_place == "above" or around.barcode == "above":
        number = dataclasses.replace(number, top=max(number.top, 16.0))
    if width > room:
        number = dataclasses.replace(number, height=max(least, number.height * room / width))
    if number_width(number) > room + 0.1:
        keep = int(len(number.text) * room / number_width(number))
        number = dataclasses.replace(number, text=number.text[:keep])
    return dataclasses.replace(spec, number=number, around=around)
