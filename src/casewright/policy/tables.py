"""Decision tables as written: parsed from YAML, names not yet looked up.

A table says: its name, its place in the order, its hit policy, the facts it reads, the outcomes it gives,
where unknown goes, and its rows. Every row has an id, cells, outcomes, a reason and the clause it cites.
What the words mean is checked when the ruleset is compiled.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casewright.policy.cells import Cell, CellError, Operand, parse_cell, parse_value
from casewright.policy.document import Collector, LocatedMap
from casewright.policy.schema import Domain, Kind

UNKNOWN_ROW = "unknown"
GAP = "policy_gap"
CONFLICT = "policy_conflict"
RESERVED_ROWS = frozenset({UNKNOWN_ROW, GAP, CONFLICT})
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_TABLE_KEYS = {"table", "order", "hit", "inputs", "outputs", "unknown", "rows", "note"}
_ROW_KEYS = {"id", "when", "then", "reason", "clause", "note"}
_UNKNOWN_KEYS = {"then", "reason", "clause", "applies", "note"}
_OUTPUT_KEYS = {"type", "values", "min", "max", "optional", "combine", "empty"}
_IN_DOUBT, _NO_MATCH = "in_doubt", "no_match"


class Hit(StrEnum):
    FIRST = "first"
    UNIQUE = "unique"
    COLLECT = "collect"


class Combine(StrEnum):
    """How a collect table makes one value of many. The values of an enumeration ascend as they are listed."""

    ANY = "any"
    ALL = "all"
    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, slots=True)
class Output:
    """One outcome of a table. `combine` and `empty` (no row set it) are for collect tables."""

    domain: Domain
    combine: Combine | None = None
    empty: Operand = None


@dataclass(frozen=True, slots=True)
class RowSource:
    """One row as written."""

    id: str
    when: Mapping[str, Cell]
    then: Mapping[str, Operand]
    reason: str
    clause: str
    line: int


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table as written. `unknown` is the row for cases that a missing fact leaves undecided."""

    name: str
    file: str
    line: int
    order: int
    hit: Hit
    inputs: tuple[str, ...]
    outputs: Mapping[str, Output]
    rows: tuple[RowSource, ...]
    unknown: RowSource | None = None
    stops_in_doubt: bool = False
    """Unknown applies as soon as a row could have matched, not only when no row matched."""


@dataclass(slots=True)
class _Reader:
    found: Collector
    table: str = ""
    ids: dict[str, int] = field(default_factory=dict)

    def word(self, entry: LocatedMap, key: str, place: str, code: str, remedy: str) -> str:
        value = entry.get(key)
        if isinstance(value, str) and value:
            return value
        self.found.add(code, place, f"`{key}` is missing or is not a word.", remedy, entry.line)
        return ""

    def keys(self, entry: LocatedMap, allowed: set[str], place: str) -> None:
        for key in entry:
            if key not in allowed:
                remedy = f"Use {', '.join(sorted(allowed))}."
                self.found.add(
                    "unknown_key", place, f"`{key}` means nothing here.", remedy, entry.key_lines[key]
                )

    def mapping(self, entry: LocatedMap, key: str, place: str) -> LocatedMap:
        value = entry.get(key)
        if isinstance(value, LocatedMap):
            return value
        if value is not None:
            self.found.add(
                "bad_shape",
                place,
                f"`{key}` must be names with values.",
                "Write `name: value`.",
                entry.key_lines[key],
            )
        return LocatedMap(entry.line)


