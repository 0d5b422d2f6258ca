"""What it takes to draw one sheet: every value with its unit and its sensible range."""

from dataclasses import dataclass, field
from typing import Literal

from tests.corpus.matter import Matter

Colour = tuple[float, float, float]
"""Reflectance of red, green and blue, 0 to 1."""

BLACK: Colour = (0.07, 0.07, 0.08)
WHITE: Colour = (0.97, 0.97, 0.96)


@dataclass(frozen=True, slots=True)
class View:
    """The part of the page that the image shows, in mm from the page's top-left corner."""

    left: float
    top: float
    width: float
    height: float


PAGE = View(0, 0, 210, 297)
"""A whole A4 page."""
LANDSCAPE = View(210 - 297, 0, 297, 210)
"""A whole A4 page that is wider than high; the number stands as far from its right edge."""
CORNER = View(210 - 57.15, 0, 57.15, 50.8)
"""The top-right corner that the application cuts out: 450x400 pixels at 200 dpi."""


@dataclass(frozen=True, slots=True)
class Number:
    """The sheet's number, and how it is set.

    Attributes:
        text: The digits; empty for a sheet that has no number (what surrounds it then keeps its place).
        face: A name in `fonts.FACES`.
        height: Height of a digit, 2.5 to 9 mm.
        spacing: Extra space between digits, -0.14 (they touch) to 0.4 digit heights.
        right: From the page's right edge to the number's right end, 6 to 30 mm.
        top: From the page's top edge to the number's top, 5 to 30 mm.
        colour: Reflectance of its ink.
        jitter: How far single digits leave the line, as with a numbering stamp: 0 to 0.08 digit heights.
    """

    text: str
    face: str
    height: float = 5.0
    spacing: float = 0.06
    right: float = 12.0
    top: float = 12.0
    colour: Colour = BLACK
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is printed, written or stamped on the page.

    Attributes:
        label: Text beside the number, such as `No.`.
        label_place: Where the label stands.
        label_size: Height of the label's capitals, 0.4 to 1 digit heights.
        frame: Gap between the number and a frame around it, 0.3 to 3 mm; None for no frame.
        cells: Whether the frame is divided into one cell for each digit.
        underline: Gap between the number and a line below it, 0 to 2 mm; None for no line.
        strike: Whether a line runs through the number.
        rule: Thickness of these lines, 0.15 to 0.6 mm.
        barcode: Where a barcode stands beside the number, if anywhere.
        letterhead: Whether a logo, a sender and a rule fill the page's head.
        body: What the page is about.
        dates: Whether the body and the head contain dates and short numbers, which are not the sheet's.
        handwriting: Scribbled words, 0 to 4, the first next to the number.
        stamp: Whether a rubber stamp sits askew near the number.
        holes: Whether the page was punched.
        prose: Lines of small text directly below the number, 0 to 8.
        colour: Reflectance of the ink of all this.
    """

    label: str = ""
    label_place: Literal["left", "above"] = "left"
    label_size: float = 0.8
    frame: float | None = None
    cells: bool = False
    underline: float | None = None
    strike: bool = False
    rule: float = 0.25
    barcode: Literal["none", "below", "above", "left"] = "none"
    letterhead: bool = True
    body: Literal["none", "letter", "form", "table"] = "letter"
    dates: bool = False
    handwriting: int = 0
    stamp: bool = False
    holes: bool = False
    prose: int = 0
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Printing:
    """What the printer did to the ink.

    Attributes:
        weight: How much strokes grow (or, below zero, shrink) at each edge, -0.12 to 0.15 mm.
        rough: How far edges wander on the paper's fibres, 0 to 0.12 mm.
        density: How much of the light full ink takes, 0.15 (nearly used up) to 1.
        mottle: How uneven the density is, 0 to 0.6.
        voids: Share of the ink that did not hold, 0 to 0.45.
        dropouts: Unprinted lines a centimetre across or along the number, 0 to 8.
        dots: Pitch of a dot-matrix print head, 0.22 to 0.5 mm; 0 for solid ink.
    """

    weight: float = 0.0
    rough: float = 0.015
    density: float = 1.0
    mottle: float = 0.05
    voids: float = 0.0
    dropouts: float = 0.0
    dots: float = 0.0


@dataclass(frozen=True, slots=True)
class Paper:
    """The sheet itself.

    Attributes:
        colour: Its reflectance.
        texture: Standard deviation of the fibres' brightness, 0 to 0.04.
        fold: How dark a crease through the corner is, 0 to 0.5.
        show_through: How strongly the printed back shines through, 0 to 0.2.
    """

    colour: Colour = WHITE
    texture: float = 0.006
    fold: float = 0.0
    show_through: float = 0.0


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner did to the page.

    Attributes:
        rotation: Degrees clockwise, -10 to 10.
        shear: Degrees by which the feed slanted the page, -3 to 3.
        keystone: How far the corners stray, as a share of the image's size, 0 to 0.04.
        bed: Reflectance of what lies around the paper; None when the scanner fills it with paper.
        light: Share of the light that the darkest place lost, 0 to 0.7.
        shadow: How dark a broad soft shadow (a lifted corner, a book's spine) is, 0 to 0.6.
        defocus: Standard deviation of the blur, 0 to 0.35 mm.
        motion: Length of the smear along the feed, 0 to 0.8 mm.
        noise: Standard deviation of the sensor's noise, 0 to 0.15.
        salt_pepper: Share of pixels that are black or white, 0 to 0.08.
        specks: Dust and toner spots of 0.1 to 0.6 mm, 0 to 60 a square centimetre.
        streaks: Lines that dirt on the glass draws along the feed, 0 to 8 in the image.
        sharpen: Strength of the scanner's own sharpening, 0 to 1.5.
        black: Where the scanner puts black, 0 to 0.5.
        white: Where the scanner puts white, 0.5 to 1.15 (above 1 the paper is blown out).
        threshold: Brightness that divides black from white in a 1-bit scan; None for shades.
    """

    rotation: float = 0.0
    shear: float = 0.0
    keystone: float = 0.0
    bed: float | None = None
    light: float = 0.0
    shadow: float = 0.0
    defocus: float = 0.04
    motion: float = 0.0
    noise: float = 0.01
    salt_pepper: float = 0.0
    specks: float = 0.0
    streaks: int = 0
    sharpen: float = 0.0
    black: float = 0.0
    white: float = 1.0
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """Everything that determines one image; the same spec always gives the same pixels.

    Attributes:
        seed: What everything random hangs on.
        number: The number to be read.
        view: The part of the page that is shown.
        dpi: Resolution of the scan, 100 to 600.
        turn: Quarter turns clockwise by which the page lay wrong, 0 to 3.
        coloured: Whether the image has three channels or one.
        matter: What fills the page instead of the letterhead and the body of `around`; None for these.
    """

    seed: int
    number: Number
    view: View = CORNER
    dpi: int = 200
    turn: int = 0
    coloured: bool = False
    around: Surroundings = field(default_factory=Surroundings)
    printing: Printing = field(default_factory=Printing)
    paper: Paper = field(default_factory=Paper)
    scan: Scan = field(default_factory=Scan)
    matter: Matter | None = None
