"""The model card: what a model is for, what it learned from, how good it is and where it is weak."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TESTS = {
    "chars74k": "Chars74K, fonts held out",
    "synthetic": "synthetic scans, fonts held out",
    "books": "real: digits of ten old books (Leptonica)",
    "receipts": "real: digits of receipts (SROIE)",
    "mnist": "MNIST, handwritten",
}

_TEXT = """# Model card: printed characters `{alphabet}`

One window of a line of print, 28x28 pixels, white on black, digits 20 pixels high, as
`sheetid.vision.glyphs` cuts it, in; the probabilities that each of `{alphabet}` is centred in it, that other
print is, and that none is, out. Made to read sheet numbers printed on scanned pages; not for handwriting, and
not for characters that were cut out otherwise.

## Network

`{network}`: {parameters:,} weights, {kilobytes:,} kB as a SavedModel, {milliseconds} ms for 256 windows of
scans on one thread (OpenVINO). Trained for {epochs} epochs, in batches of {batch} pieces of lines, with
{optimizer}{taught}.{cascade}

## Data

| set | size |
| --- | ---: |
{sizes}

Fonts are split by groups that look alike: 77 % to learn from, 8 % to choose and calibrate by, 15 % to test
on. Synthetic lines are numbers printed in fonts of Debian packages (`training/synthesis/packages.txt`) and
of Chars74K, degraded in the ranges that `training/README.md` lists, and straightened by the function's own
code. Nothing real is learned from: all books and receipts are for testing alone.

## Figures

| test set | characters | errors | error rate | 95 % interval | confused |
| --- | ---: | ---: | ---: | --- | ---: |
{figures}

An answer "none" or "other print" for a character counts as an error; "confused" are those
that are left when it must name a character. Expected calibration error on all held-out
synthetic windows: {before:.2%} as trained, {after:.2%} at the temperature {temperature}, which was chosen
on others.

There is no character, but one scores {threshold} or more: in {unprinted_passed} of {unprinted:,} windows
of synthetic lines with ink but no print in the middle (halves and pairs, lines, dirt), and in
{letters_passed} of {lettered:,} with other print there.

## Known weaknesses

- Characters of the same shape cannot be told apart: O and 0, l and 1 in many fonts. What may be taken for a
  character is trained and tested as other print in words alone, and passes for one there most easily; the
  reader has to know it by where it stands.
- What is beyond recognition, by its likeness to what was printed, is neither trained nor tested.
- Fancy, outlined and stencilled faces are rare in the data.
- Handwriting was never learned: see MNIST above.
- The real sets are small, and the books' digits were thresholded by those who collected them.
"""


def write_card(metrics: Mapping[str, Any], path: Path) -> None:
    """Write the card of a run from its metrics."""
    course, figures, junk = metrics["course"]["schedule"], metrics["figures"], metrics["junk"]
    rows = [
        f"| {title} | {row['glyphs']:,} | {row['errors']:,} | {row['error_rate']:.2%} "
        f"| {row['low']:.2%} to {row['high']:.2%} | {row['confused']:,} |"
        for name, title in TESTS.items()
        if (row := figures.get(name))
    ]
    text = _TEXT.format(
        alphabet=metrics["alphabet"],
        network=metrics["network"],
        parameters=metrics["cost"]["parameters"],
        kilobytes=metrics["cost"]["bytes"] // 1000,
        milliseconds=metrics["cost"]["milliseconds"],
        epochs=course["epochs"],
        batch=course["batch"],
        optimizer="Adam" if course["decay"] is None else "AdamW and a cosine schedule",
        taught=taught_by(metrics["teachers"], metrics["onward"]),
        cascade=cascade_of(metrics["asked"], metrics["sure"], metrics["sure_enough"]),
        sizes="\n".join(f"| {name} | {size} |" for name, size in metrics["sets"].items()),
        figures="\n".join(rows),
        unprinted=junk["glyphs"] - junk["lettered"],
        unprinted_passed=junk["passed"] - junk["letters_passed"],
        lettered=junk["lettered"],
        letters_passed=junk["letters_passed"],
        threshold=junk["threshold"],
        before=metrics["calibration_error"]["before"],
        after=metrics["calibration_error"]["after"],
        temperature=metrics["temperature"],
    )
    path.write_text(text)


def taught_by(teachers: Sequence[int], onward: str | None) -> str:
    """Return, to end a sentence with, what a model owes to earlier runs and versions; nothing if nothing."""
    start = f",\nfrom where {onward} left off" if onward else ""
    if not teachers:
        return start
    versions = f"version{'s' if len(teachers) > 1 else ''} {' and '.join(map(str, teachers))}"
    return f"{start},\nfrom labels and from what {versions} said of each window, half and half"


def cascade_of(asked: Sequence[str], sure: float, sure_enough: float) -> str:
    """Return, as further sentences, who is asked where a model is not sure; nothing if no one is."""
    if not asked:
        return ""
    return (
        f"\nThat is the network that is asked first. Where it gives no class {sure} or more, and not that\n"
        "much to none and one character together, rather none, those of\n"
        f"{' and '.join(asked)} are asked in their place, one after the other, until the mean of their\n"
        f"logits does so with {sure_enough}. Weights, size and time are of all."
    )