def parse_table(document: LocatedMap, found: Collector) -> TableSource | None:
    """One table file; None where it has no usable name."""
    reader = _Reader(found)
    reader.keys(document, _TABLE_KEYS, "")
    name = reader.word(document, "table", "", "bad_shape", "Start the file with `table: name`.")
    if not _NAME.match(name):
        if name:
            found.add(
                "bad_name", name, f"`{name}` is not a table's name.", "Use lower_snake words.", document.line
            )
        return None
    reader.table = name
    order = document.get("order")
    if isinstance(order, bool) or not isinstance(order, int):
        found.add(
            "missing_order", name, "The table has no place in the order.", "Add `order: 10`.", document.line
        )
        order = 0
    hit = document.get("hit")
    if hit not in tuple(Hit):
        found.add(
            "bad_hit", name, f"`{hit}` is not a hit policy.", "Use first, unique or collect.", document.line
        )
        hit = Hit.FIRST
    unknown, stops_in_doubt = _parse_unknown(document, reader)
    raw_rows = document.get("rows")
    if not isinstance(raw_rows, list) or not raw_rows:
        found.add(
            "bad_shape", name, "The table has no rows.", "Add `rows:` with at least one row.", document.line
        )
        raw_rows = []
    rows = [_parse_row(raw, reader) for raw in raw_rows]
    return TableSource(
        name,
        found.file,
        document.line,
        order,
        Hit(str(hit)),
        _parse_inputs(document, reader),
        _parse_outputs(document, Hit(str(hit)), reader),
        tuple(row for row in rows if row is not None),
        unknown,
        stops_in_doubt,
    )


def parse_cells(entry: LocatedMap, key: str, place: str, found: Collector) -> dict[str, Cell]:
    """The cells under `when` (or an invariant's `then`), by fact."""
    cells: dict[str, Cell] = {}
    section = _Reader(found).mapping(entry, key, place)
    for fact, raw in section.items():
        try:
            cells[str(fact)] = parse_cell(raw)
        except CellError as error:
            line = section.key_lines[fact]
            found.add(error.code, f"{place}, {fact}", _sentence(error.message), error.remedy, line)
    return cells


def _parse_inputs(document: LocatedMap, reader: _Reader) -> tuple[str, ...]:
    raw = document.get("inputs")
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        reader.found.add(
            "bad_shape",
            reader.table,
            "`inputs` must list the facts it reads.",
            "Write [a, b].",
            document.line,
        )
        return ()
    for item in {item for item in raw if raw.count(item) > 1}:
        reader.found.add(
            "duplicate_id", reader.table, f"Input `{item}` stands twice.", "Keep one.", document.line
        )
    return tuple(dict.fromkeys(raw))


def _parse_outputs(document: LocatedMap, hit: Hit, reader: _Reader) -> dict[str, Output]:
    section = reader.mapping(document, "outputs", reader.table)
    outputs: dict[str, Output] = {}
    for name, raw in section.items():
        place = f"{reader.table}, output {name}"
        line = section.key_lines[name]
        if not isinstance(name, str) or not _NAME.match(name):
            reader.found.add(
                "bad_name", place, f"`{name}` is not an outcome's name.", "Use lower_snake.", line
            )
            continue
        output = _parse_output(raw, hit, place, line, reader)
        if output is not None:
            outputs[name] = output
    if not outputs and hit is not Hit.COLLECT:
        reader.found.add(
            "bad_shape", reader.table, "The table decides nothing.", "Add `outputs:`.", document.line
        )
    return outputs


def _parse_output(raw: object, hit: Hit, place: str, line: int, reader: _Reader) -> Output | None:
    entry = LocatedMap()
    if isinstance(raw, LocatedMap):
        entry = raw
        reader.keys(entry, _OUTPUT_KEYS, place)
    elif isinstance(raw, list):
        entry["values"] = raw
    else:
        entry["type"] = raw
    low, high, is_optional = entry.get("min"), entry.get("max"), entry.get("optional") is True
    values = entry.get("values")
    if isinstance(values, list) and values and all(isinstance(item, str) for item in values):
        domain = Domain(Kind.ENUM, tuple(dict.fromkeys(values)), is_optional)
    elif values is None and entry.get("type") in (Kind.BOOL.value, Kind.INT.value):
        domain = Domain(
            Kind(str(entry["type"])),
            (),
            is_optional,
            low if isinstance(low, int) else None,
            high if isinstance(high, int) else None,
        )
    else:
        reader.found.add(
            "bad_domain",
            place,
            "An outcome is bool, int, or a list of words.",
            "Quote yes, no, on and off.",
            line,
        )
        return None
    return _with_combine(entry, domain, hit, place, line, reader)


