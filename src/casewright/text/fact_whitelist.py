"""Facts by whitelist: a number, id, date, name or product stands in a reply only if the writer was handed it.

Numbers and ids are looked up while they are masked (`fact_masking`). This module reads what is left: words
outside the ordinary vocabulary, capitalised words inside a sentence, names of months and weekdays, amounts
and deadlines in words, goods and brands.

Known limit: a name that is an ordinary word ("Rose") passes at the start of a sentence when nothing else
shows that it is a name.
"""

import re
from collections.abc import Collection
from functools import cache

from casewright.language.normalise import normalise
from casewright.text.clauses import Reading
from casewright.text.phrasebook import Phrasebook
from casewright.text.vocabulary import Vocabulary, vocabulary, words_of

_SIGNS = frozenset({"recordid", "foreignphone", "officialchannel"})
_MARKS = frozenset("0123456789,/&:+%@")
_CAPITALISED = re.compile(r"(?<![A-Za-z'’])[A-Z][A-Za-z]*")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?।:\n;•])[\s\"'“‘’”)(\-–—,]*$")
_LOWER_ID = re.compile(
    r"(?<![A-Za-z])(?:merchant|biller|agent|txn|trx|tkt)[-_](?!side|related|facing|specific|led|level|initiated|assisted)[a-z]+",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[a-z]+(?:'[a-z]+)*|[\u0980-\u09ff\u200c\u200d]+|[0-9]+")


class FactWhitelist:
    """Compiled lists of `data/shield_words.yaml`."""

    def __init__(self, known: Vocabulary) -> None:
        book = Phrasebook("shield_words.yaml")
        self._vocabulary = known
        self._capitals = words_of("capitals")
        self._dates = words_of("dates")
        self._quantities = words_of("quantities")
        self._goods = words_of("goods") | words_of("brands") | words_of("places")
        self._in_words = book.any_of("amounts_in_words")
        self._titles = book.any_of("titles")

    def fact_words(self, facts: Collection[str]) -> frozenset[str]:
        """The single words of the facts, normalised."""
        return frozenset(word for fact in facts for word in _PARTS.findall(normalise(fact).text))

    def has_unknown_words(self, skeleton: str, reading: Reading, handed: frozenset[str]) -> bool:
        """Whether a word of the text is neither ordinary nor handed to the writer."""
        is_romanised = self._vocabulary.is_romanised(
            {word for part in reading.sentences for word in part.text.split()}
        )
        for sentence in reading.sentences:
            for word in sentence.text.split():
                if word in handed or word in _SIGNS or word[0] in _MARKS:
                    continue
                if word in self._dates or word in self._quantities or word in self._goods:
                    return True
                if not self._vocabulary.is_ordinary(word) and not (
                    is_romanised and self._vocabulary.sounds_ordinary(word)
                ):
                    return True
            if self._in_words.search(self._without(sentence.text, handed)) or self._titles.search(
                sentence.text
            ):
                return True
        return _LOWER_ID.search(skeleton) is not None or self._has_unknown_capital(skeleton, handed)

    def is_plain(self, skeleton: str, reading: Reading) -> bool:
        """Whether the text would pass with no facts at all, so that it holds nobody's data."""
        return not self.has_unknown_words(skeleton, reading, frozenset())

    def _without(self, text: str, handed: frozenset[str]) -> str:
        return (
            " "
            + " ".join(word for word in text.split() if word not in handed or word in self._capitals)
            + " "
        )

    def _has_unknown_capital(self, skeleton: str, handed: frozenset[str]) -> bool:
        for match in _CAPITALISED.finditer(skeleton):
            word = match.group().lower()
            if word in handed or word in self._capitals:
                continue
            if not _OPENS_SENTENCE.search(skeleton, max(0, match.start() - 12), match.start()):
                return True
        return False


@cache
def fact_whitelist() -> FactWhitelist:
    """The packaged rule, compiled at first use."""
    return FactWhitelist(vocabulary())
