"""What printing, paper and scanning do to a picture. Every range is here; `README.md` explains them."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey
from sheetid.vision.glyphs import Ink
from training.synthesis.scene import Matrix, Scene

Random = np.random.Generator
Grain = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Degradation:
    """One thing that can happen: how often it does, and between which `mildest` and `worst` amounts."""

    share: float
    mildest: float
    worst: float

    def draw(self, random: Random) -> float | None:
        """Return how much of it there is this time, rather mild than bad; None for not at all."""
        if random.random() >= self.share:
            return None
        return self.mildest + (self.worst - self.mildest) * float(random.random() ** 1.5)


# Lengths are in digit heights where the comment says so: 0.03 of a digit that is 40 px high are 1.2 px.
ROTATION = Degradation(0.7, 0.0, 10.0)  # degrees, either way
PERSPECTIVE = Degradation(0.25, 0.0, 0.03)  # shift of a corner, of the picture's size
SPREAD = Degradation(0.25, 0.01, 0.07)  # strokes thicker on each side, of the digit height
THINNING = Degradation(0.15, 0.01, 0.03)  # strokes thinner on each side, of the digit height
ROUGHNESS = Degradation(0.3, 0.1, 0.5)  # how far a stroke's edge frays, of full ink
DROPOUT = Degradation(0.25, 0.01, 0.35)  # share of the ink that is missing, in spots
SPOT = (0.01, 0.2)  # of the digit height: how wide such spots are
BREAKS = Degradation(0.2, 1.0, 5.0)  # white lines through the print
BREAK = (0.01, 0.1)  # of the digit height: how wide such lines are
DOTS = Degradation(0.14, 0.035, 0.13)  # pitch of a dot-matrix print head, of the digit height
SCREEN = Degradation(0.08, 0.05, 0.7)  # how dark, of full ink, the dots are that grey is printed with
SCREEN_PITCH = (0.08, 0.35)  # of the digit height: how far apart
SCREEN_DOT = (0.2, 0.45)  # of the pitch: their radius
FADING = Degradation(0.2, 0.1, 0.6)  # ink lost where a ribbon or roller prints weakly
PALENESS = Degradation(0.5, 0.0, 0.85)  # how far black is from black
SHADE = Degradation(0.4, 0.05, 0.5)  # light lost from one side to the other
TEXTURE = Degradation(0.3, 2.0, 12.0)  # grey levels of the paper's grain
BLUR = Degradation(0.6, 0.01, 0.09)  # standard deviation, of the digit height
MOTION = Degradation(0.12, 0.02, 0.16)  # length of the smear, of the digit height
RESOLUTION = Degradation(0.45, 24.0, 9.0)  # digit height in pixels at which it was scanned
NOISE = Degradation(0.6, 1.0, 38.0)  # grey levels, standard deviation
SALT = Degradation(0.15, 0.0005, 0.07)  # share of pixels that are black or white
STREAKS = Degradation(0.15, 1.0, 6.0)  # upright lines that dirt on the scanner's glass leaves
BILEVEL = Degradation(0.15, 0.0, 1.0)  # scanned in black and white; the amount moves the threshold
JPEG = Degradation(0.6, 92.0, 15.0)  # quality

FINEST_PITCH = 1.8  # pixels: finer dots are none
EVEN = 0.5  # even odds


def scan(scene: Scene, random: Random) -> tuple[Grey, Scene]:
    """Print, handle and scan a scene.

    Returns:
        `[height, width]` uint8, 255 white; and the scene, which lies as it does in that picture.
    """
    scene = lay(scene, random)
    unit = scene.digit_height
    ink = scene.ink
    for wear in (spread, thin, dot, fray, drop, break_up, fade, screen):
        ink = wear(ink, unit, random)
    grey = light(ink, random)
    for step in (blur, smear, coarsen, grain, speckle, streak):
        grey = step(grey, unit, random)
    return compress(binarise(np.clip(grey, 0, 255).astype(np.uint8), random), random), scene


def lay(scene: Scene, random: Random) -> Scene:
    """Turn the paper, and see it a little from the side."""
    height, width = scene.ink.shape
    angle = (ROTATION.draw(random) or 0.0) * random.choice([-1, 1])
    bend = PERSPECTIVE.draw(random) or 0.0
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = (corners + random.uniform(-bend, bend, (4, 2)) * [width, height]).astype(np.float32)
    matrix: Matrix = np.asarray(cv2.getPerspectiveTransform(corners, moved) @ turn, np.float64)
    return scene.warped(matrix, (width, height)) if angle or bend else scene


def spread(ink: Ink, unit: float, random: Random) -> Ink:
    """Thicken strokes, as wet ink and photocopies do."""
    return _grow(ink, (SPREAD.draw(random) or 0.0) * unit)


def thin(ink: Ink, unit: float, random: Random) -> Ink:
    """Thin strokes, as light exposure does, but never away."""
    thinned = _grow(ink, -(THINNING.draw(random) or 0.0) * unit)
    return thinned if thinned.sum() > 0.4 * ink.sum() else ink


def dot(ink: Ink, unit: float, random: Random) -> Ink:
    """Print dots instead of strokes, as a print head of needles does; rules come out dotted too."""
    pitch = (DOTS.draw(random) or 0.0) * unit
    if pitch < FINEST_PITCH:
        return ink
    rows, columns = (round(side / pitch) for side in ink.shape)
    dots = cv2.resize(ink, (max(1, columns), max(1, rows)), interpolation=cv2.INTER_AREA)
    y, x = (np.arange(side, dtype=np.float32) / pitch % 1 - 0.5 for side in ink.shape)
    needle = np.hypot(y[:, None], x[None]) < random.uniform(0.38, 0.6)
    spread_out = cv2.resize(dots, ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
    soft = cv2.GaussianBlur(needle.astype(np.float32), (0, 0), 0.15 * pitch)
    return np.asarray((spread_out > random.uniform(0.3, 0.5)) * soft, np.float32)


def fray(ink: Ink, unit: float, random: Random) -> Ink:
    """Roughen the edges of strokes, as paper fibres and thermal heads do."""
    amount = ROUGHNESS.draw(random)
    if amount is None:
        return ink
    soft = cv2.GaussianBlur(ink, (0, 0), max(0.5, 0.02 * unit))
    rough = soft + amount * _noise(ink.shape, max(0.6, 0.02 * unit), random) * 0.3
    return np.asarray(np.clip((rough - 0.5) * 3 + 0.5, 0, 1) * (soft > 0.02), np.float32)  # noqa: PLR2004 - near ink


def drop(ink: Ink, unit: float, random: Random) -> Ink:
    """Leave spots of the print without ink."""
    amount = DROPOUT.draw(random)
    if amount is None:
        return ink
    noise = _noise(ink.shape, max(0.5, _drawn(SPOT, random) * unit), random)
    return np.asarray(ink * (noise > _quantile(noise, amount)), np.float32)


def break_up(ink: Ink, unit: float, random: Random) -> Ink:
    """Draw white lines through the print, level or upright, as a worn print head or a fold does."""
    broken = ink.copy()
    for _ in range(round(BREAKS.draw(random) or 0)):
        side = int(random.random() < 0.4)  # noqa: PLR2004 - level ones are commoner
        at = int(random.integers(0, ink.shape[side]))
        line = slice(at, at + max(1, round(_drawn(BREAK, random) * unit)))
        broken[line if side == 0 else slice(None), line if side == 1 else slice(None)] *= random.uniform(
            0, 0.5
        )
    return broken


def fade(ink: Ink, unit: float, random: Random) -> Ink:
    """Print more weakly in some places, a few digits wide, than in others."""
    amount = FADING.draw(random)
    if amount is None:
        return ink
    patches = np.clip(_noise(ink.shape, random.uniform(0.5, 2) * unit, random) * 0.5 + 0.5, 0, 1)
    return np.asarray(ink * (1 - amount * patches), np.float32)


def screen(ink: Ink, unit: float, random: Random) -> Ink:
    """Print a grey ground in dots, or the ink itself, with dots left white; their rows lie at any angle."""
    amount = SCREEN.draw(random)
    if amount is None:
        return ink
    pitch, angle = max(FINEST_PITCH, _drawn(SCREEN_PITCH, random) * unit), random.uniform(0, np.pi / 2)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]].astype(np.float32) / np.float32(pitch)
    across, along = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    dots = np.hypot(across % 1 - 0.5, along % 1 - 0.5) < random.uniform(*SCREEN_DOT)
    soft = amount * cv2.GaussianBlur(dots.astype(np.float32), (0, 0), 0.1 * pitch)
    screened = np.maximum(ink, soft) if random.random() < EVEN else ink * (1 - soft)
    return np.asarray(screened, np.float32)


def light(ink: Ink, random: Random) -> Grain:
    """Return the picture in grey levels: ink on paper of some shade, in uneven light, with grain."""
    height, width = ink.shape
    paper = random.uniform(200, 255) if random.random() < 0.8 else random.uniform(120, 220)  # noqa: PLR2004
    contrast = 1 - (PALENESS.draw(random) or 0.0)
    grey = paper * (1 - contrast * random.uniform(0.85, 1.0) * ink)
    shade = SHADE.draw(random)
    if shade is not None:
        angle = random.uniform(0, 2 * np.pi)
        across = np.linspace(-0.5, 0.5, width)[None] * np.cos(angle) + np.linspace(-0.5, 0.5, height)[
            :, None
        ] * np.sin(angle)
        grey = grey * (1 - shade * (across - across.min()))
    texture = TEXTURE.draw(random)
    if texture is not None:
        grey = grey + texture * _noise(ink.shape, random.uniform(1, 6), random)
    return np.asarray(grey, np.float32)


def blur(grey: Grain, unit: float, random: Random) -> Grain:
    """Lose focus."""
    sigma = (BLUR.draw(random) or 0.0) * unit
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32) if sigma > 0.2 else grey  # noqa: PLR2004


def smear(grey: Grain, unit: float, random: Random) -> Grain:
    """Move while the scanner looks, along the rows or the columns."""
    reach = round((MOTION.draw(random) or 0.0) * unit)
    size = (reach, 1) if random.random() < EVEN else (1, reach)
    return np.asarray(cv2.blur(grey, size), np.float32) if reach > 1 else grey


def coarsen(grey: Grain, unit: float, random: Random) -> Grain:
    """Scan at a low resolution, and bring the picture back to its size."""
    digit_height = RESOLUTION.draw(random)
    if digit_height is None or digit_height >= unit:
        return grey
    height, width = grey.shape
    scale = digit_height / unit
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    way = cv2.INTER_LINEAR if random.random() < EVEN else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(small, (width, height), interpolation=way), np.float32)


def grain(grey: Grain, unit: float, random: Random) -> Grain:  # noqa: ARG001 - a step like the others
    """Add the sensor's noise."""
    sigma = NOISE.draw(random)
    return (
        grey if sigma is None else grey + random.standard_normal(grey.shape, np.float32) * np.float32(sigma)
    )


