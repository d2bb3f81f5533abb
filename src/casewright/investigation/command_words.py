"""How single words are used, where the system may be spoken to: orders, familiar forms, ends of clauses.

Kinds of words tell an instruction from a customer's own words in one sentence: customers of a service write
politely and of themselves, and a clause of Bangla or Hindi ends with its verb. What a word asks for is no
matter here.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from casewright.language.data_files import load_packaged
from casewright.language.fold import fold_banglish
from casewright.language.normalise import normalise

_MEMO_LIMIT = 16_384
_LONGEST_WORD = 24
_DOUBLED = re.compile(r"l{2}")
_LATIN_FINITE = re.compile(
    r"[a-z]+(?:s[ie]|chh?[ie]|l[ao]m|lum|lo|len|sen|chh?en|nai|nei|ni)|[a-z]{3,}na|na|nai|nei|ni|hoy|chai|pai|hai|ache|ase"
)
"""Past and perfect of romanised Bangla, and what denies a verb; English words among them cut no harm."""
_LATIN_WANTED = re.compile(r"[a-z]{2,}(?:te|be|ben|bo|ba)")
"""What is to be: futures, and the infinitives that stand with words of saying."""
_BANGLA_FINITE = re.compile(r".*(?:েছ[েি]|ছ[েি]|েছেন|লাম|লো|লেন|[েি]নি|নাই|নেই|না|চাই|হয়|পাই|গেল|হল|দিল|নিল)")
_BANGLA_WANTED = re.compile(r"..+(?:তে|বে|বেন|বো)")


class Use:
    """What a word is used for, one bit each; a word may have several uses, or none."""

    ORDER = 1
    FAMILIAR = 2
    MACHINE = 4
    UNDO = 8
    POLITE = 16
    SELF = 32
    FINITE = 64
    WANTED = 128


TELLING = Use.ORDER | Use.FAMILIAR | Use.MACHINE | Use.UNDO
"""A sentence without any of these is spoken to the system only if the signals say so."""
IMPERATIVE = Use.ORDER | Use.POLITE
CLAUSE_ENDS = IMPERATIVE | Use.FINITE | Use.WANTED


@cache
def _listed() -> tuple[dict[str, int], dict[str, int]]:
    """Words compared as they stand, and words compared folded."""
    exact: dict[str, int] = {}
    folded: dict[str, int] = {}
    content = load_packaged("casewright.investigation", "data/command_words.yaml")
    for name, by_language in content.items():
        for language, words in by_language.items():
            for word in map(_form, str(words).split()):
                table, key = (exact, word) if language in ("en", "bn") else (folded, _folded(word))
                table[key] = table.get(key, 0) | getattr(Use, name.upper())
    return exact, folded


@cache
def _english() -> frozenset[str]:
    """English words whose endings are no Bangla verb's."""
    text = resources.files("casewright.language").joinpath("data/lexicon/ordinary_english.txt")
    return frozenset(text.read_text("utf-8").split())


def _folded(word: str) -> str:
    """The folded form, but "bollo" (said) is not "bolo" (say)."""
    return fold_banglish(word) + ("2" if _DOUBLED.search(word) else "")


def _form(word: str) -> str:
    return normalise(word).text


def _use_of(word: str) -> int:
    exact, folded = _listed()
    use = exact.get(word, 0)
    if word.isascii():
        use |= folded.get(_folded(word), 0)
        finite, wanted = _LATIN_FINITE, _LATIN_WANTED
    else:
        finite, wanted = _BANGLA_FINITE, _BANGLA_WANTED
    if use & IMPERATIVE:
        return use
    if word in _english():
        return use
    if finite.fullmatch(word):
        use |= Use.FINITE
    return use | Use.WANTED if wanted.fullmatch(word) else use


class _Uses(dict[str, int]):
    """The uses of the words met so far; of a longer word than any that has one, nothing is kept."""

    def __missing__(self, word: str) -> int:
        if len(word) > _LONGEST_WORD:
            return 0
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        use = self[word] = _use_of(word)
        return use


_uses = _Uses()


def uses_of(words: Iterable[str]) -> list[int]:
    """The uses of each word."""
    return list(map(_uses.__getitem__, words))
