"""One fault at a time, at five levels: how far can it go before a reader fails?

Every axis starts from plain sheets, and sheet `i` of an axis is the same sheet at every level. Level 0 is
free of the fault, levels 1 and 2 occur in practice, 3 is bad and 4 is close to what people can still read.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tests.corpus import words
from tests.corpus.files import Stored
from tests.corpus.fonts import Face
from tests.corpus.sampling import Drawn, digits, fitted
from tests.corpus.spec import Number, Scan, SheetSpec, Surroundings

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """One kind of fault.

    Attributes:
        name: Its name in the names of corpora.
        unit: What its values are.
        values: One for each level.
        apply: Gives a sheet the fault of one value; the generator says where, on which side and how.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    apply: Callable[[Drawn, float, np.random.Generator], Drawn]

    def drawn(self, level: int, rng: np.random.Generator, faces: Sequence[Face]) -> Drawn:
        """Return a sheet with the fault at `level`; the generator decides everything else."""
        spec, stored = self.apply(_plain(rng, faces), self.values[level], rng)
        return fitted(spec), stored


def _plain(rng: np.random.Generator, faces: Sequence[Face]) -> Drawn:
    number = Number(
        digits(rng),
        str(rng.choice([face.name for face in faces])),
        height=float(rng.uniform(4, 6)),
        spacing=float(rng.uniform(0.04, 0.1)),
        right=float(rng.uniform(10, 14)),
        top=float(rng.uniform(11, 16)),
    )
    label = str(rng.choice(words.LABELS)) if rng.random() < 0.3 else ""
    spec = SheetSpec(int(rng.integers(2**31)), number, around=Surroundings(label), scan=Scan(noise=0.008))
    return spec, Stored(quality=90)


_Part = Literal["around", "printing", "paper", "scan", "number"]


def _sets(
    part: _Part, **fields: Callable[[float], Any]
) -> Callable[[Drawn, float, np.random.Generator], Drawn]:
    """Return a fault that sets fields of one part of the spec, each to a function of the level's value."""

    def apply(drawn: Drawn, value: float, rng: np.random.Generator) -> Drawn:
        del rng
        spec, stored = drawn
        changed = dataclasses.replace(getattr(spec, part), **{name: of(value) for name, of in fields.items()})
        whole: dict[str, Any] = {part: changed}
        return dataclasses.replace(spec, **whole), stored

    return apply


def _itself(value: float) -> float:
    return value


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _rotated(drawn: Drawn, value: float, rng: np.random.Generator) -> Drawn:
    side = float(rng.choice([-1, 1]))
    scan = dataclasses.replace(drawn[0].scan, rotation=side * value, bed=0.9)
    return dataclasses.replace(drawn[0], scan=scan), drawn[1]


def _at_resolution(drawn: Drawn, value: float, rng: np.random.Generator) -> Drawn:
    del rng
    return dataclasses.replace(drawn[0], dpi=int(value)), dataclasses.replace(drawn[1], dpi=int(value))


def _compressed(drawn: Drawn, value: float, rng: np.random.Generator) -> Drawn:
    del rng
    return drawn[0], dataclasses.replace(drawn[1], quality=int(value))


def _struck(drawn: Drawn, value: float, rng: np.random.Generator) -> Drawn:
    del rng
    around = dataclasses.replace(drawn[0].around, strike=value > 0, rule=value or 0.25)
    return dataclasses.replace(drawn[0], around=around), drawn[1]


def _crowded(drawn: Drawn, value: float, rng: np.random.Generator) -> Drawn:
    """Add things one after another: prose, then a barcode, then a stamp, then more of everything."""
    around = dataclasses.replace(
        drawn[0].around,
        label=drawn[0].around.label or str(rng.choice(words.LABELS)),
        prose=(0, 4, 5, 6, 8)[int(value)],
        barcode=("none", "none", "below", "left", "above")[int(value)],
        stamp=value >= 3,
        handwriting=int(value),
    )
    return dataclasses.replace(drawn[0], around=around), drawn[1]


