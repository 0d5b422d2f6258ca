"""Reads the number printed in the top-right corner of a scanned page.

The way of the data: `decoding` (bytes to a grey image), `page` (where a number may be), `ink` (paper told
from print), `runs` (lines of print), `atoms` and `segmentation` (candidate glyphs), `glyphs` (28x28
normalisation), `serving` (one Predict), `lattice` and `reading` (which number, how sure), `result` (the
published message). `strips` puts the vision together, and `reader` all of it, for one image. `storage`,
`serving` and `publishing` are the only modules that speak to a network; `handler` joins them for one upload.
"""
