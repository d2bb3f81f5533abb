"""Concepts: words grouped by what they mean, each group one letter of a private alphabet.

One rule then serves every language: "ignore", "উপেক্ষা", "upekkha" and "अनदेखा" are all `IGNORE`. A word is
looked up whole, so a match never falls inside a word, in any script.

This module knows words only. What a phrase of them means is said by the rules (`phrases.py`).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from casewright.language.fold import fold_banglish

BREAK = "\ue000"
"""The letter of a sentence's end: no gap crosses it."""
LINE = "\ue001"
"""The letter of a line's end: a gap may cross it, and a rule may start after it."""
PLAIN = "\ue002"
"""The letter of every word that carries no concept."""

SHORT = "\ue003"
"""The letter of a lone character or a byte-like number: many of them look like spelled-out text."""
BACKWARDS = "\ue004"
"""The letter of a telling word that stands reversed or in rot13."""
HINDI = "\ue005"
"""The letter of a lone Devanagari character, which the language layer's tokens do not join to words."""

_FIRST_FREE = 0xE006
_ROT13 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
_BREAKS = frozenset(".!?।॥|;…")
_SHORTEST_DISGUISED = 5
_SPELLED = re.compile(r"[a-z0-9]|[0-9a-f]{2}|[0-9]{3}|[01]{8}|[\u0980-\u09ff]{1,3}|[\u0900-\u097f]{2,3}")
_HINDI = re.compile(r"[\u0900-\u0963\u0971-\u097f]")
_SHORTEST_STEM = 3
_LONGEST_STEM = 12
_LONGEST_MENDED = 16
_LONGEST_KEPT = 64
_MEMO_LIMIT = 16_384
_SHORTEST_MENDED = 6
_NATIVE_FOLDS = str.maketrans(
    {"ষ": "শ", "স": "শ", "ণ": "ন", "ী": "ি", "ূ": "ু", "ঁ": None, "\u09bc": None}
    | {"ँ": "ं", "\u093c": None, "ी": "ि", "ू": "ु", "ण": "न", "\u200c": None, "\u200d": None}
)


def fold_spelling(word: str) -> str:
    """Folds spellings that people mix up: digraphs in Latin letters, sibilants and long vowels in others."""
    return fold_banglish(word) if word.isascii() else word.translate(_NATIVE_FOLDS)


