"""The annotation rules, read once from the packaged data files and indexed for a cheap first look.

It finds nothing itself; `annotation.py` does, with what is laid out here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from casewright.intake.concepts import Vocabulary
from casewright.intake.phrases import Rule, RuleSource, compile_rules

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
INNER = "inner"
"""The kind of a rule that is both injection and exfiltration: asking for what the system was told."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules by the letters that make them worth trying."""

    vocabulary: Vocabulary
    by_anchor: dict[str, tuple[Rule, ...]]
    weak: tuple[Rule, ...]
    anchors: frozenset[str]
    markup: tuple[tuple[str, re.Pattern[str]], ...]
    markup_letters: frozenset[str]
    reported: re.Pattern[str]
    self_letters: frozenset[str]
    event_letters: frozenset[str]
    command_letters: frozenset[str]

    def candidates(self, present: set[str]) -> list[Rule]:
        """The rules whose every plain word is in the text, without regard to order; in the file's order."""
        found: dict[str, Rule] = {}
        for letter in present & self.anchors:
            for rule in self.by_anchor[letter]:
                if rule.id not in found and all(not needed.isdisjoint(present) for needed in rule.required):
                    found[rule.id] = rule
        return list(found.values())


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
    reported = "|".join(rule.pattern.pattern for rule in compiled if rule.kind == "reported")
    letters = {name: frozenset(vocabulary.letters_of([name])) for name in ("MARKUP", "SELF", "EVENT")}
    by_anchor = _index(strong)
    return Rulebook(
        vocabulary=vocabulary,
        by_anchor=by_anchor,
        weak=tuple(rule for rule in compiled if rule.is_weak),
        anchors=frozenset(by_anchor),
        markup=tuple((name, re.compile(pattern)) for name, pattern in rules["markup"].items()),
        markup_letters=letters["MARKUP"],
        reported=re.compile(reported),
        self_letters=letters["SELF"],
        event_letters=letters["EVENT"],
        command_letters=frozenset(
            vocabulary.letters_of(["APPROVE", "SET", "SAY", "REVEAL", "SOFTLY", "OPEN", "GLUE"])
        ),
    )


def _index(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        for letter in rule.anchors:
            index.setdefault(letter, []).append(rule)
    return {letter: tuple(found) for letter, found in index.items()}


def _load(name: str) -> dict[str, Any]:
    source = resources.files("casewright.intake").joinpath("data", name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(source, Loader=_LOADER)  # noqa: S506 - a safe loader either way
    return content