def speckle(grey: Grain, unit: float, random: Random) -> Grain:  # noqa: ARG001 - a step like the others
    """Turn single pixels black or white."""
    share = SALT.draw(random)
    if share is None:
        return grey
    drawn = random.random(grey.shape, np.float32)
    return np.where(drawn < share / 2, np.float32(0), np.where(drawn > 1 - share / 2, np.float32(255), grey))


def streak(grey: Grain, unit: float, random: Random) -> Grain:
    """Draw upright streaks, darker or lighter than the paper."""
    streaked = grey.copy()
    for _ in range(round(STREAKS.draw(random) or 0)):
        at = int(random.integers(0, grey.shape[1]))
        streaked[:, at : at + max(1, round(random.uniform(0.01, 0.05) * unit))] += random.uniform(-90, 60)
    return streaked


def binarise(grey: Grey, random: Random) -> Grey:
    """Scan in black and white: each pixel against the middle of paper and ink, more or less."""
    amount = BILEVEL.draw(random)
    if amount is None:
        return grey
    dark, bright = np.percentile(grey, [0.5, 60])
    limit = dark + (bright - dark) * random.uniform(0.35, 0.65)
    return np.where(grey > limit, 255, 0).astype(np.uint8)


def compress(grey: Grey, random: Random) -> Grey:
    """Go through a JPEG file."""
    quality = JPEG.draw(random)
    if quality is None:
        return grey
    _, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


Step = Callable[[Grain, float, Random], Grain]


def _grow(ink: Ink, pixels: float) -> Ink:
    """Move the edges of strokes outwards by a part of a pixel or more; inwards for less than none."""
    if abs(pixels) < 0.1:  # noqa: PLR2004 - nothing to see
        return ink
    reach = max(1, int(np.ceil(abs(pixels))))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    moved = (cv2.dilate if pixels > 0 else cv2.erode)(ink, kernel)
    share = abs(pixels) / reach
    return np.asarray(ink * (1 - share) + moved * share, np.float32)


def _drawn(extent: tuple[float, float], random: Random) -> float:
    """Draw a length, small ones oftener."""
    return float(np.exp(random.uniform(*np.log(extent))))


def _noise(shape: tuple[int, ...], scale: float, random: Random) -> Grain:
    """Return noise of about unit variance whose spots are `scale` pixels wide."""
    height, width = (max(2, round(side / max(scale, 1))) for side in shape)
    small = random.standard_normal((height, width), np.float32)
    return np.asarray(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _quantile(values: Grain, share: float) -> float:
    return float(
        np.quantile(values[:: max(1, values.shape[0] // 64), :: max(1, values.shape[1] // 64)], share)
    )
