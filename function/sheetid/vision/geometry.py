"""Affine maps between the pictures that a sheet goes through, as 2x3 matrices on points (x, y)."""

from math import ceil, floor

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.vision.decoding import Grey

Matrix = npt.NDArray[np.float64]
Box = tuple[int, int, int, int]
NEAREST, LINEAR = cv2.INTER_NEAREST, cv2.INTER_LINEAR


def after(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the 2x3 matrix that applies `inner`, then `outer`."""
    matrix = np.asarray(outer[:, :2] @ inner, np.float64)
    matrix[:, 2] += outer[:, 2]
    return matrix


def shift(x: float, y: float) -> Matrix:
    """Return the 2x3 matrix that moves points by (x, y)."""
    return np.array([[1, 0, x], [0, 1, y]], np.float64)


def quarter_turns_back(turns: int, width: int, height: int) -> Matrix:
    """Return the 2x3 matrix from `np.rot90(image, turns)` to the image, which has that width and height."""
    return np.array(
        [
            [[1, 0, 0], [0, 1, 0]],
            [[0, -1, width - 1], [1, 0, 0]],
            [[-1, 0, width - 1], [0, -1, height - 1]],
            [[0, 1, 0], [-1, 0, height - 1]],
        ][turns % 4],
        np.float64,
    )


def half_turn(width: int, height: int) -> Matrix:
    """Return the 2x3 matrix that turns points of a picture of that size by a half turn, edge to edge."""
    return np.array([[-1, 0, width], [0, -1, height]], np.float64)


def turn(image: Grey, angle: float, interpolation: int) -> tuple[Grey, Matrix]:
    """Turn an image about its middle; what leaves the frame is lost, what enters it is 0.

    Args:
        image: `[height, width]` uint8.
        angle: Degrees, counter-clockwise.
        interpolation: `NEAREST` or `LINEAR`.

    Returns:
        The turned image of the same size, and the 2x3 matrix from it to the image that came in.
    """
    height, width = image.shape
    forward = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    back = np.asarray(cv2.invertAffineTransform(forward), np.float64)
    if not angle:
        return image, back
    return np.asarray(cv2.warpAffine(image, forward, (width, height), flags=interpolation), np.uint8), back


def reduced(image: Grey, factor: float) -> Grey:
    """Return an image `factor` times smaller in each direction, of one pixel at least."""
    height, width = image.shape
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def transform(points: npt.NDArray[np.float64], matrix: Matrix) -> npt.NDArray[np.float64]:
    """Apply a 2x3 matrix to `[N, 2]` points."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float64)


def corners(left: float, top: float, right: float, bottom: float) -> npt.NDArray[np.float64]:
    """Return the `[4, 2]` corners of an upright box, clockwise from the top left."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def bounding_box(points: npt.NDArray[np.float64]) -> Box:
    """Return x, y, width and height of the upright box around `[N, 2]` points, in whole pixels."""
    x, y = map(floor, points.min(axis=0).tolist())
    right, bottom = map(ceil, points.max(axis=0).tolist())
    return x, y, right - x, bottom - y
