"""Scores along a line, for tests of the alignment."""

import numpy as np
import numpy.typing as npt

OTHER, NONE = 10, 11


def scores_along(
    places: list[tuple[int, dict[int, float]]], windows: int = 60, width: int = 3
) -> npt.NDArray[np.float64]:
    """Return probabilities `[windows, 12]`, "none" but for `width` windows around each place.

    A place is the window in its middle and some classes' probabilities; "none" gets what they leave.
    """
    table = np.full((windows, NONE + 1), 1e-5)
    table[:, NONE] = 1
    for middle, row in places:
        for window in range(middle - width // 2, middle - width // 2 + width):
            table[window] = 1e-5
            table[window, NONE] = 1 - sum(row.values())
            for digit, probability in row.items():
                table[window, digit] = probability
    return np.asarray(table / table.sum(axis=1, keepdims=True), np.float64)


def evenly(*rows: dict[int, float], start: int = 10, apart: int = 7) -> list[tuple[int, dict[int, float]]]:
    """Return places at like distances."""
    return [(start + apart * index, row) for index, row in enumerate(rows)]
