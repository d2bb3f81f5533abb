"""Signals: small patterns over concepts, so that one rule reads English, Bangla and romanised Bangla alike.

A pattern is a line of concept names with operators between them:

    wrong ~4 recipient          within four words of each other, in either order
    someone >8 ask+ >5 secret   in this order, with at most so many words between
    fail & pay                  anywhere in the same sentence
    refund !receive             the second must be absent from the sentence
    receive-                    the concept, negated;  `ask+`: the concept, not negated
    bill|pay                    either

A pattern never looks past the end of a sentence. The module knows no signal by name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

_OPERATOR = re.compile(r"^(?:>(\d+)|~(\d+)|(&))$")
_DEFAULT_GAP = 2


class Link(Enum):
    """How an atom stands to the one before it."""

    AFTER = "after"
    NEAR = "near"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Atom:
    """One concept (or several alternatives) wanted in, or kept out of, a sentence."""

    mask: int
    """All alternatives, whatever their polarity."""
    either: int
    affirmed: int
    negated: int
    link: Link = Link.ANYWHERE
    reach: int = 0
    is_absent: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of tokens with the concepts and negations found in it, and the unions of each kind."""

    masks: Sequence[int]
    negated: Sequence[bool]
    union: int
    affirmed: int
    denied: int

    @classmethod
    def of(cls, masks: Sequence[int], negated: Sequence[bool]) -> "Sentence":
        affirmed = denied = 0
        for mask, is_negated in zip(masks, negated, strict=True):
            if is_negated:
                denied |= mask
            else:
                affirmed |= mask
        return cls(masks, negated, affirmed | denied, affirmed, denied)

    def has(self, atom: Atom) -> bool:
        """Whether the atom holds of some word."""
        return bool(atom.either & self.union or atom.affirmed & self.affirmed or atom.negated & self.denied)

    def holds(self, atom: Atom, at: int) -> bool:
        """Whether the atom holds of this word."""
        mask = self.masks[at]
        return bool(mask & atom.either or mask & (atom.negated if self.negated[at] else atom.affirmed))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled line; `source` is the line as it was written.

    `alone` atoms may hold anywhere in the sentence; a chain's atoms stand in reach of one another.
    """

    source: str
    alone: tuple[Atom, ...]
    chains: tuple[tuple[Atom, ...], ...]
    absent: tuple[Atom, ...]

    @property
    def wanted(self) -> tuple[Atom, ...]:
        """All atoms that must be there."""
        return (*self.alone, *(atom for chain in self.chains for atom in chain))

    def matches(self, sentence: Sentence) -> bool:
        """Whether every wanted atom is there as it is wanted, and none that must be absent."""
        union, affirmed, denied = sentence.union, sentence.affirmed, sentence.denied
        for atom in self.alone:
            if not (atom.either & union or atom.affirmed & affirmed or atom.negated & denied):
                return False
        for chain in self.chains:
            for atom in chain:
                if not atom.mask & union:
                    return False
        for atom in self.absent:
            if sentence.has(atom):
                return False
        return all(_chain_matches(chain, sentence) for chain in self.chains)


def _chain_matches(chain: tuple[Atom, ...], sentence: Sentence) -> bool:
    masks = sentence.masks
    first = chain[0]
    failed: set[tuple[int, int]] = set()
    for at in range(len(masks)):
        if masks[at] & first.mask and sentence.holds(first, at) and _follows(chain, 1, at, sentence, failed):
            return True
    return False


def _follows(
    chain: tuple[Atom, ...], number: int, previous: int, sentence: Sentence, failed: set[tuple[int, int]]
) -> bool:
    """Whether the rest of the chain stands around `previous`.

    `failed` remembers from where it does not, so that whoever sends a few words ten thousand times pays for
    their number, and not for every choice among them.
    """
    if number == len(chain):
        return True
    if (number, previous) in failed:
        return False
    atom = chain[number]
    masks = sentence.masks
    low = previous + 1 if atom.link is Link.AFTER else max(0, previous - 1 - atom.reach)
    for at in range(low, min(len(masks), previous + 2 + atom.reach)):
        if (
            masks[at] & atom.mask
            and sentence.holds(atom, at)
            and _follows(chain, number + 1, at, sentence, failed)
        ):
            return True
    failed.add((number, previous))
    return False


def parse_pattern(source: str, bits: Mapping[str, int]) -> Pattern:
    """Compiles one line. Raises KeyError for an unknown concept, ValueError for a line that wants nothing."""
    groups: list[list[Atom]] = []
    absent: list[Atom] = []
    link, reach = Link.ANYWHERE, 0
    for word in source.split():
        operator = _OPERATOR.match(word)
        if operator:
            after, near, _ = operator.groups()
            link = Link.AFTER if after else Link.NEAR if near else Link.ANYWHERE
            reach = int(after or near or 0)
            continue
        is_absent = word.startswith("!")
        name = word.removeprefix("!")
        sides = {"": 0, "+": 0, "-": 0}
        for alternative in name.split("|"):
            sign = alternative[-1] if alternative[-1] in "+-" else ""
            sides[sign] |= bits[alternative.rstrip("+-")]
        either, affirmed, negated = sides[""], sides["+"], sides["-"]
        atom = Atom(either | affirmed | negated, either, affirmed, negated, link, reach, is_absent)
        if is_absent:
            absent.append(atom)
        elif link is Link.ANYWHERE or not groups:
            groups.append([atom])
        else:
            groups[-1].append(atom)
        link, reach = Link.AFTER, _DEFAULT_GAP
    if not groups:
        raise ValueError(f"pattern {source!r} wants nothing: name at least one concept that must be there")
    alone = tuple(group[0] for group in groups if len(group) == 1)
    return Pattern(source, alone, tuple(tuple(group) for group in groups if len(group) > 1), tuple(absent))


class PatternSet:
    """Named signals, each with one pattern or more; any of them is enough."""

    def __init__(self, signals: Mapping[str, Iterable[str]], bits: Mapping[str, int]) -> None:
        self.names = tuple(signals)
        self._patterns: list[tuple[str, Pattern]] = []
        self._by_rarest: dict[int, int] = {}
        self._by_commonest: dict[int, int] = {}
        for name, lines in signals.items():
            for line in lines:
                try:
                    pattern = parse_pattern(line, bits)
                except KeyError as unknown:
                    raise ValueError(
                        f"signal {name}: {line!r} names the concept {unknown}, which no lexicon file has"
                    ) from None
                gates = sorted((atom.mask for atom in pattern.wanted), key=lambda mask: mask.bit_count())
                place = 1 << len(self._patterns)
                _index(self._by_rarest, gates[0], place)
                _index(self._by_commonest, gates[-1], place)
                self._patterns.append((name, pattern))

    def found_in(self, sentence: Sentence, into: dict[str, str]) -> None:
        """Adds to `into` each signal of the sentence with the pattern that showed it."""
        rarest, commonest = self._by_rarest, self._by_commonest
        union, first, second = sentence.union, 0, 0
        while union:
            bit = union & -union
            union ^= bit
            first |= rarest.get(bit, 0)
            second |= commonest.get(bit, 0)
        possible = first & second
        patterns = self._patterns
        while possible:
            place = possible & -possible
            possible ^= place
            name, pattern = patterns[place.bit_length() - 1]
            if name not in into and pattern.matches(sentence):
                into[name] = pattern.source


def _index(table: dict[int, int], mask: int, place: int) -> None:
    """Notes a pattern's place under each concept of one of its atoms."""
    while mask:
        bit = mask & -mask
        mask ^= bit
        table[bit] = table.get(bit, 0) | place
