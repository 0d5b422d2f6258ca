"""A number printed in one typeface, set evenly or so that its digits touch."""

from dataclasses import replace

import cv2
import numpy as np

from sheetid.vision.glyphs import Ink
from training.labels import SIGNS
from training.synthesis.clutter import draw_cells, surround
from training.synthesis.scene import Scene
from training.synthesis.typefaces import Sort, Typeface

LENGTHS = (4, 12)  # digits of a number
SHARE_ALIKE, KINDS = 0.2, (1, 3)  # of the numbers have but so many kinds of digits: 000171, 11101
SHARE_BARE, STROKES = 0.1, "lI"  # of the numbers have a letter's stroke for a 1, as old typewriters do
SHARE_PARTED = 0.3  # of the numbers: dates, times, amounts and the like, which have a sign
POINTS = 3  # of the signs drawn from are points, the least seen of all
PARTS = (1, 4)  # digits between two signs
SHARE_SET_OFF = 0.3  # of these, by a space before the sign and one behind it
SHARE_TIGHT, TIGHT = 0.2, (0.1, 0.4)  # of the numbers' signs stand nearer by so much of the digit height
TOUCH = 0.9  # of a sign's width: its digits stand no nearer to each other
SPACE = (0.1, 0.5)  # of the digit height
TRACKING = (-0.03, 0.55)  # of the digit height, added between digits
TOUCHING = (-0.06, 0.02)  # of the digit height: the gap between digits that touch, or nearly
SHARE_TOUCHING = 0.2
SHARE_IN_CELLS = 0.25  # of the numbers stand in cells, as in forms
SHARE_WIDE, SHARE_SPREAD = 0.4, 0.04  # of these, and of the others, have digits far apart
WIDE = (0.2, 1.6)  # of the digit height, added between these
WOBBLE = 0.03  # of the digit height: digits stand higher or lower, as a printer leaves them
SHARE_UNEVEN = 0.15  # of the numbers, as a numbering machine or a typewriter leaves them:
UNEVEN_WOBBLE, UNEVEN_TURN = 0.07, 2.5  # digits stand higher or lower by so much, and lean by so many degrees
MARGINS = (0.8, 5.0)  # of the digit height, on each side of the number


def compose(
    number: Typeface, text: Typeface, digit_height: float, alphabet: str, random: np.random.Generator
) -> Scene:
    """Print one number of `alphabet` in one typeface, and clutter whose words are in another."""
    characters = list(alphabet)
    if random.random() < SHARE_ALIKE:
        characters = list(random.choice(characters, random.integers(KINDS[0], KINDS[1] + 1)))
    word = "".join(random.choice(characters, random.integers(LENGTHS[0], LENGTHS[1] + 1)))
    if random.random() < SHARE_PARTED:
        word = parted(word, random)
    space = Sort(np.zeros((1, 1), np.float32), 0, random.uniform(*SPACE) * digit_height)
    special = {" ": space, "1": one_of(number, alphabet, random)} | tight_signs(number, digit_height, random)
    of_each = [(character, special.get(character) or number.sort(character)) for character in word]
    sorts = [(character, sort) for character, sort in of_each if sort is not None]
    in_cells = random.random() < SHARE_IN_CELLS
    is_wide = random.random() < (SHARE_WIDE if in_cells else SHARE_SPREAD)
    starts, width = spaced([sort for _, sort in sorts], digit_height, random, WIDE if is_wide else None)
    margin = [round(random.uniform(*MARGINS) * digit_height) for _ in range(4)]
    height = round(digit_height)
    scene = Scene.blank(height + margin[1] + margin[3], width + margin[0] + margin[2], digit_height)
    baseline = margin[1] + height
    wobble, turn = (UNEVEN_WOBBLE, UNEVEN_TURN) if random.random() < SHARE_UNEVEN else (WOBBLE, 0.0)
    for (character, sort), start in zip(sorts, starts, strict=True):
        if sort is space:
            continue
        ink = leaning(sort.ink, random.normal(0, turn))
        off = round(random.normal(0, wobble) * digit_height)
        scene.put(ink, margin[0] + start, baseline - sort.rise + off, character)
    scene.digits = len(scene.characters)
    box = (margin[0], margin[1], margin[0] + width, baseline)
    if in_cells:
        digits = [
            (margin[0] + start, margin[0] + start + sort.ink.shape[1])
            for (character, sort), start in zip(sorts, starts, strict=True)
            if character in alphabet
        ]
        draw_cells(scene, box, digits, random)
    surround(scene, text, box, random)
    return scene


def one_of(number: Typeface, alphabet: str, random: np.random.Generator) -> Sort | None:
    """Return what a number's 1s are printed with: now and then a letter, if it is none of `alphabet`."""
    strokes = [stroke for stroke in STROKES if stroke not in alphabet]
    if strokes and random.random() < SHARE_BARE:
        return number.sort(str(random.choice(strokes))) or number.sort("1")
    return number.sort("1")


def tight_signs(number: Typeface, digit_height: float, random: np.random.Generator) -> dict[str, Sort]:
    """Return, now and then, the signs of a typeface such that they touch the digits beside them."""
    if random.random() >= SHARE_TIGHT:
        return {}
    nearer = random.uniform(*TIGHT) * digit_height
    sorts = {sign: sort for sign in SIGNS if (sort := number.sort(sign)) is not None}
    widths = {sign: max(TOUCH * sort.ink.shape[1], sort.advance - nearer) for sign, sort in sorts.items()}
    return {sign: replace(sort, advance=widths[sign]) for sign, sort in sorts.items()}


def parted(word: str, random: np.random.Generator) -> str:
    """Put one and the same sign between the parts of a word, set off by spaces or not."""
    parts = []
    while word:
        size = int(random.integers(PARTS[0], PARTS[1] + 1))
        parts.append(word[:size])
        word = word[size:]
    sign = str(random.choice(list(SIGNS + "." * (POINTS - 1))))
    return (f" {sign} " if random.random() < SHARE_SET_OFF else sign).join(parts)


def leaning(ink: Ink, degrees: float) -> Ink:
    """Return a character turned about its middle, on paper no larger than its own."""
    if degrees == 0:
        return ink
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height)), np.float32)


def spaced(
    sorts: list[Sort], digit_height: float, random: np.random.Generator, wide: tuple[float, float] | None
) -> tuple[list[int], int]:
    """Return where each piece of type starts, and the width of them all: set evenly, `wide`, or touching."""
    starts, x = [], 0.0
    if wide is None and random.random() < SHARE_TOUCHING:
        for sort in sorts:
            starts.append(round(x))
            x += sort.ink.shape[1] + random.uniform(*TOUCHING) * digit_height
    else:
        tracking = random.uniform(*(wide or TRACKING)) * (1 if wide else random.random()) * digit_height
        for sort in sorts:
            starts.append(round(x + (sort.advance - sort.ink.shape[1]) / 2))
            x += sort.advance + tracking
    return starts, max(1, round(x))
