"""Small strips, and scenes that were printed without anything around them."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

from sheetid.vision.decoding import Grey
from training.splits import Part, part_of
from training.stripsets import Strip
from training.synthesis.fonts import Face
from training.synthesis.scene import Scene
from training.synthesis.typefaces import FontType

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
DIGITS = "0123456789"
# These tests print in fonts that training never uses; their names keep them in one part of the split.
FACES = [Face(FONTS / f"{name}.ttf", 0, name, f"kin {kin}") for kin, name in enumerate(
    ("DejaVuSans", "DejaVuSerif-Bold", "DejaVuSansMono", "STIXGeneral", "cmr10", "cmss10"))]  # fmt: skip
SEED = next(seed for seed in range(1000) if all(part_of(face.kin, seed) is Part.TRAIN for face in FACES))


def strip_with(*marks: tuple[float, int], width: int = 100) -> Strip:
    """Return a strip with marks, and a different shade of ink in every column."""
    ink = np.broadcast_to(50 + np.arange(width, dtype=np.uint8), (28, width))
    return ink, np.array(marks, np.float32).reshape(-1, 2)


def plain_number(text: str, height: float = 32) -> Scene:
    """Print a number without anything around it."""
    scene = Scene.blank(160, 400, height)
    x = 60
    for character in text:
        sort = FontType(FACES[0], height).sort(character)
        assert sort is not None
        scene.put(sort.ink, x, 100 - sort.rise, character)
        x += round(sort.advance * 1.1)
    scene.digits = len(text)
    return scene


def grey_of(scene: Scene) -> Grey:
    """Return the scene as a perfect scanner sees it."""
    return np.round(255 * (1 - scene.ink)).astype(np.uint8)
