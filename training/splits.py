"""Honest splits: what looks alike stays on one side."""

import hashlib
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Names = npt.NDArray[np.str_]
Mask = npt.NDArray[np.bool_]


class Part(StrEnum):
    """What data is for: learning, choices and calibration, or the test that is made once per report."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


SHARES = {Part.TEST: 0.15, Part.DEV: 0.08}  # of the groups; training has the rest
ORIGINAL_DEV = 0.02  # of the pictures: the original recipe's 98/2


def part_of(group: str, seed: int) -> Part:
    """Return the part that a group belongs to.

    It depends on the group's name and the seed alone: more data never moves what was held out into training.
    """
    drawn = int.from_bytes(hashlib.sha256(f"{seed}/{group}".encode()).digest()[:8], "big") / 2**64
    for part, share in SHARES.items():
        if drawn < share:
            return part
        drawn -= share
    return Part.TRAIN


def in_part(groups: Names, part: Part, seed: int) -> Mask:
    """Return `[N]`, True where the group of an item belongs to a part."""
    names, position = np.unique(groups, return_inverse=True)
    chosen = np.array([part_of(str(name), seed) is part for name in names], np.bool_)
    return np.asarray(chosen[position], np.bool_)


def random_split(count: int, share: float, seed: int) -> Mask:
    """Hold out a random `share` of `count` items, as the original recipe does; it leaks."""
    mask = np.zeros(count, np.bool_)
    mask[np.random.default_rng(seed).permutation(count)[: round(count * share)]] = True
    return mask
