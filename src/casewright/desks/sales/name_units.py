"""Units of names: the words, joined words and ids by which clients are found, and their misspellings.

An index is built once for a tenant's names. A hit says which words of the text stand for which words of one
client's name, and how far they are from it. It weighs evidence; who is meant is decided in `names`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from casewright.domain.errors import ConfigurationError
from casewright.language.data_files import load_packaged
from casewright.language.normalise import normalise

_PART = re.compile(r"[a-z0-9\u0980-\u09ff]+")
_FULL, _TRADE, _LEGAL = 100, 35, 10
_SHORTEST_MENDED = 4
_LONG_WORD = 8
_SHORTEST_PREFIX = 4
_LONGEST_JOIN = 3


class Distance(IntEnum):
    """How a written word relates to a name's; what is further is worth less."""

    EXACT = 0
    FORM = 1
    """A possessive or plural s."""
    TYPO = 2
    PREFIX = 3


class Openness(IntEnum):
    """How much a word of a text may be part of a name."""

    CLOSED = 0
    """It says something else; it counts beside other words of the name."""
    CUED = 1
    """It may be a name: it counts in one that is written in full, or nearly."""
    WORD = 2
    """An ordinary word where a name is expected: it counts as it stands, as the first of a name."""
    NAME = 3
    """It counts in part and misspelt too."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words [first, last) of a text stand for parts [part, part_end) of a client's name."""

    client: int
    first: int
    last: int
    part: int
    part_end: int
    distance: Distance


@dataclass(frozen=True, slots=True)
class NameIndex:
    """`names` as they came; `parts` their words; `units` every spelling and whose it is; `ids` alone."""

    names: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, ...], ...]
    weights: tuple[tuple[int, ...], ...]
    units: dict[str, list[tuple[int, int, int]]]
    by_length: dict[int, list[str]]
    """The units that may be misspelt."""
    singles: list[str]
    """The single words, sorted."""
    ids: dict[str, int]

    def opens(self, client: int, parts: set[int]) -> bool:
        """Whether the first telling word of the name is among these."""
        weights = self.weights[client]
        return min((part for part, weight in enumerate(weights) if weight == _FULL), default=0) in parts

    def is_whole(self, client: int, parts: set[int]) -> bool:
        """Whether these parts are the whole name; legal forms may be missing where there is anything else."""
        weights = self.weights[client]
        needed = {part for part, weight in enumerate(weights) if weight > _LEGAL}
        return parts >= (needed or set(range(len(weights))))


@cache
def name_words(kind: str) -> frozenset[str]:
    """A packaged list: `legal`, `trade` or `connectors`."""
    return frozenset(str(load_packaged("casewright.desks.sales", "name_words.yaml")[kind]).split())


def split_name(name: str) -> tuple[str, ...]:
    """The words of a name in their matching form; an inner apostrophe joins."""
    return tuple(_PART.findall(normalise(name).text.replace("'", "")))


def build_index(names: Sequence[tuple[str, str]]) -> NameIndex:
    """An index over a tenant's names."""
    parts = tuple(split_name(name) for _, name in names)
    units: dict[str, list[tuple[int, int, int]]] = {}
    for client, words in enumerate(parts):
        for first in range(len(words)):
            for last in range(first + 1, min(first + _LONGEST_JOIN, len(words)) + 1):
                units.setdefault("".join(words[first:last]), []).append((client, first, last))
    by_length: dict[int, list[str]] = {}
    for unit in units:
        if len(unit) >= _SHORTEST_MENDED:
            by_length.setdefault(len(unit), []).append(unit)
    return NameIndex(
        names=tuple(names),
        parts=parts,
        weights=tuple(map(_weights, parts)),
        units=units,
        by_length=by_length,
        singles=sorted({word for words in parts for word in words}),
        ids={
            "".join(_PART.findall(normalise(client_id).text)): place
            for place, (client_id, _) in enumerate(names)
        },
    )


def _weights(words: Sequence[str]) -> tuple[int, ...]:
    """What each word tells; of a name made of words of the trade the first one tells most."""
    weights = [_weigh(word) for word in words]
    if weights and max(weights) == _TRADE:
        weights[weights.index(_TRADE)] = _FULL
    return tuple(weights)


def _weigh(word: str) -> int:
    if word in name_words("legal"):
        return _LEGAL
    return _TRADE if word in name_words("trade") or len(word) == 1 else _FULL


def find_hits(index: NameIndex, words: Sequence[str], open_at: Sequence[Openness]) -> Iterator[Hit]:
    """Every hit. A word that is known in one name is also looked for as a misspelling of another."""
    for first in range(len(words)):
        for last in range(first + 1, min(first + _LONGEST_JOIN, len(words)) + 1):
            joined = "".join(words[first:last]).replace("'", "")
            yield from _hits_of(index, joined, first, last, min(open_at[first:last]))
            if words[last - 1].endswith("'s"):
                yield from _exact(index, joined[:-1], first, last, Distance.EXACT)


def _hits_of(index: NameIndex, unit: str, first: int, last: int, openness: Openness) -> Iterator[Hit]:
    yield from _exact(index, unit, first, last, Distance.EXACT)
    least = Openness.WORD if unit in index.units else Openness.NAME
    if openness < least or len(unit) < _SHORTEST_MENDED or unit.isdigit():
        return
    if unit.endswith("s"):
        yield from _exact(index, unit[:-1], first, last, Distance.FORM)
    for near in _nearest(index, unit):
        yield from _exact(index, near, first, last, Distance.TYPO)
    if last == first + 1:
        for known in _completions(index, unit):
            yield from _exact(index, known, first, last, Distance.PREFIX)


def _exact(index: NameIndex, unit: str, first: int, last: int, distance: Distance) -> Iterator[Hit]:
    for client, part, part_end in index.units.get(unit, ()):
        yield Hit(client, first, last, part, part_end, distance)


def _nearest(index: NameIndex, unit: str) -> list[str]:
    """Known units within one change of letters, two in long words."""
    try:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA
    except ImportError as error:
        raise ConfigurationError(
            "names are matched with rapidfuzz: pip install 'casewright[knowledge]'"
        ) from error
    limit = 2 if len(unit) >= _LONG_WORD else 1
    found: list[str] = []
    for length in range(len(unit) - limit, len(unit) + limit + 1):
        known = index.by_length.get(length, [])
        near = process.extract(unit, known, scorer=OSA.distance, score_cutoff=limit, limit=None)
        found += [name for name, distance, _ in near if distance]
    return found


def _completions(index: NameIndex, unit: str) -> Iterator[str]:
    """Known single words that begin so; a word of the trade is not completed."""
    if len(unit) < _SHORTEST_PREFIX or unit in name_words("trade"):
        return
    for place in range(bisect_right(index.singles, unit), len(index.singles)):
        known = index.singles[place]
        if not known.startswith(unit):
            return
        if len(known) > len(unit) + 1:
            yield known
