"""From a spec to pixels: draw the ink, print it, put it on paper, scan it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tests.corpus.canvas import MM_PER_INCH, Box
from tests.corpus.fields import Field, floats, ramp, smooth, stream
from tests.corpus.layout import Layers, lay_out
from tests.corpus.printing import Coverage, printed
from tests.corpus.scanning import Matrix, expose, homography, moved
from tests.corpus.spec import PAGE, Colour, SheetSpec, View

_PRINTED_DPI = 300
_BLEED = 10.0
_HOLES = (108.5, 188.5)
_PEN: Colour = (0.13, 0.18, 0.5)
_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a scan shows.

    Attributes:
        number: The digits, or None when the sheet has no number.
        box: Left, top, right and bottom of the number in the scan's pixels; None without a number.
        digits: The same for each digit, left to right as they are read.
    """

    number: str | None
    box: Box | None
    digits: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scan, `[height, width]` or `[height, width, 3]` (red, green, blue) uint8, and what it shows."""

    image: npt.NDArray[np.uint8]
    truth: Truth


def render(spec: SheetSpec) -> Sheet:
    """Draw, print and scan one sheet; the same spec always gives the same pixels."""
    scale = spec.dpi / MM_PER_INCH
    drawn = _drawn(spec.view)
    finer = math.ceil(_PRINTED_DPI / spec.dpi)
    layers = lay_out(spec, drawn, scale * finer, stream(spec.seed, "layout"))
    inks = _print(layers, spec, scale * finer, finer)
    page = _on_paper(inks, spec, drawn, scale)
    matrix = homography(spec.scan, spec.view, scale, stream(spec.seed, "geometry"))
    size = (round(spec.view.width * scale), round(spec.view.height * scale))
    to_mm = np.array([[1 / scale, 0, drawn.left], [0, 1 / scale, drawn.top], [0, 0, 1]])
    if spec.scan.bed is not None:
        page = _edged(page, drawn)
    page = _laid_on_glass(page, spec, matrix @ to_mm, size)
    purposes = ("specks", "light", "optics", "streaks", "noise", "salt_pepper")
    image = expose(page, spec.scan, scale, {name: stream(spec.seed, name) for name in purposes})
    pixels = np.rint(image * np.float32(255)).astype(np.uint8)
    digits = tuple(_turned(moved(box, matrix), size, spec.turn) for box in layers.digits)
    turned = np.ascontiguousarray(np.rot90(pixels, -spec.turn))
    return Sheet(turned, Truth(spec.number.text or None, _around(digits), digits))


def _drawn(view: View) -> View:
    """Return the part of the page to draw: more than is seen, for a turned page shows what lay beside it."""
    left, top = max(0.0, view.left - _BLEED), max(0.0, view.top - _BLEED)
    right = min(PAGE.width, view.left + view.width + _BLEED)
    bottom = min(PAGE.height, view.top + view.height + _BLEED)
    return View(left, top, right - left, bottom - top)


def _print(layers: Layers, spec: SheetSpec, scale: float, finer: int) -> list[Coverage]:
    """Return printed matter, number and pen at the scan's resolution."""
    inks = [
        printed(layers.print.coverage(), spec.printing, scale, stream(spec.seed, "print")),
        printed(layers.number.coverage(), spec.printing, scale, stream(spec.seed, "number")),
        layers.pen.coverage(),
    ]
    if finer == 1:
        return inks
    height, width = math.ceil(inks[0].shape[0] / finer), math.ceil(inks[0].shape[1] / finer)
    below, beside = height * finer - inks[0].shape[0], width * finer - inks[0].shape[1]
    padded = [cv2.copyMakeBorder(ink, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=0) for ink in inks]
    finished = [cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA) for ink in padded]
    return [np.asarray(ink, np.uint8) for ink in finished]


