"""Proof: what holds of a policy for every case, on every date and for every tenant; or a case that breaks it.

Shown in each world (worlds.py): no table has a gap; no two rows of a `unique` table match one case; every
row is the hit of some case; every invariant holds of every decision. Method: facts are cut at the boundary
points that the rules can tell apart (regions.py), the tables are written as clauses (model.py), and each
question is put to an exact solver (solver.py), which splits only on facts that matter to it. Earlier
tables' outcomes are facts of later ones, so a gap that no case can reach is no gap, and every witness is a
case over the desk's own facts. A witness is believed only after `decide` has confirmed it.

A question that the solver does not answer within its budget is reported as `undecided`, an error: never as
success. What cells cannot hold (amounts, sums) is not proved here; property tests hold it.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from casewright.domain.decision import Decision, Value
from casewright.policy.cells import show_value
from casewright.policy.compiling import Invariant, Policy, Row, Table, resolve_policy
from casewright.policy.document import RulesetSource
from casewright.policy.model import Model
from casewright.policy.parsing import parse_policy
from casewright.policy.problems import Level, Problem, errors_of
from casewright.policy.regions import Samples, overlap, sample_facts
from casewright.policy.ruleset import Ruleset
from casewright.policy.schema import FactSchema
from casewright.policy.solver import BudgetSpent, Literal
from casewright.policy.tables import CONFLICT, GAP
from casewright.policy.worlds import World, merge_problems, worlds_of

DEFAULT_BUDGET = 20_000
"""Conflicts that the solver may meet in one question. Real policies need a few dozen."""
_SHOWN_INPUTS = 8


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and everything that does not hold."""

    desk: str
    worlds: tuple[World, ...]
    questions: int
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether there is no error (warnings may remain)."""
        return not errors_of(self.problems)


def prove_policy(source: RulesetSource, schema: FactSchema, *, budget: int = DEFAULT_BUDGET) -> Proof:
    """Prove a policy in all its worlds."""
    parsed = parse_policy(source)
    worlds = worlds_of(parsed)
    found: list[tuple[World, Problem]] = []
    questions = 0
    proved: dict[str, list[Problem]] = {}
    cases: list[dict[str, Value]] = []
    for world in worlds:
        policy, problems = resolve_policy(parsed, schema, world.as_of, world.tenant)
        if errors := errors_of(problems):
            found += [(world, problem) for problem in errors]
            continue
        same = repr(sorted(policy.parameters.items()))
        if same not in proved:
            prover = _Prover(policy, budget, cases)
            proved[same] = list(prover.problems())
            questions += prover.questions
        found += [(world, problem) for problem in proved[same]]
    problems_found = merge_problems(_soften_dated(found, len(worlds)))
    return Proof(source.desk, tuple(worlds), questions, tuple(problems_found))


def _soften_dated(found: list[tuple[World, Problem]], worlds: int) -> Iterator[tuple[World, Problem]]:
    """A row that some date or tenant can reach is not dead weight: elsewhere its shadow is a warning."""
    shadows: dict[str, int] = {}
    for _, problem in found:
        if problem.code == "shadowed_row":
            shadows[problem.place] = shadows.get(problem.place, 0) + 1
    for world, problem in found:
        is_partial = problem.code == "shadowed_row" and shadows[problem.place] < worlds
        yield world, dataclasses.replace(problem, level=Level.WARNING) if is_partial else problem


class _Prover:
    """Questions to one world. `cases` are witnesses met so far: one that hits a row spares the question."""

    def __init__(self, policy: Policy, budget: int, cases: list[dict[str, Value]]) -> None:
        self.questions = 0
        self._policy = policy
        self._budget = budget
        self._cases = cases
        self._model = Model(policy)
        self._ruleset = Ruleset(policy)
        self._hit: set[tuple[str, str]] = set()
        for facts in cases:
            self._note(self._ruleset.decide(facts))

    def problems(self) -> Iterator[Problem]:
        for table in self._policy.tables:
            yield from self._gaps(table)
            yield from self._conflicts(table)
            yield from self._unreachable(table)
        for invariant in self._policy.invariants:
            yield from self._invariant(invariant)

    def _note(self, decision: Decision) -> None:
        self._hit.update((row.table, row.row) for row in decision.fired)

    def _ask(
        self, assumptions: list[Literal], confirm: Callable[[Decision, Mapping[str, Value]], bool]
    ) -> dict[str, Value] | None:
        """A case for which the assumptions hold, confirmed by deciding it; None where there is none."""
        self.questions += 1
        answer = self._model.solver.solve(assumptions, self._budget)
        if answer is None:
            return None
        facts = self._model.witness(answer)
        decision = self._ruleset.decide(facts)
        if not confirm(decision, facts):
            raise AssertionError(f"The prover and decide disagree about {facts} in {self._ruleset.id}.")
        self._note(decision)
        self._cases.append(facts)
        return facts

    def _gaps(self, table: Table) -> Iterator[Problem]:
        gap = self._model.tables[table.name].gap
        if gap is None:
            return
        place = table.name
        try:
            witness = self._ask(gap, lambda decision, _: _fired(decision, table.name, GAP))
        except BudgetSpent:
            yield _undecided(table.file, place, table.line, "whether the table has a gap")
            return
        if witness is not None:
            shown = self._show(table, witness)
            message = f"No row of `{table.name}` matches the case {shown}."
            remedy = "Add a row for it, or say under `unknown:` where missing facts go."
            yield Problem("gap", table.file, place, message, remedy, line=table.line, witness=witness)

    def _conflicts(self, table: Table) -> Iterator[Problem]:
        for (first, second), assumptions in self._model.tables[table.name].conflicts.items():
            place = f"{table.name}, rows {first} and {second}"
            try:
                witness = self._ask(assumptions, lambda decision, _: _fired(decision, table.name, CONFLICT))
            except BudgetSpent:
                yield _undecided(table.file, place, table.line, "whether the rows overlap")
                continue
            if witness is not None:
                shown = self._show(table, witness)
                message = f"Rows `{first}` and `{second}` of `{table.name}` both match the case {shown}."
                remedy = "A `unique` table allows one; narrow a row, or use `hit: first`."
                yield Problem("overlap", table.file, place, message, remedy, line=table.line, witness=witness)

    def _unreachable(self, table: Table) -> Iterator[Problem]:
        for row in table.own_rows():
            if (table.name, row.id) in self._hit:
                continue
            place = f"{table.name}, row {row.id}"
            assumptions = self._model.tables[table.name].rows[row.id]
            try:
                if self._ask(assumptions, _hits(table.name, row.id)) is None:
                    yield self._explain_unreachable(table, row, place)
            except BudgetSpent:
                yield _undecided(table.file, place, row.line, "whether any case reaches the row")

    def _explain_unreachable(self, table: Table, row: Row, place: str) -> Problem:
        alone = dataclasses.replace(
            self._policy, schema=FactSchema(table.domains), tables=(table,), invariants=()
        )
        model = Model(alone)
        self.questions += 1
        if model.solver.solve(model.tables[table.name].rows[row.id], self._budget) is not None:
            message = f"No case reaches row `{row.id}`: earlier tables never give the outcomes it asks for."
            remedy = "Remove the row, or keep it as a safeguard."
            return Problem("dead_row", table.file, place, message, remedy, level=Level.WARNING, line=row.line)
        covering = _covering(table, row, sample_facts(alone))
        by = (
            f"rows {', '.join(f'`{name}`' for name in covering)} take them all"
            if covering
            else "its cells exclude each other"
        )
        message = f"No case reaches row `{row.id}`: {by}."
        remedy = "Remove the row, or move it up."
        return Problem("shadowed_row", table.file, place, message, remedy, line=row.line)

    def _invariant(self, invariant: Invariant) -> Iterator[Problem]:
        place = f"invariant {invariant.id}"
        asked = self._model.invariants[invariant.id]

        def applies(decision: Decision, facts: Mapping[str, Value]) -> bool:
            known = {**facts, **decision.outcome}
            return all(region.holds(known[name]) for name, region in invariant.when.items())

        def breaks(decision: Decision, facts: Mapping[str, Value]) -> bool:
            holds = all(region.holds(decision.outcome[name]) for name, region in invariant.then.items())
            return applies(decision, facts) and not holds

        try:
            witness = self._ask(asked.breaks, breaks)
            is_vacuous = witness is None and self._ask(asked.applies, applies) is None
        except BudgetSpent:
            yield _undecided(invariant.file, place, invariant.line, "whether the invariant holds")
            return
        if witness is not None:
            outcome = self._ruleset.decide(witness).outcome
            got = ", ".join(f"{name} = {show_value(outcome[name])}" for name in invariant.then)
            rows = ", ".join(f"{row.table}.{row.row}" for row in self._ruleset.decide(witness).fired)
            message = f"`{invariant.id}` is broken: the decision gives {got} by {rows}."
            remedy = f"Correct the rows, or the invariant ({invariant.clause})."
            yield Problem(
                "broken_invariant",
                invariant.file,
                place,
                message,
                remedy,
                line=invariant.line,
                witness=witness,
            )
        elif is_vacuous:
            message = f"`{invariant.id}` never applies: no case satisfies its `when`."
            remedy = "Correct `when`, or remove the invariant."
            yield Problem(
                "vacuous_invariant", invariant.file, place, message, remedy, Level.WARNING, invariant.line
            )

    def _show(self, table: Table, witness: Mapping[str, Value]) -> str:
        """The case as the table sees it: its inputs, and only the telling ones where there are many."""
        known = {**witness, **self._ruleset.decide(witness).outcome}
        inputs = list(table.domains)
        if len(inputs) > _SHOWN_INPUTS:
            inputs = [name for name in inputs if known[name] not in (False, 0)] or inputs[:1]
        return ", ".join(f"{name} = {show_value(known[name])}" for name in inputs)


def _fired(decision: Decision, table: str, row: str) -> bool:
    return any(fired.table == table and fired.row == row for fired in decision.fired)


def _hits(table: str, row: str) -> Callable[[Decision, Mapping[str, Value]], bool]:
    return lambda decision, _: _fired(decision, table, row)


def _covering(table: Table, row: Row, facts: Mapping[str, Samples]) -> list[str]:
    """Earlier rows that share cases with a row; the one that takes all of them, where there is such a row."""
    sharing: list[str] = []
    for other in table.rows:
        if other.id == row.id:
            break
        if not overlap(other.when, row.when, facts):
            continue
        if all(
            name in row.when and not facts[name].mask(row.when[name]) & ~facts[name].mask(region)
            for name, region in other.when.items()
        ):
            return [other.id]
        sharing.append(other.id)
    return list(dict.fromkeys(sharing))


def _undecided(file: str, place: str, line: int, what: str) -> Problem:
    message = f"It is not decided {what}: the question is too large for the prover's budget."
    return Problem("undecided", file, place, message, "Split the table, or raise the budget.", line=line)
