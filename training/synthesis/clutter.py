"""What stands around a number: labels, text, frames, cells, underlines, barcodes, pen strokes, dirt."""

import string

import cv2
import numpy as np

from training.synthesis.scene import Scene
from training.synthesis.shapes import barcode, fold, outline, pen_stroke, tick
from training.synthesis.typefaces import Typeface

Box = tuple[int, int, int, int]  # left, top, right, bottom

SHARES = {  # how often what stands near a number
    "label": 0.5,
    "suffix": 0.1,
    "above": 0.25,
    "below": 0.25,
    "underline": 0.12,
    "frame": 0.2,
    "cells": 0.25,
    "strike": 0.06,
    "upright": 0.15,
    "barcode": 0.1,
    "pen": 0.1,
    "tick": 0.08,
    "dirt": 0.25,
    "behind": 0.12,
    "stamp": 0.15,
    "fold": 0.1,
}
LINE_THICKNESS = (0.02, 0.12)  # of the digit height
CELL_THICKNESS = (0.02, 0.07)  # of the digit height
CELL_GAP = (0.02, 0.35)  # of the digit height, above and below the digits
LINE_GAP = (-0.04, 0.5)  # of the digit height, between digits and an underline
FRAME_GAP = (0.0, 0.6)  # of the digit height, between digits and each side of a frame; rather tight
ROUNDING = 0.4  # of the digit height: the largest radius of a frame's corners
SHINING = (0.1, 0.45)  # of full ink: what shines through from the back
STAMP_INK = (0.3, 0.9)  # of full ink
STAMP_TURN = 25.0  # degrees, either way
RING = (1.2, 4.0)  # of the digit height: radius of a stamp's outer ring
SECOND = (0.6, 0.9)  # of a stamp's outline: a second one within it
FOLD_INK = (0.1, 0.5)  # of full ink
EVEN = 0.5  # even odds
LABELS = (
    *("No.", "No", "Nr.", "Nr", "N°", "#", "ID", "ID:", "Sheet", "Sheet ID:", "Sheet No.", "Blatt", "Form"),
    *("Page", "Ref.", "REF:", "Serial", "Bogen", "Feuille", "Lot", "Code", "Kd.-", "A-", "(", "*"),
    *("No", "no", "No:", "no.", "Nº", "Auto", "Foto", "Info"),  # a small o is like the 0 of old-style figures
)


def surround(scene: Scene, text: Typeface, box: Box, edges: list[int], random: np.random.Generator) -> None:
    """Print clutter around the number's `box` as often as `SHARES` says; its digits start at the `edges`."""
    happens = {what for what, share in SHARES.items() if random.random() < share}
    if "behind" in happens:
        shine_through(scene, text, random)
    print_texts(scene, text, box, random, happens)
    draw_lines(scene, box, random, happens)
    if "frame" in happens:
        draw_frame(scene, box, random)
    if "cells" in happens:
        draw_cells(scene, box, edges, random)
    make_marks(scene, box, random, happens)
    if "stamp" in happens:
        stamp(scene, text, box, random)


def print_texts(scene: Scene, text: Typeface, box: Box, random: np.random.Generator, kinds: set[str]) -> None:
    """Print a label before the number, something after it, lines of text above and below."""
    left, top, right, bottom = box
    unit = scene.digit_height
    if "label" in kinds:
        label = str(random.choice(LABELS))
        end = left - round(random.uniform(0.15, 1.2) * unit)
        write(scene, text, label, end - length(text, label), bottom)
    if "suffix" in kinds:
        write(scene, text, words(random, 2), right + round(random.uniform(0.2, 1.2) * unit), bottom)
    if "above" in kinds:
        y = top - round(random.uniform(0.25, 1) * unit)
        write(scene, text, words(random, 30), round(random.uniform(-1, 2) * unit), y)
    if "below" in kinds:
        y = bottom + round(random.uniform(1.2, 2) * unit)
        write(scene, text, words(random, 30), round(random.uniform(-1, 2) * unit), y)