def _with_combine(
    entry: LocatedMap, domain: Domain, hit: Hit, place: str, line: int, reader: _Reader
) -> Output | None:
    if hit is not Hit.COLLECT:
        for key in ("combine", "empty"):
            if key in entry:
                reader.found.add(
                    "unknown_key",
                    place,
                    f"`{key}` is for collect tables.",
                    "Remove it, or use hit: collect.",
                    line,
                )
        return Output(domain)
    fitting = (Combine.ANY, Combine.ALL) if domain.kind is Kind.BOOL else (Combine.MAX, Combine.MIN)
    raw = entry.get("combine", Combine.ANY.value if domain.kind is Kind.BOOL else None)
    if raw not in fitting:
        reader.found.add(
            "bad_combine", place, f"`combine: {raw}` does not fit.", f"Use {' or '.join(fitting)}.", line
        )
        return None
    combine = Combine(str(raw))
    if "empty" not in entry:
        if domain.kind is Kind.BOOL:
            return Output(domain, combine, combine is Combine.ALL)
        if not domain.is_optional:
            reader.found.add(
                "missing_empty",
                place,
                "What holds when no row sets it?",
                "Add `empty: value`, or optional.",
                line,
            )
        return Output(domain, combine, None)
    try:
        return Output(domain, combine, parse_value(entry["empty"]))
    except CellError as error:
        reader.found.add(error.code, place, _sentence(error.message), error.remedy, line)
        return None


def _parse_unknown(document: LocatedMap, reader: _Reader) -> tuple[RowSource | None, bool]:
    if "unknown" not in document:
        return None, False
    entry = reader.mapping(document, "unknown", reader.table)
    place = f"{reader.table}, unknown"
    reader.keys(entry, _UNKNOWN_KEYS, place)
    applies = entry.get("applies", _NO_MATCH)
    if applies not in (_NO_MATCH, _IN_DOUBT):
        reader.found.add(
            "bad_shape",
            place,
            f"`applies: {applies}` means nothing.",
            f"Use {_NO_MATCH} or {_IN_DOUBT}.",
            entry.line,
        )
    if applies == _IN_DOUBT and document.get("hit") != Hit.FIRST.value:
        reader.found.add(
            "bad_shape", place, f"`applies: {_IN_DOUBT}` is for first-hit tables.", "Remove it.", entry.line
        )
    return _row_of(entry, UNKNOWN_ROW, place, {}, reader), applies == _IN_DOUBT


def _parse_row(raw: object, reader: _Reader) -> RowSource | None:
    if not isinstance(raw, LocatedMap):
        reader.found.add("bad_shape", reader.table, "A row is a mapping with an id.", "Write `- id: name`.")
        return None
    row_id = reader.word(raw, "id", f"{reader.table}, row", "missing_id", "Give the row an id.")
    place = f"{reader.table}, row {row_id}"
    reader.keys(raw, _ROW_KEYS, place)
    if row_id and not _NAME.match(row_id):
        reader.found.add(
            "bad_name", place, f"`{row_id}` is not a row's id.", "Use lower_snake words.", raw.line
        )
    if row_id in RESERVED_ROWS:
        reader.found.add("bad_name", place, f"`{row_id}` is reserved.", "Choose another id.", raw.line)
    if row_id in reader.ids:
        first = reader.ids[row_id]
        reader.found.add(
            "duplicate_id",
            place,
            f"Row `{row_id}` stands twice (first on line {first}).",
            "Rename one.",
            raw.line,
        )
    reader.ids.setdefault(row_id, raw.line)
    return _row_of(raw, row_id, place, parse_cells(raw, "when", place, reader.found), reader)


def _row_of(
    entry: LocatedMap, row_id: str, place: str, when: Mapping[str, Cell], reader: _Reader
) -> RowSource:
    then: dict[str, Operand] = {}
    section = reader.mapping(entry, "then", place)
    for name, raw in section.items():
        try:
            then[str(name)] = parse_value(raw)
        except CellError as error:
            line = section.key_lines[name]
            reader.found.add(error.code, f"{place}, {name}", _sentence(error.message), error.remedy, line)
    reason = reader.word(entry, "reason", place, "missing_reason", "Add `reason: lower_snake_code`.")
    if reason and not _NAME.match(reason):
        reader.found.add(
            "bad_name", place, f"`{reason}` is not a reason code.", "Use lower_snake.", entry.line
        )
    clause = reader.word(entry, "clause", place, "missing_clause", "Cite a clause of policy.md.")
    return RowSource(row_id, when, then, reason, clause, entry.line)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
