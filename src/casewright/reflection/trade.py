"""Trade: words of business English, and names, as the checks of an answer set them apart from facts.

The shield's vocabulary and rules are made for what customers read. An answer to staff speaks of clients and
campaigns: these words are nobody's facts there, and what only looks like a promise is said plainly before the
shield reads. A form of advertising is a product like any other. All words are in `data/trade.yaml`.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Final

from casewright.language.data_files import load_packaged
from casewright.language.normalise import normalise
from casewright.reflection.mentions import places, words_of_text
from casewright.text.vocabulary import words_of

PARTS: Final = re.compile(r"[a-z]+(?:'[a-z]+)*|[\u0980-\u09ff\u200c\u200d]+|[0-9]+")
"""Single words of a normalised text, as the shield compares them."""
_LIST_MARK: Final = re.compile(r"(?m)^[ \t]*(?:(?P<number>[1-9])[.)]|[-•])[ \t]+")
_NAME_PART: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_JOINT: Final = r"[ ,.&+'-]{1,3}(?:and )?"
_LONGEST_NAME: Final = 6
_LONGEST_RECORD_NAME: Final = 80
_NO_NAME: Final = re.compile(r"[<>@\n\r{}\[\]|\\]|://|www\.|[.!?;:।]\s+\S+(?:\s+\S+){3}")
"""What makes a name one that is not said: markup, addresses, sentences."""


@dataclass(frozen=True, slots=True)
class Trade:
    """The packaged words of business English."""

    words: frozenset[str]
    media: frozenset[str]
    """Things that are sold as advertising, singular."""
    media_phrases: tuple[str, ...]
    plain_words: tuple[tuple[re.Pattern[str], str], ...]
    counts: re.Pattern[str]

    def read_plainly(self, text: str, *, is_for_staff: bool) -> str:
        """For staff the text without marks of lists, and without what only looks like a fact or a promise."""
        if not is_for_staff:
            return text
        plain = _LIST_MARK.sub("", text)
        for pattern, instead in self.plain_words:
            plain = pattern.sub(instead, plain)
        return self.counts.sub(r"some \1", plain)

    def names_media(self, words: Sequence[str], known: Set[str]) -> bool:
        """Whether a form of advertising is named that nothing supports."""
        if any(word in self.media and word not in known for word in words):
            return True
        return any(
            places(words, phrase) and not known >= set(words_of_text(phrase)) for phrase in self.media_phrases
        )


@cache
def load_trade() -> Trade:
    """The packaged words, compiled at first use."""
    content = load_packaged("casewright.reflection", "data/trade.yaml")
    counted = "|".join(content["counted"].split())
    number = "(?:two|three|four|five)"
    return Trade(
        words=frozenset(PARTS.findall(normalise(content["words"]).text)),
        media=frozenset(
            word for entry in normalise(content["media"]).text.split() for word in words_of_text(entry)
        ),
        media_phrases=tuple(content["media_phrases"]),
        plain_words=tuple(
            (re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in content["plain_words"]
        ),
        counts=re.compile(
            rf"\b{number}(?: (?:or|to) {number})? ((?:[a-z]+ )?(?:{counted})\b)", re.IGNORECASE
        ),
    )


def find_names(facts: Set[str]) -> re.Pattern[str] | None:
    """Names among the facts, whole or by their first words; none that could be read as a sentence.

    The rules of the shield read words, and a name made of words ("Pine Foods") is none of them.
    """
    forms: set[str] = set()
    for fact in facts:
        parts = _NAME_PART.findall(fact)
        if not parts or len(parts) > _LONGEST_NAME or any(mark.isdigit() for mark in fact):
            continue
        if not any(part[0].isupper() for part in parts) or not words_of("telling").isdisjoint(
            part.lower() for part in parts
        ):
            continue
        shortest = min(2, len(parts))
        forms.update(_JOINT.join(map(re.escape, parts[:size])) for size in range(shortest, len(parts) + 1))
    if not forms:
        return None
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])")


def find_record_names(names: Set[str], phrases: Set[str]) -> re.Pattern[str] | None:
    """Names of records in full, in whatever words and letters they are.

    None is markup, an address, a request for a secret, or exactly one of the phrases that are checked.
    """
    phrase_texts = {tuple(words_of_text(phrase)) for phrase in phrases}
    forms = [
        r"\s+".join(map(re.escape, name.split()))
        for name in sorted(names, key=len, reverse=True)
        if name.strip()
        and len(name) <= _LONGEST_RECORD_NAME
        and not _NO_NAME.search(name)
        and words_of("telling").isdisjoint(PARTS.findall(normalise(name).text))
        and tuple(words_of_text(name)) not in phrase_texts
    ]
    if not forms:
        return None
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(forms)})(?![^\W_])", re.IGNORECASE)
