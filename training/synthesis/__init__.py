"""Synthesis: numbers printed in many fonts, degraded as printing and scanning do, cut by the real segmentation.

The way of the data: `fonts` (which faces there are), `numbers` (a number and what stands around it, with the truth of
every pixel), `degradations` (what happens to the picture), `cutting` (the function's own segmentation), `labels`
(which candidate is one clean character), `corpus` (all of it, in parallel, into a set of glyphs).
"""