def make_marks(scene: Scene, box: Box, random: np.random.Generator, kinds: set[str]) -> None:
    """Make what is no print: a barcode, a stroke of a pen, a tick, dirt."""
    left, top, right, bottom = box
    unit = scene.digit_height
    if "barcode" in kinds:
        bars = barcode(right - left, round(random.uniform(0.6, 1.2) * unit), unit, random)
        gap = round(random.uniform(0.15, 0.6) * unit)
        beside = left - gap - bars.shape[1], bottom - bars.shape[0]
        places = (left, bottom + gap), (left, top - gap - bars.shape[0]), beside
        scene.put(bars, *places[int(random.integers(len(places)))])
    if "pen" in kinds:
        scene.put(pen_stroke(scene.ink.shape, unit, random), 0, 0)
    if "tick" in kinds:
        side = round(random.uniform(0.8, 1.6) * unit)
        x, y = right + round(random.uniform(0.05, 1) * unit), bottom - round(random.uniform(0.7, 1.1) * side)
        scene.put(tick(side, unit, random), x, y)
    if "dirt" in kinds:
        for _ in range(random.integers(1, 25)):
            radius = round(random.exponential(0.05) * unit) + 1
            y, x = (int(random.integers(0, side)) for side in scene.ink.shape)
            blot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (radius, radius))
            scene.put(np.asarray(blot, np.float32), x, y)


def shine_through(scene: Scene, text: Typeface, random: np.random.Generator) -> None:
    """Print lines of text on the back of the paper, to be seen weakly and mirrored."""
    height, width = scene.ink.shape
    back = Scene.blank(height, width, scene.digit_height)
    pitch = round(random.uniform(1.0, 2.2) * scene.digit_height)
    for baseline in range(int(random.integers(1, pitch + 1)), height + pitch, pitch):
        write(back, text, words(random, 40), round(random.uniform(-1, 2) * scene.digit_height), baseline)
    soft = cv2.GaussianBlur(back.ink[:, ::-1], (0, 0), random.uniform(0.02, 0.08) * scene.digit_height)
    scene.put(np.asarray(soft * random.uniform(*SHINING), np.float32), 0, 0)


