"""Small changes to the ink of single characters: what paper, printer and scanner do to one glyph."""

import cv2
import numpy as np

from sheetid.glyphs import Ink

ROTATION = 7.0  # degrees, either way: more is straightened before a glyph is cut
SHEAR = 0.12  # columns to the right for a row up, either way
STRETCH = 0.12  # wider or narrower by this share
HEIGHTS = (12, 40)  # pixels: the resolution at which the glyph was scanned
BLUR = (0.0, 1.0)  # pixels of that resolution, standard deviation
STROKE = 1  # pixels of that resolution by which strokes get thicker or thinner
NOISE = 0.05  # of black, standard deviation
FADING = (0.35, 1.0)  # how black black is
SHIFT = 1  # pixels by which the box is cut too large or too small


def vary(ink: Ink, random: np.random.Generator) -> Ink:
    """Return a variant of a character's ink, cut anew.

    Args:
        ink: `[height, width]` float32, 0 to 1.
        random: Draws what is done, and how strongly, evenly within this module's ranges.
    """
    varied = resample(warp(ink, random), random)
    varied = thicken(varied, int(random.integers(-STROKE, STROKE + 1)))
    sigma = random.uniform(*BLUR)
    soft = cv2.GaussianBlur(varied, (0, 0), sigma) if sigma > 0.2 else varied  # noqa: PLR2004 - no effect below
    noise = random.normal(0, random.uniform(0, NOISE), varied.shape)
    return recut(np.clip(soft * random.uniform(*FADING) + noise, 0, 1).astype(np.float32), random)


def warp(ink: Ink, random: np.random.Generator) -> Ink:
    """Rotate, shear and stretch about the middle, on paper wide enough for it."""
    height, width = ink.shape
    margin = max(height, width) // 4 + 2
    paper = np.pad(ink, margin)
    angle = np.radians(random.uniform(-ROTATION, ROTATION))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1 + random.uniform(-STRETCH, STRETCH), random.uniform(-SHEAR, SHEAR)], [0, 1]])
    linear = turn @ shear
    middle = np.array(paper.shape[::-1]) / 2
    matrix = np.column_stack([linear, middle - linear @ middle])
    return np.asarray(cv2.warpAffine(paper, matrix, paper.shape[::-1]), np.float32)


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


def recut(ink: Ink, random: np.random.Generator) -> Ink:
    """Box the ink anew, a little too tightly or too widely, as a threshold does in noise."""
    mask = cv2.GaussianBlur(ink, (3, 3), 0)
    rows, columns = np.nonzero(mask > 0.45 * mask.max())
    slop = random.integers(-SHIFT, SHIFT + 1, 4) + 1
    top, bottom = max(0, rows.min() - slop[0]), rows.max() + 1 + slop[1]
    left, right = max(0, columns.min() - slop[2]), columns.max() + 1 + slop[3]
    cut = ink[top:bottom, left:right]
    return cut if cut.size else ink
