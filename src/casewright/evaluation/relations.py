"""Metamorphic relations: how the answers to two related tickets may differ, and a tally of where they do.

A relation says nothing about which answer is right, only what a change of the input may change. The words
"towards caution" are those of the safety model: a row is let go, a verdict falls back, a person is called.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from casewright.desks.disputes.response import SCORED_FIELDS

ItemT = TypeVar("ItemT")
_SHOWN = 12


def changed_fields(
    before: Mapping[str, object], after: Mapping[str, object], names: Sequence[str] = SCORED_FIELDS
) -> tuple[str, ...]:
    """Names of the fields that differ."""
    return tuple(name for name in names if before[name] != after[name])


def incautious_fields(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Names of scored fields that moved otherwise than towards caution."""
    cautious = {
        "relevant_transaction_id": None,
        "evidence_verdict": "insufficient_data",
        "human_review_required": True,
    }
    return tuple(
        name
        for name in changed_fields(before, after)
        if name not in cautious or after[name] != cautious[name]
    )


@dataclass(frozen=True, slots=True)
class Violation:
    """One try that broke a relation: what was sent, by which group, and what moved."""

    group: str
    text: str
    moved: tuple[str, ...]
    detail: str = ""


@dataclass(slots=True)
class Tally:
    """Counts tries and keeps violations; its text is what a failing suite prints."""

    relation: str
    seed: int
    tries: int = 0
    violations: list[Violation] = field(default_factory=list)
    groups: Counter[str] = field(default_factory=Counter)

    def add(self, group: str, text: str, moved: Sequence[str], detail: str = "") -> None:
        """One try; `moved` empty means that the relation held."""
        self.tries += 1
        if moved:
            self.violations.append(Violation(group, text, tuple(moved), detail))
            self.groups[group] += 1

    @property
    def held_share(self) -> float:
        """Share of tries in which the relation held."""
        return 1.0 - len(self.violations) / self.tries if self.tries else 0.0

    def report(self) -> str:
        """Counts, seed, the worst groups and the smallest offending case."""
        lines = [f"{self.relation}: {len(self.violations)} of {self.tries} tries broke it (seed {self.seed})"]
        if not self.violations:
            return lines[0]
        smallest = min(self.violations, key=lambda violation: len(violation.text))
        lines.append(f"smallest: {smallest.text!r} moved {', '.join(smallest.moved)} {smallest.detail}")
        for group, count in self.groups.most_common(_SHOWN):
            lines.append(f"{count:6d}  {group}")
        return "\n".join(lines)


def draw_pairs(
    rng: random.Random, left: Sequence[ItemT], right: Sequence[ItemT], count: int
) -> Iterator[tuple[ItemT, ItemT]]:
    """`count` pairs in which every item of both sides comes up about equally often."""
    for number in range(count):
        if number % len(left) == 0:
            lefts = rng.sample(left, len(left))
        if number % len(right) == 0:
            rights = rng.sample(right, len(right))
        yield lefts[number % len(left)], rights[number % len(right)]
