"""Small changes to the ink of single characters: what paper, printer and scanner do to one of them."""

import cv2
import numpy as np

from sheetid.vision.glyphs import Ink
from training.glyphsets import tight

ROTATION = 7.0  # degrees, either way: more is straightened before the line is read
SHEAR = 0.2  # columns to the right for a row up, either way
WIDTHS = (0.6, 1.6)  # times as wide as it is: printers print narrower and wider than a font
HEIGHTS = (12, 40)  # pixels: the resolution at which the glyph was scanned
BLUR = (0.0, 1.0)  # pixels of that resolution, standard deviation
STROKE = 1  # pixels of that resolution by which strokes get thicker or thinner


def vary(ink: Ink, random: np.random.Generator) -> Ink:
    """Return a variant of a character's ink, tightly cut.

    Args:
        ink: `[height, width]` float32, 0 to 1.
        random: Draws what is done, and how strongly, evenly within this module's ranges.
    """
    varied = resample(warp(ink, random), random)
    varied = thicken(varied, int(random.integers(-STROKE, STROKE + 1)))
    sigma = random.uniform(*BLUR)
    soft = cv2.GaussianBlur(varied, (0, 0), sigma) if sigma > 0.2 else varied  # noqa: PLR2004 - no effect below
    return tight(np.asarray(soft, np.float32))


def warp(ink: Ink, random: np.random.Generator) -> Ink:
    """Rotate, shear and stretch about the middle, on paper wide enough for it."""
    paper = np.pad(ink, max(ink.shape) // 2 + 2)
    angle = np.radians(random.uniform(-ROTATION, ROTATION))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[drawn_width(random), random.uniform(-SHEAR, SHEAR)], [0, 1]])
    linear = turn @ shear
    middle = np.array(paper.shape[::-1]) / 2
    matrix = np.column_stack([linear, middle - linear @ middle])
    return np.asarray(cv2.warpAffine(paper, matrix, paper.shape[::-1]), np.float32)


def drawn_width(random: np.random.Generator) -> float:
    """Draw how many times as wide as it is something is printed."""
    return float(np.exp(random.uniform(*np.log(WIDTHS))))


def resample(ink: Ink, random: np.random.Generator) -> Ink:
    """Bring the glyph to a resolution drawn from `HEIGHTS`, with paper around it."""
    scale = random.uniform(*HEIGHTS) / ink.shape[0]
    size = (max(3, round(ink.shape[1] * scale)), max(3, round(ink.shape[0] * scale)))
    return np.pad(np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32), 2)


def thicken(ink: Ink, pixels: int) -> Ink:
    """Make strokes thicker by so many pixels, or thinner when there are fewer than none."""
    if pixels == 0:
        return ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(pixels) + 1, abs(pixels) + 1))
    changed = np.asarray((cv2.dilate if pixels > 0 else cv2.erode)(ink, kernel), np.float32)
    return changed if changed.max() > 0.3 else ink  # noqa: PLR2004 - a hairline would be gone
