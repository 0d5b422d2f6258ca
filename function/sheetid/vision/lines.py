"""Lines of print in a region that may be the sheet's number, the most promising first."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.bands import (
    HALF,
    HEIGHT,
    LEFT,
    RIGHT,
    Canvas,
    Flags,
    Lines,
    darkest,
    lengthened,
    seen,
    settled,
    stretched,
)
from sheetid.vision.decoding import Grey
from sheetid.vision.geometry import LINEAR, Matrix, after, reduced, turn
from sheetid.vision.ink import (
    InkMap,
    Mask,
    divided,
    floor_in_text,
    floor_of,
    paper_shade,
    remove_lines,
    without_pepper,
)
from sheetid.vision.looks import ROW, looks, promises
from sheetid.vision.page import Region, skews
from sheetid.vision.reverse import positive
from sheetid.vision.rings import without_rings
from sheetid.vision.rows import GIVEN, WALLED, WAYS, Ways, refined, rows_of
from sheetid.vision.runs import LOWEST, SAME_EXTENT, Groups, Run, alike, apart, distinct, find_groups, shared

MOST_MEASURED = 6  # lines of a region
MOST_BESIDES = 3  # the same, where one of another region is clear
MOST_LOOKED_FOR = 12  # the same, where these were none that is clear
CLEAR = 27.0  # logarithm of the odds, up to a constant: a line below may be beside one that is fainter
MOST_LINES, MOST_UNCLEAR = 9, 12  # of a region are returned, where one is clear, and where none is
LEAST = 8.0  # logarithm of the odds: a line that is so much less likely than the best one is left out
LEAST_AGAIN = 4.0  # the same, of one where a likelier line is, if there is a clear one
LOWER = 0.7  # of the higher one's height: what is lower is other print, though it may be at one place
BESIDE = 0.5  # of the same: the middles of two lines at one place are no further apart
PROMISING = 17.0  # logarithm of the odds, up to a constant: a line below is no number
STROKES = 0.5  # of the ink's strength: print that is as dark as the rest
CROWDED = 0.5  # of the ink's strength: where paper seems as dark, most of it may be print
FAINT = 0.2  # of the ink's strength: print that is much paler
FAINTEST_SMOOTH = 5.0  # of 255: nothing paler is told from smoothed paper
AROUND, AT_ENDS = 0.7, 0.3  # times its height: print of a line is no farther from its middle, or its ends
NEARLY = 0.55  # the same as the first, where its height is known well
PROMISING_BESIDE = 30.0  # pixels, height times width in digits: less print beside other lines is no number
ENOUGH = 3.0  # times its height: a longer line is measured without what lies beside it
BROAD = 15  # pixels: strokes of print are narrower
SMOOTH = 1.5  # pixels: what joins the dots and pieces of broken print
DEVIATIONS = (4.0, 2.5)  # of smoothed paper: faint print stands out by as much
BAR = (4.0, 1.5)  # pixels, along and across: what joins the digits of a number to a bar
BAR_DEVIATIONS = 3.0  # of paper blurred so
RULE = 0.16  # of a region's shorter side: longer lines are rules and frames
RULE_THICKNESS = 0.025  # of a region's shorter side


@dataclass(frozen=True, slots=True)
class Shades:
    """Ink, 0 to 255: what is paper has up to `floor`, print more than `strokes`, the darkest `strength`."""

    floor: float
    strokes: float
    strength: float


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of print found in a region.

    Attributes:
        ink: `[height, width]` uint8, the region's ink, as the region lies.
        to_ink: 2x3 matrix from the levelled pixels, in which the runs are told, to points of `ink`.
        to_image: 2x3 matrix from the same to points of the uploaded image.
        runs: Lines with the logarithm of their odds, the most promising first.
    """

    ink: InkMap
    to_ink: Matrix
    to_image: Matrix
    runs: list[tuple[Run, float]]


def find_lines(region: Region, reduction: int, elsewhere: float = -np.inf) -> Found:
    """Find the lines of print in one region.

    Args:
        region: The part of the image that is looked at.
        reduction: How many pixels of the uploaded image make one of the region, in each direction.
        elsewhere: Logarithm of the odds of the likeliest line of another region; the clearer that is, the
            less has to be looked for here.
    """
    factor = region.factor
    small = told_apart(region.grey, factor)
    grey = without_rings(positive(region.grey, small), small)
    if grey is not region.grey:
        small = told_apart(grey, factor)
    shade = paper_shade(small)
    ink = divided(grey, shade)
    smooth = thin(np.asarray(cv2.GaussianBlur(divided(small, shade), (3, 3), 0), np.uint8))
    floor, strength = floor_of(smooth)
    if floor > CROWDED * strength:
        floor, strength = min((floor, strength), floor_in_text(smooth))
    shades = Shades(floor, max(floor, STROKES * strength), strength)
    angles = skews(above(smooth, (floor + shades.strokes) / 2))
    ways = [levelled(smooth, angle, shades, elsewhere) for angle in angles]
    # The number may lie otherwise than what looks most like one: a stamp does not lie as the page's print.
    ways.sort(key=lambda way: -way[0].promise.max(initial=-np.inf))
    to_small = ways[0][1]
    back = np.asarray(cv2.invertAffineTransform(to_small), np.float64)
    runs = likely(Groups.join(*(lines.carried(after(back, to_ink)) for lines, to_ink in ways)), elsewhere)
    # What was one pixel is now `factor`: places are the same, counted from the first pixel's centre.
    half = (factor - 1) / 2
    to_ink = after(np.array([[factor, 0, half], [0, factor, half]]), to_small)
    return Found(ink, to_ink, after(region.to_image, to_ink) * reduction, runs)


