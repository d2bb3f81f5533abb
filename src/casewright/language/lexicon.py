"""The lexicon: which concepts a word stands for, in English, Bangla and romanised Bangla.

Words live in `data/lexicon/*.yaml`, never in code. A concept lists surface forms by language:

    send:
      en: send sends sent transfer*        # `*`: any ending
      bn: পাঠা* পাঠি*
      bl: patha* pathi* send_kor*          # `_`: several words in a row; `bl` is compared folded

A look-up answers with a bit mask of concepts and whether the word itself is a negative ("asheni": did not
arrive). Nothing here knows what the concepts are used for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources

from casewright.language.data_files import read_yaml
from casewright.language.fold import fold_banglish
from casewright.language.normalise import normalise
from casewright.language.tokens import Tokens
from casewright.language.typos import TypoIndex

_LATIN_NEGATIVE_ENDINGS = ("ni", "nai", "nei", "na", "ny")
_BANGLA_NEGATIVE_ENDINGS = ("নি", "নাই", "নেই", "না")
_MEMO_LIMIT = 50_000
_MIN_STEM = 3
_LONGEST_WORD = 64
"""Letters. Of a longer word only the beginning is looked at, so that endless words fill no memory."""
_MARKS = frozenset("_[")

_Sense = tuple[int, bool]
"""Bit mask of concepts, and whether the word carries its own negation."""

_NOTHING: _Sense = (0, False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """The rest of a surface form behind its first word; a part is a word or, ending in `*`, a prefix."""

    parts: tuple[str, ...]
    mask: int
    is_folded: bool
    second: str
    """The first of the parts without its mark: most phrases are ruled out by it."""
    is_stem: bool
    """Whether that part is a prefix."""


Meaning = tuple[int, bool, tuple[Phrase, ...]]
"""A word's sense, and the phrases that it may open."""


