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

from casewright.desks.sales.name_keys import NearNames, near_words, sound_of, strict_key
from casewright.language.data_files import load_packaged
from casewright.language.normalise import normalise

_PART = re.compile(r"[a-z0-9\u0980-\u09ff]+")
FULL = 100
"""What a telling word weighs."""
_TRADE, _LEGAL = 35, 10
_SHORTEST_MENDED = 4
_LONG_WORD = 8
_SHORTEST_PREFIX = 4
_LONGEST_JOIN = 3
_SHORTEST_SOUND = 4
_BANGLA_ENDINGS = ("ের", "এর", "কে", "তে", "য়", "র", "ে")


class Distance(IntEnum):
    """How a written word relates to a name's; what is further is worth less."""

    EXACT = 0
    JOIN = 1
    """Set apart or joined otherwise."""
    FORM = 2
    """A possessive or plural s, or another form of the same word."""
    TYPO = 3
    PREFIX = 4
    SOUND = 5
    """The same sound in other letters, or an initial."""


class Openness(IntEnum):
    """How much a word of a text may be part of a name."""

    CLOSED = 0
    """It says something else; it counts beside other words of the name."""
    TERM = 1
    """A word of the desk, written as a name is: it counts in one that is written in full."""
    CUED = 2
    """It may be a name: it counts in one that is written in full, or nearly."""
    WORD = 3
    """An ordinary word where a name is expected: it counts as it stands, as the first of a name."""
    NAME = 4
    """It counts in part and misspelt too."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as names are looked for in it; all are of one length.

    `gaps` stand before each word. Words are in matching form, without a possessive s; `raws` have it.
    """

    words: tuple[str, ...]
    open_at: tuple[Openness, ...]
    raws: tuple[str, ...]
    gaps: tuple[str, ...]
    capitals: tuple[bool, ...]
    """Written as a name is."""
    known: tuple[bool, ...]
    """The word says something in any question."""

    def key(self, first: int, last: int) -> str:
        """The words as `strict_key` gives a name."""
        parts = [self.raws[first].replace("'", "")]
        for place in range(first + 1, last):
            parts += ["&"] if "&" in self.gaps[place] or "+" in self.gaps[place] else []
            parts.append(self.raws[place].replace("'", ""))
        return " ".join(parts)

    def keys(self, first: int, last: int) -> Iterator[str]:
        """The words as they are, and without the ending of a case."""
        key, final = self.key(first, last), self.raws[last - 1]
        yield key
        if final.endswith("'s"):
            yield key[:-1]
        if not final.isascii():
            yield from (key.removesuffix(ending) for ending in _BANGLA_ENDINGS if key.endswith(ending))


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
    exact: dict[str, list[int]]
    """Names in full."""
    openings: frozenset[str]
    """What is the beginning of a name in full, and not all of it."""
    units: dict[str, list[tuple[int, int, int]]]
    common: dict[str, dict[int, int]]
    """Words that tell little: whose they are, and which part; they count beside telling ones alone."""
    by_length: dict[int, list[str]]
    """The units that may be misspelt."""
    singles: list[str]
    """The single words, sorted."""
    sounds: dict[str, list[str]]
    """The single words by their sound."""
    ids: dict[str, int]
    near: NearNames
    longest: int
    """The most words of a name."""

    def opens(self, client: int, parts: set[int]) -> bool:
        """Whether the first telling word of the name is among these."""
        weights = self.weights[client]
        return min((part for part, weight in enumerate(weights) if weight == FULL), default=0) in parts

    def is_whole(self, client: int, parts: set[int]) -> bool:
        """Whether these parts are the whole name; legal forms may be missing where there is anything else."""
        weights = self.weights[client]
        needed = {part for part, weight in enumerate(weights) if weight > _LEGAL}
        return parts >= (needed or set(range(len(weights))))


@cache
def name_words(kind: str) -> frozenset[str]:
    """A packaged list: `legal`, `trade`, `places`, `connectors`, `yes` or `compare`."""
    return frozenset(str(load_packaged("casewright.desks.sales", "name_words.yaml")[kind]).split())


