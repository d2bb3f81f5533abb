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
from functools import reduce
from operator import or_

_OPERATOR = re.compile(r"^(?:>(\d+)|~(\d+)|(&))$")
_DEFAULT_GAP = 2
_DENIED = 256
"""Where the concepts of negated words begin in a union; more concepts than that there are not."""


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

    @property
    def sides(self) -> int:
        """What a sentence's union must share with it, if the atom holds of some word."""
        return self.either | self.affirmed | (self.either | self.negated) << _DENIED


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of tokens with the concepts and negations found in it, and the union of all concepts."""

    masks: Sequence[int]
    negated: Sequence[bool]
    union: int
    """Those of words that are not negated, and above them (from `_DENIED` on) those of words that are."""

    @classmethod
    def of(cls, masks: Sequence[int], negated: Sequence[bool]) -> "Sentence":
        if True not in negated:
            return cls(masks, negated, reduce(or_, masks, 0))
        affirmed = denied = 0
        for mask, is_negated in zip(masks, negated, strict=True):
            if is_negated:
                denied |= mask
            else:
                affirmed |= mask
        return cls(masks, negated, affirmed | denied << _DENIED)

    def holds(self, atom: Atom, at: int) -> bool:
        """Whether the atom holds of this word."""
        mask = self.masks[at]
        return bool(mask & atom.either or mask & (atom.negated if self.negated[at] else atom.affirmed))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled line; `source` is the line as it was written.

    Atoms that stand by themselves may hold anywhere in the sentence; a chain's stand in reach of one another.
    """

    source: str
    wanted: tuple[Atom, ...]
    """All atoms that must be there."""
    needs: tuple[int, ...]
    """Their `sides`."""
    bars: tuple[int, ...]
    """The `sides` of the atoms that must not be there."""
    chains: tuple[tuple[Atom, ...], ...]

    def matches(self, sentence: Sentence) -> bool:
        """Whether every wanted atom is there as it is wanted, and none that must be absent."""
        union = sentence.union
        for sides in self.needs:
            if not sides & union:
                return False
        for sides in self.bars:
            if sides & union:
                return False
        return not self.chains or all(_chain_matches(chain, sentence) for chain in self.chains)


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
    bars: list[int] = []
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
        atom = Atom(either | affirmed | negated, either, affirmed, negated, link, reach)
        if is_absent:
            bars.append(atom.sides)
        elif link is Link.ANYWHERE or not groups:
            groups.append([atom])
        else:
            groups[-1].append(atom)
        link, reach = Link.AFTER, _DEFAULT_GAP
    if not groups:
        raise ValueError(f"pattern {source!r} wants nothing: name at least one concept that must be there")
    wanted = tuple(atom for group in groups for atom in group)
    chains = tuple(tuple(group) for group in groups if len(group) > 1)
    return Pattern(source, wanted, tuple(atom.sides for atom in wanted), tuple(bars), chains)


class PatternSet:
    """Named signals, each with one pattern or more; any of them is enough."""

    def __init__(self, signals: Mapping[str, Iterable[str]], bits: Mapping[str, int]) -> None:
        if any(bit >> _DENIED for bit in bits.values()):
            raise ValueError(f"patterns read no more than {_DENIED} concepts")
        self.names = tuple(signals)
        self._patterns: list[tuple[str, Pattern]] = []
        by_rarest: dict[int, int] = {}
        by_commonest: dict[int, int] = {}
        for name, lines in signals.items():
            for line in lines:
                try:
                    pattern = parse_pattern(line, bits)
                except KeyError as unknown:
                    raise ValueError(
                        f"signal {name}: {line!r} names the concept {unknown}, which no lexicon file has"
                    ) from None
                gates = sorted(pattern.needs, key=lambda sides: sides.bit_count())
                place = 1 << len(self._patterns)
                _index(by_rarest, gates[0], place)
                _index(by_commonest, gates[-1], place)
                self._patterns.append((name, pattern))
        self._count = len(self._patterns)
        self._gates = {
            bit: by_rarest.get(bit, 0) | by_commonest.get(bit, 0) << self._count
            for bit in by_rarest.keys() | by_commonest.keys()
        }
        """For each concept, the patterns one of whose gates it opens: the rarer, and above them the other."""

    def found_in(self, sentence: Sentence, into: dict[str, str]) -> None:
        """Adds to `into` each signal of the sentence with the pattern that showed it."""
        gates, union, opened = self._gates, sentence.union, 0
        while union:
            bit = union & -union
            union ^= bit
            opened |= gates.get(bit, 0)
        possible = opened & (opened >> self._count)
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
