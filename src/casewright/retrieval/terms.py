"""Terms: the words that lexical search compares, in any of the languages.

Python's `\\w` and the default tokenisers of databases end a Bangla word at its vowel signs; a term here is a
run of Latin letters, digits and the whole Bangla block. Letters that spellings of one Bangla word, and its
transliterations, mix up are one letter: long and short i and u, the sibilants, retroflex and dental. A term
is compared and never shown.
"""

import re
import unicodedata

_TERM = re.compile(r"[a-z0-9\u0980-\u09ff]+")
_NUKTA = (("\u09af\u09bc", "\u09df"), ("\u09a1\u09bc", "র"), ("\u09a2\u09bc", "র"))
_FOLDED = str.maketrans(
    {
        **{chr(ord("০") + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("\u200c\u200d\u09bc\u0981\u0983"),  # joiners, nukta, candrabindu, visarga
        **dict(zip("ীূণশষংযৎছঝটঠডঢ", "িুনসসঙজতচজতথদধ", strict=True)),
    }
)


def read_terms(text: str) -> tuple[str, ...]:
    """The terms of a text in order, repeats included: NFC, lower case, folded."""
    plain = unicodedata.normalize("NFC", text).lower()
    if not plain.isascii():
        for written, one in _NUKTA:
            plain = plain.replace(written, one)
        plain = plain.translate(_FOLDED)
    return tuple(_TERM.findall(plain))
