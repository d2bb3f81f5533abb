"""Vocabulary: the ordinary words of a reply, in English, Bangla and romanised Bangla.

A word outside it can be a name, a product, a brand or a word of another language; a reply may use such a
word only when the facts hold it. English words come from the SCOWL lists (sizes 10 to 35), to which this
project adds the words of its trade; Bangla words are stems, taken with the endings of nouns and verbs.

Not done here: telling a name from a rare word. Both are refused, which is the safe side.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib import resources

from casewright.text.phrasebook import load_document, word_set
from casewright.text.romanised import SoundIndex

_ENGLISH_BEGINNINGS = ("un", "re", "non", "pre", "mis", "over", "dis")
_INTERCHANGED = str.maketrans("ীূণষসৎঙঈঊ", "িুনশশতংইউ", "ঁ্")
_MIN_STEM = 3
_MEMO_LIMIT = 20_000


def fold_spelling(word: str) -> str:
    """One spelling for the letters that Bangla writers interchange; conjuncts and their open forms alike."""
    return word.translate(_INTERCHANGED)


def _folded(document: Mapping[str, object], key: str) -> frozenset[str]:
    return frozenset(map(fold_spelling, word_set(document, key)))


def _verb_forms(document: Mapping[str, object]) -> frozenset[str]:
    forms: set[str] = set()
    for pair in word_set(document, "verb_roots"):
        low, _, high = pair.partition(":")
        forms.update(low + ending for ending in word_set(document, "low_endings"))
        forms.update(high + ending for ending in word_set(document, "high_endings"))
    return frozenset(forms)


class Vocabulary:
    """Looks words up; inflected forms that were found once are remembered (they are finitely many)."""

    def __init__(
        self, english: frozenset[str], words: Mapping[str, object], bangla: Mapping[str, object]
    ) -> None:
        self._bangla = bangla
        self._people = word_set(words, "people")
        self._latin = (english | word_set(words, "banglish")) - self._people
        rules = str(words["english_endings"]).split()
        self._english_endings = tuple(
            (ending, instead) for ending, _, instead in (rule.partition(">") for rule in rules)
        )
        stems = _folded(bangla, "stems")
        self._romanised = word_set(words, "banglish") - english
        self._names = _folded(bangla, "names") - stems
        self._stems = (stems | frozenset(map(fold_spelling, _verb_forms(bangla)))) - self._names
        self._endings = tuple(sorted(_folded(bangla, "endings"), key=len, reverse=True))
        self._verb_endings = re.compile("(?:" + "|".join(sorted(_folded(bangla, "verb_endings"))) + ")$")
        self._inflected: set[str] = set()

    @cached_property
    def _sounds(self) -> SoundIndex:
        known = word_set(self._bangla, "stems") | _verb_forms(self._bangla)
        return SoundIndex(known - word_set(self._bangla, "names"))

    def is_ordinary(self, word: str) -> bool:
        """Whether a normalised word is an ordinary one."""
        if word in self._latin or word in self._inflected:
            return True
        if word in self._people:
            return False
        known = self._is_english_form(word) if word.isascii() else self._is_bangla(fold_spelling(word))
        if known and len(self._inflected) < _MEMO_LIMIT:
            self._inflected.add(word)
        return known

    def is_romanised(self, words: Iterable[str]) -> bool:
        """Whether a text has romanised Bangla in it."""
        return not self._romanised.isdisjoint(words)

    def sounds_ordinary(self, word: str) -> bool:
        """Whether a Latin word can be an ordinary Bangla word in Latin letters; not for names."""
        return word not in self._people and self._sounds.holds(word)

    def _is_english_form(self, word: str) -> bool:
        for ending, instead in self._english_endings:
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

    def _is_bangla(self, word: str) -> bool:
        return word in self._stems or self._is_bangla_form(word)

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
    return Vocabulary(english | word_set(words, "english"), words, load_document("shield_bangla.yaml"))


@cache
def words_of(key: str) -> frozenset[str]:
    """A packaged list of words in normalised form."""
    return word_set(load_document("shield_words.yaml"), key)
