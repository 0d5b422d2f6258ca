"""The model card: what a model is for, what it learned from, how good it is and where it is weak."""

from collections.abc import Mapping
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

One glyph, 28x28 pixels, white on black, as `sheetid.glyphs` normalises it, in; the probability of each of
`{alphabet}` and of "not one clean character" out. Made to read sheet numbers printed on scanned pages; not
for handwriting, and not for characters that were not cut out by this project's segmentation.

## Network

`{network}`: {parameters:,} weights, {kilobytes:,} kB as a SavedModel, {milliseconds} ms for a batch of 64
on one thread (OpenVINO). Trained for {epochs} epochs, in batches of {batch}, with {optimizer}.

## Data

| set | glyphs |
| --- | ---: |
{sizes}

Fonts are split by groups that look alike: 77 % to learn from, 8 % to choose and calibrate by, 15 % to test
on. Synthetic glyphs are numbers printed in fonts of Debian packages (`training/synthesis/packages.txt`) and
of Chars74K, degraded in the ranges that `training/README.md` lists, and cut by the function's own
segmentation. Nothing real is learned from: all books and receipts are for testing alone.

## Figures

| test set | glyphs | errors | error rate | 95 % interval |
| --- | ---: | ---: | ---: | --- |
{figures}

An answer "not a character" for a character counts as an error. Of {junk_glyphs:,} synthetic glyphs that are
no character (pieces, pairs, lines, dirt, letters unlike any), {junk_passed} score some character at
{threshold} or more; of {twin_glyphs:,} letters and signs that are printed much like one (S and 5, O and 0),
{twin_passed}. Expected calibration error on all
held-out synthetic glyphs: {before:.2%} as trained, {after:.2%} at the temperature {temperature}, which was
chosen on other glyphs.

## Known weaknesses

- Characters of the same shape cannot be told apart: O and 0, l and 1 in many fonts. What no eye tells from
  a character is neither trained nor tested as "not a character"; the reader has to know it by where it
  stands.
- Fancy, outlined and stencilled faces are rare in the data.
- Handwriting was never learned: see MNIST above.
- The real sets are small, and the books' digits were thresholded by those who collected them.
"""


def write_card(metrics: Mapping[str, Any], path: Path) -> None:
    """Write the card of a run from its metrics."""
    course, figures, junk = metrics["course"]["schedule"], metrics["figures"], metrics["junk"]
    rows = [
        f"| {title} | {row['glyphs']:,} | {row['errors']:,} | {row['error_rate']:.2%} "
        f"| {row['low']:.2%} to {row['high']:.2%} |"
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
        sizes="\n".join(f"| {name} | {count:,} |" for name, count in metrics["sets"].items()),
        figures="\n".join(rows),
        junk_glyphs=junk["glyphs"],
        junk_passed=junk["passed"],
        twin_glyphs=metrics["twins"]["glyphs"],
        twin_passed=metrics["twins"]["passed"],
        threshold=junk["threshold"],
        before=metrics["calibration_error"]["before"],
        after=metrics["calibration_error"]["after"],
        temperature=metrics["temperature"],
    )
    path.write_text(text)
