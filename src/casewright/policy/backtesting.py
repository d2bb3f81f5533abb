"""Backtest: what a new ruleset would have made of recorded cases, and the money that each flip moves.

It is the difference of two rulesets over the recorded facts, with an amount for each case. Money moves where
an outcome of the desk's says so, at once and in full; a case that a person decides moves none. The amount is
the recorded one: what policy itself would change about it (a shipping fee, say) is not computed again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from casewright.domain.decision import Value
from casewright.policy.differences import Difference, FlipGroup, diff_rulesets
from casewright.policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """One case as it was decided. `outcome` is empty where only its facts are known."""

    case_id: str
    facts: Mapping[str, Value]
    amount_minor: int = 0
    """What its decision was about, in minor units of the shop's currency."""
    outcome: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class MovedGroup:
    """Flips with one cause, and their money."""

    flips: FlipGroup
    stake_minor: int
    """What these cases were about."""
    moved_minor: int
    """What more goes out (negative: less) under the new rules."""
    example_id: str


@dataclass(frozen=True, slots=True)
class Backtest:
    """What moved over the cases seen."""

    difference: Difference
    groups: tuple[MovedGroup, ...]
    """The largest group first."""
    otherwise: int
    """Cases that the old ruleset does not decide as they were decided: it is not the one they met."""

    @property
    def released_minor(self) -> int:
        """What goes out now and did not before."""
        return sum(group.moved_minor for group in self.groups if group.moved_minor > 0)

    @property
    def withheld_minor(self) -> int:
        """What went out before and does not now."""
        return -sum(group.moved_minor for group in self.groups if group.moved_minor < 0)


def backtest_rulesets(
    old: Ruleset,
    new: Ruleset,
    cases: Iterable[RecordedCase],
    moves_money: Mapping[str, Collection[Value]],
) -> Backtest:
    """Decide every case by both rulesets. `moves_money`: an outcome to its values that move the money."""
    names: list[str] = []
    amounts: list[int] = []
    otherwise = 0

    def read_facts() -> Iterator[Mapping[str, Value]]:
        nonlocal otherwise
        for case in cases:
            names.append(case.case_id)
            amounts.append(case.amount_minor)
            if case.outcome is not None and dict(case.outcome) != dict(old.decide(case.facts).outcome):
                otherwise += 1
            yield case.facts

    difference = diff_rulesets(old, new, read_facts())
    groups = tuple(
        MovedGroup(
            group,
            stake := sum(amounts[index] for index in group.indexes),
            stake * _direction(group.changes, moves_money),
            names[group.example.index],
        )
        for group in difference.by_reason()
    )
    return Backtest(difference, groups, otherwise)


def _direction(
    changes: Mapping[str, tuple[Value, Value]], moves_money: Mapping[str, Collection[Value]]
) -> int:
    """1 where money moves now and did not before, -1 the other way round, 0 where nothing changes."""
    moved = any(changes[name][0] in values for name, values in moves_money.items() if name in changes)
    moves = any(changes[name][1] in values for name, values in moves_money.items() if name in changes)
    return int(moves) - int(moved)
