"""Words of a normalised text, with their places.

A token is a run of Latin letters (inner apostrophes kept), a run of Bangla letters and signs, a number
("1,50,000", "2.5"), or one other character. Spaces separate; a line break is a token of its own.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[\u0980-\u09e5\u09f0-\u09f1\u09fc-\u09fe]+(?:'[\u0980-\u09e5]+)*|\d+(?:[.,]\d+)*|\n|[^\s]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """`words[i]` is `text[starts[i]:ends[i]]`."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def tokenise(text: str) -> Tokens:
    """Tokens of a normalised text, in linear time."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        words.append(match.group())
        start, end = match.span()
        starts.append(start)
        ends.append(end)
    return Tokens(text, tuple(words), tuple(starts), tuple(ends))
