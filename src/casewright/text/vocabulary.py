"""Vocabulary: the ordinary words of a reply, in English, Bangla and romanised Bangla.

A word outside it can be a name, a product, a brand or a word of another language; a reply may use such a word
only when the facts hold it. English words come from the SCOWL lists (sizes 10 to 35), to which this project adds
the words of its trade; Bangla words are stems, taken with the endings of nouns and verbs.

Not done here: telling a name from a rare word. Both are refused, which is the safe side.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

from casewright.language.normalise import normalise
from casewright.text.phrasebook import load_document, word_set

_ENGLISH_ENDINGS = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("ly", ""),
    ("er", ""), ("er", "e"), ("ers", "e"), ("ness", ""), ("able", ""), ("able", "e"), ("ment", ""), ("ization", "ize"), ("isation", "ise"),
    ("ised", "ized"), ("ise", "ize"), ("ising", "izing"), ("isation", "ization"), ("our", "or"), ("ours", "ors"), ("yse", "yze"),
)  # fmt: skip
_ENGLISH_BEGINNINGS = ("un", "re", "non", "pre", "mis", "over", "dis")
_MIN_STEM = 3
_MEMO_LIMIT = 20_000


class Vocabulary:
    """Looks words up; inflected forms that were found once are remembered (they are finitely many)."""

    def __init__(
        self, english: frozenset[str], banglish: frozenset[str], bangla: Mapping[str, object]
    ) -> None:
        self._latin = english | banglish
        self._stems = word_set(bangla, "stems")
        self._endings = tuple(sorted(word_set(bangla, "endings"), key=len, reverse=True))
        self._verb_endings = re.compile("(?:" + "|".join(sorted(word_set(bangla, "verb_endings"))) + ")$")
        self._names = word_set(bangla, "names")
        self._inflected: set[str] = set()

    def is_ordinary(self, word: str) -> bool:
        """Whether a normalised word is an ordinary one."""
        if word in self._latin or word in self._stems or word in self._inflected:
            return word not in self._names
        known = self._is_english_form(word) if word.isascii() else self._is_bangla_form(word)
        if known and len(self._inflected) < _MEMO_LIMIT:
            self._inflected.add(word)
        return known

    def _is_english_form(self, word: str) -> bool:
        for ending, instead in _ENGLISH_ENDINGS:
            if word.endswith(ending):
                stem = word[: len(word) - len(ending)]
                if len(stem) >= _MIN_STEM and (stem + instead in self._latin or self._is_doubled(stem)):
                    return True
        return any(
            word.startswith(beginning)
            and len(word) - len(beginning) > _MIN_STEM
            and word[len(beginning) :] in self._latin
            for beginning in _ENGLISH_BEGINNINGS
        )

    def _is_doubled(self, stem: str) -> bool:
        return len(stem) > _MIN_STEM and stem[-1] == stem[-2] and stem[:-1] in self._latin

    def _is_bangla_form(self, word: str, depth: int = 2) -> bool:
        if word in self._names:
            return False
        for ending in self._endings:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                stem = word[: -len(ending)]
                if stem in self._names:
                    return False
                if stem in self._stems or (depth and self._is_bangla_form(stem, depth - 1)):
                    return True
        return depth == 2 and len(word) > _MIN_STEM and self._verb_endings.search(word) is not None


@cache
def vocabulary() -> Vocabulary:
    """The packaged vocabulary, read at first use."""
    data = resources.files("casewright.text").joinpath("data")
    english = frozenset(data.joinpath("shield_english.txt").read_text(encoding="ascii").split())
    words = load_document("shield_words.yaml")
    extra = word_set(words, "english")
    return Vocabulary(english | extra, word_set(words, "banglish"), load_document("shield_bangla.yaml"))


@cache
def words_of(key: str) -> frozenset[str]:
    """A packaged list of words in normalised form."""
    return word_set(load_document("shield_words.yaml"), key)


@cache
def capitals() -> frozenset[str]:
    """Words that may stand with a capital inside a sentence, in lower case."""
    return frozenset(normalise(cast("str", load_document("shield_words.yaml")["capitals"])).text.split())
