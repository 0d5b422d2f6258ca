"""Several looks at one place of a sheet: which number they show, and how sure they are together."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.evidence.doubts import CODE, DIVIDED
from sheetid.evidence.marks import SIGN_HINTS
from sheetid.reading import Finding
from sheetid.recognition.numbers import Number
from sheetid.vision.geometry import corners, transform
from sheetid.vision.glyphs import BAND
from sheetid.vision.strips import Strip

SAME_PRINT = 0.3  # of the smaller one's area: numbers that share more are the same print
MOST_LOOK_ODDS = 15.0  # of one look at a number, against another that shows something else
SURE = 0.95  # confidence of a look at some of the digits, from which on there are no others
OUTWEIGHED = 0.5  # confidence left to a number that is surer than one with further digits
HINTED_DOUBT = 0.5  # what may be a sign may be dust, or a 1 in italics, as well
MAY_BE_DIVIDED = 0.5  # what one look shows parted, and the surest one whole, is as likely one number
IN_TEXT_DOUBT = 0.5  # what is read in a line of text may be of a date or an address, or words upside down
ONES = {"1"}
CERTAIN = 1 - 1e-6  # confidence: there is no more than that


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number, the line that it was found in, and what it adds up to.

    `signs` is what its confidence was multiplied by for signs among its digits; `hints` are what hints at a
    point or a slash among them. It may stand `in_text`, in a line of it, and beside a letter, as in a `code`.
    """

    strip: Strip
    number: Number
    finding: Finding
    signs: float = 1.0
    hints: int = 0
    in_text: bool = False
    code: bool = False

    @property
    def outline(self) -> npt.NDArray[np.float64]:
        """The corners `[4, 2]` of the number, in the uploaded image."""
        half = self.number.pitch / 2
        left, right = self.number.centres[0] - half, self.number.centres[-1] + half
        return transform(corners(left, BAND.start, right, BAND.stop), self.strip.to_image)

    def doubted(self, factor: float) -> Self:
        """Return the number with so many times the odds."""
        changed = factor * odds(self.finding.confidence)
        return self.as_sure_as(changed / (1 + changed))

    def as_sure_as(self, confidence: float) -> Self:
        """Return the number with another confidence."""
        return replace(self, finding=replace(self.finding, confidence=confidence))

    def overlaps(self, other: Self) -> bool:
        """Tell whether both are the same print; they lie the same way up, or one upside down."""
        ours, theirs = (read.outline.astype(np.float32) for read in (self, other))
        common, _ = cv2.intersectConvexConvex(ours, theirs)
        return common > SAME_PRINT * min(cv2.contourArea(ours), cv2.contourArea(theirs))


def without_repeats(numbers: list[ReadNumber]) -> list[ReadNumber]:
    """Keep one number for each place: the same print may have been found in several ways."""
    places: list[list[ReadNumber]] = []
    for read in sorted(numbers, key=lambda read: -read.finding.confidence * len(read.finding.number)):
        place = next((place for place in places if read.overlaps(place[0])), None)
        if place is None:
            places.append([read])
        else:
            place.append(read)
    return [agreed(place) for place in places]


def agreed(looks: list[ReadNumber]) -> ReadNumber:
    """Return the first of several looks at one place, in doubt where others disagree with it.

    The others share the confidence by their odds, so that one that is sure outweighs one that is not, within
    reason; of those that agree with each other the surest counts. But no look is sure of what it does not
    show: where another one shows further digits among the same ones, the number is no surer than that one is
    wrong, or even odds if it is surer. And signs among its digits count that any look at the same ones shows.
    It is as high as the highest look at it is: none is measured exactly.
    """
    best, *others = looks
    best = with_signs(best, others)
    ours = best.finding.number
    sure = sum(look.finding.confidence >= SURE for look in looks if look.finding.number == ours) > 1
    rivals: dict[str, float] = {}
    most = 1.0
    walled = {id(part) for part in in_parts(ours, others)} if best.number.in_cells else set()
    for other in others:
        if id(other) in walled:
            continue  # the digits of a line together, which walls part
        number, confidence = other.finding.number, other.finding.confidence
        if dissents(number, confidence, ours, sure=sure):
            rivals[number] = max(look_odds(confidence), rivals.get(number, 0.0))
        if is_among(ours, number) and number != ours:
            surer = best.finding.confidence > confidence
            most = min(most, max(1 - confidence, OUTWEIGHED if surer else 0.0))
    for_it = look_odds(best.finding.confidence)
    shared = best.finding.confidence * for_it / (for_it + sum(rivals.values()))
    height = max(look.finding.height for look in looks if look.finding.number == ours)
    return replace(best, finding=replace(best.finding, confidence=min(most, shared), height=height))