class Lexicon:
    """Concepts by word. Built once, then read only (but for a bounded memo of looked-up words)."""

    def __init__(self, concepts: Mapping[str, Mapping[str, str]], ordinary_words: Iterable[str] = ()) -> None:
        self.bits: dict[str, int] = {name: 1 << index for index, name in enumerate(sorted(concepts))}
        self._exact: dict[str, int] = {}
        self._prefix: dict[str, int] = {}
        self._folded_exact: dict[str, int] = {}
        self._folded_prefix: dict[str, int] = {}
        self._phrases: dict[str, list[Phrase]] = {}
        self._folded_phrases: dict[str, list[Phrase]] = {}
        self._ordinary = frozenset(ordinary_words)
        self._memo: dict[str, Meaning] = {}
        for name, by_language in concepts.items():
            for language, surfaces in by_language.items():
                for surface in str(surfaces).split():
                    self._add(self.bits[name], surface, is_folded=language == "bl")
        self._mendable = self._words_to_mend_to()
        self._typos = TypoIndex(self._mendable)

    def _words_to_mend_to(self) -> dict[str, int]:
        """Exact words, and the usual English inflections of those given with any ending."""
        words = {word: mask for word, mask in self._exact.items() if word not in self._ordinary}
        for stem, mask in self._prefix.items():
            for ending in ("", "s", "d", "ed", "ing"):
                words[stem + ending] = words.get(stem + ending, 0) | mask
        return words

    def _add(self, bit: int, surface: str, *, is_folded: bool) -> None:
        parts = ("_",) if surface == "_" else tuple(normalise(part).text for part in surface.split("_"))
        if is_folded:
            parts = tuple(
                fold_banglish(part[:-1]) + "*" if part.endswith("*") else fold_banglish(part)
                for part in parts
            )
        if len(parts) > 1:
            table = self._folded_phrases if is_folded else self._phrases
            phrase = Phrase(parts[1:], bit, is_folded, parts[1].removesuffix("*"), parts[1].endswith("*"))
            table.setdefault(parts[0], []).append(phrase)
            return
        word = parts[0]
        if word.endswith("*"):
            prefixes = self._folded_prefix if is_folded else self._prefix
            prefixes[word[:-1]] = prefixes.get(word[:-1], 0) | bit
        else:
            words = self._folded_exact if is_folded else self._exact
            words[word] = words.get(word, 0) | bit

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every single word that is listed: as it stands, folded, a stem without its ending, or ordinary."""
        listed = (self._exact, self._prefix, self._folded_exact, self._folded_prefix)
        return self._ordinary.union(*listed)

    def meaning(self, word: str) -> Meaning:
        """Concepts of one normalised word."""
        word = word[:_LONGEST_WORD]
        known = self._memo.get(word)
        if known is None:
            if len(self._memo) > _MEMO_LIMIT:
                self._memo.clear()
            known = self._memo[word] = (*self._look_up(word), self._phrases_opened_by(word))
        return known

    def _phrases_opened_by(self, word: str) -> tuple[Phrase, ...]:
        found: list[Phrase] = []
        for table, form in ((self._phrases, word), (self._folded_phrases, _fold(word))):
            found.extend(table.get(form, ()))
            for end in range(1, len(form) + 1):
                found.extend(table.get(form[:end] + "*", ()))
        return tuple(found)

    def _look_up(self, word: str) -> _Sense:
        if not word[0].isalpha() and word[0] != "'":
            return (self._exact.get(word, 0), False)
        word = word.removesuffix("'s")
        mask = self._exact.get(word, 0) | _by_prefix(self._prefix, word)
        is_latin = word.isascii()
        if mask:
            return (mask, self._carries_negation(word, mask) if not is_latin else False)
        if not is_latin:
            return self._strip_negation(word, _BANGLA_NEGATIVE_ENDINGS, self._exact, self._prefix)
        if word in self._ordinary:
            return _NOTHING
        folded = fold_banglish(word)
        tables = self._folded_exact, self._folded_prefix
        mask, negative = self._strip_negation(folded, _LATIN_NEGATIVE_ENDINGS, *tables)
        mask |= self._folded_exact.get(folded, 0) or (0 if mask else _by_prefix(self._folded_prefix, folded))
        if mask:
            return (mask, negative)
        mended = self._typos.nearest(word)
        return (self._mendable[mended], False) if mended else _NOTHING

    def _carries_negation(self, word: str, mask: int) -> bool:
        stem_mask, negative = self._strip_negation(word, _BANGLA_NEGATIVE_ENDINGS, self._exact, self._prefix)
        return negative and bool(stem_mask & mask)

    def _strip_negation(
        self, word: str, endings: tuple[str, ...], exact: Mapping[str, int], prefixes: Mapping[str, int]
    ) -> _Sense:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
                stem = word[: -len(ending)]
                mask = exact.get(stem, 0) | _by_prefix(prefixes, stem)
                if mask:
                    return (mask, True)
        return _NOTHING

    def read(self, tokens: Tokens) -> tuple[list[int], list[bool]]:
        """Masks and own negations of all tokens, phrases included (a phrase marks its first word)."""
        words = tokens.words
        memo, meaning = self._memo, self.meaning
        masks: list[int] = []
        negatives: list[bool] = []
        count = len(words)
        for index, word in enumerate(words):
            mask, negative, phrases = memo.get(word) or meaning(word)
            if phrases and index + 1 < count:
                following = words[index + 1]
                folded = ""
                for phrase in phrases:
                    if phrase.is_folded:
                        second = folded = folded or _fold(following[:_LONGEST_WORD])
                    else:
                        second = following
                    if (
                        second.startswith(phrase.second) if phrase.is_stem else second == phrase.second
                    ) and _phrase_matches(phrase, words, index + 2):
                        mask |= phrase.mask
            masks.append(mask)
            negatives.append(negative)
        if not _MARKS.isdisjoint(words):
            for index, word in enumerate(words):
                if word == "_":
                    _blank_neighbours(masks, index)
                elif word == "[" and words[index + 2 : index + 3] == ("]",):
                    masks[index + 1] = 0  # a redacted value's name ("[pin]") is no word of a customer
        return masks, negatives


def _phrase_matches(phrase: Phrase, words: tuple[str, ...], start: int) -> bool:
    """Whether what is left of the phrase behind its second word stands from `start` on."""
    left = phrase.parts[1:]
    if start + len(left) > len(words):
        return False
    for offset, part in enumerate(left):
        word = words[start + offset]
        if phrase.is_folded:
            word = _fold(word[:_LONGEST_WORD])
        if not (word.startswith(part[:-1]) if part.endswith("*") else word == part):
            return False
    return True


def _blank_neighbours(masks: list[int], index: int) -> None:
    """Words joined by an underscore are a machine's name for something, not something a customer says."""
    for at in (index - 1, index + 1):
        if 0 <= at < len(masks):
            masks[at] = 0


_fold = lru_cache(maxsize=_MEMO_LIMIT)(fold_banglish)


def _by_prefix(prefixes: Mapping[str, int], word: str) -> int:
    """All concepts of all prefixes of the word that the lexicon lists."""
    mask = 0
    for end in range(2, len(word) + 1):
        mask |= prefixes.get(word[:end], 0)
    return mask


@cache
def load_lexicon() -> Lexicon:
    """The packaged lexicon, read once."""
    folder = resources.files("casewright.language").joinpath("data/lexicon")
    concepts: dict[str, dict[str, str]] = {}
    ordinary: list[str] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            for name, surfaces in read_yaml(entry.read_text("utf-8")).items():
                target = concepts.setdefault(name, {})
                for language, words in surfaces.items():
                    target[language] = f"{target.get(language, '')} {words}"
        elif entry.name == "ordinary_english.txt":
            ordinary = entry.read_text("utf-8").split()
    return Lexicon(concepts, ordinary)