def _on_paper(inks: list[Coverage], spec: SheetSpec, drawn: View, scale: float) -> Field:
    """Return the page's reflectance, `[height, width]` or with three channels."""
    shape = (inks[0].shape[0], inks[0].shape[1])
    page = _bare_paper(shape, spec, drawn, scale)
    for ink, colour in zip(inks, (spec.around.colour, spec.number.colour, _PEN), strict=True):
        if not ink.any():
            continue
        share = ink.astype(np.float32) / np.float32(255)
        shade = _shade(colour, coloured=spec.coloured)
        if spec.coloured:
            page *= 1 - share[:, :, None] * (1 - shade)
        else:
            page *= 1 - share * (1 - shade)
    return page


def _shade(colour: Colour, *, coloured: bool) -> Field:
    shade = np.asarray(colour, np.float32)
    return shade if coloured else np.asarray(shade @ _LUMINANCE, np.float32)


def _bare_paper(shape: tuple[int, int], spec: SheetSpec, drawn: View, scale: float) -> Field:
    paper, rng = spec.paper, stream(spec.seed, "paper")
    grain = np.ones(shape, np.float32)
    if paper.texture:
        grain += smooth(shape, 0.35 * scale, rng) * np.float32(paper.texture * 0.7)
        grain += smooth(shape, 4 * scale, rng) * np.float32(paper.texture * 0.7)
    if paper.fold:
        distance = (ramp(shape, rng.uniform(0.3, 1.3)) - np.float32(rng.uniform(0.3, 0.7))) * np.float32(
            max(shape)
        )
        grain *= 1 - np.float32(paper.fold) * np.exp(-np.abs(distance) / np.float32(0.3 * scale))
    if paper.show_through:
        grain *= 1 - np.float32(paper.show_through) * _back(spec, drawn, shape, scale)
    if spec.around.holes:
        for y in _HOLES:
            centre = (round((12 - drawn.left) * scale), round((y - drawn.top) * scale))
            cv2.circle(grain, centre, round(3 * scale), 0.25, -1, cv2.LINE_AA)
    shade = _shade(paper.colour, coloured=spec.coloured)
    return grain[:, :, None] * shade if spec.coloured else grain * shade


def _back(spec: SheetSpec, drawn: View, shape: tuple[int, int], scale: float) -> Field:
    """Return the ink on the page's back, mirrored and softened by the paper."""
    mirrored = View(PAGE.width - drawn.left - drawn.width, drawn.top, drawn.width, drawn.height)
    layers = lay_out(spec, mirrored, scale, stream(spec.seed + 1, "back"))
    ink = cv2.flip(layers.print.coverage(), 1)
    ink = cv2.resize(ink, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return floats(cv2.GaussianBlur(ink.astype(np.float32) / np.float32(255), (0, 0), 0.2 * scale))


def _laid_on_glass(page: Field, spec: SheetSpec, matrix: Matrix, size: tuple[int, int]) -> Field:
    """Return what the glass shows: the page, its places moved by `matrix`, and the bed around it."""
    # Pixels are squares whose centres lie at halves; OpenCV counts from the first one's centre.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    whole = np.linalg.inv(half) @ matrix @ half
    bed = (spec.scan.bed,) * 3 if spec.scan.bed is not None else spec.paper.colour
    fill = np.atleast_1d(_shade(bed, coloured=spec.coloured)).astype(float).tolist()
    border = cv2.BORDER_CONSTANT
    return floats(
        cv2.warpPerspective(page, whole, size, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=fill)
    )


def _edged(page: Field, drawn: View) -> Field:
    """Return the page with the thin shadow that its top and right edges cast."""
    page = page.copy()
    if drawn.top <= 0:
        page[:2] *= np.float32(0.7)
    if drawn.left + drawn.width >= PAGE.width:
        page[:, -2:] *= np.float32(0.7)
    return page


def _turned(box: Box, size: tuple[int, int], turns: int) -> Box:
    """Return `box` after `turns` clockwise quarter turns of an image of `size` (width, height)."""
    left, top, right, bottom = box
    width, height = size
    for _ in range(turns):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    return left, top, right, bottom


def _around(boxes: tuple[Box, ...]) -> Box | None:
    if not boxes:
        return None
    left, top, right, bottom = np.asarray(boxes).T
    return float(left.min()), float(top.min()), float(right.max()), float(bottom.max())