def dissents(number: str, confidence: float, ours: str, *, sure: bool) -> bool:
    """Tell whether a look disagrees with a number.

    One that shows but some of its digits does not, unless it is sure that these are all, and no two looks are
    sure of the number, or it lacks ones, which walls look like. Nor does one with less than half of them.

    Args:
        number: What the look shows.
        confidence: How sure it is.
        ours: The number.
        sure: Whether two looks are sure of it.
    """
    if number == ours or 2 * len(number) < len(ours):
        return False
    if not is_among(number, ours):
        return True
    return confidence >= SURE and (not sure or set(Counter(ours) - Counter(number)) == ONES)


def with_signs(best: ReadNumber, others: list[ReadNumber]) -> ReadNumber:
    """Return a number in doubt for the signs that it or other looks at the same digits show.

    A look may show them in parts, signs between; but those are none where this one knows the walls of cells.
    What may be a sign, or dust, counts if half of the looks show it and any shows enough of it, and a letter
    beside them if half do; that they stand in a line of text if any does. Where the surest look shows none of
    the signs of another one, the number is as likely whole as not, and meant only if there is no other.
    """
    number, confidence = best.finding.number, best.finding.confidence
    same = [] if best.number.in_cells else in_parts(number, others)
    signs = min([best.signs, *(part.signs for part in same)])
    unsure = signs <= DIVIDED and best.signs == 1
    if unsure:
        signs = MAY_BE_DIVIDED
    looks = [look for look in (best, *others) if look.finding.number == number]
    hints = [look.hints for look in looks]
    if 2 * sum(hint > 0 for hint in hints) >= len(hints) and max(hints) >= SIGN_HINTS:
        signs = min(signs, HINTED_DOUBT)
    if not best.code and 2 * sum(look.code for look in looks) >= len(looks):
        signs *= CODE
    if any(look.in_text for look in looks):
        signs *= IN_TEXT_DOUBT
    aside = unsure or any(look.finding.aside for look in looks)
    finding = replace(best.finding, confidence=confidence * signs / best.signs, aside=aside)
    return replace(best, finding=finding)


def in_parts(number: str, looks: list[ReadNumber]) -> list[ReadNumber]:
    """Return the looks in one line that show a number's digits together, with signs or walls in between."""
    lines: dict[int, list[ReadNumber]] = {}
    for look in looks:
        lines.setdefault(id(look.strip), []).append(look)
    return [part for parts in lines.values() if all_digits(parts) == number for part in parts]


def all_digits(parts: list[ReadNumber]) -> str:
    """Return the digits of some numbers in one line, from left to right."""
    return "".join(part.finding.number for part in sorted(parts, key=lambda part: part.number.centres[0]))


def is_among(number: str, longer: str) -> bool:
    """Tell whether a number's digits are some of another one's, in their order."""
    remaining = iter(longer)
    return all(digit in remaining for digit in number)


def look_odds(confidence: float) -> float:
    """Return the odds of one look at a number against another: each may be led astray, however sure it is."""
    return min(MOST_LOOK_ODDS, odds(confidence))


def odds(confidence: float) -> float:
    """Return the odds of a confidence; nothing is quite certain or impossible."""
    confidence = min(max(confidence, 1 - CERTAIN), CERTAIN)
    return confidence / (1 - confidence)
