"""From files to rules in force: names looked up, parameters' values put in, cells turned into regions.

`resolve_policy` is what compile, lint and prove share. It returns every problem instead of stopping at the
first. It decides nothing and proves nothing.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from casewright.domain.decision import Value
from casewright.policy.cells import Cell, CellError, Operand, Region, resolve_cell, resolve_value
from casewright.policy.clauses import Clause
from casewright.policy.document import Collector
from casewright.policy.invariants import InvariantSource
from casewright.policy.parameters import ParameterValue
from casewright.policy.parsing import PARAMETERS_FILE, ParsedPolicy
from casewright.policy.problems import Problem
from casewright.policy.schema import Domain, FactSchema
from casewright.policy.tables import UNKNOWN_ROW, Combine, Hit, Output, RowSource, TableSource


@dataclass(frozen=True, slots=True)
class Row:
    """One row in force. A fact without a region is not looked at."""

    id: str
    when: Mapping[str, Region]
    then: Mapping[str, Value]
    reason: str
    clause: str
    line: int
    is_doubt: bool = False
    """The table's unknown row, standing before the rows that a missing fact would make unsafe to reach."""


@dataclass(frozen=True, slots=True)
class ResolvedOutput:
    """One outcome in force."""

    domain: Domain
    combine: Combine | None
    empty: Value


@dataclass(frozen=True, slots=True)
class Table:
    """One table in force. `domains` covers every name its rows read."""

    name: str
    file: str
    line: int
    hit: Hit
    domains: Mapping[str, Domain]
    outputs: Mapping[str, ResolvedOutput]
    rows: tuple[Row, ...]
    unknown: Row | None

    def own_rows(self) -> tuple[Row, ...]:
        """The rows that the author wrote."""
        return tuple(row for row in self.rows if not row.is_doubt)


