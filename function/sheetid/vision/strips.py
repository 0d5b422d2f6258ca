"""All that is vision: from a decoded image to the lines of print on it, each straightened into a strip."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Scan
from sheetid.vision.frames import within_frame, without_cells
from sheetid.vision.geometry import Matrix, after, half_turn, transform
from sheetid.vision.glyphs import HEIGHT, SIDE, inked, straighten
from sheetid.vision.ink import InkMap, streaked
from sheetid.vision.lines import Found, find_lines, least_of
from sheetid.vision.page import Region, is_page, orientations, search_region
from sheetid.vision.runs import Run, is_known

MOST_TURNED = 1  # lines of a crop that are also read upside down
TURNED_ODDS = -1.0  # logarithm of the odds that a crop lies upside down, against upright
CROP_TURNED = 1.0, 0.1, 0.02, 0.1  # odds that a crop lies so, by its quarter turns, against upright
PAGE_TURNED = 1.0, 0.3, 0.1, 0.3  # the same for a page
BEYOND = 4.0  # times a line's height: a streak reaches so far at least
FEWEST_EVEN = 3  # components of one height: fewer do not look like a number
NARROW, COMMON = 15.0, 18.0  # pixels of a strip from one digit to the next: narrow print, and what it becomes
WIDEST = 2.0  # times as wide, at most
INK = 60  # of 255: what is paler does not join the bows of a 0
DIGITS = (0.75, 1.2)  # times a line's height: what is lower or higher is none of its digits
LEAST_WIDTH = 5  # pixels: what is narrower is a bar, or a 1
SOLID = 0.8  # of its box: and so is what has more ink


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of print, straightened, and where it is.

    Attributes:
        ink: `[28, width]` uint8, digits 20 px high in the middle of it.
        shown: The same, as the model is shown it: without the walls of cells.
        seen: The first of its columns that lies in the region, and the one after the last.
        streaked: `[width]`, in which of its columns a streak crosses it.
        to_image: 2x3 matrix from the strip to the uploaded image.
        height: Height of its print in pixels of the uploaded image.
        promise: Logarithm of the odds that it is the number's line.
        even: How many of its components have that height.
        turns: Quarter turns by which the image was turned to find it.
        inked: `[windows]`, which of its windows have ink in their middle.
        every: The model is asked of one in so many windows.
        apart: Whether it is not seen again where the sheet is turned: that shows another corner of a page.
    """

    ink: InkMap
    shown: InkMap
    seen: tuple[int, int]
    streaked: npt.NDArray[np.bool_]
    to_image: Matrix
    height: float
    promise: float
    even: int
    turns: int
    inked: npt.NDArray[np.bool_]
    every: int = 1
    apart: bool = False

    @property
    def asked(self) -> npt.NDArray[np.bool_]:
        """Which of its windows the model is asked of, `[windows]`."""
        return np.asarray(self.inked & (np.arange(len(self.inked)) % self.every == 0), np.bool_)

    @property
    def odds(self) -> float:
        """Those that a sheet lies so, against upright."""
        return (PAGE_TURNED if self.apart else CROP_TURNED)[self.turns]

    @property
    def way_up(self) -> int:
        """The same for lines that compete with each other: a page's, and those of a crop turned alike."""
        return 0 if self.apart else self.turns

    def upside_down(self) -> Self:
        """Return the line as it is when the sheet is turned by a half turn.

        Sheets seldom are: the model is asked of half as many windows, which are enough to tell its digits.
        """
        height, width = self.ink.shape
        shown = np.ascontiguousarray(self.shown[::-1, ::-1])
        return replace(
            self,
            ink=np.ascontiguousarray(self.ink[::-1, ::-1]),
            shown=shown,
            inked=inked(shown),
            every=2,
            seen=(width - self.seen[1], width - self.seen[0]),
            streaked=self.streaked[::-1],
            to_image=after(self.to_image, half_turn(width, height)),
            promise=self.promise + TURNED_ODDS,
            turns=(self.turns + 2) % 4,
        )


def find_strips(scan: Scan, max_glyphs: int) -> list[Strip]:
    """Find the lines that may hold the number, likeliest first, with so many windows to ask of at most."""
    strips = page_strips(scan) if is_page(scan.grey) else crop_strips(scan)
    if not strips:
        return []
    least = least_of(max(strip.promise for strip in strips))
    found: list[Strip] = []
    for strip in sorted(strips, key=lambda strip: -strip.promise - np.log(strip.odds)):
        glyphs = int(np.count_nonzero(strip.asked))
        if strip.promise >= least and glyphs <= max_glyphs:
            found.append(strip)
            max_glyphs -= glyphs
    return found


