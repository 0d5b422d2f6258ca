"""From the model's scores of the windows along a line to the numbers printed there.

`alignment` (the best path through the scores), `words` (what is a word beside digits), `numbers` (characters
that belong together), and `printed` (the ink of a number's digits).
"""
