"""Sheets on which no number stands: everything that a reader may take for one."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from tests.corpus import figures, words
from tests.corpus.fonts import Face
from tests.corpus.sampling import Drawn, bad_day, everyday
from tests.corpus.spec import CORNER, SheetSpec, Surroundings, View


def _emptied(spec: SheetSpec, around: Surroundings, view: View = CORNER) -> SheetSpec:
    return dataclasses.replace(
        spec, number=dataclasses.replace(spec.number, text=""), around=around, view=view
    )


def _blank(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    del rng
    return _emptied(spec, Surroundings(letterhead=False, body="none"))


def _label(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    label = str(rng.choice(words.LABELS))
    around = Surroundings(
        label, label_place="above", underline=1.0, frame=1.0 if rng.random() < 0.3 else None
    )
    return _emptied(spec, around)


def _letters(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    """Set a word where the number belongs, as large as one."""
    word = str(rng.choice([word for word in words.WORDS if 4 <= len(word) <= 9]))
    word = word.upper() if rng.random() < 0.6 else word.capitalize()
    return _emptied(spec, Surroundings(word, label_place="above", label_size=1.0))


def _figures(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    """Set a date, a sum, a post code or the like where the number belongs, as large as one."""
    frame = 1.0 if rng.random() < 0.2 else None
    around = Surroundings(figures.alone(rng), label_place="above", label_size=1.0, frame=frame)
    return _emptied(spec, around)


def _prose(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    return _emptied(spec, Surroundings(prose=int(rng.integers(3, 9))))


def _barcode(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    label = "No." if rng.random() < 0.3 else ""
    return _emptied(spec, Surroundings(label, barcode="below" if rng.random() < 0.5 else "above"))


def _handwriting(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    return _emptied(spec, Surroundings(handwriting=int(rng.integers(1, 4)), stamp=bool(rng.random() < 0.4)))


def _cells(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    del rng
    return _emptied(spec, Surroundings("No.", frame=1.2, prose=2))


def _elsewhere(spec: SheetSpec, rng: np.random.Generator) -> SheetSpec:
    """Show another part of the page: text, a table, a filled-in form, a letterhead with its logo."""
    around = (Surroundings(body="letter"), Surroundings(body="table"), Surroundings(body="form"))[
        rng.integers(3)
    ]
    return _emptied(
        spec,
        around,
        View(float(rng.uniform(10, 140)), float(rng.uniform(0, 200)), CORNER.width, CORNER.height),
    )


_KINDS: tuple[Callable[[SheetSpec, np.random.Generator], SheetSpec], ...] = (
    _blank,
    _label,
    _letters,
    _letters,
    _figures,
    _figures,
    _figures,
    _prose,
    _barcode,
    _handwriting,
    _cells,
    _elsewhere,
    _elsewhere,
)


def nothing(rng: np.random.Generator, faces: Sequence[Face]) -> Drawn:
    """Draw lots for a sheet without a number, a third of them scanned on a bad day."""
    spec, stored = bad_day(rng, faces) if rng.random() < 1 / 3 else everyday(rng, faces)
    return _KINDS[rng.integers(len(_KINDS))](spec, rng), stored
