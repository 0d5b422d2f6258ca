"""Reads the number printed in the top-right corner of a scanned page.

The way of the data: `decoding` (bytes to a grey image), `page` (where a number may be), `ink` (paper told
from print), `runs`, `bands`, `looks` and `lines` (lines of print: found, measured, ranked), `glyphs` (lines
straightened, and the 28x28 windows along them), `serving` (one Predict), `alignment` and `numbers` (what
stands along a line), `reading` (which number, how sure), `result` (the published message). `strips` puts the
vision together, and `reader` all of it, for one image. `storage`, `serving` and `publishing` are the only
modules that speak to a network; `handler` joins them for one upload.
"""
