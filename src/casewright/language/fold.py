"""Folds the many spellings of romanised Bangla onto one.

There is no standard: "vul", "bhul" and "vhul" are one word, and so are "korechi", "korchi" and "korsi".
The fold is lossy and only ever compares a word with the lexicon's own folded entries; it is never shown.
"""

import re

_DIGRAPHS = (
    ("chh", "s"),
    ("ch", "s"),
    ("sh", "s"),
    ("bh", "v"),
    ("vh", "v"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("kh", "k"),
    ("gh", "g"),
    ("jh", "j"),
    ("ee", "i"),
    ("oo", "u"),
    ("ou", "o"),
    ("oy", "oi"),
    ("ay", "ai"),
    ("ey", "ei"),
    ("iye", "ie"),
    ("iya", "ia"),
    ("aiy", "ai"),
)
_SINGLES = str.maketrans({"c": "s", "z": "j", "w": "o", "q": "k", "y": "i", "'": None})
_REPEATED = re.compile(r"(.)\1+")


def fold_banglish(word: str) -> str:
    """The folded form of one lower-case Latin word: `fold_banglish("bhul") == fold_banglish("vul")`."""
    for written, folded in _DIGRAPHS:
        if written in word:
            word = word.replace(written, folded)
    word = word.translate(_SINGLES)
    return _REPEATED.sub(r"\1", word)