@cache
def _same_words() -> dict[str, tuple[str, ...]]:
    """Other forms of a word of a name: `limited` is `ltd`."""
    groups = [line.split() for line in load_packaged("casewright.desks.sales", "name_words.yaml")["same"]]
    return {word: tuple(one for one in group if one != word) for group in groups for word in group}


def split_name(name: str) -> tuple[str, ...]:
    """The words of a name in their matching form; an inner apostrophe joins."""
    return tuple(_PART.findall(normalise(name).text.replace("'", "")))


def build_index(names: Sequence[tuple[str, str]]) -> NameIndex:
    """An index over a tenant's names."""
    parts = tuple(split_name(name) for _, name in names)
    weights = tuple(map(_weights, parts))
    units: dict[str, list[tuple[int, int, int]]] = {}
    common: dict[str, dict[int, int]] = {}
    exact: dict[str, list[int]] = {}
    openings: set[str] = set()
    for client, words in enumerate(parts):
        keys = strict_key(names[client][1]).split()
        if keys:
            exact.setdefault(" ".join(keys), []).append(client)
        openings.update(" ".join(keys[:size]) for size in range(1, len(keys)))
        for first in range(len(words)):
            for last in range(first + 1, min(first + _LONGEST_JOIN, len(words)) + 1):
                if last > first + 1 or weights[client][first] == FULL:
                    units.setdefault("".join(words[first:last]), []).append((client, first, last))
                else:
                    common.setdefault(words[first], {})[client] = first
    by_length: dict[int, list[str]] = {}
    for unit in units.keys() | common.keys():
        if len(unit) >= _SHORTEST_MENDED:
            by_length.setdefault(len(unit), []).append(unit)
    singles = sorted({word for words in parts for word in words})
    sounds: dict[str, list[str]] = {}
    for word in singles:
        if len(sound_of(word)) >= _SHORTEST_SOUND or not word.isascii():
            sounds.setdefault(sound_of(word), []).append(word)
    return NameIndex(
        names=tuple(names),
        parts=parts,
        weights=weights,
        exact=exact,
        openings=frozenset(openings),
        units=units,
        common=common,
        by_length=by_length,
        singles=singles,
        sounds=sounds,
        ids={
            "".join(_PART.findall(normalise(client_id).text)): place
            for place, (client_id, _) in enumerate(names)
        },
        near=_near_names(parts),
        longest=max(map(len, parts), default=0),
    )


def _near_names(parts: Sequence[tuple[str, ...]]) -> NearNames:
    little = name_words("legal") | name_words("connectors")
    cores = [tuple(word for word in words if word not in little) or words for words in parts]
    return NearNames(
        forms=tuple(
            tuple(dict.fromkeys(("".join(words), "".join(core))))
            for words, core in zip(parts, cores, strict=True)
        ),
        orders=tuple(" ".join(sorted(map(_stem, core))) for core in cores),
        sounds=tuple("".join(map(sound_of, core)) for core in cores),
    )


def _stem(word: str) -> str:
    """A word of a name without its plural, in the first of its forms."""
    word = min((word, *_same_words().get(word, ())))
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _weights(words: Sequence[str]) -> tuple[int, ...]:
    """What each word tells; of a name made of words of the trade the first one tells most."""
    weights = [_weigh(word) for word in words]
    if weights and max(weights) == _TRADE:
        weights[weights.index(_TRADE)] = FULL
    return tuple(weights)


def _weigh(word: str) -> int:
    if word in name_words("legal"):
        return _LEGAL
    return _TRADE if word in name_words("trade") or len(word) == 1 or word.isdigit() else FULL