@dataclass(frozen=True, slots=True)
class Invariant:
    """One invariant in force."""

    id: str
    when: Mapping[str, Region]
    then: Mapping[str, Region]
    clause: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force at a date, for a tenant. `effective` is the date of the newest value in force."""

    desk: str
    as_of: datetime.date
    tenant: str | None
    effective: datetime.date | None
    parsed: ParsedPolicy
    schema: FactSchema
    parameters: Mapping[str, ParameterValue]
    tables: tuple[Table, ...]
    invariants: tuple[Invariant, ...]

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """The numbered clauses of policy.md."""
        return self.parsed.clauses

    def domains(self) -> dict[str, Domain]:
        """Domains of all facts and outcomes."""
        found = dict(self.schema.domains)
        for table in self.tables:
            found.update({name: output.domain for name, output in table.outputs.items()})
        return found


class _Resolver:
    """Carries what every cell needs: known names, parameters in force, clauses; and the problems found."""

    def __init__(
        self, parsed: ParsedPolicy, schema: FactSchema, parameters: Mapping[str, ParameterValue]
    ) -> None:
        self.parsed = parsed
        self.parameters = parameters
        self.names: dict[str, Domain] = dict(schema.domains)
        self.decided_by: dict[str, str] = {}
        self.problems: list[Problem] = []

    def table(self, source: TableSource) -> Table:
        found = Collector(source.file)
        domains = self._inputs(source, found)
        outputs = {name: self._output(name, output, source, found) for name, output in source.outputs.items()}
        rows: list[Row] = []
        unknown = None
        if source.unknown is not None:
            unknown = self._row(source.unknown, source, domains, found)
        for written in source.rows:
            row = self._row(written, source, domains, found)
            rows.append(row)
            doubt = _doubt_of(row, unknown, domains) if unknown and source.stops_in_doubt else None
            rows += [doubt] if doubt is not None else []
        for name, output in outputs.items():
            if name in self.names:
                owner = self.decided_by.get(name)
                what = f"an outcome of table `{owner}`" if owner else "a fact"
                place, message = f"{source.name}, output {name}", f"`{name}` is already {what}."
                found.add("duplicate_id", place, message, "Choose another name.", source.line)
            # An outcome is missing when its table fails closed, so later tables may read it as unknown.
            domain = output.domain
            self.names[name] = Domain(
                domain.kind, domain.values, is_optional=True, minimum=domain.minimum, maximum=domain.maximum
            )
            self.decided_by[name] = source.name
        self.problems += found.problems
        return Table(
            source.name, source.file, source.line, source.hit, domains, outputs, tuple(rows), unknown
        )

    def invariant(self, source: InvariantSource) -> Invariant:
        found = Collector(source.file)
        place = f"invariant {source.id}"
        self._clause(source.clause, place, source.line, found)
        when = self._cells(source.when, self.names, place, source.line, found)
        then = self._cells(source.then, self.names, place, source.line, found)
        for name in then:
            if name not in self.decided_by:
                message = f"`{name}` is a fact; an invariant demands outcomes."
                found.add("unknown_outcome", place, message, "Move it to `when`.", source.line)
        self.problems += found.problems
        return Invariant(source.id, when, then, source.clause, source.file, source.line)

    def _inputs(self, source: TableSource, found: Collector) -> dict[str, Domain]:
        domains: dict[str, Domain] = {}
        for name in source.inputs:
            if name in self.names:
                domains[name] = self.names[name]
                continue
            later = [table.name for table in self.parsed.tables if name in table.outputs]
            message = f"There is no fact `{name}`."
            if later:
                message = f"`{name}` is decided by table `{later[0]}`, which does not come earlier."
            remedy = "Correct the name, change the order, or add the fact to the desk."
            found.add("unknown_fact", f"{source.name}, inputs", message, remedy, source.line)
        return domains

    def _output(self, name: str, output: Output, source: TableSource, found: Collector) -> ResolvedOutput:
        empty: Value = None
        if output.combine is not None and output.empty is not None:
            place = f"{source.name}, output {name}"
            empty = self._value(output.empty, output.domain, place, source.line, found)
        return ResolvedOutput(output.domain, output.combine, empty)

    def _row(
        self, source: RowSource, table: TableSource, domains: Mapping[str, Domain], found: Collector
    ) -> Row:
        place = f"{table.name}, row {source.id}"
        self._clause(source.clause, place, source.line, found)
        for name in source.when:
            if name not in table.inputs:
                message = f"`{name}` is not among the table's inputs."
                remedy = "Add it to `inputs`, or correct it."
                found.add("unknown_fact", place, message, remedy, source.line)
        known = {name: cell for name, cell in source.when.items() if name in domains}
        when = self._cells(known, domains, place, source.line, found)
        then: dict[str, Value] = {}
        for name, operand in source.then.items():
            if name not in table.outputs:
                message = f"`{name}` is not among the table's outputs."
                found.add("unknown_outcome", place, message, "Add it to `outputs`.", source.line)
                continue
            then[name] = self._value(operand, table.outputs[name].domain, place, source.line, found)
        missing = [name for name in table.outputs if name not in source.then]
        if missing and (table.hit is not Hit.COLLECT or source.id == UNKNOWN_ROW):
            message = f"The row does not say {', '.join(f'`{name}`' for name in missing)}."
            found.add("missing_outcome", place, message, "Add it under `then`.", source.line)
        return Row(source.id, when, then, source.reason, source.clause, source.line)

    def _cells(
        self,
        cells: Mapping[str, Cell],
        domains: Mapping[str, Domain],
        place: str,
        line: int,
        found: Collector,
    ) -> dict[str, Region]:
        regions: dict[str, Region] = {}
        for name, cell in cells.items():
            if name not in domains:
                message, remedy = f"There is no fact or outcome `{name}`.", "Correct the name."
                found.add("unknown_fact", place, message, remedy, line)
                continue
            if _has_missing_parameter(cell.references(), self.parsed, self.parameters):
                continue
            try:
                regions[name] = resolve_cell(cell, domains[name], self.parameters)
            except CellError as error:
                found.add(error.code, f"{place}, {name}", _sentence(error.message), error.remedy, line)
        return regions

    def _value(self, operand: Operand, domain: Domain, place: str, line: int, found: Collector) -> Value:
        try:
            value = resolve_value(operand, domain, self.parameters)
        except CellError as error:
            if error.code != "unknown_parameter" or str(operand)[1:] not in self.parsed.parameters:
                found.add(error.code, place, _sentence(error.message), error.remedy, line)
            return None
        if value is not None and not domain.holds(value):
            message = f"`{value}` is not {domain.describe()}."
            found.add("unknown_value", place, message, "Correct it.", line)
        return value

    def _clause(self, clause: str, place: str, line: int, found: Collector) -> None:
        if clause and clause not in self.parsed.clauses:
            message = f"Clause {clause} does not exist."
            found.add("dangling_clause", place, message, "Add it to policy.md, or cite another.", line)


def resolve_policy(
    parsed: ParsedPolicy, schema: FactSchema, as_of: datetime.date, tenant: str | None = None
) -> tuple[Policy, tuple[Problem, ...]]:
    """The rules in force at a date, for a tenant, and everything wrong with them."""
    found = Collector(PARAMETERS_FILE)
    values: dict[str, ParameterValue] = {}
    effective: datetime.date | None = None
    for name, parameter in parsed.parameters.items():
        if parameter.clause and parameter.clause not in parsed.clauses:
            message = f"Clause {parameter.clause} does not exist."
            remedy = "Add it to policy.md, or cite another."
            found.add("dangling_clause", f"parameter {name}", message, remedy, parameter.line)
        current = parameter.in_force(as_of, tenant)
        if current is None:
            message = f"`{name}` has no value at {as_of}."
            remedy = "Add a value with an earlier date, or ask for a later one."
            found.add("parameter_without_value", f"parameter {name}", message, remedy, parameter.line)
            continue
        effective = current[0] if effective is None else max(effective, current[0])
        values[name] = current[1]
    resolver = _Resolver(parsed, schema, values)
    tables = tuple(resolver.table(source) for source in parsed.tables)
    invariants = tuple(resolver.invariant(source) for source in parsed.invariants)
    policy = Policy(parsed.desk, as_of, tenant, effective, parsed, schema, values, tables, invariants)
    return policy, (*parsed.problems, *found.problems, *resolver.problems)


def _doubt_of(row: Row, unknown: Row, domains: Mapping[str, Domain]) -> Row | None:
    """The unknown row over the cases that could match `row` if what is missing were known."""
    regions = {
        name: region.with_unknown() if domains[name].is_optional else region
        for name, region in row.when.items()
    }
    if regions == row.when:
        return None
    return Row(
        UNKNOWN_ROW, regions, unknown.then, unknown.reason, unknown.clause, unknown.line, is_doubt=True
    )


def _has_missing_parameter(
    names: set[str], parsed: ParsedPolicy, values: Mapping[str, ParameterValue]
) -> bool:
    """A declared parameter without a value is reported once, as such, and not again for each cell."""
    return any(name in parsed.parameters and name not in values for name in names)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
