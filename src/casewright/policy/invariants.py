"""Invariants: what must hold of every decision, whatever the tables say.

    invariants:
      - {id: no_refund_unpaid, when: {is_paid: false}, then: {outcome: not approve_refund}, clause: RET-4.1}

`when` names facts and outcomes; `then` names outcomes. An invariant is broken by facts for which every
`when` cell holds and some `then` cell does not. The prover decides it over all facts; nothing checks it at
run time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from casewright.policy.cells import Cell
from casewright.policy.document import Collector, LocatedMap
from casewright.policy.tables import parse_cells

_KEYS = {"id", "when", "then", "clause", "note"}


@dataclass(frozen=True, slots=True)
class InvariantSource:
    """One invariant as written."""

    id: str
    when: Mapping[str, Cell]
    then: Mapping[str, Cell]
    clause: str
    file: str
    line: int


def parse_invariants(document: LocatedMap, found: Collector) -> tuple[InvariantSource, ...]:
    """Every invariant of an invariants.yaml."""
    for key in document:
        if key != "invariants":
            found.add(
                "unknown_key",
                "",
                f"`{key}` means nothing here.",
                "Use `invariants:`.",
                document.key_lines[key],
            )
    raw = document.get("invariants")
    if not isinstance(raw, list):
        found.add("bad_shape", "", "The file must hold a list.", "Write `invariants:` and a list under it.")
        return ()
    invariants: dict[str, InvariantSource] = {}
    for entry in raw:
        if not isinstance(entry, LocatedMap) or not isinstance(entry.get("id"), str):
            found.add("missing_id", "", "An invariant is a mapping with an id.", "Write `- id: name`.")
            continue
        name = str(entry["id"])
        place = f"invariant {name}"
        for key in entry:
            if key not in _KEYS:
                remedy = f"Use {', '.join(sorted(_KEYS))}."
                found.add("unknown_key", place, f"`{key}` means nothing here.", remedy, entry.key_lines[key])
        if name in invariants:
            found.add("duplicate_id", place, f"`{name}` stands twice.", "Rename one.", entry.line)
        clause = entry.get("clause")
        if not isinstance(clause, str) or not clause:
            found.add("missing_clause", place, "The invariant cites no clause.", "Add `clause:`.", entry.line)
        when = parse_cells(entry, "when", place, found)
        then = parse_cells(entry, "then", place, found)
        if not then:
            found.add("bad_shape", place, "The invariant demands nothing.", "Add `then:`.", entry.line)
        invariants.setdefault(
            name, InvariantSource(name, when, then, str(clause or ""), found.file, entry.line)
        )
    return tuple(invariants.values())
