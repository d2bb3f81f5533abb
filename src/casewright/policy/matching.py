"""One table made ready to be asked: for each fact, the set of rows that its value leaves standing.

A set of rows is a whole number, bit i for row i. Each fact maps its value to such a set (a dictionary for
bools and enumerations, bisection over boundary points for whole numbers); the sets are ANDed and the lowest
bit is the first hit. So a decision costs one look-up per fact, whatever the number of rows. A value outside
the fact's domain counts as unknown.
"""

import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence

from casewright.domain.decision import FiredRow, Value
from casewright.policy.cells import Region
from casewright.policy.compiling import Row, Table
from casewright.policy.schema import Domain, Kind
from casewright.policy.tables import CONFLICT, GAP, Combine, Hit

Lookup = Callable[[Value], int]
_MOST_KNOWN = 4_096
"""Combinations of named facts that a table remembers; bools and members of enumerations, nobody's data."""


class MatchedTable:
    """A table with its look-ups. `decide` adds its fired rows and outcomes to those of earlier tables."""

    __slots__ = (
        "_chained",
        "_chained_numbers",
        "_collected",
        "_conflict",
        "_fetch",
        "_fired",
        "_full",
        "_gap",
        "_is_collect",
        "_is_unique",
        "_known",
        "_masks",
        "_numbers",
        "_reads_one",
        "_unknown",
        "base_names",
        "name",
    )

    def __init__(self, table: Table, base: Mapping[str, Domain]) -> None:
        self.name = table.name
        self._is_collect = table.hit is Hit.COLLECT
        self._is_unique = table.hit is Hit.UNIQUE
        self._full = (1 << len(table.rows)) - 1
        self._fired = tuple(_fired_of(table, row) for row in table.rows)
        self._unknown = None if table.unknown is None else _fired_of(table, table.unknown)
        fallback = dict(table.unknown.then) if table.unknown else dict.fromkeys(table.outputs)
        clause = table.unknown.clause if table.unknown else ""
        self._gap = FiredRow(table.name, GAP, fallback, GAP, clause)
        self._conflict = FiredRow(table.name, CONFLICT, fallback, CONFLICT, clause)
        read = [name for name in table.domains if any(name in row.when for row in table.rows)]
        if table.unknown is not None:
            read = list(table.domains)
        named = [name for name in read if table.domains[name].kind is not Kind.INT]
        numbers = [name for name in read if table.domains[name].kind is Kind.INT]
        self.base_names = tuple(name for name in (*named, *numbers) if name in base)
        self._reads_one = len(self.base_names) == 1
        self._fetch = operator.attrgetter(*self.base_names) if self.base_names else None
        self._masks = tuple(_masks_of(name, table) for name in named if name in base)
        self._known: dict[tuple[Value, ...], int] = {}
        first = len(self._masks)
        self._numbers = tuple(
            (position, _lookup_of(name, table))
            for position, name in enumerate(self.base_names)
            if position >= first
        )
        self._chained = tuple((name, _masks_of(name, table)) for name in named if name not in base)
        self._chained_numbers = tuple((name, _lookup_of(name, table)) for name in numbers if name not in base)
        self._collected = tuple(
            (name, _strengths(name, table), output.empty) for name, output in table.outputs.items()
        )

    def fetch(self, facts: object) -> Sequence[Value]:
        """The values of the facts that the table reads, from a facts dataclass."""
        if self._fetch is None:
            return ()
        found = self._fetch(facts)
        return (found,) if self._reads_one else found

    def decide(self, values: Sequence[Value], outcome: dict[str, Value], fired: list[FiredRow]) -> None:
        """Match the values; extend `outcome` and `fired`. Never raises for values of the facts' domains."""
        rows = self._match(tuple(values[: len(self._masks)]))  # numbers come after the named facts
        for name, masks in self._chained:
            rows &= masks[outcome[name]]
        for position, lookup in self._numbers:
            rows &= lookup(values[position])
        for name, lookup in self._chained_numbers:
            rows &= lookup(outcome[name])
        if self._is_collect:
            self._collect(rows, values, outcome, fired)
            return
        if not rows:
            row = self._unknown if self._unknown and self._lacks_fact(values, outcome) else self._gap
        elif self._is_unique and rows & (rows - 1):
            row = self._conflict
        else:
            row = self._fired[(rows & -rows).bit_length() - 1]
        outcome.update(row.outcome)
        fired.append(row)

    def _match(self, named: tuple[Value, ...]) -> int:
        """The rows that the named facts leave; most of their combinations come up again and again."""
        rows = self._known.get(named)
        if rows is not None:
            return rows
        rows = self._full
        try:
            for masks, value in zip(self._masks, named, strict=True):
                rows &= masks[value]
        except KeyError:
            return self._match_foreign(named)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[named] = rows
        return rows

    def _collect(
        self, rows: int, values: Sequence[Value], outcome: dict[str, Value], fired: list[FiredRow]
    ) -> None:
        if not rows and self._unknown and self._lacks_fact(values, outcome):
            outcome.update(self._unknown.outcome)
            fired.append(self._unknown)
            return
        for name, strengths, empty in self._collected:
            for mask, value in strengths:
                if rows & mask:
                    outcome[name] = value
                    break
            else:
                outcome[name] = empty
        while rows:
            lowest = rows & -rows
            fired.append(self._fired[lowest.bit_length() - 1])
            rows ^= lowest

    def _match_foreign(self, values: Sequence[Value]) -> int:
        """The rows left where some value lies outside its fact's domain: it counts as unknown."""
        rows = self._full
        for masks, value in zip(self._masks, values, strict=False):
            rows &= masks.get(value, masks[None])
        return rows

    def _lacks_fact(self, values: Sequence[Value], outcome: Mapping[str, Value]) -> bool:
        if None in values:
            return True
        return any(outcome[name] is None for name, _ in (*self._chained, *self._chained_numbers))


