"""Explanation: why a decision is as it is, in sentences that cite clauses, and as a trace of fired rows.

It speaks of facts, rows and clauses only, for staff and auditors; what a customer is told is the writer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from casewright.domain.decision import Decision, FiredRow, Value
from casewright.domain.errors import PolicyError
from casewright.policy.cells import show_value
from casewright.policy.ruleset import Ruleset
from casewright.policy.tables import CONFLICT, GAP, UNKNOWN_ROW, TableSource


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact that a row asked for: its value, and the cell it satisfied."""

    fact: str
    value: Value
    cell: str
    parameters: tuple[str, ...] = ()
    """Names of the parameters that the cell reads."""


@dataclass(frozen=True, slots=True)
class Step:
    """One fired row, with the facts it rests on and its clause in full."""

    fired: FiredRow
    grounds: tuple[Ground, ...]
    clause_text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Sentences for reading, steps for showing."""

    sentences: tuple[str, ...]
    steps: tuple[Step, ...]


def explain(decision: Decision, ruleset: Ruleset, facts: object) -> Explanation:
    """Explain a decision by the ruleset and the facts that it was made of.

    Raises PolicyError where the decision was made under another ruleset.
    """
    if decision.ruleset_id != ruleset.id:
        raise PolicyError(f"The decision was made under {decision.ruleset_id}, not under {ruleset.id}.")
    known = {**ruleset.policy.schema.values_of(facts), **decision.outcome}
    sources = {table.name: table for table in ruleset.policy.parsed.tables}
    steps: list[Step] = []
    sentences: list[str] = []
    for fired in decision.fired:
        clause = ruleset.clauses.get(fired.clause)
        grounds = _grounds(fired, sources[fired.table], known)
        step = Step(fired, grounds, clause.text if clause else "")
        steps.append(step)
        sentences.append(_sentence(step, ruleset))
    return Explanation(tuple(sentences), tuple(steps))


def _grounds(fired: FiredRow, table: TableSource, known: Mapping[str, Value]) -> tuple[Ground, ...]:
    if fired.row in (UNKNOWN_ROW, GAP):
        return tuple(Ground(name, None, UNKNOWN_ROW) for name in table.inputs if known.get(name) is None)
    for row in table.rows:
        if row.id == fired.row:
            return tuple(
                Ground(name, known.get(name), str(cell), tuple(sorted(cell.references())))
                for name, cell in row.when.items()
            )
    return ()


def _sentence(step: Step, ruleset: Ruleset) -> str:
    fired = step.fired
    decided = " and ".join(f"`{name}` is {show_value(value)}" for name, value in fired.outcome.items())
    opening = decided or f"`{fired.reason}` is noted"
    where = f"({fired.table}.{fired.row}, reason {fired.reason})"
    cited = f" {fired.clause}: {step.clause_text}" if step.clause_text else ""
    return f"{opening}, because {_because(step, ruleset)} {where}.{cited}"


def _because(step: Step, ruleset: Ruleset) -> str:
    if step.fired.row == GAP:
        return "no row of the table matches the case, and it fails closed"
    if step.fired.row == CONFLICT:
        return "more than one row of a table that allows one matches the case, and it fails closed"
    if not step.grounds:
        return "no earlier row applies"
    return " and ".join(_ground(ground, ruleset) for ground in step.grounds)


def _ground(ground: Ground, ruleset: Ruleset) -> str:
    text = f"{ground.fact} is {show_value(ground.value)}"
    cell = ground.cell
    if cell in (show_value(ground.value), UNKNOWN_ROW):
        return text
    for name in ground.parameters:
        cell = f"{cell}, where {name} is {show_value(ruleset.parameters[name])}"
    return f"{text} ({cell})"