def stamp(scene: Scene, text: Typeface, box: Box, random: np.random.Generator) -> None:
    """Stamp a word in a frame or a ring, both often double, over or beside the number, aslant."""
    left, top, right, bottom = box
    unit, word = scene.digit_height, words(random, 10)
    width = length(text, word)
    high, wide, radius = 1.6 * unit, width + unit, 0.0
    if random.random() < EVEN:
        radius = random.uniform(*RING) * unit
        high = wide = 2 * radius
    side = round(max(width, wide, high) + 1.2 * unit)  # room to turn in
    mark = Scene.blank(side, side, unit)
    write(mark, text, word, (side - width) // 2, round(side / 2 + 0.4 * unit))
    thickness = max(1, round(random.uniform(*LINE_THICKNESS) * unit))
    second = [random.uniform(*SECOND)] if random.random() < EVEN else []
    for size in (1.0, *second):
        shape = outline(round(size * high), round(size * wide), thickness, round(size * radius))
        mark.put(shape, (side - shape.shape[1]) // 2, (side - shape.shape[0]) // 2)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), random.uniform(-STAMP_TURN, STAMP_TURN), 1.0)
    ink = cv2.warpAffine(mark.ink, turn, mark.ink.shape) * random.uniform(*STAMP_INK)
    x, y = random.integers(left, right + 1), (top + bottom) / 2 + random.normal(0, 0.5) * high
    scene.put(np.asarray(ink, np.float32), round(x - side / 2), round(y - side / 2))


def draw_lines(scene: Scene, box: Box, random: np.random.Generator, kinds: set[str]) -> None:
    """Draw an underline, a line through the digits, a fold, uprights beside or (seldom) between them."""
    left, top, right, bottom = box
    unit = scene.digit_height
    thickness = max(1, round(random.uniform(*LINE_THICKNESS) * unit))
    gap = round(random.uniform(*LINE_GAP) * unit)
    across = np.ones((thickness, right - left + 2 * abs(gap) + thickness), np.float32)
    if "underline" in kinds:
        scene.put(across, left - abs(gap), bottom + gap)
    if "strike" in kinds:
        scene.put(across, left - abs(gap), round(top + random.uniform(0.3, 0.7) * (bottom - top)))
    if "fold" in kinds:
        through = int(random.integers(left, right + 1)), int(random.integers(top, bottom + 1))
        scene.put(fold(scene.ink.shape, through, unit, random) * random.uniform(*FOLD_INK), 0, 0)
    if "upright" in kinds:
        upright = np.ones((round(random.uniform(0.8, 3) * unit), thickness), np.float32)
        between = int(random.integers(left, max(left + 1, right)))
        x = int(random.choice([left - gap - thickness, right + gap, between]))
        scene.put(upright, x, top - round(random.uniform(-0.2, 1) * unit))


def draw_frame(scene: Scene, box: Box, random: np.random.Generator) -> None:
    """Draw a box around the number, with sharp or rounded corners, near to its digits rather than far."""
    left, top, right, bottom = box
    unit = scene.digit_height
    thickness = max(1, round(random.uniform(*LINE_THICKNESS) * unit))
    tightest, widest = FRAME_GAP
    gaps = tightest + (widest - tightest) * random.random(2) ** 2
    across, upright = (thickness + round(gap * unit) for gap in gaps)
    radius = round(max(0.0, random.uniform(-1, 1)) * ROUNDING * unit)
    frame = outline(bottom - top + 2 * across, right - left + 2 * upright, thickness, radius)
    scene.put(frame, left - upright, top - across)


def draw_cells(scene: Scene, box: Box, edges: list[int], random: np.random.Generator) -> None:
    """Draw a cell around every digit, as forms have them; the lines between digits are where these start."""
    _, top, right, bottom = box
    unit = scene.digit_height
    thickness = max(1, round(random.uniform(*CELL_THICKNESS) * unit))
    gap = round(random.uniform(*CELL_GAP) * unit)
    shift = round(random.uniform(0.0, 0.08) * unit)
    upright = np.ones((bottom - top + 2 * gap, thickness), np.float32)
    for x in (*(edge - shift - thickness for edge in edges), right + shift):
        scene.put(upright, x, top - gap)
    start = edges[0] - shift - thickness
    across = np.ones((thickness, right + shift + thickness - start), np.float32)
    if random.random() < EVEN:  # a comb is open above
        scene.put(across, start, top - gap)
    scene.put(across, start, bottom + gap - thickness)


def write(scene: Scene, text: Typeface, line: str, x: int, baseline: int) -> None:
    """Print a line of text from `x` on; a character that the typeface does not have leaves a gap."""
    for character in line:
        sort = None if character == " " else text.sort(character)
        if sort is not None:
            scene.put(sort.ink, x, baseline - sort.rise, character)
        x += round(sort.advance if sort is not None else scene.digit_height * 0.4)
        if x > scene.ink.shape[1]:
            return


def length(text: Typeface, line: str) -> int:
    """Return how wide a line of text is, in pixels, without its spaces."""
    return round(sum(sort.advance for character in line if (sort := text.sort(character)) is not None))


def words(random: np.random.Generator, most: int) -> str:
    """Return some words: of letters alone, or of letters, digits and points in any order."""
    if random.random() < EVEN:
        case = (str.lower, str.upper, str.title)[int(random.integers(3))]
        letters = list(string.ascii_lowercase + "aeioutnrs" * 2 + "    ")
        return case("".join(random.choice(letters, random.integers(1, most + 1))))
    letters = list(
        (string.ascii_lowercase + "aeioutnrs") * 2
        + string.ascii_uppercase
        + string.digits
        + ".,:;-/()&%§$€+*    "
    )
    return "".join(random.choice(letters, random.integers(1, most + 1)))
