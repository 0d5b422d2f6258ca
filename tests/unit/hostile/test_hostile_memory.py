"""The files that take the most memory fit into the function's share of it, at the default limits."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sheetid.settings import ReadingSettings
from tests.unit.hostile import files

MEMORY = 512  # MB for each of the requests that an instance takes at once
MOST = ReadingSettings().max_pixels
WIDE, HIGH = 8000, MOST // 8000
# High and narrow: such a JPEG is not decoded at reduced scale.
NARROW, LONG = 1500, MOST // 1500


def noisy(mode: str) -> Image.Image:
    """A noisy picture of the most pixels, high and narrow."""
    return Image.effect_noise((NARROW, LONG), 30).convert(mode)


WORST: dict[str, Callable[[], bytes]] = {
    "png with transparency": lambda: files.png(WIDE, HIGH, 8, files.RGBA),
    "16-bit png with transparency": lambda: files.png(WIDE, HIGH // 2, 16, files.RGBA),
    "webp with transparency": lambda: files.encoded(
        Image.new("RGBA", (WIDE, HIGH), (9, 9, 9, 9)), "WEBP", lossless=True
    ),
    "progressive cmyk jpeg": lambda: files.encoded(noisy("CMYK"), "JPEG", quality=20, progressive=True),
    "16-bit tiff of four channels": lambda: files.by_opencv(
        ".tiff", np.full((HIGH, WIDE, 4), 40_000, np.uint16), [259, files.DEFLATE]
    ),
    "bilevel fax tiff": lambda: files.encoded(noisy("1"), "TIFF", compression="group4"),
    "as many bytes as may be": lambda: b"P5\n5790 5790\n255\n" + bytes(5790 * 5790),
    "print all over": lambda: files.by_opencv(
        ".png", np.tile(np.asarray(files.number()), (LONG // 120, NARROW // 300))
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("make", WORST.values(), ids=WORST.keys())
def test_the_worst_files_fit_the_memory(
    make: Callable[[], bytes], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Interpreter, clients and file included."""
    path = tmp_path / "worst"
    path.write_bytes(make())
    command = [sys.executable, "-m", "tests.unit.hostile.peak", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak, outcome = done.stdout.split()
    record_property("peak_mb", peak)
    print(f"{peak} MB: {outcome}")  # noqa: T201 - shown by pytest -rP
    assert outcome not in {"not_an_image", "too_large"}, "it has to be decoded to take memory"
    assert float(peak) < MEMORY
