"""The one definition of a glyph: 28x28, white on black, used alike in training and in serving."""

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 28
BORDER = 3
LONGEST = SIDE - 2 * BORDER

Ink = npt.NDArray[np.float32]


def normalise(ink: Ink) -> Ink:
    """Scale a tightly cut glyph so that its longest side is 22, and centre it in 28x28.

    Args:
        ink: `[height, width]` float32, 0 where there is paper, up to 1 where there is ink; at least 1x1.

    Returns:
        `[28, 28]` float32, 0 to 1, stretched so that the darkest ink is 1; 3 px border on the longer side.
    """
    height, width = ink.shape
    scale = LONGEST / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    darkest = float(scaled.max())
    glyph = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    glyph[top : top + size[1], left : left + size[0]] = scaled / darkest if darkest > 0 else scaled
    return glyph


def stack(glyphs: list[Ink]) -> Ink:
    """Return the batch `[N, 28, 28, 1]` float32 that the model takes, N being the number of glyphs."""
    batch = np.asarray(glyphs, np.float32).reshape(-1, SIDE, SIDE, 1)
    return np.ascontiguousarray(batch)
