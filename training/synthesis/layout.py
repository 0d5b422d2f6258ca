"""A number, and what stands around one: labels, text, frames, underlines, barcodes, pen strokes, dirt."""

import cv2
import numpy as np

from sheetid.glyphs import Ink
from training.synthesis.scene import Scene
from training.synthesis.typefaces import Sort, Typeface

LENGTHS = (4, 12)  # digits of a number
TRACKING = (-0.03, 0.30)  # of the digit height, added between digits
TOUCHING = (-0.06, 0.02)  # of the digit height: the gap between digits that touch, or nearly
SHARE_TOUCHING = 0.2
WOBBLE = 0.02  # of the digit height: digits stand higher or lower, as a numbering machine leaves them
MARGINS = (0.8, 5.0)  # of the digit height, on each side of the number
SHARES = {  # how often what stands near a number
    "label": 0.5,
    "suffix": 0.1,
    "above": 0.25,
    "below": 0.25,
    "underline": 0.12,
    "frame": 0.15,
    "upright": 0.1,
    "barcode": 0.06,
    "pen": 0.1,
    "dirt": 0.25,
}
LINE_THICKNESS = (0.02, 0.12)  # of the digit height
LINE_GAP = (-0.04, 0.5)  # of the digit height, between digits and an underline or frame
EVEN = 0.5  # even odds
LABELS = (
    *("No.", "No", "Nr.", "Nr", "N°", "#", "ID", "ID:", "Sheet", "Sheet ID:", "Sheet No.", "Blatt", "Form"),
    *("Page", "Ref.", "REF:", "Serial", "Bogen", "Feuille", "Lot", "Code", "Kd.-", "A-", "(", "*"),
)


def compose(
    number: Typeface, text: Typeface, digit_height: float, alphabet: str, random: np.random.Generator
) -> Scene:
    """Print one number of `alphabet` in one typeface, and clutter whose words are in another."""
    word = "".join(random.choice(list(alphabet), random.integers(LENGTHS[0], LENGTHS[1] + 1)))
    sorts = [(character, sort) for character in word if (sort := number.sort(character)) is not None]
    starts, width = spaced([sort for _, sort in sorts], digit_height, random)
    margin = [round(random.uniform(*MARGINS) * digit_height) for _ in range(4)]
    height = round(digit_height)
    scene = Scene.blank(height + margin[1] + margin[3], width + margin[0] + margin[2], digit_height)
    baseline = margin[1] + height
    for (character, sort), start in zip(sorts, starts, strict=True):
        wobble = round(random.normal(0, WOBBLE) * digit_height)
        scene.put(sort.ink, margin[0] + start, baseline - sort.rise + wobble, character)
    surround(scene, text, (margin[0], margin[1], margin[0] + width, baseline), random)
    return scene


def spaced(sorts: list[Sort], digit_height: float, random: np.random.Generator) -> tuple[list[int], int]:
    """Return where each piece of type starts, and the width of them all: set evenly, or touching."""
    starts, x = [], 0.0
    if random.random() < SHARE_TOUCHING:
        for sort in sorts:
            starts.append(round(x))
            x += sort.ink.shape[1] + random.uniform(*TOUCHING) * digit_height
    else:
        tracking = random.uniform(*TRACKING) * random.random() * digit_height
        for sort in sorts:
            starts.append(round(x + (sort.advance - sort.ink.shape[1]) / 2))
            x += sort.advance + tracking
    return starts, max(1, round(x))