def page_strips(scan: Scan) -> list[Strip]:
    """Find the lines in the corner of a page that is top right when the page is upright, either way up."""
    strips: list[Strip] = []
    for turns in orientations(scan.grey):
        strips += region_strips(search_region(scan.grey, turns), turns, scan.reduction, best_of(strips))
    return [replace(strip, apart=True) for strip in strips]


def crop_strips(scan: Scan) -> list[Strip]:
    """Find the lines in a crop, and in the crop turned across if nothing in it looks like a number."""
    level = region_strips(search_region(scan.grey), 0, scan.reduction)
    across: list[Strip] = []
    if all(strip.even < FEWEST_EVEN for strip in level):
        across = region_strips(search_region(scan.grey, 1), 1, scan.reduction, best_of(level))
    turned = [strip.upside_down() for strip in (*level[:MOST_TURNED], *across[:MOST_TURNED])]
    return [*level, *across, *turned]


def best_of(strips: list[Strip]) -> float:
    """Return the promise of the likeliest of some lines."""
    return max((strip.promise for strip in strips), default=-np.inf)


def region_strips(region: Region, turns: int, reduction: int, elsewhere: float = -np.inf) -> list[Strip]:
    """Find the lines of print in one region and straighten them; `elsewhere` as in `find_lines`."""
    found = find_lines(region, reduction, elsewhere)
    streaks = streaked(found.ink)
    strips: list[Strip] = []
    for run, promise, ink, to_level in straightened(found):
        places = middles(ink.shape[1], after(found.to_ink, to_level))
        inside = np.asarray(((places >= 0) & (places < found.ink.shape[::-1])).all(axis=1), np.bool_)
        crossed = streaks[np.clip(places[:, 0], 0, len(streaks) - 1).astype(np.intp)] & inside
        if len(region.grey) < BEYOND * run.height * region.factor:
            crossed[:] = False  # in so tight a crop the wall of a frame is as long as a streak
        to_image = after(found.to_image, to_level)
        height = run.height * region.factor * reduction
        shown, seen = without_cells(ink), extent(inside)
        strips.append(
            Strip(ink, shown, seen, crossed, to_image, height, promise, run.even, turns, inked(shown))
        )
    return strips


def straightened(found: Found) -> Iterator[tuple[Run, float, InkMap, Matrix]]:
    """Yield each line with its promise, its strip, and the matrix from that to the levelled pixels.

    Behind one that is a frame comes the line of what stands in it, unless there was such a one before.
    """
    known = [run for run, _ in found.runs]
    for run, promise in found.runs:
        strip, to_level = straighten(found.ink, run, found.to_ink)
        yield run, promise, *widened(run, strip, to_level)
        inner = within_frame(strip, run)
        if inner is not None and not is_known(inner, known):
            known.append(inner)
            yield inner, promise, *widened(inner, *straighten(found.ink, inner, found.to_ink))


def widened(run: Run, strip: InkMap, to_level: Matrix) -> tuple[InkMap, Matrix]:
    """Return a line's strip, and the matrix from it, with narrow print as wide as common print is.

    A window would show three narrow digits at once, and the model tells them worse.
    """
    close = run.even > FEWEST_EVEN and run.right - run.left <= run.even * NARROW / HEIGHT * run.height
    distance = digits_apart(strip) if close else np.inf
    if distance > NARROW:
        return strip, to_level
    height, width = strip.shape
    wide = round(width * min(COMMON / distance, WIDEST))
    narrower = width / wide  # where a pixel's middle is counts, not its edge
    to_strip = np.array([[narrower, 0, (narrower - 1) / 2], [0, 1, 0]])
    return np.asarray(cv2.resize(strip, (wide, height)), np.uint8), after(to_level, to_strip)


def digits_apart(strip: InkMap) -> float:
    """Return the usual distance of what looks like digits in a strip, in pixels; infinity if few do.

    The walls of cells hang together, and are higher than digits; the bars of barcodes are narrower, or solid.
    """
    _, _, stats, centres = cv2.connectedComponentsWithStats((strip >= INK).view(np.uint8))
    _, _, width, height, area = stats[1:].T
    like = (height >= DIGITS[0] * HEIGHT) & (height <= DIGITS[1] * HEIGHT)
    like &= (width >= LEAST_WIDTH) & (area <= SOLID * width * height)
    places = np.sort(centres[1:, 0][like])
    return float(np.median(np.diff(places))) if len(places) > FEWEST_EVEN else np.inf


def middles(width: int, to_ink: Matrix) -> npt.NDArray[np.float64]:
    """Return where the middles of a strip's columns are, `[width, 2]`, by the matrix that leads there."""
    return transform(np.column_stack([np.arange(width), np.full(width, SIDE / 2)]).astype(np.float64), to_ink)


def extent(inside: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return the first column that is inside, and the one after the last."""
    columns = np.flatnonzero(inside)
    return (int(columns[0]), int(columns[-1]) + 1) if columns.size else (0, 0)
