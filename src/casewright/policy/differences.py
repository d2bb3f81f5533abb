"""Difference: what a change of policy does to recorded cases: every flip, grouped by reason.

Both rulesets decide on the same facts. A case flips where an outcome differs. It is grouped by the first
table whose fired rows differ: the reasons they gave before, and the reasons they give now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casewright.domain.decision import Decision, Value
from casewright.policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Flip:
    """One case that is decided otherwise. `changes`: outcome to (before, now)."""

    index: int
    facts: Mapping[str, Value]
    changes: Mapping[str, tuple[Value, Value]]
    table: str
    reasons_before: tuple[str, ...]
    reasons_now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlipGroup:
    """Flips with one cause, largest group first."""

    table: str
    reasons_before: tuple[str, ...]
    reasons_now: tuple[str, ...]
    changes: Mapping[str, tuple[Value, Value]]
    count: int
    example: Flip
    indexes: tuple[int, ...] = ()
    """Places of its cases among those that were decided."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What moved between two rulesets over the cases seen."""

    old_id: str
    new_id: str
    cases: int
    flips: tuple[Flip, ...]
    reasons_only: int
    """Cases with the same outcome by other rows."""

    def by_reason(self) -> tuple[FlipGroup, ...]:
        """The flips grouped by table, reasons and change; the largest group first."""
        groups: dict[tuple[object, ...], list[Flip]] = {}
        for flip in self.flips:
            key = (flip.table, flip.reasons_before, flip.reasons_now, tuple(flip.changes.items()))
            groups.setdefault(key, []).append(flip)
        ordered = sorted(groups.values(), key=len, reverse=True)
        return tuple(
            FlipGroup(
                flips[0].table,
                flips[0].reasons_before,
                flips[0].reasons_now,
                flips[0].changes,
                len(flips),
                flips[0],
                tuple(flip.index for flip in flips),
            )
            for flips in ordered
        )


def diff_rulesets(old: Ruleset, new: Ruleset, recorded: Iterable[Mapping[str, Value]]) -> Difference:
    """Decide every recorded case by both rulesets."""
    flips: list[Flip] = []
    cases = reasons_only = 0
    order = _order_of_tables(old, new)
    for index, facts in enumerate(recorded):
        cases += 1
        before, now = old.decide(facts), new.decide(facts)
        names = dict.fromkeys((*before.outcome, *now.outcome))
        changes = {
            name: (before.outcome.get(name), now.outcome.get(name))
            for name in names
            if before.outcome.get(name) != now.outcome.get(name)
        }
        if changes:
            table, was, became = _first_difference(before, now, order)
            flips.append(Flip(index, facts, changes, table, was, became))
        elif before.fired != now.fired:
            reasons_only += 1
    return Difference(old.id, new.id, cases, tuple(flips), reasons_only)


def _order_of_tables(old: Ruleset, new: Ruleset) -> tuple[str, ...]:
    """The tables of both, in the order in which they run; where the two differ, in that of the new one."""
    places = {table.name: table.order for ruleset in (old, new) for table in ruleset.policy.parsed.tables}
    return tuple(sorted(places, key=lambda name: places[name]))


def _first_difference(
    before: Decision, now: Decision, order: Sequence[str]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The first table whose fired rows differ, and its reasons before and now."""
    for table in order:
        was = tuple(row for row in before.fired if row.table == table)
        became = tuple(row for row in now.fired if row.table == table)
        if was != became:
            return table, tuple(row.reason for row in was), tuple(row.reason for row in became)
    return "", (), ()