def surround(
    scene: Scene, text: Typeface, box: tuple[int, int, int, int], random: np.random.Generator
) -> None:
    """Print clutter around the number's `box` (left, top, right, bottom), as often as `SHARES` says."""
    left, top, right, bottom = box
    unit = scene.digit_height

    def happens(what: str) -> bool:
        return bool(random.random() < SHARES[what])

    if happens("label"):
        label = str(random.choice(LABELS))
        end = left - round(random.uniform(0.15, 1.2) * unit)
        write(scene, text, label, end - length(text, label), bottom)
    if happens("suffix"):
        write(scene, text, words(random, 2), right + round(random.uniform(0.2, 1.2) * unit), bottom)
    if happens("above"):
        write(
            scene,
            text,
            words(random, 30),
            round(random.uniform(-1, 2) * unit),
            top - round(random.uniform(0.25, 1) * unit),
        )
    if happens("below"):
        y = bottom + round(random.uniform(1.2, 2) * unit)
        write(scene, text, words(random, 30), round(random.uniform(-1, 2) * unit), y)
    draw_lines(scene, box, random, {what for what in ("underline", "frame", "upright") if happens(what)})
    if happens("barcode"):
        bars = barcode(right - left, round(random.uniform(0.6, 1.2) * unit), unit, random)
        gap = round(random.uniform(0.15, 0.6) * unit)
        scene.put(bars, left, bottom + gap if random.random() < EVEN else top - gap - bars.shape[0])
    if happens("pen"):
        scene.put(pen_stroke(scene.ink.shape, unit, random), 0, 0)
    if happens("dirt"):
        for _ in range(random.integers(1, 25)):
            radius = round(random.exponential(0.05) * unit) + 1
            y, x = (int(random.integers(0, side)) for side in scene.ink.shape)
            scene.put(
                np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (radius, radius)), np.float32), x, y
            )


def draw_lines(
    scene: Scene, box: tuple[int, int, int, int], random: np.random.Generator, kinds: set[str]
) -> None:
    """Draw an underline, a frame, or uprights beside or (seldom) between the digits."""
    left, top, right, bottom = box
    unit = scene.digit_height
    thickness = max(1, round(random.uniform(*LINE_THICKNESS) * unit))
    gap = round(random.uniform(*LINE_GAP) * unit)
    across = np.ones((thickness, right - left + 2 * abs(gap) + thickness), np.float32)
    if "underline" in kinds or "frame" in kinds:
        scene.put(across, left - abs(gap), bottom + gap)
    if "frame" in kinds:
        upright = np.ones((bottom - top + 2 * gap + thickness, thickness), np.float32)
        side = max(gap, round(0.1 * unit))
        scene.put(across, left - abs(gap), top - gap - thickness)
        scene.put(upright, left - side - thickness, top - gap)
        scene.put(upright, right + side, top - gap)
    if "upright" in kinds:
        upright = np.ones((round(random.uniform(0.8, 3) * unit), thickness), np.float32)
        between = int(random.integers(left, max(left + 1, right)))
        x = int(random.choice([left - gap - thickness, right + gap, between]))
        scene.put(upright, x, top - round(random.uniform(-0.2, 1) * unit))


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
    """Return some letters, digits and points, in words."""
    letters = list(
        "abcdefghijklmnopqrstuvwxyzaeioutnrs" * 2
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        + "0123456789"
        + ".,:;-/()&%    "
    )
    return "".join(random.choice(letters, random.integers(1, most + 1)))


def barcode(width: int, height: int, unit: float, random: np.random.Generator) -> Ink:
    """Return upright bars of one to four modules."""
    module = max(1, round(unit * random.uniform(0.03, 0.08)))
    bars = np.repeat(random.random(width // module + 1) < EVEN, module)[:width]
    return np.repeat(bars[None].astype(np.float32), max(1, height), axis=0)


def pen_stroke(shape: tuple[int, ...], unit: float, random: np.random.Generator) -> Ink:
    """Return a curve through some points, as a pen leaves it."""
    paper = np.zeros(shape, np.uint8)
    steps = np.linspace(0, 1, 40)
    control = random.uniform(-0.2, 1.2, (4, 2)) * np.array(shape[::-1])
    weights = np.stack(
        [(1 - steps) ** 3, 3 * steps * (1 - steps) ** 2, 3 * steps**2 * (1 - steps), steps**3], 1
    )
    thickness = max(1, round(random.uniform(0.03, 0.12) * unit))
    cv2.polylines(paper, [np.round(weights @ control).astype(np.int32)], False, 255, thickness, cv2.LINE_AA)
    return paper.astype(np.float32) / np.float32(255)
