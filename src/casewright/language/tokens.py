"""Tokens: words, numbers and signs of a normalised text, with their places.

Every character that is not white space belongs to exactly one token, and `text[start:end] == word` for each.
It does not read meaning: a number is a run of digits, whatever it counts.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

_TOKEN = re.compile(
    r"([a-z]+(?:'[a-z]+)*"  # Latin words, with an inner apostrophe
    r"|[0-9]+(?:[.,][0-9]+)*"  # numbers, with inner points and commas
    r"|[\u0980-\u09e3\u09f0\u09f1\u09fc\u09fe]+"  # Bangla letters and signs (the digits are ASCII by now)
    r"|\S)"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text`: three tuples of one length. `starts` and `ends` index `text`."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str) -> Tokens:
    """Tokens of a text that `normalise` has made. Time is linear in the length of the text."""
    parts = _TOKEN.split(text)
    bounds = tuple(accumulate(map(len, parts)))
    # split() alternates gaps (even places) and tokens (odd places): a gap ends where its token starts.
    words = tuple(parts[1::2])
    count = len(words)
    return Tokens(text, words, bounds[0::2][:count], bounds[1::2])