def told_apart(grey: Grey, factor: int) -> Grey:
    """Return a picture as small as its print can still be told apart in, without pepper."""
    clean = without_pepper(grey)
    return reduced(clean, factor) if factor > 1 else clean


def levelled(ink: InkMap, angle: float, shades: Shades, elsewhere: float) -> tuple[Groups, Matrix]:
    """Measure the lines of print that lie level when the ink is turned back by an angle.

    Boxes to be ticked and barcodes are taken away first. While none of the lines is clear, they are looked
    for in print that is less and less so. But those may be a stamp's, a label's or a text's, and the number
    much paler: print is looked for once more, beside them.

    Args:
        ink: `[height, width]` uint8.
        angle: Degrees.
        shades: How dark its print is.
        elsewhere: As in `find_lines`.

    Returns:
        The lines, and the 2x3 matrix from the turned ink to `ink`.
    """
    level, to_ink = turn(ink, angle, LINEAR)
    plain = MOST_MEASURED if elsewhere < CLEAR else MOST_BESIDES
    groups = find_groups(plain_print(level, shades))
    in_the_way = groups.promise == 0
    if in_the_way.any():
        level = cleared_of(level, groups.lines[in_the_way], NEARLY)
    lines = measured(level, groups, shades.floor, plain)
    for print_of, most in ((smoothed_print, MOST_MEASURED), (faint_print, MOST_LOOKED_FOR)):
        if lines.promise.max(initial=elsewhere) < CLEAR:
            more = find_groups(print_of(level, shades))
            lines = Groups.join(lines, measured(level, more, shades.floor, most))
    if lines.promise.max(initial=-np.inf) >= min(CLEAR, elsewhere):
        more = beside(level, lines.lines, shades)
        lines = Groups.join(lines, measured(level, more, shades.floor, MOST_MEASURED))
    return lines, to_ink


def beside(ink: InkMap, known: Lines, shades: Shades) -> Groups:
    """Return the groups of print, be it pale, beside the lines that are known; small ones are left out."""
    mask = cleared_of(above(ink, max(shades.floor, FAINT * shades.strength)), known, AROUND)
    groups = find_groups([without_rules(mask)])
    return groups.take(groups.promise >= PROMISING_BESIDE)


def cleared_of(ink: InkMap, lines: Lines, around: float) -> InkMap:
    """Return ink without that of some lines, so many times their height around their middle."""
    rest = ink.copy()
    for left, right, middle, slope, height in lines.tolist():
        ends = np.array([left - AT_ENDS * height, right + AT_ENDS * height])
        middles = middle + slope * (ends - left)
        tops, bottoms = (np.column_stack([ends, middles + off * height]) for off in (-around, around))
        cv2.fillConvexPoly(rest, np.rint([*tops, *bottoms[::-1]]).astype(np.int32), 0)
    return rest


def thin(ink: InkMap) -> InkMap:
    """Return the ink of strokes, without that of the scanner's bed, of shadows and other broad shapes."""
    broad = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((BROAD, BROAD), np.uint8))
    return np.asarray(ink - broad, np.uint8)


def plain_print(ink: InkMap, shades: Shades) -> list[Mask]:
    """Return masks of print as it is, with and without rules."""
    mask = above(ink, shades.strokes)
    cleared = without_rules(mask)
    return [mask] if cleared is mask else [mask, cleared]


def smoothed_print(ink: InkMap, shades: Shades) -> list[Mask]:
    """Return masks of print that is pale, or in dots and pieces, with and without rules."""
    smooth = blurred(ink, SMOOTH, SMOOTH)
    mask = above(smooth, max(floor_of(smooth, FAINTEST_SMOOTH)[0], FAINT * shades.strength))
    return [mask, without_rules(mask)]


def faint_print(ink: InkMap, shades: Shades) -> list[Mask]:
    """Return masks of all print once more, and of what only stands out from the paper's noise as a whole."""
    mask = above(ink, shades.strokes)
    smooth, bars = blurred(ink, SMOOTH, SMOOTH), blurred(ink, *BAR)
    pale, faint = (above(smooth, floor_of(smooth, FAINTEST_SMOOTH, far)[0]) for far in DEVIATIONS)
    joined = above(bars, floor_of(bars, FAINTEST_SMOOTH, BAR_DEVIATIONS)[0])
    return [mask, pale, faint, joined, without_rules(mask), without_rules(pale)]


def above(ink: InkMap, floor: float) -> Mask:
    """Return where there is more ink than that, 0 to 255."""
    return np.asarray((ink > np.uint8(floor)).view(np.uint8), np.uint8)  # a float would make floats of all


