"""What a line's ink tells of a number that the model's scores do not.

`signs` and `marks` look at the digits themselves and between them, `end` and `ends` beyond the first and the
last; `letters`, `brackets`, `slashes`, `groups`, `ones` and `pictures` each know one thing that may stand
there. `doubts` turns all of it into what a number's confidence is multiplied by.
"""
