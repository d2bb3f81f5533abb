"""Queries: what is searched for, as words to match and texts to embed.

A long query is several: windows of some sixty words, of which each is searched for. Words that stand in any
sentence are left out. Bangla in Latin letters is read in both scripts, where a transliteration is at hand.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from casewright.domain.case import Language
from casewright.language.data_files import load_packaged
from casewright.language.detect import detect_language
from casewright.language.tokens import tokenise
from casewright.retrieval.terms import read_terms

WINDOW = 60
"""Words of a window; each shares half of them with the next."""
MOST_WINDOWS = 40
"""A longer query is read up to there."""
_LATIN = re.compile("[a-z]")
Transliterate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Window:
    """A query, or a part of a long one."""

    weights: Mapping[str, float]
    """How much each term counts."""
    dense_text: str


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query, ready for both kinds of search."""

    windows: tuple[Window, ...]
    is_bangla: bool
    """Some of it is Bangla, in either script."""


def read_query(text: str, transliterate: Transliterate | None = None) -> ReadQuery:
    """Read a query of any length in any of the languages."""
    lower = text.lower()
    is_bangla = detect_language(tokenise(lower)).language is not Language.EN
    reading = transliterate if is_bangla and _LATIN.search(lower) else None
    return ReadQuery(tuple(_read_window(part, reading) for part in _split(text)), is_bangla)


def _split(text: str) -> list[str]:
    words = text.split()
    step = WINDOW // 2
    if len(words) <= WINDOW + step:
        return [text]
    starts = range(0, len(words) - step, step)[:MOST_WINDOWS]
    return [" ".join(words[start : start + WINDOW]) for start in starts]


def _read_window(text: str, transliterate: Transliterate | None) -> Window:
    terms = read_terms(text)
    if transliterate is None:
        return Window(_weigh(terms), text)
    latin = [term for term in terms if _LATIN.search(term)]
    said = " ".join(transliterate(term) for term in latin)
    return Window(_weigh((*terms, *read_terms(said))), f"{text} {transliterate(text.lower())}")


def _weigh(terms: tuple[str, ...]) -> Mapping[str, float]:
    common = _load_common_words()
    telling = [term for term in terms if term not in common]
    return dict.fromkeys(telling or terms, 1.0)


@cache
def _load_common_words() -> frozenset[str]:
    lists: dict[str, list[str]] = load_packaged("casewright.retrieval", "data/common_words.yaml")
    return frozenset(term for words in lists.values() for word in words for term in read_terms(word))
