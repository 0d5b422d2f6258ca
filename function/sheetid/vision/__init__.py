"""From an uploaded file's bytes to lines of print, straightened into strips.

`decoding` (bytes to a grey image), `page` (where a number may be, and how the page lies), `ink` (paper told
from print), `rings`, `reverse` and `fields` (what is taken away or turned over before lines are looked for),
`runs`, `bands`, `rows`, `looks` and `lines` (lines: found, measured, ranked), `frames` (cells and rules), and
`glyphs` (a line straightened, and the 28x28 windows along it). `strips` puts them together; `geometry` says
where everything lies in the uploaded image.
"""
