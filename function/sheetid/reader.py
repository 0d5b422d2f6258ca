"""One image from bytes to a reading: every stage in its order, and one question to the model."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sheetid.agreement import ReadNumber, without_repeats
from sheetid.errors import TransientError
from sheetid.evidence.doubts import (
    ASIDE,
    SHORT,
    doubt_of_ends,
    doubt_of_kind,
    doubt_of_signs,
    doubt_of_word,
    doubt_of_year,
    is_labelled_telephone,
    is_of_code,
    is_word,
    is_year,
)
from sheetid.evidence.end import ends_of
from sheetid.evidence.letters import is_labelled_small
from sheetid.evidence.marks import hints_of_signs
from sheetid.evidence.signs import stands_in_cells, without_label, without_phantoms
from sheetid.manifest import Manifest, load_manifest
from sheetid.prediction import Classifier, Prediction, at_temperature, weighed
from sheetid.reading import Finding, decide, violation, weigh
from sheetid.recognition.numbers import find_numbers, without_print
from sheetid.recognition.printed import Printed
from sheetid.result import Digit, Model, Reading, Reason, Status
from sheetid.settings import ReadingSettings
from sheetid.vision.decoding import decode
from sheetid.vision.geometry import bounding_box, corners, transform
from sheetid.vision.glyphs import SIDE, STEP, Ink, stack, windows
from sheetid.vision.ink import InkMap
from sheetid.vision.strips import Strip, find_strips

MOST_IF_TURNED = 0.4  # confidence of a number that does not lie upright, where print that does may look so
TURNED_LEAST = 0.5  # confidence of a longer number the other way up, from which on it leaves a doubt
NEVER_LETTERS = frozenset("234")  # digits that text upside down hardly ever looks like
LONG, RARE = 6, frozenset("24")  # digits: in words as long, hardly a Z or an h looks like these upside down
LIKELIER = 10.0  # times the odds that a crop lies so, for each of these
ALSO_TURNED = frozenset("01689")  # digits that are digits upside down
NEVER_TURNED = frozenset("34")  # digits that no digit looks like upside down
FEWEST_UPRIGHT, SURELY = 2, 0.9  # digits, and their share, that show which way a page lies
UPRIGHT_DOUBT = 0.02  # confidence of a number seen upright, from which on its other way up is in doubt


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reading is based on.

    Attributes:
        region: `[4, 2]` float64, the corners of the number that was read, in the uploaded image, or None.
        glyphs: `[digits, 28, 28]` float32, the digits as the model saw them.
    """

    region: npt.NDArray[np.float64] | None
    glyphs: Ink


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A reading and its evidence."""

    reading: Reading
    evidence: Evidence


def read_sheet(data: bytes, classifier: Classifier, settings: ReadingSettings) -> SheetReading:
    """Read the number on one sheet.

    Args:
        data: The uploaded file.
        classifier: Scores all glyphs in one call.
        settings: What a sheet number looks like, and how large an image may be.

    Raises:
        PermanentError: The file can never be read.
        TransientError: The classifier could not answer, or its model is one that this function does not know.
    """
    strips = find_strips(decode(data, settings.max_pixels), settings.max_glyphs)
    glyphs = glyphs_of(strips)
    if not len(glyphs):
        return rejected(Reason.NO_DIGITS, None)
    return interpret(strips, classifier.predict(glyphs), settings)


def glyphs_of(strips: list[Strip]) -> Ink:
    """Return the batch of the strips' windows to ask of, `[N, 28, 28, 1]` float32, in their order."""
    return stack([windows(strip.shown)[strip.asked] for strip in strips])


def interpret(strips: list[Strip], prediction: Prediction, settings: ReadingSettings) -> SheetReading:
    """Make a reading of what the model says of the strips' windows that it was asked of.

    Raises:
        TransientError: The model is one that this function does not know.
    """
    model = prediction.model
    manifest = load_manifest(model.name, model.version)
    if manifest is None:
        raise TransientError(
            f"this function was deployed without the manifest of {model.name} {model.version}"
        )
    if prediction.scores.shape[1] != manifest.classes:
        raise TransientError(f"{model.name} {model.version} gives other classes than its manifest says")
    scores = calibrated(prediction, manifest)
    return choose(sides(strips, scores, manifest.alphabet, settings), settings, manifest, model)


def calibrated(prediction: Prediction, manifest: Manifest) -> npt.NDArray[np.float64]:
    """Return the calibrated probabilities, `[N, classes]`, of the model's scores."""
    return weighed(at_temperature(prediction.scores, manifest.temperature), len(manifest.alphabet))


