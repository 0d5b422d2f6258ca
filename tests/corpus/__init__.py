"""Scanned sheets, drawn deterministically: samples for the demo and the tests, and the benchmark's corpora.

The renderer shares no code and no fonts with `training`, on purpose. A model that is judged by the generator
it was trained with shares that generator's blind spots: both would agree on what a digit, a smudge or a
scanner looks like. So nothing in here imports `training` or `sheetid`'s image code, nothing in `training`
imports this, and the fonts come from Python wheels that training must not open.

Everything is given in physical units, as it would be measured on the paper: millimetres, degrees and dots per
inch; brightness is reflectance, 0 for ink that swallows all light and 1 for ideal white.
"""
