"""From the page to the scan: geometry, light, optics, sensor and tone."""

import math

import cv2
import numpy as np

from tests.corpus.canvas import Box
from tests.corpus.fields import Field, floats, ramp, smooth
from tests.corpus.spec import Scan, View

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def homography(scan: Scan, view: View, scale: float, rng: np.random.Generator) -> Matrix:
    """Return the 3x3 matrix from places on the page (mm) to places in the scan (pixels).

    Args:
        scan: How the page lay and moved.
        view: The part that the scan shows; everything turns about its centre.
        scale: Pixels to the millimetre.
        rng: Which way the corners stray.
    """
    centre = (view.left + view.width / 2, view.top + view.height / 2)
    to_centre = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1]])
    angle, slant = math.radians(scan.rotation), math.tan(math.radians(scan.shear))
    turn = np.array(
        [[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]]
    )
    shear = np.array([[1, slant, 0], [0, 1, 0], [0, 0, 1]])
    to_pixels = np.array([[scale, 0, view.width * scale / 2], [0, scale, view.height * scale / 2], [0, 0, 1]])
    result: Matrix = to_pixels @ turn @ shear @ to_centre
    if scan.keystone:
        width, height = view.width * scale, view.height * scale
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        stray = rng.uniform(-1, 1, (4, 2)) * scan.keystone * np.array([width, height])
        result = cv2.getPerspectiveTransform(corners, (corners + stray).astype(np.float32)) @ result
    return result


def moved(box: Box, matrix: Matrix) -> Box:
    """Return the upright box around `box` (mm on the page) in the scan's pixels."""
    left, top, right, bottom = box
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float64)
    places = cv2.perspectiveTransform(corners, matrix)[0]
    low, high = places.min(axis=0), places.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def expose(page: Field, scan: Scan, scale: float, rngs: dict[str, np.random.Generator]) -> Field:
    """Return the scan, 0 to 1, of the reflectance `page`, `[height, width]` or `[height, width, 3]`."""
    image = page
    shape = (image.shape[0], image.shape[1])
    if scan.specks:
        image = _specks(image, scan.specks, scale, rngs["specks"])
    if scan.light or scan.shadow:
        image = image * _channels(_light(shape, scan, rngs["light"]), image)
    image = _optics(image, scan, scale, rngs["optics"])
    if scan.streaks:
        image = _streaks(image, scan.streaks, scale, rngs["streaks"])
    if scan.noise:
        image = image + _channels(_noise(shape, scan.noise, rngs["noise"]), image)
    if scan.sharpen:
        soft = cv2.GaussianBlur(image, (0, 0), max(0.8, 0.12 * scale))
        image = image + np.float32(scan.sharpen) * (image - soft)
    image = np.float32(scan.black) + image * np.float32(scan.white - scan.black)
    if scan.salt_pepper:
        image = _salt_pepper(image, scan.salt_pepper, rngs["salt_pepper"])
    if scan.threshold is not None:
        image = (image > scan.threshold).astype(np.float32)
    return np.clip(image, 0, 1).astype(np.float32)


def _channels(field: Field, image: Field) -> Field:
    return field if image.ndim == 2 else field[:, :, None]


def _specks(image: Field, per_cm2: float, scale: float, rng: np.random.Generator) -> Field:
    """Strew spots of toner and dust, irregular and of all greys, mostly small."""
    height, width = image.shape[:2]
    count = rng.poisson(per_cm2 * height * width / (scale * 10) ** 2)
    clean = np.ones((height, width), np.float32)
    for _ in range(count):
        centre = (int(rng.uniform(0, width) * 16), int(rng.uniform(0, height) * 16))
        radius = min(0.3, 0.05 + rng.exponential(0.06)) * scale
        axes = (max(6, int(radius * 16)), max(6, int(radius * rng.uniform(0.4, 1) * 16)))
        grey = float(rng.uniform(0.05, 0.6))
        cv2.ellipse(clean, centre, axes, float(rng.uniform(0, 180)), 0, 360, grey, -1, cv2.LINE_AA, 4)
    return image * _channels(clean, image)


def _light(shape: tuple[int, int], scan: Scan, rng: np.random.Generator) -> Field:
    """Fall off across the page and towards one place, and darken a broad soft band."""
    slope = ramp(shape, rng.uniform(0, 2 * math.pi))
    bend = np.clip(smooth(shape, max(shape) * 0.6, rng) * np.float32(0.12) + slope, 0, 1)
    light = 1 - np.float32(scan.light) * bend
    if scan.shadow:
        across = ramp(shape, rng.uniform(0, 2 * math.pi))
        distance = (across - np.float32(rng.uniform(0.2, 0.9))) / np.float32(rng.uniform(0.06, 0.18))
        light *= 1 - np.float32(scan.shadow) * np.exp(-(distance**2))
    return floats(light)


def _optics(image: Field, scan: Scan, scale: float, rng: np.random.Generator) -> Field:
    """Blur for lack of focus, and smear along the feed (or, now and then, across it)."""
    sigma = scan.defocus * scale
    if sigma > 0.25:
        image = floats(cv2.GaussianBlur(image, (0, 0), sigma))
    length = scan.motion * scale
    if length > 1:
        angle = math.pi / 2 + rng.normal(0, 0.2) + (math.pi / 2 if rng.random() < 0.3 else 0)
        kernel = _smear(length, angle)
        image = floats(cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REPLICATE))
    return image


def _smear(length: float, angle: float) -> Field:
    """Return the kernel of a straight movement over `length` pixels."""
    half = math.ceil(length / 2)
    way = np.linspace(-length / 2, length / 2, 65)
    x, y = half + way * math.cos(angle), half + way * math.sin(angle)
    axis = np.arange(2 * half + 1)[:, None]
    across, down = (np.clip(1 - np.abs(axis - place), 0, 1) for place in (x, y))
    return floats(down @ across.T / way.size)


def _streaks(image: Field, count: int, scale: float, rng: np.random.Generator) -> Field:
    """Draw the lines that dirt on the glass leaves along the feed: straight, full length, mostly faint."""
    height, width = image.shape[:2]
    factor = np.ones(width, np.float32)
    lift = np.zeros(width, np.float32)
    columns = np.arange(width, dtype=np.float32)
    for _ in range(count):
        half = rng.uniform(0.05, 0.18) * scale
        profile = np.clip(half + 0.5 - np.abs(columns - rng.uniform(0, width)), 0, 1).astype(np.float32)
        strength = np.float32(rng.uniform(0.15, 0.75))
        if rng.random() < 0.7:
            factor *= 1 - strength * profile
        else:
            lift = np.maximum(lift, strength * profile)
    rows = np.broadcast_to(factor, (height, width))
    lifts = np.broadcast_to(lift, (height, width))
    return image * _channels(rows, image) + (1 - image) * _channels(lifts, image)


def _noise(shape: tuple[int, int], deviation: float, rng: np.random.Generator) -> Field:
    """Two thirds of the noise is white, the rest spans a few pixels, as after a scanner's resampling."""
    white = rng.standard_normal(shape, np.float32)
    soft = smooth(shape, 2.5, rng)
    return (white * np.float32(0.82) + soft * np.float32(0.57)) * np.float32(deviation)


def _salt_pepper(image: Field, share: float, rng: np.random.Generator) -> Field:
    lot = rng.random(image.shape[:2], np.float32)
    image = image.copy()
    image[lot < share / 2] = 0
    image[lot > 1 - share / 2] = 1
    return image