_NONE = float("nan")

AXES: dict[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis("rotation", "degrees", (0, 2.5, 5, 7.5, 10), _rotated),
        Axis("shear", "degrees", (0, 0.8, 1.5, 2.2, 3), _sets("scan", shear=_itself)),
        Axis("keystone", "share of the side", (0, 0.01, 0.02, 0.03, 0.04), _sets("scan", keystone=_itself)),
        Axis("blur", "mm", (0.03, 0.1, 0.15, 0.2, 0.26), _sets("scan", defocus=_itself)),
        Axis("motion", "mm", (0, 0.25, 0.4, 0.55, 0.7), _sets("scan", motion=_itself)),
        Axis("noise", "deviation", (0.01, 0.04, 0.07, 0.1, 0.14), _sets("scan", noise=_itself)),
        Axis(
            "salt-pepper", "share of pixels", (0, 0.01, 0.02, 0.04, 0.07), _sets("scan", salt_pepper=_itself)
        ),
        Axis("specks", "per cm2", (0, 4, 10, 20, 40), _sets("scan", specks=_itself)),
        Axis("streaks", "lines", (0, 1, 3, 5, 8), _sets("scan", streaks=int)),
        Axis(
            "light",
            "share lost",
            (0, 0.2, 0.35, 0.5, 0.65),
            _sets("scan", light=_itself, shadow=lambda v: 0.6 * v),
        ),
        Axis(
            "contrast",
            "white minus black",
            (1, 0.6, 0.4, 0.25, 0.15),
            _sets("scan", black=lambda v: 0.5 - v / 2, white=lambda v: 0.5 + v / 2),
        ),
        Axis("resolution", "dpi", (300, 200, 150, 120, 100), _at_resolution),
        Axis("fineness", "dpi", (200, 300, 400, 500, 600), _at_resolution),
        Axis("jpeg", "quality", (90, 60, 40, 25, 15), _compressed),
        Axis("height", "mm", (5, 4, 3.2, 2.6, 2.2), _sets("number", height=_itself)),
        Axis("faint", "density", (1, 0.6, 0.4, 0.28, 0.2), _sets("printing", density=_itself)),
        Axis("thick", "mm at each edge", (0, 0.04, 0.08, 0.11, 0.14), _sets("printing", weight=_itself)),
        Axis("thin", "mm at each edge", (0, 0.02, 0.04, 0.06, 0.08), _sets("printing", weight=lambda v: -v)),
        Axis("dropout", "share of the ink", (0, 0.08, 0.16, 0.25, 0.35), _sets("printing", voids=_itself)),
        Axis("broken", "lines per cm", (0, 1, 2, 3.5, 5), _sets("printing", dropouts=_itself)),
        Axis("dots", "pitch in mm", (0, 0.24, 0.32, 0.4, 0.48), _sets("printing", dots=_itself)),
        Axis("touching", "digit heights", (0.06, 0, -0.04, -0.08, -0.12), _sets("number", spacing=_itself)),
        Axis("strike", "thickness in mm", (0, 0.15, 0.2, 0.3, 0.4), _struck),
        Axis("underline", "gap in mm", (_NONE, 0.8, 0.4, 0.1, 0), _sets("around", underline=_or_none)),
        Axis("frame", "gap in mm", (_NONE, 1.2, 0.7, 0.35, 0.15), _sets("around", frame=_or_none)),
        Axis("clutter", "things nearby", (0, 1, 2, 3, 4), _crowded),
        Axis(
            "paper",
            "strength",
            (0, 0.25, 0.5, 0.75, 1),
            _sets(
                "paper",
                texture=lambda v: 0.006 + 0.034 * v,
                fold=lambda v: 0.5 * v,
                show_through=lambda v: 0.2 * v,
            ),
        ),
    )
}
