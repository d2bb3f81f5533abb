"""Stretches of a message that nobody reads as they stand: turned around, shifted, encoded, or garbled.

What stands in them is not read as a claim, as little as a script that is not known: a fragment of a garbled
word ("p4ym3n7"), or an amount between words that are none, would otherwise count as the customer's. It undoes
no disguise; whether an instruction is hidden there is for annotation to see.
"""

import re
from codecs import encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate

from casewright.language.lexicon import Lexicon
from casewright.language.normalise import Normalised
from casewright.language.tokens import Tokens

_TURNED = "\u202e"
_TURNED_RUN = re.compile("\u202e[^\u202c\u2069]*")
"""Text that a right-to-left override shows backwards, up to what ends it."""
_CHUNK = re.compile(r"\S+")
_GARBLED = re.compile(r"[a-z][0-9$@]+[a-z]|(?<![0-9a-z.,])[0-9]{1,2}[a-z]+[0-9]")
"""Digits for letters inside a word; "5k", "tk500" and "TXN-12" have theirs at an end."""
_TOUCHING = re.compile(r"[0-9$@][a-z]")
"""What every garbled word has, and few texts; much cheaper to look for."""
_MIXED = re.compile(r"[a-z][0-9]|[0-9][a-z]")
_AMOUNT = re.compile(r"[0-9][0-9.,]*(?:k|tk|tks|ta|taka|takar|bdt|lac|lakh|hajar|m|am|pm)[.,!?]*")
_NUMBER = re.compile(r"[0-9]{1,4}")
_LAST_NUMBER = re.compile(r"[0-9]{1,4}[.!?]")
"""What a short word becomes ("it" is "17") that opens a line, or ends a sentence, beside such words."""
_LEAST_MIXED = 3
_LEAST_GARBLED = 2
_LEAST_DISGUISED = 2
"""So many such words in a row make a stretch, with no more than `_BETWEEN` others between two of them."""
_BETWEEN = 3
_SHORTEST = 4
_SURE = 5
"""Letters of a word that is surely disguised; shorter ones may be somebody's spelling, and go with it."""
_WIDEST = 40
"""Words on each side that are looked at for one that is known."""
_ENCODED = re.compile(r"(?<!\S)[a-z0-9+/=]{24,}(?!\S)")
"""A word so long that only a machine can have written it."""
_ENDS = frozenset(".!?।}")


def hidden_words(normalised: Normalised, tokens: Tokens, lexicon: Lexicon) -> list[bool] | None:
    """For each word whether it stands in such a stretch; None where there is none, or nothing else."""
    runs: list[tuple[int, int]] = []
    if _TURNED in normalised.original:
        runs += _turned_runs(normalised)
    elif not _disguised(lexicon).isdisjoint(tokens.words):
        runs += _disguised_runs(tokens, lexicon)
    if _TOUCHING.search(tokens.text) and _GARBLED.search(tokens.text):
        runs += _garbled_runs(tokens.text)
    runs += [match.span() for match in _ENCODED.finditer(tokens.text)]
    if not runs:
        return None
    edges = [0] * (len(tokens.text) + 1)
    for first, last in runs:
        edges[first] += 1
        edges[last] -= 1
    depth = list(accumulate(edges))
    is_anything_else = any(not depth[start] and tokens.text[start].isalnum() for start in tokens.starts)
    return [depth[start] > 0 for start in tokens.starts] if is_anything_else else None


def _turned_runs(normalised: Normalised) -> Iterator[tuple[int, int]]:
    """Where the text is shown backwards, as places in the matching form."""
    places: dict[int, int] = {}
    for place, origin in enumerate(normalised.offsets):
        places.setdefault(origin, place)
    for match in _TURNED_RUN.finditer(normalised.original):
        inside = [places[origin] for origin in range(*match.span()) if origin in places]
        if inside:
            yield inside[0], inside[-1] + 1


def _garbled_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where garbled words stand in a row, with the mixed ones around them."""
    start = 0
    for line in text.split("\n"):
        chunks = list(_CHUNK.finditer(line))
        members = [number for number, chunk in enumerate(chunks) if _is_mixed(chunk.group())]
        for row in _rows(members, _BETWEEN):
            sure = sum(1 for number in row if _GARBLED.search(chunks[number].group()))
            if len(row) >= _LEAST_MIXED and sure >= _LEAST_GARBLED:
                low, high = row[0], row[-1]
                low -= low == 1 and _NUMBER.fullmatch(chunks[0].group()) is not None
                high += (
                    high + 1 < len(chunks) and _LAST_NUMBER.fullmatch(chunks[high + 1].group()) is not None
                )
                yield start + chunks[low].start(), start + chunks[high].end()
        start += len(line) + 1


def _is_mixed(chunk: str) -> bool:
    return _MIXED.search(chunk) is not None and not _AMOUNT.fullmatch(chunk)


def _disguised_runs(tokens: Tokens, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where words stand backwards or shifted in a row, from the first to the last."""
    disguised = _disguised(lexicon)
    members = [at for at, word in enumerate(tokens.words) if word in disguised]
    for row in _rows(members, _BETWEEN):
        if len(row) >= _LEAST_DISGUISED and any(len(tokens.words[at]) >= _SURE for at in row):
            first, last = _widened(tokens, row[0], row[-1], lexicon)
            yield tokens.starts[first], tokens.ends[last]


def _widened(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> tuple[int, int]:
    """The whole sentence, where no word of it is known as it stands; else the words given."""
    low, high = first, last
    while low and not _is_apart(tokens, low):
        low -= 1
        if first - low > _WIDEST:
            return first, last
    while high + 1 < len(tokens) and not _is_apart(tokens, high + 1):
        high += 1
        if high - last > _WIDEST:
            return first, last
    known = lexicon.spellings
    for word in (*tokens.words[low:first], *tokens.words[last + 1 : high + 1]):
        if word[0].isalpha() and (word in known or lexicon.meaning(word)[0]):
            return first, last
    return low, high


def _is_apart(tokens: Tokens, at: int) -> bool:
    """Whether a sentence or a line ends before a word."""
    return tokens.words[at - 1] in _ENDS or "\n" in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]


def _rows(places: Sequence[int], between: int) -> Iterator[list[int]]:
    """The places in rows, with no more than so many others between two of a row."""
    row: list[int] = []
    for place in places:
        if row and place - row[-1] > between + 1:
            yield row
            row = []
        row.append(place)
    if row:
        yield row


@cache
def _disguised(lexicon: Lexicon) -> frozenset[str]:
    """Known words backwards, and each letter shifted by thirteen, where that is no word itself."""
    known = lexicon.spellings
    return frozenset(_disguises(known)) - known


def _disguises(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if len(word) >= _SHORTEST:
            yield word[::-1]
            if word.isascii():
                yield encode(word, "rot13")
