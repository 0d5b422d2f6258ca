"""Reads the number printed in the top-right corner of a scanned page.

The way of the data: `vision` (bytes to lines of print, and the windows along them), one Predict for all of
these windows, `recognition` (the numbers along each line), `evidence` (what speaks against a number),
`agreement` and `reading` (which number, how sure), `result` (the published message). `reader` is all of it
for one image, from bytes to a reading; it knows no network. `cloud` is what speaks to one; `handler` joins
them for one upload, which `events` has checked.
"""
