"""Synthesis: numbers printed in many fonts, degraded as paper and scanners do, cut by the real segmentation.

The way of the data: `fonts` and `foundry` (which typefaces there are), `layout` and `clutter` (a number and
what stands around it, as a `scene` that knows whose every pixel is), `degradations` (what happens to the
picture), `cutting` (the function's own segmentation, and which candidate is one clean character), `corpus`
(all of it).
"""
