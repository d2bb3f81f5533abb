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
    """A span of tokens with the concepts and negations found in it."""

    masks: Sequence[int]
    negated: Sequence[bool]
    union: int

    @classmethod
    def of(cls, masks: Sequence[int], negated: Sequence[bool]) -> "Sentence":
        union = 0
        for mask in masks:
            union |= mask
        return cls(masks, negated, union)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled line; `source` is the line as it was written."""

    source: str
    wanted: tuple[Atom, ...]
    absent: tuple[Atom, ...]

    def matches(self, sentence: Sentence) -> bool:
        union = sentence.union
        for atom in self.wanted:
            if not atom.mask & union:
                return False
        for atom in self.absent:
            if atom.mask & union and any(_holds(atom, sentence, at) for at in range(len(sentence.masks))):
                return False
        return self._match_from(0, -1, sentence)

    def _match_from(self, number: int, previous: int, sentence: Sentence) -> bool:
        if number == len(self.wanted):
            return True
        atom = self.wanted[number]
        count = len(sentence.masks)
        if atom.link is Link.ANYWHERE:
            low, high = 0, count
        elif atom.link is Link.AFTER:
            low, high = previous + 1, min(count, previous + 2 + atom.reach)
        else:
            low, high = max(0, previous - 1 - atom.reach), min(count, previous + 2 + atom.reach)
        return any(
            _holds(atom, sentence, at) and self._match_from(number + 1, at, sentence)
            for at in range(low, high)
            if sentence.masks[at] & atom.mask
        )


def _holds(atom: Atom, sentence: Sentence, at: int) -> bool:
    mask = sentence.masks[at]
    return bool(mask & atom.either or mask & (atom.negated if sentence.negated[at] else atom.affirmed))


def parse_pattern(source: str, bits: Mapping[str, int]) -> Pattern:
    """Compiles one line. Raises KeyError for an unknown concept, ValueError for a line that wants nothing."""
    wanted: list[Atom] = []
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
        (absent if is_absent else wanted).append(atom)
        link, reach = Link.AFTER, _DEFAULT_GAP
    if not wanted:
        raise ValueError(f"pattern {source!r} wants nothing: name at least one concept that must be there")
    return Pattern(source, tuple(wanted), tuple(absent))


class PatternSet:
    """Named signals, each with one pattern or more; any of them is enough."""

    def __init__(self, signals: Mapping[str, Iterable[str]], bits: Mapping[str, int]) -> None:
        self.names = tuple(signals)
        self._patterns: list[tuple[int, str, Pattern]] = []
        for name, lines in signals.items():
            for line in lines:
                try:
                    pattern = parse_pattern(line, bits)
                except KeyError as unknown:
                    raise ValueError(
                        f"signal {name}: {line!r} names the concept {unknown}, which no lexicon file has"
                    ) from None
                rarest = min((atom.mask for atom in pattern.wanted), key=lambda mask: mask.bit_count())
                self._patterns.append((rarest, name, pattern))

    def found_in(self, sentence: Sentence, into: dict[str, str]) -> None:
        """Adds to `into` each signal of the sentence with the pattern that showed it."""
        union = sentence.union
        for gate, name, pattern in self._patterns:
            if gate & union and name not in into and pattern.matches(sentence):
                into[name] = pattern.source
