"""What claims are read with: the lexicon, the signal patterns, and the concepts asked for by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from casewright.language.data_files import load_packaged
from casewright.language.lexicon import Lexicon, load_lexicon
from casewright.language.negation import mark_negated
from casewright.language.patterns import PatternSet, Sentence

_COMMANDS = (
    *("dismiss", "set_field", "speaker", "machine", "utter", "authority", "addressee"),
    *("instruction", "reveal", "confirm", "case_field"),
)
"""Concepts of which instructions to the system are made; each is one bit."""
_NO_ALIAS: frozenset[str] = frozenset()
_ANCHORS = ("dismiss", "set_field", "speaker", "machine", "utter", "authority", "addressee")
"""Those that an instruction may begin with."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The lexicon and signal patterns, compiled once."""

    lexicon: Lexicon
    signals: PatternSet
    aliases: Mapping[int, str]
    any_alias: int
    forward: int
    backward: int
    edge: int
    loose: int
    intended: int
    anchors: int
    commands: int
    secret: int
    handed: int

    def aliases_of(self, concepts: int) -> frozenset[str]:
        """The counterparties that are named among some concepts."""
        if not concepts & self.any_alias:
            return _NO_ALIAS
        return frozenset(name for bit, name in self.aliases.items() if bit & concepts)

    def negated(self, words: Sequence[str], masks: Sequence[int], own: Sequence[bool]) -> list[bool]:
        """Which words are denied, read by themselves."""
        return mark_negated(words, masks, own, forward=self.forward, backward=self.backward, edge=self.edge)

    def signals_of(
        self, masks: Sequence[int], negated: Sequence[bool], start: int, end: int
    ) -> dict[str, str]:
        """The signals of some words (last exclusive), each with the pattern that showed it."""
        found: dict[str, str] = {}
        self.signals.found_in(Sentence.of(masks[start:end], negated[start:end]), found)
        return found


@cache
def load_reader() -> Reader:
    """The packaged reader."""
    lexicon = load_lexicon()
    bits = lexicon.bits
    aliases = {bit: name.removeprefix("alias_") for name, bit in bits.items() if name.startswith("alias_")}
    return Reader(
        lexicon=lexicon,
        signals=PatternSet(load_packaged("casewright.investigation", "data/signals.yaml"), bits),
        aliases=aliases,
        any_alias=sum(aliases),
        forward=bits["negate_forward"],
        backward=bits["negate_backward"],
        edge=bits["edge"],
        loose=bits["about"] | bits["over"],
        intended=bits["intended"],
        secret=bits["secret"] | bits["code"],
        handed=bits["give"] | bits["send"] | bits["edge"],
        commands=sum(bits[name] for name in _COMMANDS),
        anchors=sum(bits[name] for name in _ANCHORS),
    )