def sides(
    strips: list[Strip], scores: npt.NDArray[np.float64], alphabet: str, settings: ReadingSettings
) -> Iterator[list[ReadNumber]]:
    """Yield the numbers of all lines that lie the same way up; the likeliest way comes first.

    The corners of a page compete with each other: they show different print.

    Args:
        strips: The lines.
        scores: `[windows, classes]`, a row for each window of each line that was asked of, in their order.
        alphabet: The character of each class.
        settings: What a sheet number looks like.
    """
    lines = list(zip(strips, spread(strips, scores), strict=True))
    for way in sorted({strip.way_up for strip in strips}):
        numbers = [
            settled(printed, strip, alphabet, settings)
            for strip, along in lines
            if strip.way_up == way
            for printed in numbers_along(strip.ink, along)
        ]
        found = [turned(read) if read.strip.turns else read for read in without_repeats(numbers)]
        yield [in_doubt(read) if is_upside_down(read, found) else read for read in found]


def numbers_along(ink: InkMap, scores: npt.NDArray[np.float64]) -> list[Printed]:
    """Return the numbers along a line by its scores, `[windows, classes]`; walls of cells are nothing."""
    found = [Printed(ink, number) for number in find_numbers(scores)]
    walled = [printed.number for printed in found if not printed.number.in_cells and stands_in_cells(printed)]
    if not walled:
        return found
    for number in walled:
        scores = without_print(scores, number.centres[0], number.centres[-1])
    return [in_cells(Printed(ink, number)) for number in find_numbers(scores)]


def in_cells(printed: Printed) -> Printed:
    """Return a number, told to stand in cells where their walls are seen."""
    number = replace(printed.number, in_cells=True)
    return replace(printed, number=number) if stands_in_cells(printed) else printed


def turned(read: ReadNumber) -> ReadNumber:
    """Return a number that does not lie upright, as sure as it is then.

    Letters look like digits so, bars like ones, and 0, 1, 6, 8 and 9 in a line of print like others of these.
    But OBSOLETE, like 31370580, has no 2 and no 4.
    """
    number = read.finding.number
    is_long = len(number) >= LONG and not read.strip.apart
    told = sum(digit in RARE for digit in number) if is_long else 0
    doubted = read.doubted(min(1.0, read.strip.odds * LIKELIER**told))
    letters = read.number.in_word and not (read.strip.apart and NEVER_LETTERS.intersection(number))
    others = read.number.letters > 0 and ALSO_TURNED.issuperset(number)
    return in_doubt(doubted) if letters or others or 2 * number.count("1") > len(number) else doubted


def in_doubt(read: ReadNumber) -> ReadNumber:
    """Return a number that is never read, as it may be one only for lying upside down."""
    return read.as_sure_as(min(MOST_IF_TURNED, read.finding.confidence))


def is_upside_down(read: ReadNumber, others: list[ReadNumber]) -> bool:
    """Tell whether a page's number may be one only as it lies upside down.

    0, 1, 6, 8 and 9 are digits either way; a date in the opposite corner, say, shows which way the page lies.
    """
    return (
        read.strip.apart
        and ALSO_TURNED.issuperset(read.finding.number)
        and any(
            other.strip.turns == (read.strip.turns + 2) % 4
            and other.number.share >= SURELY
            and len(other.finding.number) >= FEWEST_UPRIGHT
            and NEVER_TURNED.intersection(other.finding.number)
            for other in others
        )
    )


def spread(strips: list[Strip], scores: npt.NDArray[np.float64]) -> Iterator[npt.NDArray[np.float64]]:
    """Yield for each line the scores of all its windows, `[windows, classes]`.

    Windows without ink show none; one that was not asked of shows what those beside it do, their mean.
    """
    ends = np.cumsum([np.count_nonzero(strip.asked) for strip in strips])
    for strip, answered in zip(strips, np.split(scores, ends[:-1]), strict=True):
        along = np.zeros((len(strip.inked), scores.shape[1]))
        along[:, -1] = 1
        along[strip.asked] = answered
        between = np.flatnonzero(strip.inked & ~strip.asked)
        along[between] = (along[between - 1] + along[np.minimum(between + 1, len(along) - 1)]) / 2
        yield along


