"""A sheet of ink to draw on in millimetres."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tests.corpus import fonts
from tests.corpus.spec import View

MM_PER_INCH = 25.4
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Canvas:
    """Ink coverage of a part of the page, 0 where the paper is bare and 255 where ink covers it.

    Args:
        view: The part of the page, in mm; what is drawn outside is cut away.
        scale: Pixels to the millimetre.
    """

    def __init__(self, view: View, scale: float) -> None:
        """Start with bare paper."""
        self.view = view
        self.scale = scale
        size = (math.ceil(view.width * scale), math.ceil(view.height * scale))
        self._image = Image.new("L", size, 0)
        self._draw = ImageDraw.Draw(self._image)

    def coverage(self) -> npt.NDArray[np.uint8]:
        """Return the ink, `[height, width]`."""
        return np.array(self._image)

    def _pixel(self, point: Point) -> Point:
        return (point[0] - self.view.left) * self.scale, (point[1] - self.view.top) * self.scale

    def _thickness(self, width: float) -> int:
        return max(1, round(width * self.scale))

    def line(self, points: Sequence[Point], width: float) -> None:
        """Draw straight lines from point to point, `width` mm thick."""
        self._draw.line(
            [self._pixel(p) for p in points], fill=255, width=self._thickness(width), joint="curve"
        )

    def rectangle(self, box: Box, width: float = 0.0, radius: float = 0.0) -> None:
        """Draw a frame `width` mm thick, or a filled box if that is 0."""
        corners = [self._pixel(box[:2]), self._pixel(box[2:])]
        fill, outline = (None, 255) if width else (255, None)
        line = self._thickness(width)
        self._draw.rounded_rectangle(corners, radius * self.scale, fill=fill, outline=outline, width=line)

    def ellipse(self, box: Box, width: float = 0.0) -> None:
        """Draw an ellipse `width` mm thick, or a filled one if that is 0."""
        corners = [self._pixel(box[:2]), self._pixel(box[2:])]
        fill, outline = (None, 255) if width else (255, None)
        self._draw.ellipse(corners, fill=fill, outline=outline, width=self._thickness(width))

    def polygon(self, points: Sequence[Point]) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._pixel(p) for p in points], fill=255)

    def text(self, baseline: Point, text: str, face: str, height: float) -> None:
        """Write `text` with digits `height` mm high from `baseline` on."""
        x, y = self._pixel(baseline)
        if -2 * height < y / self.scale < self.view.height + 2 * height:
            self._draw.text((x, y), text, fill=255, font=self._font(face, height), anchor="ls")

    def ink_box(self, baseline: Point, text: str, face: str, height: float) -> Box:
        """Return where `text` puts its ink, in mm; a font's own box would include space around it."""
        x, y = self._pixel(baseline)
        start = (x % 1, y % 1)
        mask, (left, top) = self._font(face, height).getmask2(text, "L", anchor="ls", start=start)
        inked = mask.getbbox() or (0, 0, 0, 0)
        across, down = (math.floor(x) + left) / self.scale, (math.floor(y) + top) / self.scale
        return (
            self.view.left + across + inked[0] / self.scale,
            self.view.top + down + inked[1] / self.scale,
            self.view.left + across + inked[2] / self.scale,
            self.view.top + down + inked[3] / self.scale,
        )

    def _font(self, face: str, height: float) -> ImageFont.FreeTypeFont:
        return fonts.sized(face, max(4, round(height * self.scale / fonts.digit_height(face))))


def text_width(text: str, face: str, height: float) -> float:
    """Return how far `text` with digits `height` mm high advances, in mm."""
    return fonts.sized(face, 1000).getlength(text) / 1000 * height / fonts.digit_height(face)
