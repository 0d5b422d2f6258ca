"""Small collections in the formats of the real ones."""

import gzip
import io
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.data import CHARS74K_CHARACTERS, CHARS74K_FONTS

Grey = npt.NDArray[np.uint8]


def drawn(character: str, font: int = 0) -> Grey:
    """Return a picture of a character, 64x64, black on white; `font` shifts and thickens it."""
    paper = np.full((64, 64), 255, np.uint8)
    place = (14 + font % 5, 50 - font % 7)
    cv2.putText(paper, character, place, cv2.FONT_HERSHEY_SIMPLEX, 1.5, 0, 2 + font % 4, cv2.LINE_AA)
    return paper


def write_chars74k(
    path: Path, characters: str, picture: Callable[[str, int], Grey] = drawn, fonts: int = CHARS74K_FONTS
) -> Path:
    """Write an archive of `fonts` pictures of each character, laid out as the official one."""
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for character in characters:
            sample = CHARS74K_CHARACTERS.index(character) + 1
            for index in range(1, fonts + 1):
                _, png = cv2.imencode(".png", picture(character, index))
                member = tarfile.TarInfo(f"English/Fnt/Sample{sample:03}/img{sample:03}-{index:05}.png")
                member.size = len(png)
                tar.addfile(member, io.BytesIO(png.tobytes()))
    return path


def write_groups(path: Path, fonts: int = CHARS74K_FONTS) -> Path:
    """Write groups of four fonts in a row."""
    rows = [f"{index},{(index - 1) // 4},regular" for index in range(1, fonts + 1)]
    path.write_text("\n".join(["index,group,style", *rows]) + "\n")
    return path


def write_idx(path: Path, values: Grey, magic: int) -> Path:
    """Write a gzipped idx file."""
    header = struct.pack(f">{1 + values.ndim}i", magic, *values.shape)
    path.write_bytes(gzip.compress(header + values.tobytes()))
    return path
