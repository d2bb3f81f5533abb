"""Passage: a tokenised text with each token looked up once in the vocabulary, for the readers of this layer.

It answers small questions about neighbours (what roles, glued or not); it reads no numbers and no times.
"""

from casewright.language.tokens import Tokens
from casewright.language.vocabulary import Vocabulary, Word, load_vocabulary

_SENTENCE_ENDS = frozenset(".!?;।॥")


class Passage:
    """The tokens of one text and what each may mean. An index outside the text has no word and no role."""

    __slots__ = ("count", "ends", "entries", "starts", "text", "vocabulary", "words")

    def __init__(self, tokens: Tokens, entries: list[Word | None], vocabulary: Vocabulary) -> None:
        self.text = tokens.text
        self.words = tokens.words
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.entries = entries
        self.count = len(entries)
        self.vocabulary = vocabulary

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < self.count else ""

    def roles(self, index: int) -> int:
        if 0 <= index < self.count:
            entry = self.entries[index]
            if entry is not None:
                return entry.roles
        return 0

    def entry(self, index: int) -> Word | None:
        return self.entries[index] if 0 <= index < self.count else None

    def is_digits(self, index: int) -> bool:
        """Whether a token is a number written in digits."""
        return 0 <= index < self.count and "0" <= self.words[index] < ":"

    def is_plain_digits(self, index: int) -> bool:
        """The same, without points and commas."""
        return self.is_digits(index) and self.words[index].isdigit()

    def is_glued(self, index: int) -> bool:
        """Whether nothing stands between a token and the one before it."""
        return 0 < index < self.count and self.starts[index] == self.ends[index - 1]

    def is_letters(self, index: int) -> bool:
        return 0 <= index < self.count and self.words[index][0].isalpha()

    def ends_sentence(self, index: int) -> bool:
        """Whether a token is a sentence's end (a point inside "a.m." or "tk." is not told apart)."""
        return 0 <= index < self.count and self.words[index] in _SENTENCE_ENDS


def build_passage(tokens: Tokens) -> Passage:
    """The tokens with what the vocabulary knows of each."""
    vocabulary = load_vocabulary()
    return Passage(tokens, list(map(vocabulary.words.get, tokens.words)), vocabulary)