class _KnownLetters(dict[str, str]):
    """The letters of the words met so far; that of an endless word is not kept in memory."""

    def __init__(self, find: Callable[[str], str]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> str:
        letter = self._find(word)
        if len(word) <= _LONGEST_KEPT:
            if len(self) >= _MEMO_LIMIT:
                self.clear()
            self[word] = letter
        return letter


class Vocabulary:
    """Every known word and the concepts it carries.

    `words` maps a concept to its words per language: `en` is compared exactly (and mended at one slip of the
    fingers, for the concepts in `mended`), every other language through `fold_spelling`. A word that ends in
    `*` is a stem. `unmended` are words that look like a slip and are none ("ignored" is not "ignore").
    """

    def __init__(
        self,
        words: Mapping[str, Mapping[str, str]],
        mended: Iterable[str] = (),
        unmended: Iterable[str] = (),
    ) -> None:
        self._exact: dict[str, set[str]] = {}
        self._folded: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        self._slips: dict[str, str] = {}
        self._unmended = frozenset(unmended)
        self._letters: dict[frozenset[str], str] = {frozenset(): PLAIN}
        self._letters_by: defaultdict[str, list[str]] = defaultdict(list)
        self._backwards: set[str] = set()
        self._spellings: set[str] = set()
        self._openings: set[str] = set()
        mended_concepts = frozenset(mended)
        for concept, languages in words.items():
            for language, line in languages.items():
                for word in line.split():
                    self._add(concept, word, is_exact=language == "en")
                    if language == "en" and concept in mended_concepts:
                        self._add_slips(word)
        self.letter: Callable[[str], str] = _KnownLetters(self._letter).__getitem__
        """The letter that a word is read as."""

    def add_literal(self, word: str) -> str:
        """Registers a word that a rule names itself; returns the concept that stands for it."""
        self._add("=" + word, word, is_exact=word.isascii())
        return "=" + word

    def assign_letters(self) -> None:
        """Gives every combination of concepts its letter; called once, when all words are in."""
        for word in self._spellings:
            if len(word) >= _SHORTEST_DISGUISED:
                self._backwards.add(word[::-1])
                if word.isascii():
                    self._backwards.add(word.translate(_ROT13))
        for word in self._exact:
            self._assign(self._concepts(word))
        for folded, concepts in self._folded.items():
            self._assign(frozenset(concepts))
            self._assign(frozenset(concepts | self._stem_concepts(folded)))
        for stem in self._stems:
            self._assign(frozenset(self._stem_concepts(stem)))

    @property
    def spellings(self) -> list[str]:
        """Every word as it is listed, sorted; a stem without its mark."""
        return sorted(self._spellings)

    @property
    def concepts_by_letter(self) -> dict[str, frozenset[str]]:
        """The combination of concepts that each letter stands for."""
        return {letter: carried for carried, letter in self._letters.items()}

    def letters_of(self, concepts: Iterable[str]) -> str:
        """The letters of all words that carry one of the concepts."""
        return "".join(sorted({letter for concept in concepts for letter in self._letters_by[concept]}))

    def part(self, glued: str) -> str:
        """Puts spaces back into words run together: the longest known word at each place, else one letter."""
        parts: list[str] = []
        place = 0
        while place < len(glued):
            is_opening = glued[place : place + 3] in self._openings
            for length in range(min(_LONGEST_MENDED, len(glued) - place) if is_opening else 0, 2, -1):
                if glued[place : place + length] in self._spellings:
                    parts.append(" " + glued[place : place + length] + " ")
                    break
            else:
                length = 1
                parts.append(glued[place])
            place += length
        return "".join(parts)

    def _assign(self, concepts: frozenset[str]) -> None:
        if concepts not in self._letters:
            letter = chr(_FIRST_FREE + len(self._letters))
            self._letters[concepts] = letter
            for concept in concepts:
                self._letters_by[concept].append(letter)

    def _add(self, concept: str, word: str, *, is_exact: bool) -> None:
        word = unicodedata.normalize("NFC", word).replace("'", "") or word
        if len(word) > 2:
            self._spellings.add(word.removesuffix("*"))
            self._openings.add(word[:3])
        if word.endswith("*") and len(word) > 1:
            self._stems.setdefault(fold_spelling(word[:-1]), set()).add(concept)
        elif is_exact:
            self._exact.setdefault(word, set()).add(concept)
        else:
            self._folded.setdefault(fold_spelling(word), set()).add(concept)

    def _add_slips(self, word: str) -> None:
        if len(word) >= _SHORTEST_MENDED and word.isalpha():
            for slip in (word, *_deletes(word)):
                self._slips.setdefault(slip, word)

    def _letter(self, word: str) -> str:
        if word in _BREAKS:
            return BREAK
        if word == "\n":
            return LINE
        letter = self._letters.get(self._concepts(word), PLAIN)
        if letter == PLAIN:
            if word in self._backwards:
                return BACKWARDS
            if _HINDI.fullmatch(word):
                return HINDI
            if _SPELLED.fullmatch(word):
                return SHORT
        return letter

    def _concepts(self, word: str) -> frozenset[str]:
        word = word.replace("'", "") or word
        folded = fold_spelling(word)
        found = self._exact.get(word, set()) | self._folded.get(folded, set())
        if word not in self._unmended:
            found |= self._stem_concepts(folded)
            if not found and _SHORTEST_MENDED <= len(word) <= _LONGEST_MENDED and word.isascii():
                for slip in (word, *_deletes(word)):
                    if (known := self._slips.get(slip)) is not None:
                        return self._concepts(known)
        return frozenset(found)

    def _stem_concepts(self, folded: str) -> set[str]:
        found: set[str] = set()
        for length in range(_SHORTEST_STEM, min(len(folded), _LONGEST_STEM) + 1):
            found |= self._stems.get(folded[:length], set())
        return found


def _deletes(word: str) -> list[str]:
    return [word[:index] + word[index + 1 :] for index in range(1, len(word))]