def blurred(ink: InkMap, along: float, across: float) -> InkMap:
    """Return ink blurred by so many pixels along and across lines."""
    size = (int(4 * along) | 1, int(4 * across) | 1)
    return np.asarray(cv2.GaussianBlur(ink, size, along, sigmaY=across), np.uint8)


def without_rules(mask: Mask) -> Mask:
    """Return a mask without the rules and frames on it; the mask itself if there are none."""
    side = min(mask.shape)
    length, thickness = max(2, round(RULE * side)), max(2, round(RULE_THICKNESS * side))
    return remove_lines(mask, length, length, thickness)


def measured(ink: InkMap, groups: Groups, floor: float, most: int) -> Groups:
    """Measure so many lines, the most promising ones: where they are, and what they promise then."""
    groups = groups.take(groups.promise > 0)
    order = distinct(groups.lines, groups.promise, most)
    if not len(order):
        return groups
    lines, even = groups.lines[order], groups.even[order]
    canvas = seen(ink, lines)
    ways, line, way = first_looks(lines, canvas, even)
    keep = distinct(ways, groups.promise[order[line]], len(ways))
    lines, way = ways[keep], way[keep]
    canvas, even = canvas[line[keep]], even[line[keep]]
    longer = lengthened(ink, lines, np.maximum(floor, HALF * darkest(canvas)))
    # What lies beside a line may be anything: it is measured without that if it is long enough.
    enough = lines[:, RIGHT] - lines[:, LEFT] >= ENOUGH * lines[:, HEIGHT]
    first = np.where(enough[:, None], lines, longer)
    second = refined(first, rows_of(first, seen(ink, first)), way)
    # A second look is closer, but it may also be led astray: where it saw something else, both are kept.
    lines, other = settled(first, second)
    both = np.concatenate([lines, second[other]])
    lines = stretched(both, np.concatenate([longer, longer[other]]))
    even = np.concatenate([even, even[other]])
    high = both[:, HEIGHT] >= LOWEST
    both, lines, even = both[high], lines[high], even[high]
    if not len(lines):
        return Groups(lines, even, np.zeros(0))
    agree = alike(np.concatenate([lines, ways]))[: len(lines), len(lines) :]
    even = np.maximum(even, (agree * groups.even[order[line]]).max(axis=1))
    promise = promises(looks(ink, both, lines, even, agree.sum(axis=1), floor=floor))
    return Groups(lines, even, promise)


def likely(groups: Groups, elsewhere: float) -> list[tuple[Run, float]]:
    """Return the likely lines of those that were measured, the likeliest first, with their promise.

    Args:
        groups: The lines.
        elsewhere: As in `find_lines`.
    """
    lines, promise = groups.lines, groups.promise
    if not len(lines):
        return []
    best = distinct(lines, promise, MOST_LINES if promise.max() >= CLEAR else MOST_UNCLEAR)
    least = np.full(len(best), least_of(max(elsewhere, float(promise[best[0]]))))
    if promise.max() >= CLEAR:
        least[is_again(lines[best])] += LEAST - LEAST_AGAIN
    kept = best[promise[best] >= least]
    return [(run_of(lines[index], int(groups.even[index])), float(promise[index])) for index in kept]


def is_again(lines: Lines) -> Flags:
    """Tell which lines `[N]`, likelier ones first, are a likelier one's print, be it at another height."""
    first, last = shared(lines)
    length = lines[:, RIGHT] - lines[:, LEFT]
    height = np.maximum(lines[:, None, HEIGHT], lines[:, HEIGHT])
    same = np.minimum(lines[:, None, HEIGHT], lines[:, HEIGHT]) >= LOWER * height
    same &= last - first >= SAME_EXTENT * np.minimum(length[:, None], length)
    same &= apart(lines, (first + last) / 2) <= BESIDE * height
    return np.asarray(np.tril(same, -1).any(axis=1), np.bool_)


def least_of(best: float) -> float:
    """Return what a line must promise to be asked of, by what the best one does."""
    return max(PROMISING, best - LEAST)


def first_looks(
    lines: Lines, canvas: Canvas, even: npt.NDArray[np.intp]
) -> tuple[Lines, npt.NDArray[np.intp], Ways]:
    """Measure lines in every way that may be right for them.

    What is a gap in the digits, what a wall beside them, and what another line is told by what comes of it.

    Returns:
        The lines as measured; which of `lines` each of them is; and in which way it was measured.
    """
    rows = rows_of(lines, canvas)
    line, way = np.tile(np.arange(len(lines)), len(WAYS)), np.repeat(WAYS, len(lines))
    walled = np.asarray(rows.walls.any(axis=1), np.bool_)
    use = np.where(way == GIVEN, even[line] >= ROW, (way != WALLED) | walled[line])
    line, way = line[use], way[use]
    return refined(lines[line], rows.take(line), way), line, way


def run_of(line: Lines, even: int) -> Run:
    """Return a line as a run."""
    left, right, middle, slope, height = line.tolist()
    return Run(left, right, middle, slope, height, even)
