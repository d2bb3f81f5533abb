"""The annotation rules, read once from the packaged data files and indexed for a cheap first look.

It finds nothing itself; `annotation.py` does, with what is laid out here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import repeat
from typing import Any

from casewright.intake.concepts import Vocabulary
from casewright.intake.phrases import Rule, RuleSource, compile_rules
from casewright.language.data_files import read_yaml

_GROUPS = {
    "strong": "injection",
    "weak": "injection",
    "exfiltration_inner": "inner",
    "exfiltration": "exfiltration",
    "fraud_pressure": "fraud_pressure",
    "abuse": "abuse",
    "self_harm": "self_harm",
    "legal_threat": "legal_threat",
    "vulnerable_customer": "vulnerable_customer",
}
_COMMANDING = ("APPROVE", "SET", "SAY", "REVEAL", "SOFTLY", "OPEN", "GLUE")
INNER = "inner"
"""The kind of a rule that is both injection and exfiltration: asking for what the system was told."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules by the letters that make them worth trying."""

    vocabulary: Vocabulary
    by_anchor: dict[str, tuple[tuple[int, Rule], ...]]
    letter_bits: dict[str, int]
    weak: tuple[Rule, ...]
    anchors: frozenset[str]
    markup: tuple[tuple[str, re.Pattern[str]], ...]
    markup_letters: frozenset[str]
    reported: re.Pattern[str]
    self_letters: frozenset[str]
    event_letters: frozenset[str]
    command_letters: frozenset[str]
    sov_letters: frozenset[str]
    weights: dict[str, float]
    bias: float
    threshold: float
    threshold_sov: float

    def candidates(self, present: set[str]) -> list[Rule]:
        """The rules whose every plain word is in the text, without regard to order."""
        anchors = present & self.anchors
        if not anchors:
            return []
        bits = 0
        for letter in present:
            bits |= self.letter_bits.get(letter, 0)
        found: dict[str, Rule] = {}
        for letter in sorted(anchors):
            for needed, rule in self.by_anchor[letter]:
                if needed & bits == needed:
                    found[rule.id] = rule
        return list(found.values())

    def is_telling(self, sentence: str) -> bool:
        """Whether enough comes together in a sentence to take it for an instruction to a machine."""
        distinct = set(sentence)
        score = self.bias + sum(map(self.weights.get, distinct, repeat(0.0)))
        if score <= self.threshold_sov:
            return False
        return score > self.threshold or not distinct.isdisjoint(self.sov_letters)


@cache
def load_rulebook() -> Rulebook:
    """Builds the rulebook from `intake/data/annotation_*.yaml`, once."""
    words = _load("annotation_words.yaml")
    rules = _load("annotation_rules.yaml")
    vocabulary = Vocabulary(words["words"], words["mended"], words["unmended"].split())
    sources = [
        RuleSource(id=name, kind=kind, match=match, is_weak=group == "weak")
        for group, kind in _GROUPS.items()
        for name, match in rules[group].items()
    ]
    sources += [
        RuleSource(f"reported_{place}", "reported", match) for place, match in enumerate(rules["reported"])
    ]
    compiled = compile_rules(vocabulary, frozenset(words["words"]), rules["phrases"], sources)
    strong = [rule for rule in compiled if not rule.is_weak and rule.kind != "reported"]
    reported = "|".join(rule.source for rule in compiled if rule.kind == "reported")
    letters = {
        name: frozenset(vocabulary.letters_of([name])) for name in ("MARKUP", "SELF", "EVENT", "SOVMARK")
    }
    weights = _load("annotation_weights.yaml")
    by_anchor, letter_bits = _index(strong)
    return Rulebook(
        vocabulary=vocabulary,
        by_anchor=by_anchor,
        letter_bits=letter_bits,
        weak=tuple(rule for rule in compiled if rule.is_weak),
        anchors=frozenset(by_anchor),
        markup=tuple((name, re.compile(pattern)) for name, pattern in rules["markup"].items()),
        markup_letters=letters["MARKUP"],
        reported=re.compile(reported),
        self_letters=letters["SELF"],
        event_letters=letters["EVENT"],
        command_letters=frozenset(vocabulary.letters_of(_COMMANDING)),
        sov_letters=letters["SOVMARK"],
        weights=_weigh(vocabulary, weights["weights"]),
        bias=weights["bias"],
        threshold=weights["threshold"],
        threshold_sov=weights["threshold_sov"],
    )


def _weigh(vocabulary: Vocabulary, by_concept: dict[str, float]) -> dict[str, float]:
    """The weight of each letter: the sum over the concepts that it carries."""
    return {
        letter: sum(by_concept.get(concept, 0.0) for concept in carried)
        for letter, carried in vocabulary.concepts_by_letter.items()
    }


def _index(rules: Iterable[Rule]) -> tuple[dict[str, tuple[tuple[int, Rule], ...]], dict[str, int]]:
    """Rules by anchor, each with its needs as bits, and the needs that each letter meets."""
    bit_of: dict[frozenset[str], int] = {}
    letter_bits: dict[str, int] = {}
    index: dict[str, list[tuple[int, Rule]]] = {}
    for rule in rules:
        needed = 0
        for letters in rule.required:
            if letters not in bit_of:
                bit_of[letters] = 1 << len(bit_of)
                for letter in letters:
                    letter_bits[letter] = letter_bits.get(letter, 0) | bit_of[letters]
            needed |= bit_of[letters]
        for letter in rule.anchors:
            index.setdefault(letter, []).append((needed, rule))
    return {letter: tuple(found) for letter, found in index.items()}, letter_bits


def _load(name: str) -> dict[str, Any]:
    source = resources.files("casewright.intake").joinpath("data", name).read_text(encoding="utf-8")
    content: dict[str, Any] = read_yaml(source)
    return content
