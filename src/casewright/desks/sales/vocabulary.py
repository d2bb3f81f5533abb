"""Vocabulary: which concepts the words of a question stand for, by the phrases of `words.yaml`.

A phrase is matched word by word in matching form; of two that overlap in one group the longer counts. It
looks words up and mends misspelt ones; what a question asks for is read in `reading`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from casewright.language.data_files import load_packaged
from casewright.language.typos import TypoIndex
from casewright.text.vocabulary import vocabulary as ordinary_vocabulary

_PHRASE_GROUPS = ("intents", "topics", "products", "industries", "manner", "chat")
_LIST_GROUPS = (
    "pricing",
    "maybe_pricing",
    "business",
    "matters",
    "references",
    "ellipsis",
    "off_topic",
)
WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[\u0980-\u09ff\u200c\u200d]+")


@dataclass(frozen=True, slots=True)
class Tag:
    """Words [first, last) stand for a concept of a group."""

    group: str
    concept: str
    first: int
    last: int


class SalesVocabulary:
    """The compiled lists."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for group in _PHRASE_GROUPS:
            for concept, phrases in content[group].items():
                self._add(group, str(concept), phrases)
        for group in _LIST_GROUPS:
            self._add(group, group, content[group])
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self.choices: Mapping[str, int] = {str(word): place for word, place in content["choices"].items()}
        self.cues = frozenset(str(content["cues"]).split())
        """Words after which a name is expected."""
        self.addressed = frozenset(str(content["addressed"]).split())
        """Words by which a sentence speaks to the system."""
        self.stop = frozenset(str(content["stop"]).split())
        sectors: Mapping[str, str] = content["sectors"]
        self.articles = frozenset(sectors["articles"].split())
        """Words for any of a kind."""
        self.one_client = frozenset(sectors["one"].split())
        self.many_clients = frozenset(sectors["many"].split())
        self.describing = frozenset(sectors["describing"].split())
        """Words that say how a client is, and not in which industry."""
        self.before_audience = frozenset(sectors["before"].split())
        self.after_audience = frozenset(sectors["after"].split())
        singles = {word for entries in self._by_first.values() for phrase, _, _ in entries for word in phrase}
        self.known = frozenset(singles)
        self._typos = TypoIndex(singles | self.stop)

    def _add(self, group: str, concept: str, phrases: str) -> None:
        for phrase in phrases.split("|"):
            words = tuple(phrase.split())
            if words:
                self._by_first.setdefault(words[0], []).append((words, group, concept))

    def is_known(self, word: str) -> bool:
        """Whether a word says something here, or nothing anywhere."""
        return word in self.known or word in self.stop or word in self.choices

    def is_asked(self, word: str, *, or_advised: bool = False) -> bool:
        """Whether a word alone asks about a record; or for advice."""
        advice = () if or_advised else ("recommend", "frame")
        return any(
            phrase == (word,) and group == "intents" and concept not in ("rule", "playbook", *advice)
            for phrase, group, concept in self._by_first.get(word, ())
        )

    def mend(self, word: str) -> str:
        """A misspelt word as it is known; any other as it is."""
        if self.is_known(word) or ordinary_vocabulary().is_ordinary(word):
            return word
        return self._typos.nearest(word) or word

    def tag(self, words: Sequence[str]) -> tuple[Tag, ...]:
        """Every concept in a text, longer phrases before shorter ones of the same group."""
        found: list[Tag] = []
        for first, word in enumerate(words):
            for phrase, group, concept in self._by_first.get(word, ()):
                last = first + len(phrase)
                if tuple(words[first:last]) == phrase:
                    found.append(Tag(group, concept, first, last))
        return tuple(tag for tag in found if not _is_inside(tag, found))


def _is_inside(tag: Tag, others: Iterable[Tag]) -> bool:
    return any(
        other.group == tag.group
        and other.first <= tag.first
        and tag.last <= other.last
        and other.last - other.first > tag.last - tag.first
        for other in others
    )


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Words of a normalised text with their places; a possessive s and hyphens fall away."""
    return [(match.group().removesuffix("'s"), match.start(), match.end()) for match in WORD.finditer(text)]


@cache
def load_vocabulary() -> SalesVocabulary:
    """The packaged lists, compiled at first use."""
    return SalesVocabulary(load_packaged("casewright.desks.sales", "words.yaml"))


def is_ordinary(word: str) -> bool:
    """Whether a word is an ordinary one of English or Bangla."""
    return ordinary_vocabulary().is_ordinary(word)
