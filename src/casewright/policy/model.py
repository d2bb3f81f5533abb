"""A policy as clauses: each way of running its tables, and nothing else, satisfies them.

Variables: one for each fact (its samples), one for each outcome (its values), and for each table one that
says which row is hit. A row's box is the product of its cells. For a first-hit table, "row j's box contains
the case" implies "the hit is j or earlier", and "the hit is j" implies each cell of row j: together, the
hit is the first row whose box contains the case, which is subtraction of the earlier boxes without ever
writing the remainder out. Outcomes of one table are facts of the next, so a witness is always a case over
the desk's own facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from casewright.domain.decision import Value
from casewright.policy.cells import Region
from casewright.policy.compiling import Invariant, Policy, ResolvedOutput, Row, Table
from casewright.policy.matching import strength_order
from casewright.policy.regions import Samples, default_value, overlap, sample_facts, sample_outcome
from casewright.policy.solver import Literal, Solver
from casewright.policy.tables import Hit


@dataclass(slots=True)
class TableQuestions:
    """What can be asked of one table: assumptions under which the named thing happens."""

    rows: dict[str, list[Literal]] = field(default_factory=dict)
    gap: list[Literal] | None = None
    conflicts: dict[tuple[str, str], list[Literal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvariantQuestions:
    """Assumptions under which an invariant applies at all, and under which it is broken."""

    applies: list[Literal]
    breaks: list[Literal]


class Model:
    """The clauses of one policy in force, and the questions to put to them."""

    def __init__(self, policy: Policy) -> None:
        self.solver = Solver()
        self.tables: dict[str, TableQuestions] = {}
        self.invariants: dict[str, InvariantQuestions] = {}
        self._policy = policy
        self._samples: dict[str, Samples] = sample_facts(policy)
        self._variables = {name: self._variable(found) for name, found in self._samples.items()}
        for table in policy.tables:
            self._add_table(table)
        for invariant in policy.invariants:
            self._add_invariant(invariant)

    def witness(self, answer: Sequence[int]) -> dict[str, Value]:
        """The facts of the case that an answer describes."""
        facts: dict[str, Value] = {}
        for name, domain in self._policy.schema.domains.items():
            if name in self._samples:
                facts[name] = self._samples[name].values[answer[self._variables[name]]]
            else:
                facts[name] = default_value(domain)
        return facts

    def _variable(self, samples: Samples) -> int:
        return self.solver.variable(len(samples.values))

    def _literal(self, name: str, region: Region) -> Literal:
        return self._variables[name], self._samples[name].mask(region)

    def _cells(self, row: Row) -> list[Literal]:
        return [self._literal(name, region) for name, region in row.when.items()]

    def _not(self, literal: Literal) -> Literal:
        return literal[0], self.solver.full(literal[0]) & ~literal[1]

    def _is_missing(self, table: Table) -> list[Literal]:
        """Literals of which one holds where an input of the table is unknown."""
        nothing = Region(takes_unknown=True)
        return [self._literal(name, nothing) for name in table.domains]

    def _add_table(self, table: Table) -> None:
        outcomes: dict[str, int] = {}
        for name in table.outputs:
            self._samples[name] = sample_outcome(name, table)
            outcomes[name] = self._variable(self._samples[name])
        if table.hit is Hit.COLLECT:
            self._add_collect(table, outcomes)
        else:
            self._add_single(table, outcomes)
        self._variables.update(outcomes)

    def _add_single(self, table: Table, outcomes: Mapping[str, int]) -> None:
        """A first-hit or unique table: one variable for the hit; after the rows: unknown, gap, conflict."""
        questions = self.tables[table.name] = TableQuestions()
        count = len(table.rows)
        pairs = self._overlapping(table) if table.hit is Hit.UNIQUE else []
        unknown, gap, conflict = count, count + 1, count + 2
        hit = self.solver.variable(count + 3)
        for index, row in enumerate(table.rows):
            cells = self._cells(row)
            here = 1 << index
            self._imply((hit, here), cells)
            reached = here | 1 << conflict if table.hit is Hit.UNIQUE else (here << 1) - 1
            self.solver.add([*map(self._not, cells), (hit, reached)])
            if not row.is_doubt:
                questions.rows[row.id] = [(hit, here)]
        missing = self._is_missing(table) if table.unknown else []
        self.solver.add([self._not((hit, 1 << unknown)), *missing])
        for literal in missing:
            self.solver.add([self._not(literal), self._not((hit, 1 << gap))])
        pair = self.solver.variable(len(pairs) + 1)
        self.solver.add([self._not((hit, 1 << conflict)), (pair, self.solver.full(pair) & ~1)])
        for index, (first, second) in enumerate(pairs, start=1):
            self._imply((pair, 1 << index), [*self._cells(first), *self._cells(second)])
            questions.conflicts[first.id, second.id] = [(hit, 1 << conflict), (pair, 1 << index)]
        questions.gap = [(hit, 1 << gap)]
        fallback = table.unknown.then if table.unknown else dict.fromkeys(table.outputs)
        givers: list[Mapping[str, Value]] = [row.then for row in table.rows] + [fallback] * 3
        for name, outcome in outcomes.items():
            samples = self._samples[name]
            for value in samples.values:
                others = sum(1 << index for index, given in enumerate(givers) if given.get(name) != value)
                self.solver.add([(hit, others), (outcome, samples.mask_of([value]))])

    def _add_collect(self, table: Table, outcomes: Mapping[str, int]) -> None:
        """A collect table: a variable for each row, and for each outcome the strongest value given."""
        questions = self.tables[table.name] = TableQuestions()
        matched: list[int] = []
        for row in table.rows:
            variable = self.solver.variable(2)
            cells = self._cells(row)
            self._imply((variable, 2), cells)
            self.solver.add([*map(self._not, cells), (variable, 2)])
            matched.append(variable)
            questions.rows[row.id] = [(variable, 2)]
        nothing = self.solver.variable(2)
        missing = self._is_missing(table) if table.unknown else []
        self._imply((nothing, 2), [(variable, 1) for variable in matched])
        self.solver.add([(nothing, 1), *missing])
        for literal in missing:
            self.solver.add([self._not(literal), (nothing, 2), *((variable, 2) for variable in matched)])
        for name, outcome in outcomes.items():
            self._add_strongest(table, name, outcome, matched, nothing)

    def _add_strongest(self, table: Table, name: str, outcome: int, matched: list[int], nothing: int) -> None:
        output: ResolvedOutput = table.outputs[name]
        samples = self._samples[name]
        order = strength_order(name, table)
        count = len(order)
        unknown = count + 1  # and `count` itself: no row gives the outcome
        chosen = self.solver.variable(count + 2)
        for rank, value in enumerate(order):
            givers = [
                variable
                for variable, row in zip(matched, table.rows, strict=True)
                if name in row.then and row.then[name] == value
            ]
            for variable in givers:
                self.solver.add([(variable, 1), (chosen, (2 << rank) - 1)])
            self.solver.add([self._not((chosen, 1 << rank)), *((variable, 2) for variable in givers)])
        self.solver.add([(nothing, 1), (chosen, 1 << unknown)])
        self.solver.add([(nothing, 2), self._not((chosen, 1 << unknown))])
        fallback = table.unknown.then.get(name) if table.unknown else None
        given = [*order, output.empty, fallback]
        for value in samples.values:
            others = sum(1 << rank for rank in range(count + 2) if given[rank] != value)
            self.solver.add([(chosen, others), (outcome, samples.mask_of([value]))])

    def _add_invariant(self, invariant: Invariant) -> None:
        applies, breaks = self.solver.variable(2), self.solver.variable(2)
        when = [self._literal(name, region) for name, region in invariant.when.items()]
        then = [self._literal(name, region) for name, region in invariant.then.items()]
        self._imply((applies, 2), when)
        self._imply((breaks, 2), when)
        self.solver.add([(breaks, 1), *map(self._not, then)])
        self.invariants[invariant.id] = InvariantQuestions([(applies, 2)], [(breaks, 2)])

    def _imply(self, cause: Literal, effects: Sequence[Literal]) -> None:
        for effect in effects:
            self.solver.add([self._not(cause), effect])

    def _overlapping(self, table: Table) -> list[tuple[Row, Row]]:
        return [
            (first, second)
            for first, second in combinations(table.rows, 2)
            if overlap(first.when, second.when, self._samples)
        ]
