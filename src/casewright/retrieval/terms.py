"""Terms: the words that lexical search compares, in any of the languages.

Python's `\\w` and the default tokenisers of databases end a Bangla word at its vowel signs; a term here is a
run of Latin letters, digits and the whole Bangla block. Which words are common is not decided here.
"""

import re
import unicodedata

_TERM = re.compile(r"[a-z0-9\u0980-\u09ff]+")


def read_terms(text: str) -> tuple[str, ...]:
    """The terms of a text in order, repeats included: NFC, lower case."""
    return tuple(_TERM.findall(unicodedata.normalize("NFC", text).lower()))
