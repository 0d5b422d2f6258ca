"""Which class a character has, and which characters no one can tell from one."""

UNDECIDED = -1  # a class, or none: either answer would do, and none is taught or tested

SAME = dict.fromkeys("Oo", "0O") | dict.fromkeys("Il|", "1I")  # printed alike in many fonts: no one can tell
RESEMBLING = {  # printed much like a character in some font
    **dict.fromkeys("QD", "0O"),
    "Z": "2",
    "z": "2Z",
    "S": "5",
    "s": "5S",
    "$": "5S",
    "B": "8",
    "b": "6",
    "G": "6",
    "g": "9",
    "q": "9",
    **{letter: letter.upper() for letter in "ckpuvwxy"},
}
TURNED = {  # what a character looks like upside down, if it looks like any
    **{character: character for character in "01258HINOSXZ"},
    "6": "9",
    "9": "6",
    "M": "W",
    "W": "M",
    "3": "E",
    "E": "3",
    "7": "L",
    "L": "7",
}


def label_of(character: str, alphabet: str) -> int | None:
    """Return a character's class in an alphabet, `UNDECIDED` if it may be taken for one, else None."""
    if character in alphabet:
        return alphabet.index(character)
    like = SAME.get(character, "") + RESEMBLING.get(character, "")
    return UNDECIDED if any(one in alphabet for one in like) else None


def upside_down(character: str, alphabet: str) -> bool:
    """Tell whether a character may be taken for one of the alphabet when it stands upside down."""
    turned = TURNED.get(character)
    return turned is not None and label_of(turned, alphabet) is not None
