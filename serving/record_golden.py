"""Record golden scores from a server that is known to be right: python -m serving.record_golden TARGET.

To be run once for each new version of the model, against a server that has just loaded it; the file it
writes is committed with the model.
"""

import argparse
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from serving.golden import DIRECTORY, GREY_LEVELS, Golden, images_of
from sheetid.cloud.serving import ServingClient
from sheetid.errors import TransientError
from sheetid.settings import ServingSettings
from sheetid.vision.glyphs import centred

FONTS = Path(mpl.get_data_path()) / "fonts/ttf"
DIGITS = "0123456789"
LETTERS = "AKMe"
FONT_SIZE = 64
CANVAS = 128


def main() -> int:
    """Draw, ask, write; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m serving.record_golden", description=__doc__)
    parser.add_argument("target", help="host:port of a server on this machine")
    parser.add_argument("--model", default="digits", help="the model's name (default: digits)")
    options = parser.parse_args()
    clean, glyphs = draw_glyphs()
    try:
        answer = ServingClient(ServingSettings(options.target, options.model)).predict(images_of(glyphs))
    except (TransientError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    wrong = np.flatnonzero(answer.scores[: len(clean)].argmax(axis=1) != [int(digit) for digit in clean])
    if wrong.size:
        misread = ", ".join(clean[index] for index in wrong)
        print(f"not recorded: the model misreads clean print ({misread})", file=sys.stderr)
        return 1
    path = Golden(answer.model.name, answer.model.version, glyphs, answer.scores).save(DIRECTORY)
    print(f"{path}: {len(glyphs)} glyphs of model {answer.model.name} version {answer.model.version}")
    return 0


def draw_glyphs() -> tuple[str, npt.NDArray[np.uint8]]:
    """Return clean digits as text, and the glyphs `[N, 28, 28]` uint8: of them first, then of harder things.

    The harder ones, tilted and blurred digits, letters and halves, are there because scores near 1 would not
    show a small difference between two servers.
    """
    clean = [draw(digit, font) for font in ("DejaVuSans.ttf", "DejaVuSerif.ttf") for digit in DIGITS]
    hard = [draw(digit, "DejaVuSansMono.ttf", tilt=12, blur=3) for digit in DIGITS]
    letters = [draw(letter, "DejaVuSerif.ttf") for letter in LETTERS]
    halves = [ink[: len(ink) // 2] for ink in clean[:4]]
    return DIGITS * 2, np.stack([centred(ink) for ink in (*clean, *hard, *letters, *halves)])


def draw(character: str, font: str, *, tilt: float = 0, blur: float = 0) -> npt.NDArray[np.float32]:
    """Return a character's ink, tightly cut: `[height, width]` float32, 0 to 1; tilt in °, blur in pixels."""
    image = Image.new("L", (CANVAS, CANVAS))
    face = ImageFont.truetype(FONTS / font, FONT_SIZE)
    ImageDraw.Draw(image).text((CANVAS / 2, CANVAS / 2), character, fill=255, font=face, anchor="mm")
    image = image.rotate(tilt, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(blur))
    return np.asarray(image.crop(image.getbbox()), np.float32) / np.float32(GREY_LEVELS)


if __name__ == "__main__":
    sys.exit(main())
