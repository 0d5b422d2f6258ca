"""What stands beside the digits along a line: words that look like digits, digits that are missed."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sheetid.vision.glyphs import HEIGHT, SIDE, STEP

CLOSE = 1.5  # times the usual distance: other print as close as that may be one more digit
WORD_END = 1.08  # the same, where it is nearer to the other print: an l at the end of a word, taken for a 1
WORD_STEP = 1.2  # times the distance of a word's last letters: its next one stands no farther
WORD_APART = 1.2  # the same, where there can be no doubt
LETTERS = (0, 1)  # classes of digits that letters are like: O, I and l
JOINED = 1.25  # times the usual distance: other print as close as that is of one word with the digits
MOST_BETWEEN, FEWEST_BEHIND = 3, 2  # other print between digits, and digits behind it: a number misread
ACROSS = 2.05  # times the usual distance: digits with but a sign between them are no farther apart
NEXT = (0.6, 1.3)  # times the usual distance: the place of the next digit; what may stand there is a doubt
HALF_SEEN = 0.5  # probability of any print from which on it is rather there than not
MISSED = 2.7  # times the usual distance: between a number and a digit as close as that one may be missed
FOLLOWED = 3.0  # times the height behind a number: a letter is of its text
CLEARLY = 0.8  # probability of a digit beside other print, from which on it is no letter
CERTAINLY = 0.99  # probability of a digit elsewhere in its line, from which on it is no letter of a label
WITHIN_WORD, OTHER_WORD = 0.8, 1.0  # times the height: letters of one word are no farther, of two no nearer
MOST_LETTERS = 16  # in the line of a number, a label's: with more, it is a line of text
FEWEST_CELLS, FEWEST_WALLS = 4, 3  # digits in cells of a form, and walls that are seen between them
WALLED = 0.3  # of their gaps: a wall is seen in so many
EVEN = 1.3  # times the least distance: those of digits in cells are no longer
BEYOND = 6.0  # times the usual distance: before a digit as close as that, several may be missed


class Seen(NamedTuple):
    """What was seen along a line: a character's middle in the strip, its class, and how sure the model is."""

    centre: float
    character: int
    probability: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands next to a number, to one side.

    Attributes:
        letter: How sure it is, 0 to 1, that it is other print, 0 for what may be a digit; None where nothing
            stands close enough to be, or to hide, a digit of the number.
        digit: Whether it is a digit, and one between may be missed.
        beyond: Whether a digit stands so far off that several between may be missed, if there is ink.
        joined: Whether it is other print that stands as close as the digits do.
        parted: Whether digits go on behind it: it is a sign in a date, an amount or the like.
    """

    letter: float | None = None
    digit: bool = False
    beyond: bool = False
    joined: bool = False
    parted: bool = False


NOTHING = Beside()


def cells(seen: list[Seen], other: int) -> list[tuple[float, float]]:
    """Return from where to where digits stand in the cells of a form, whose walls look like other print.

    They stand at even distances, with a single wall in each of several gaps; signs are fewer, or move digits
    apart.

    Args:
        seen: What was seen along the line, from left to right.
        other: The class of other print.
    """
    found: list[tuple[float, float]] = []
    digits = [place for place, one in enumerate(seen) if one.character != other]
    start = 0
    for end in range(1, len(digits) + 1):
        if end < len(digits) and digits[end] - digits[end - 1] <= 2:  # noqa: PLR2004 - at most a wall between them
            continue
        run, start = digits[start:end], end
        distances = [seen[right].centre - seen[left].centre for left, right in pairwise(run)]
        walls = run[-1] - run[0] + 1 - len(run)
        if (
            len(run) >= FEWEST_CELLS
            and walls >= max(FEWEST_WALLS, WALLED * len(distances))
            and max(distances) <= EVEN * min(distances)
        ):
            found.append((seen[run[0]].centre, seen[run[-1]].centre))
    return found


def in_words(seen: list[Seen], other: int) -> list[Seen]:
    """Return what was seen along a line, from left to right, with digits of a word as other print.

    Such a digit is a 0 or a 1, and stands as close to the word as its letters do to each other, and nearer
    than to the next digit, which stands farther off than is usual. Where that is hardly farther, it may be a
    digit of the number all the same: then it is no sure letter.
    """
    told = list(seen)
    for way in (1, -1):
        order = list(range(len(told)))[::way]
        for place in range(1, len(order) - 2):
            near = [told[index] for index in order[max(0, place - 2) : place + 4]]
            here = min(place, 2)
            digits = [one.character != other for one in near]
            if digits[here - 1] or not all(digits[here : here + 3]) or near[here].character not in LETTERS:
                continue
            distances = [abs(another.centre - one.centre) for one, another in pairwise(near)]
            to_word, to_next, usual = distances[here - 1], distances[here], max(distances[here + 1 :])
            step = np.inf if here == 1 or digits[0] else WORD_STEP * distances[0]
            if to_next > max(to_word, WORD_END * usual) and to_word <= step:
                sure = near[here].probability if to_next > WORD_APART * usual else 0.0
                told[order[place]] = Seen(near[here].centre, other, sure)
    return told


def beside(seen: list[Seen], scores: npt.NDArray[np.float64], end: float, pitch: float, way: int) -> Beside:
    """Return what stands next to a number's `end`, to one side.

    Args:
        seen: What was seen along the line.
        scores: `[windows, digits + 2]`, "other print" and "none" last.
        end: The middle of the number's last digit on that side.
        pitch: The usual distance of its digits.
        way: -1 to the left, 1 to the right.
    """
    other = scores.shape[1] - 2
    near = sorted(one._replace(centre=away) for one in seen if (away := way * (one.centre - end) / pitch) > 0)
    if near:
        away, character, probability = near[0]
        if character != other and away <= MISSED:
            return Beside(0.0, digit=True)
        if character == other and away <= CLOSE:
            behind = goes_on_behind(near, other)
            parted = behind or is_sign(near, other)
            return Beside(0.0 if behind else probability, joined=away <= JOINED, parted=parted)
    beyond = bool(near) and near[0].centre <= BEYOND and near[0].character != other
    return Beside(0.0 if half_seen(scores, end, pitch, way) else None, beyond=beyond)


def is_in_text(seen: list[Seen], first: float, last: float, other: int) -> bool:
    """Tell whether a number stands in a line of text, as in a date or an address.

    A label has few letters, and all stand before its number; a text has many, or one behind, or more digits,
    if these are no letters of a label: l and O anywhere in it, B, S or Z where a word begins.

    Args:
        seen: What was seen along the line.
        first: The middle of the number's first digit.
        last: The middle of its last one.
        other: The class of other print.
    """
    letters = [one for one in seen if one.character == other]
    near = [one for one in letters if 0 < one.centre - last <= FOLLOWED * HEIGHT]
    behind = any(one.probability >= HALF_SEEN for one in near)
    digits = any(
        one.character not in (other, *LETTERS)
        and one.probability >= CERTAINLY
        and not first <= one.centre <= last
        and not begins_word(seen, place, other)
        for place, one in enumerate(seen)
    )
    return len(letters) > MOST_LETTERS or behind or (digits and bool(letters))


def begins_word(seen: list[Seen], place: int, other: int) -> bool:
    """Tell whether what seems to be a digit begins a word: a letter is close behind it, and none before."""
    here, before, behind = seen[place], seen[:place], seen[place + 1 :]
    joined = bool(behind) and behind[0].character == other
    joined = joined and behind[0].centre - here.centre <= WITHIN_WORD * HEIGHT
    return joined and (not before or here.centre - before[-1].centre > OTHER_WORD * HEIGHT)


def goes_on_behind(near: list[Seen], other: int) -> bool:
    """Tell whether digits go on close behind other print, which then is rather one of them.

    Args:
        near: What was seen beside a number, the nearest first, its distances in the usual one.
        other: The class of other print.
    """
    between = next((place for place, one in enumerate(near) if one.character != other), 0)
    reached = near[: between + FEWEST_BEHIND]
    return (
        0 < between <= MOST_BETWEEN
        and len(reached) == between + FEWEST_BEHIND
        and all(one.character != other for one in reached[between:])
        and all(farther.centre - nearer.centre <= CLOSE for nearer, farther in pairwise(reached))
    )


def is_sign(near: list[Seen], other: int) -> bool:
    """Tell whether the other print beside a number is a sign, behind which a digit stands as close as it can.

    A 0 or a 1 may be a letter of a label, unless it clearly is none and stands alone there.

    Args:
        near: What was seen beside a number, the nearest first, its distances in the usual one.
        other: The class of other print.
    """
    if len(near) == 1 or near[1].character == other or near[1].centre > ACROSS:
        return False
    alone = len(near) == 2 or near[2].centre - near[1].centre > CLOSE  # noqa: PLR2004 - the sign and the digit
    return near[1].character not in LETTERS or (alone and near[1].probability >= CLEARLY)


def half_seen(scores: npt.NDArray[np.float64], end: float, pitch: float, way: int) -> bool:
    """Tell whether the model sees something there that the alignment has left out."""
    away = way * (SIDE / 2 + STEP * np.arange(len(scores)) - end) / pitch
    seen = 1 - scores[(away >= NEXT[0]) & (away <= NEXT[1]), -1]
    return bool(seen.max(initial=0) >= HALF_SEEN)
