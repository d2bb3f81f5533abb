"""Abuse and leakage: words that insult, and words that show the inside of the machine.

Whole words and phrases from lists per language; nothing here guesses a tone.
"""

from functools import cache

from casewright.text.clauses import Reading
from casewright.text.phrasebook import Phrasebook, load_document, word_set


class ForbiddenWords:
    """Compiled lists of `data/shield_abuse.yaml` and `data/shield_markup.yaml`."""

    def __init__(self) -> None:
        self._words = word_set(load_document("shield_abuse.yaml"), "words")
        self._phrases = Phrasebook("shield_abuse.yaml").any_of("phrases")
        self._leakage = Phrasebook("shield_markup.yaml").any_of("leakage")

    def is_abusive(self, reading: Reading) -> bool:
        """Whether the text insults or threatens."""
        return any(
            not self._words.isdisjoint(sentence.text.split()) or self._phrases.search(sentence.text)
            for sentence in reading.sentences
        )

    def is_leaking(self, reading: Reading) -> bool:
        """Whether the text shows instructions or internals."""
        return any(self._leakage.search(sentence.text) for sentence in reading.sentences)


@cache
def forbidden_words() -> ForbiddenWords:
    """The packaged rule, compiled at first use."""
    return ForbiddenWords()
