"""Mentions: where a text names a product or touches a topic, however it is written.

Found: spellings, plurals, other word order, hyphens, letters set apart or run together, digits for letters,
one typo in words of five letters and two in longer ones (never in an ordinary word), a few words in between.
It errs towards finding: what is found wrongly costs a try, what is missed reaches a reader.

Not done here: judging whether the mention is allowed.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import permutations
from typing import Final

from casewright.language.normalise import normalise
from casewright.language.typos import edit_distance
from casewright.text.vocabulary import vocabulary

_WORD: Final = re.compile(r"[a-z]+|[\u0980-\u09ff]+|[0-9]+|[.!?;।](?=\s|$)")
_MIXED: Final = re.compile(r"(?<![a-z0-9@$!])(?=[a-z0-9@$!]*[a-z])(?=[a-z0-9@$!]*[0-9@$!])[a-z0-9@$!]+")
_LETTERS: Final = str.maketrans("013457@$!", "oieastasi")
_BREAKS: Final = frozenset(".!?;।\n")
"""Ends of sentences; a line's end stands where something was taken out."""
_NOT_LETTER: Final = re.compile(r"[^a-z\u0980-\u09ff]")
_MOST_BETWEEN: Final = 2
_LEAST_COMPACT: Final = 8
_TYPO_FROM: Final = 5
_TWO_TYPOS_FROM: Final = 9
_MOST_ORDERS: Final = 4


def words_of_text(text: str) -> list[str]:
    """The words of a text, singular, in matching form; signs that end a sentence stay."""
    flat = _MIXED.sub(_as_letters, normalise(text).text)
    return [word if word in _BREAKS else singular(word) for word in _WORD.findall(flat)]


def _as_letters(match: re.Match[str]) -> str:
    """Digits that stand for letters inside a word ("vide0"); a number with a scale ("120k") stays."""
    word = match.group()
    letters = sum(map(str.isalpha, word))
    return word.translate(_LETTERS) if letters * 2 > len(word) and letters > _MOST_BETWEEN else word


def singular(word: str) -> str:
    """A word without its plural ending, roughly: both sides of a comparison go through it."""
    if not word.isascii() or len(word) < _MOST_ORDERS or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word.removesuffix("s")


@lru_cache(maxsize=1_024)
def phrase_words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase of the policy."""
    return tuple(word for word in words_of_text(phrase) if word not in _BREAKS)


def places(words: Sequence[str], phrase: str) -> list[tuple[int, int]]:
    """Every [first, last) at which a phrase stands word by word."""
    wanted = list(phrase_words(phrase))
    size = len(wanted)
    if not size or wanted[0] not in words:
        return []
    kept = [(word, index) for index, word in enumerate(words) if word not in _BREAKS]
    plain = [word for word, _ in kept]
    return [
        (kept[start][1], kept[start + size - 1][1] + 1)
        for start in range(len(plain) - size + 1)
        if plain[start] == wanted[0] and plain[start : start + size] == wanted
    ]


def without(words: Sequence[str], phrases: Iterable[str]) -> list[str]:
    """The words with each of the phrases taken out, a break in its place."""
    kept = list(words)
    for phrase in sorted(phrases, key=len, reverse=True):
        for first, last in reversed(places(kept, phrase)):
            kept[first:last] = ["\n"]
    return kept


class Finder:
    """Looks for many phrases in one text."""

    __slots__ = ("_close", "_compact", "_odd", "_runs", "_words")

    def __init__(self, words: Sequence[str]) -> None:
        self._runs = _runs(words)
        self._words = frozenset(word for run in self._runs for word in run)
        self._compact = "|".join(_NOT_LETTER.sub("", "".join(run)) for run in self._runs)
        is_ordinary = vocabulary().is_ordinary
        self._odd = [word for word in self._words if not is_ordinary(word)]
        self._close: dict[str, frozenset[str]] = {}

    def finds(self, phrase: str) -> bool:
        """Whether the phrase is named, in any order and spelling, with a few words in between."""
        wanted = phrase_words(phrase)
        if not wanted:
            return False
        if any(order in self._compact for order in _compact_orders(wanted)):
            return True
        close: list[frozenset[str]] = []
        for word in wanted:
            close.append(self._close_to(word))
            if not close[-1]:
                return False
        return any(_stands_in(run, close) for run in self._runs)

    def _close_to(self, wanted: str) -> frozenset[str]:
        """The words of the text that a wanted word may be; no ordinary word is a typo."""
        found = self._close.get(wanted)
        if found is None:
            limit, length = _most_typos(wanted), len(wanted)
            near = [
                word
                for word in self._odd
                if limit and -limit <= len(word) - length <= limit and edit_distance(word, wanted) <= limit
            ]
            found = frozenset([*near, wanted] if wanted in self._words else near)
            self._close[wanted] = found
        return found


def _runs(words: Sequence[str]) -> list[list[str]]:
    """The sentences of a text."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word in _BREAKS:
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if run]


@lru_cache(maxsize=512)
def _compact_orders(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The words run together; short ones may stand inside other words by chance and are left out."""
    letters = [_NOT_LETTER.sub("", word) for word in wanted]
    if sum(map(len, letters)) < _LEAST_COMPACT:
        return ()
    orders = permutations(letters) if len(letters) <= _MOST_ORDERS else (tuple(letters),)
    return tuple(dict.fromkeys("".join(order) for order in orders))


def _stands_in(run: Sequence[str], wanted: Sequence[frozenset[str]]) -> bool:
    """Whether all wanted words stand within one window of the run, each at a place of its own."""
    spots = [[index for index, word in enumerate(run) if word in want] for want in wanted]
    if not all(spots):
        return False
    reach = len(wanted) + (_MOST_BETWEEN if len(wanted) > 1 else 0)
    for start in sorted({index for spot in spots for index in spot}):
        taken: set[int] = set()
        for spot in spots:
            free = next((i for i in spot if start <= i < start + reach and i not in taken), None)
            if free is None:
                break
            taken.add(free)
        else:
            return True
    return False


def _most_typos(wanted: str) -> int:
    """One letter in five letters and more, two in nine and more."""
    return 0 if len(wanted) < _TYPO_FROM else 1 if len(wanted) < _TWO_TYPOS_FROM else 2
