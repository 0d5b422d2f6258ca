"""Synthesis: numbers printed in many fonts, degraded as paper and scanners do, seen along their lines.

The way of the data: `fonts` and `foundry` (which typefaces there are), `layout` and `clutter` (a number and
what stands around it, as a `scene` that knows whose every pixel is), `degradations` (what happens to the
picture), `labelling` (lines of print straightened by the function's own code, and which character is centred
where in them), `corpus` (all of it).
"""
