"""Arbitrary and damaged bytes: a scan or a PermanentError, never anything else."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sheetid.errors import PermanentError
from sheetid.reader import read_sheet
from sheetid.result import Reason
from sheetid.settings import ReadingSettings
from sheetid.vision.decoding import STARTS, Scan, decode
from tests.unit.hostile import files
from tests.unit.hostile.classifiers import AnyScores
from tests.unit.hostile.results import check_reading

LIMIT = 1_000_000
KINDS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "PPM")
SOUND = [files.encoded(files.number(), kind) for kind in KINDS]
SOUND += [files.encoded(files.number().convert("RGBA"), kind) for kind in ("PNG", "TIFF", "WEBP")]
SOUND += [files.encoded(files.number(), "TIFF", compression=c) for c in ("tiff_lzw", "jpeg", "packbits")]
SOUND += [files.encoded(files.number(), "JPEG", progressive=True)]
DECODING = {
    Reason.EMPTY_FILE,
    Reason.NOT_AN_IMAGE,
    Reason.TOO_LARGE,
    Reason.TOO_SMALL,
}


def decoded(data: bytes) -> Scan | None:
    """Decode; what is refused has a reason that fits, and what is not is a picture within the limits."""
    try:
        scan = decode(data, LIMIT)
    except PermanentError as error:
        refused = error.reason
        scan = None
    if scan is None:
        assert refused in DECODING
        return None
    assert scan.grey.dtype == np.uint8
    assert scan.grey.flags.c_contiguous
    assert min(scan.grey.shape) >= 1
    assert scan.grey.size <= 2 * LIMIT
    return scan


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300))
@example(b"", b"")
def test_any_bytes(start: bytes, rest: bytes) -> None:
    """Noise behind the first bytes of every format, which leads into its decoder."""
    decoded(start + rest)


@settings(max_examples=300, deadline=None)
@given(
    data=st.sampled_from(SOUND),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    cut=st.floats(0, 1),
    near_start=st.booleans(),
)
def test_damaged_files(
    data: bytes, changes: list[tuple[float, int]], cut: float, *, near_start: bool
) -> None:
    """Sound files with some bytes changed, in their header above all, and perhaps their end cut off."""
    damaged = bytearray(data[: max(1, round(len(data) * (0.5 + cut)))])
    reach = min(len(damaged), 200) if near_start else len(damaged)
    for where, value in changes:
        damaged[int(where * (reach - 1))] = value
    scan = decoded(bytes(damaged))
    if scan is not None:
        check_reading(read_sheet(bytes(damaged), AnyScores(len(damaged)), ReadingSettings(max_pixels=LIMIT)))


@pytest.mark.parametrize("data", SOUND, ids=range(len(SOUND)))
def test_the_sound_files_are_sound(data: bytes) -> None:
    """What is damaged above would be read otherwise."""
    assert decoded(data) is not None