def find_hits(
    index: NameIndex,
    words: Sequence[str],
    open_at: Sequence[Openness],
    *,
    is_loose: bool = False,
    slack: int = 0,
) -> Iterator[Hit]:
    """Every hit. A word that is known in one name is also looked for as a misspelling of another.

    Empty words are left out. `is_loose`: initials count too, and so many more changes of letters, for
    finding everybody who could be meant.
    """
    found: set[int] = set()
    little: list[tuple[str, int, Distance]] = []
    for first in range(len(words)):
        for last in range(first + 1, min(first + _LONGEST_JOIN, len(words)) + 1):
            if not words[last - 1]:
                break
            joined = "".join(words[first:last]).replace("'", "")
            openness = min(open_at[first:last])
            is_single = last == first + 1
            for unit, distance in _units_of(index, joined, openness, slack, is_single=is_single):
                for hit in _place(index, unit, first, last, distance):
                    found.add(hit.client)
                    yield hit
                if is_single and unit in index.common:
                    little.append((unit, first, distance))
            if is_single and is_loose:
                little += ((unit, first, Distance.SOUND) for unit in _initials(index, joined))
    for unit, first, distance in little:
        owners = index.common.get(unit, {})
        for client in found & owners.keys():
            yield Hit(client, first, first + 1, owners[client], owners[client] + 1, distance)
    if is_loose:
        yield from _spelt_out(index, words, found)


def _initials(index: NameIndex, word: str) -> Iterator[str]:
    """The initial that a word may stand for in a name."""
    if word and word[0] in index.common:
        yield word[0]


def _spelt_out(index: NameIndex, words: Sequence[str], clients: set[int]) -> Iterator[Hit]:
    """The words of names that a written initial may stand for."""
    for place, word in enumerate(words):
        if len(word) == 1:
            for client in clients:
                for part, own in enumerate(index.parts[client]):
                    if own.startswith(word):
                        yield Hit(client, place, place + 1, part, part + 1, Distance.SOUND)


def _units_of(
    index: NameIndex, unit: str, openness: Openness, slack: int, *, is_single: bool
) -> Iterator[tuple[str, Distance]]:
    """The known units that a written one may be."""
    yield unit, Distance.EXACT
    if is_single:
        yield from ((other, Distance.FORM) for other in _same_words().get(unit, ()))
        if not unit.isascii():
            stems = (unit.removesuffix(ending) for ending in _BANGLA_ENDINGS if unit.endswith(ending))
            yield from ((stem, Distance.FORM) for stem in stems)
    is_known = unit in index.units or unit in index.common
    least = Openness.WORD if is_known else Openness.NAME
    if openness < least or unit.isdigit():
        return
    if len(unit) < _SHORTEST_MENDED:
        return
    if unit.endswith("s"):
        yield unit[:-1], Distance.FORM
    if unit.endswith(("y", "ies")):
        yield unit[:-1] + "ies" if unit.endswith("y") else unit[:-3] + "y", Distance.FORM
    yield from ((near, Distance.TYPO) for near in _nearest(index, unit, slack))
    if is_single:
        yield from ((known, Distance.PREFIX) for known in _completions(index, unit))
        yield from ((known, Distance.SOUND) for known in index.sounds.get(sound_of(unit), ()))


def _place(index: NameIndex, unit: str, first: int, last: int, distance: Distance) -> Iterator[Hit]:
    written = last - first
    for client, part, part_end in index.units.get(unit, ()):
        own = part_end - part
        if own == written == 1:
            yield Hit(client, first, last, part, part_end, distance)
        elif own != written:
            yield Hit(client, first, last, part, part_end, max(distance, Distance.JOIN))
        elif distance is not Distance.EXACT:
            yield Hit(client, first, last, part, part_end, distance)


def _nearest(index: NameIndex, unit: str, slack: int) -> Iterator[str]:
    """Known units within one change of letters, two in long words, and so many more."""
    limit = (2 if len(unit) >= _LONG_WORD else 1) + slack
    for length in range(len(unit) - limit, len(unit) + limit + 1):
        for near, _ in near_words(unit, index.by_length.get(length, []), limit):
            if near != unit:
                yield near


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
