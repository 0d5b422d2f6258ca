"""Which class a character has, and which characters no one can tell from one.

The classes are the characters of an alphabet, then other print (a letter, where digits are wanted), then
none: no print is centred there.
"""

UNDECIDED = -1  # a class, or none: either answer would do, and none is taught or tested
SIGNS = ".,:'/-+\N{EN DASH}"  # part the digits of dates, times, amounts: other print, small as they are

SAME = dict.fromkeys("Oo", "0O") | dict.fromkeys("Il|", "1I")  # printed alike in many fonts: no one can tell
CASELESS = {letter: letter.upper() for letter in "ckpsuvwxyz"}  # small letters shaped like capitals
RESEMBLING = {  # like a character in some font, where nothing tells its size or what stands around it
    **dict.fromkeys("QD", "0O"),
    "Z": "2",
    "z": "2Z",
    "S": "5",
    "s": "5S",
    "B": "8",
    "b": "6",
    "G": "6",
    "g": "9",
    "q": "9",
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


def other(alphabet: str) -> int:
    """Return the class of print that is no character of an alphabet."""
    return len(alphabet)


def none(alphabet: str) -> int:
    """Return the class of windows in which no print is centred."""
    return len(alphabet) + 1


def label_of(character: str, alphabet: str) -> int:
    """Return a character's class in an alphabet, `UNDECIDED` if it may be taken for one of it."""
    if character in alphabet:
        return alphabet.index(character)
    like = SAME.get(character, "") + CASELESS.get(character, "")
    return UNDECIDED if any(one in alphabet for one in like) else other(alphabet)


def label_alone(character: str, alphabet: str) -> int:
    """Return the class of a character that stands alone, at the height of all others."""
    like = RESEMBLING.get(character, "") if character not in alphabet else ""
    return UNDECIDED if any(one in alphabet for one in like) else label_of(character, alphabet)


def upside_down(character: str, alphabet: str) -> int:
    """Return a character's class when it stands upside down."""
    turned = label_of(TURNED.get(character, "?"), alphabet)
    return other(alphabet) if turned == other(alphabet) else UNDECIDED