def strength_order(name: str, table: Table) -> list[Value]:
    """The values that a collect table's rows give one outcome, the winning one first."""
    output = table.outputs[name]
    given = {row.then[name] for row in table.rows if name in row.then}
    known = [value for value in given if value is not None]
    if output.domain.kind is Kind.ENUM:
        known.sort(key=lambda value: output.domain.values.index(str(value)))
    else:
        known.sort(key=int)
    if output.combine in (Combine.ANY, Combine.MAX):
        known.reverse()
    return [*known, None] if None in given else list(known)


def _strengths(name: str, table: Table) -> tuple[tuple[int, Value], ...]:
    def rows_giving(value: Value) -> int:
        return sum(
            1 << index for index, row in enumerate(table.rows) if name in row.then and row.then[name] == value
        )

    return tuple((rows_giving(value), value) for value in strength_order(name, table))


def _fired_of(table: Table, row: Row) -> FiredRow:
    return FiredRow(table.name, row.id, dict(row.then), row.reason, row.clause)


def _masks_of(name: str, table: Table) -> dict[Value, int]:
    """For a bool or an enumeration: the rows that each value, or unknown, leaves standing."""
    regions = [row.when.get(name) for row in table.rows]
    domain = table.domains[name]
    values: tuple[Value, ...] = (False, True) if domain.kind is Kind.BOOL else domain.values
    return {value: _rows_holding(regions, value) for value in (*values, None)}


def _lookup_of(name: str, table: Table) -> Lookup:
    """For a whole number: a function that finds the rows that a value leaves standing."""
    regions = [row.when.get(name) for row in table.rows]
    unknown = _rows_holding(regions, None)
    points = sorted(
        {
            point
            for region in regions
            if region is not None
            for span in region.spans
            for point in span
            if point is not None
        }
    )
    samples = [points[0] - 1, *points] if points else [0]
    masks = [_rows_holding(regions, sample) for sample in samples]

    def lookup(value: Value) -> int:
        if value is None:
            return unknown
        return masks[bisect_right(points, value)]

    return lookup


def _rows_holding(regions: Sequence[Region | None], value: Value) -> int:
    mask = 0
    for index, region in enumerate(regions):
        if region is None or region.holds(value):
            mask |= 1 << index
    return mask
