"""Reads the number printed in the top-right corner of a scanned page.

The way of the data: `decoding` (bytes to a grey image), `page` (where a number may be), `segmentation` (candidate
glyphs), `glyphs` (28x28 normalisation), `serving` (one Predict), `lattice` and `reading` (which number, how sure),
`result` (the published message). `reader` puts the pure stages together; `storage`, `serving` and `publishing` are the
only modules that speak to a network, and `handler` joins them for one upload.
"""
