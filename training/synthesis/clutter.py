"""What stands around a number: labels, text, frames, cells, underlines, codes, pen strokes, dirt."""

import string
from itertools import pairwise

import cv2
import numpy as np

from sheetid.vision.glyphs import Ink
from training.synthesis.scene import Scene
from training.synthesis.shapes import barcode, fold, matrix_code, outline, pen_stroke, tick
from training.synthesis.typefaces import Typeface

Box = tuple[int, int, int, int]  # left, top, right, bottom
Span = tuple[int, int]  # left, right

SHARES = {  # how often what stands near a number
    "label": 0.5,
    "suffix": 0.1,
    "above": 0.25,
    "below": 0.25,
    "underline": 0.12,
    "frame": 0.2,
    "strike": 0.06,
    "upright": 0.15,
    "barcode": 0.1,
    "matrix code": 0.06,
    "marker": 0.05,
    "border": 0.05,
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
LOW_WALL = (0.1, 0.8)  # of a comb's height
WALL = (0.0, 0.6)  # of the gap between two digits: how far before the second one the wall between them is
CODE = (0.8, 4.0)  # of the digit height: the side of a matrix code
BORDER_INK = (0.3, 1.0)  # of full ink: what a scanner sees beside the paper
MARKER_INK = (0.08, 0.34)  # of full ink: no more than paper that has been written on
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


def surround(scene: Scene, text: Typeface, box: Box, random: np.random.Generator) -> None:
    """Print clutter around the number's `box` as often as `SHARES` says."""
    happens = {what for what, share in SHARES.items() if random.random() < share}
    if "behind" in happens:
        shine_through(scene, text, random)
    print_texts(scene, text, box, random, happens)
    draw_lines(scene, box, random, happens)
    if "frame" in happens:
        draw_frame(scene, box, random)
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
    """Make what is no print: codes, strokes of a pen, a tick, the paper's edge, dirt."""
    left, top, right, bottom = box
    unit = scene.digit_height
    if "barcode" in kinds:
        bars = barcode(right - left, round(random.uniform(0.6, 1.2) * unit), unit, random)
        gap = round(random.uniform(0.15, 0.6) * unit)
        beside = left - gap - bars.shape[1], bottom - bars.shape[0]
        places = (left, bottom + gap), (left, top - gap - bars.shape[0]), beside
        scene.put(bars, *places[int(random.integers(len(places)))])
    if "matrix code" in kinds:
        scene.put(*placed_beside(matrix_code(round(random.uniform(*CODE) * unit), random), box, unit, random))
    if "marker" in kinds:
        mark(scene, box, random)
    if "border" in kinds:
        draw_border(scene, box, random)
    if "pen" in kinds:
        scene.put(pen_stroke(scene.ink.shape, unit, random), 0, 0)
    if "tick" in kinds:
        side = round(random.uniform(0.8, 1.6) * unit)
        x, y = right + round(random.uniform(0.05, 1) * unit), bottom - round(random.uniform(0.7, 1.1) * side)
        scene.put(tick(side, unit, random), x, y)
    if "dirt" in kinds:
        for _ in range(random.integers(1, 25)):
            radius = round(random.exponential(0.05) * unit) + 1
            if random.random() < EVEN:  # among the digits, where points may be
                x, y = int(random.integers(left, right + 1)), int(random.integers(top, bottom + 1))
            else:
                y, x = (int(random.integers(0, side)) for side in scene.ink.shape)
            blot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (radius, radius))
            scene.put(np.asarray(blot, np.float32), x, y)


def placed_beside(ink: Ink, box: Box, unit: float, random: np.random.Generator) -> tuple[Ink, int, int]:
    """Return what stands on one side of the number, and where: its left top corner, x and y."""
    left, top, right, bottom = box
    height, width = ink.shape
    gap = round(random.uniform(0.15, 1.0) * unit)
    x = int(random.choice([left - gap - width, right + gap]))
    y = int(random.choice([bottom - height, top, (top + bottom - height) // 2]))
    if random.random() < EVEN:
        x = int(random.integers(left - width // 2, right + 1))
        y = int(random.choice([top - gap - height, bottom + gap]))
    return ink, x, y


def mark(scene: Scene, box: Box, random: np.random.Generator) -> None:
    """Draw over the number with a marker, or print it on a tinted field."""
    around = (round(random.uniform(-0.3, 1) * scene.digit_height) for _ in range(4))
    x, y, end, base = (side + out * way for side, out, way in zip(box, around, (-1, -1, 1, 1), strict=True))
    field = np.full((max(1, base - y), max(1, end - x)), random.uniform(*MARKER_INK), np.float32)
    scene.put(field, x, y)


def draw_border(scene: Scene, box: Box, random: np.random.Generator) -> None:
    """Darken what lies beyond the paper's edge, above the number or on its right."""
    _, top, right, _ = box
    height, width = scene.ink.shape
    gap = round(random.uniform(0.3, 3) * scene.digit_height)
    beyond = np.full((height, width), random.uniform(*BORDER_INK), np.float32)
    if random.random() < EVEN:
        scene.put(beyond, right + gap, 0)
    else:
        scene.put(beyond, 0, top - gap - height)


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


def draw_cells(scene: Scene, box: Box, digits: list[Span], random: np.random.Generator) -> None:
    """Draw a cell around every digit, as forms have them, or a comb below them all.

    Args:
        scene: Where they are printed.
        box: The number's.
        digits: Where each of its digits starts and ends.
        random: Draws where the walls are.
    """
    _, top, _, bottom = box
    unit = scene.digit_height
    thickness = max(1, round(random.uniform(*CELL_THICKNESS) * unit))
    gap = round(random.uniform(*CELL_GAP) * unit)
    shift, before = round(random.uniform(0.0, 0.08) * unit), random.uniform(*WALL)
    gaps = [max(0, start - end) for (_, end), (start, _) in pairwise(digits)]
    common = round(float(np.median(gaps)))
    walls = [
        start - shift - thickness - round(before * max(0, wide - thickness))
        for (start, _), wide in zip(digits, [common, *gaps], strict=True)
    ]
    walls.append(digits[-1][1] + shift + round((1 - before) * max(0, common - thickness)))
    height = bottom - top + 2 * gap
    is_comb = random.random() < EVEN  # open above
    wall = round(random.uniform(*LOW_WALL) * height) if is_comb and random.random() < EVEN else height
    for x in walls:
        scene.put(np.ones((wall, thickness), np.float32), x, bottom + gap - wall)
    across = np.ones((thickness, walls[-1] + thickness - walls[0]), np.float32)
    if not is_comb:
        scene.put(across, walls[0], top - gap)
    scene.put(across, walls[0], bottom + gap - thickness)


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
