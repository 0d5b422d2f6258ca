"""One end of a number, and what stands beside it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.recognition.printed import Extents, Printed, cores
from sheetid.recognition.words import Beside
from sheetid.vision.frames import walls
from sheetid.vision.geometry import Box
from sheetid.vision.glyphs import BAND, HEIGHT
from sheetid.vision.ink import AS_DARK, InkMap

WIDER_GAP, WIDER_BY = (
    1.3,
    1.5,
)  # times the usual gap, and pixels: a label stands farther off than the next digit
UPPER = slice(BAND.start, BAND.start + round(0.65 * HEIGHT))  # rows in which a point or a comma has no ink
STEM = (0.8, 1.1)  # times the usual distance: where the stem of a further 1 would stand
STEM_WIDTH = 2  # columns that show it, at least
INSIDE = slice(BAND.start + 1, BAND.stop - 1)  # rows that the stroke of a 1 takes, or nearly all of them
CLEAR = 0.8  # probability of other print from which on it is no digit
FEWEST_ASLANT = 3  # digits: of fewer, the slope tells nothing
AS_FAR = 0.6  # times the usual distance: other print beside a number is looked at so far
SPECK = 4  # pixels of ink: dirt has no more, a point does


@dataclass(frozen=True)
class End:
    """One end of a number, always its right one: the line is seen in a mirror for the left one.

    Attributes:
        strip: `[28, width]` uint8, the line.
        seen: The column after the last one that lies in the image.
        streaked: `[width]`, in which columns a streak crosses the line.
        centres: The middles of its digits.
        boxes: Those of their ink.
        beside: What stands next to the last of them.
        pitch: The usual distance of their middles.
        dark: How dark its digits are, 0 to 255.
    """

    strip: InkMap
    seen: int
    streaked: npt.NDArray[np.bool_]
    centres: tuple[float, ...]
    boxes: list[Box]
    beside: Beside
    pitch: float
    dark: int

    @property
    def digits(self) -> InkMap:
        """The ink of the number, in the rows that digits take."""
        return self.strip[BAND, self.boxes[0][0] : self.edge]

    @property
    def edge(self) -> int:
        """The column after the ink of its last digit."""
        return self.boxes[-1][2]

    @property
    def faintest(self) -> float:
        """The ink, 0 to 255, from which on it is as dark as the digits'."""
        return AS_DARK * int(self.digits.max(initial=1))

    @property
    def stem(self) -> slice:
        """The columns where the stem of a further 1 would stand."""
        first, last = (round(self.centres[-1] + distance * self.pitch) for distance in STEM)
        return slice(first, last + 1)

    @cached_property
    def cores(self) -> Extents:
        """The top and the bottom of each digit's middle, `[digits, 2]`."""
        return cores(self.strip, self.centres, self.pitch)

    @cached_property
    def gap(self) -> float:
        """How far off ink as dark as the digits' is, in pixels; infinity if there is none.

        Walls, which go on above and below the digits, do not count.
        """
        beside = self.strip[:, self.edge :]
        if not beside.size:
            return float("inf")
        faintest = self.faintest
        dark = np.flatnonzero((beside[UPPER].max(axis=0) >= faintest) & ~walls(beside, faintest))
        return float(dark[0]) if dark.size else float("inf")

    @property
    def next_column(self) -> int:
        """The column in which that ink begins; the one after the last if there is none."""
        return int(self.edge + self.gap) if np.isfinite(self.gap) else self.strip.shape[1]

    @cached_property
    def next_to(self) -> InkMap:
        """The ink next to the number, up to the next paper."""
        start = self.next_column
        beside = self.strip[:, start : int(start + AS_FAR * self.pitch)]
        bare = np.flatnonzero(beside[BAND].max(axis=0) < AS_DARK * self.dark)
        bare = bare[bare >= STEM_WIDTH]
        return beside[:, : bare[0]] if bare.size else beside

    @cached_property
    def next_piece(self) -> npt.NDArray[np.bool_]:
        """Where the ink is, `[28, width]`, that hangs together with what is next to the number."""
        _, pieces = cv2.connectedComponents((self.strip >= AS_DARK * self.dark).view(np.uint8))
        return np.asarray(pieces == pieces[UPPER, self.next_column].max(), np.bool_)


def ends_of(printed: Printed, seen: tuple[int, int], streaked: npt.NDArray[np.bool_]) -> tuple[End, End]:
    """Return both ends of a number, the right one first.

    Args:
        printed: The number.
        seen: The first column of its line that lies in the image, and the one after the last.
        streaked: `[width]`, in which columns a streak crosses the line.
    """
    number, boxes, dark = printed.number, printed.boxes, printed.dark
    width = printed.strip.shape[1]
    mirrored = [(width - right, top, width - left, bottom) for left, top, right, bottom in reversed(boxes)]
    centres = tuple(width - centre for centre in reversed(number.centres))
    pitch, strip = number.pitch, without_specks(printed.strip, AS_DARK * dark)
    return (
        End(strip, seen[1], streaked, number.centres, boxes, number.behind, pitch, dark),
        End(strip[:, ::-1], width - seen[0], streaked[::-1], centres, mirrored, number.before, pitch, dark),
    )


def without_specks(strip: InkMap, faintest: float) -> InkMap:
    """Return a line without ink from `faintest` on in pieces that are too small for print."""
    _, pieces, stats, _ = cv2.connectedComponentsWithStats((strip >= faintest).view(np.uint8))
    small = stats[:, cv2.CC_STAT_AREA] <= SPECK
    return np.where(small[pieces], 0, strip) if small.any() else strip


def inked_share(ink: npt.NDArray[np.bool_]) -> float:
    """Return in which share of some columns there is ink; none in no columns."""
    columns = ink.any(axis=0)
    return float(columns.mean()) if columns.size else 0.0


def usual_gap(boxes: list[Box]) -> float:
    """Return the widest gap between ink that the next digit would have, in pixels."""
    gaps = [other[0] - one[2] for one, other in pairwise(boxes)]
    return WIDER_GAP * max(0.0, median(gaps) if gaps else 0.0) + WIDER_BY