def settled(printed: Printed, strip: Strip, alphabet: str, settings: ReadingSettings) -> ReadNumber:
    """Choose among a number and its variants, and say how sure it is."""
    zero, one, seven, nine = (alphabet.index(digit) for digit in "0179")
    printed = without_phantoms(without_label(printed, zero, nine))
    number = printed.number
    numbers = [number, *number.variants]
    texts = ["".join(alphabet[digit] for digit in way.digits) for way in numbers]
    shares = [way.share for way in numbers]
    index, share = weigh(list(zip(texts, shares, strict=True)), settings)
    text, chosen = texts[index], replace(printed, number=numbers[index].in_place_of(number))
    ends = ends_of(printed, strip.seen, strip.streaked)
    code = is_of_code(ends, strip.height)
    may_be_longer = settings.max_length > SHORT
    year = may_be_longer and is_year(number, text) and not is_labelled_small(ends)
    aside = year or is_word(text, code=code)
    signs = doubt_of_signs(printed, ends, chosen, one=one, zero=zero) * (ASIDE if aside else 1.0)
    hints = 0 if number.in_cells else hints_of_signs(printed, one, seven)
    confidence = share * signs * doubt_of_ends(ends)
    confidence *= doubt_of_kind(printed, text, hints, height=strip.height, code=code)
    confidence *= doubt_of_word(text, share)
    if may_be_longer:
        confidence *= doubt_of_year(text)
    finding = Finding(text, confidence, strip.height, aside or is_labelled_telephone(chosen, zero))
    return ReadNumber(strip, chosen.number, finding, signs, hints, number.in_text, code)


def choose(
    numbers: Iterable[list[ReadNumber]], settings: ReadingSettings, manifest: Manifest, model: Model
) -> SheetReading:
    """Decide on the numbers; those of a less likely way up count only where the likelier one has none.

    But where one of these is the longer one, the likelier way up may have shown but a part of it: 3 and 4 are
    no digits upside down, and 0, 1, 6, 8 and 9 are. (Ways up that need not be looked at are not.) A longer
    one that has such digits, where the likelier way up shows nothing that is read, is seen the right way up.
    """
    answer = None
    rivals: list[ReadNumber] = []
    chosen: tuple[ReadNumber, Status, Reason | None] | None = None
    for side in numbers:
        decision = decide([read.finding for read in side], settings, manifest)
        if decision.chosen is None:
            answer = answer or decision.reason
            rivals += [
                read
                for read in side
                if read.finding.confidence >= UPRIGHT_DOUBT
                and violation(read.finding.number, settings) is None
            ]
            continue
        read, status, reason = side[decision.chosen], decision.status, decision.reason
        if chosen is None or (chosen[1] is not Status.READ and is_of_turned(chosen[0], read)):
            doubtful = status is Status.READ and not all(is_of_turned(rival, read) for rival in rivals)
            chosen = (read, Status.REVIEW, Reason.AMBIGUOUS) if doubtful else (read, status, reason)
        elif is_part_of(chosen[0], read):
            chosen = read, Status.REVIEW, Reason.AMBIGUOUS
        if NEVER_TURNED.intersection(read.finding.number):
            break
    return report(*chosen, model) if chosen else rejected(answer or Reason.NO_DIGITS, model)


def is_of_turned(upright: ReadNumber, turned: ReadNumber) -> bool:
    """Tell whether a number is what is left of another one upside down, some of whose digits are none so."""
    never = bool(NEVER_TURNED.intersection(turned.finding.number))
    return never and is_part_of(upright, turned)


def is_part_of(upright: ReadNumber, turned: ReadNumber) -> bool:
    """Tell whether a number may be a part of one that is seen the other way up."""
    longer = len(turned.finding.number) > len(upright.finding.number)
    return longer and turned.finding.confidence >= TURNED_LEAST and turned.overlaps(upright)


def report(read: ReadNumber, status: Status, reason: Reason | None, model: Model) -> SheetReading:
    """Put the reading of the chosen number together."""
    number, strip = read.number, read.strip
    digits = tuple(
        Digit(character, round(probability, 4), bounding_box(transform(corners(*box), strip.to_image)))
        for character, probability, box in zip(
            read.finding.number, number.probabilities, Printed(strip.ink, number).boxes, strict=True
        )
    )
    nearest = [round((centre - SIDE / 2) / STEP) for centre in number.centres]
    return SheetReading(
        Reading(status, reason, read.finding.number, round(read.finding.confidence, 4), digits, model),
        Evidence(read.outline, stack([windows(strip.shown)[nearest]])[..., 0]),
    )


def rejected(reason: Reason, model: Model | None) -> SheetReading:
    """Return the reading of a sheet on which no number was found."""
    evidence = Evidence(None, np.zeros((0, SIDE, SIDE), np.float32))
    return SheetReading(Reading(Status.REJECTED, reason, model=model), evidence)
