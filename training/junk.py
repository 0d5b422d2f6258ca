"""What is not one clean character: pieces, pairs, specks, lines and corners, drawn from characters and from nothing."""

import cv2
import numpy as np
from sheetid.glyphs import Ink
from sheetid.segmentation import HEIGHT

PIECE = (0.3, 0.65)  # share of a character that a wrong cut leaves
NEXT = (0.25, 1.0)  # share of the neighbour that a wrong cut takes in
SPACING = 4  # pixels, at most, between the two
THICKNESS = (1, 5)  # pixels of a line


def piece(ink: Ink, random: np.random.Generator) -> Ink:
    """Return what is left of a character that was cut through, upright or (seldom) across."""
    share = random.uniform(*PIECE)
    turned = ink.T if random.random() < 0.3 else ink
    size = max(2, round(turned.shape[1] * share))
    part = turned[:, :size] if random.random() < 0.5 else turned[:, -size:]
    return part.T if turned is not ink else part


def pair(left: Ink, right: Ink, random: np.random.Generator) -> Ink:
    """Return a character with its neighbour, or with part of it, in one box; both `HEIGHT` pixels high or so."""
    share = random.uniform(*NEXT)
    if random.random() < 0.5:
        right = right[:, : max(2, round(right.shape[1] * share))]
    else:
        left = left[:, -max(2, round(left.shape[1] * share)) :]
    height = max(left.shape[0], right.shape[0])
    gap = int(random.integers(0, SPACING + 1))
    both = np.zeros((height, left.shape[1] + gap + right.shape[1]), np.float32)
    both[height - left.shape[0] :, : left.shape[1]] = left
    both[height - right.shape[0] :, left.shape[1] + gap :] = right
    return both


def mark(random: np.random.Generator) -> Ink:
    """Return a speck, a line that is no 1, or the corner of a frame."""
    return (speck, rule, corner)[int(random.integers(3))](random)


def speck(random: np.random.Generator) -> Ink:
    """Return a blot: noise, smoothed and thresholded."""
    size = (int(random.integers(4, HEIGHT)), int(random.integers(4, HEIGHT)))
    noise = cv2.GaussianBlur(random.random(size).astype(np.float32), (0, 0), random.uniform(0.8, 4))
    blot = (noise > np.quantile(noise, random.uniform(0.3, 0.8))).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(blot, (3, 3), 0), np.float32)


def rule(random: np.random.Generator) -> Ink:
    """Return a horizontal or slanting line; an upright one looks like a 1, and is none of ours."""
    width, height = int(random.integers(12, HEIGHT)), int(random.integers(6, HEIGHT))
    paper = np.zeros((height, width), np.float32)
    rise = int(random.integers(0, max(1, min(height, width // 2))))
    thickness = int(random.integers(*THICKNESS))
    cv2.line(paper, (0, rise), (width, 0), 1.0, thickness, cv2.LINE_AA)
    return paper[: max(rise + thickness, 2)]


def corner(random: np.random.Generator) -> Ink:
    """Return the corner, or a crossing, of a frame's lines."""
    side = int(random.integers(12, HEIGHT))
    paper = np.zeros((side, side), np.float32)
    thickness = int(random.integers(*THICKNESS))
    x, y = (int(v) for v in random.choice([0, side - thickness, side // 2], 2))
    paper[y : y + thickness, :] = 1
    paper[:, x : x + thickness] = 1
    return np.asarray(cv2.GaussianBlur(paper, (3, 3), 0), np.float32)
