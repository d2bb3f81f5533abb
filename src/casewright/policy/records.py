"""Decision records: a decision with the facts it was made of, so that it can be made again bit for bit.

A record is canonical JSON (sorted keys, no spaces, UTF-8): equal decisions are equal bytes. Replaying it
needs the ruleset that it names, and nothing else: no clock, no database, no text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from casewright.domain.decision import Decision, FiredRow, Value
from casewright.domain.errors import PolicyError
from casewright.policy.ruleset import Ruleset

SCHEMA_VERSION = 1
_KEYS = {"schema_version", "ruleset_id", "facts", "outcome", "fired"}
_ROW_KEYS = {"table", "row", "outcome", "reason", "clause"}


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What was known, by which rules, and what was decided."""

    ruleset_id: str
    facts: Mapping[str, Value]
    outcome: Mapping[str, Value]
    fired: tuple[FiredRow, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Reason codes in firing order, each once."""
        return tuple(dict.fromkeys(row.reason for row in self.fired))


@dataclass(frozen=True, slots=True)
class Replay:
    """The decision made again; `differences` is empty where it is the same to the bit."""

    decision: Decision
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the record was reproduced exactly."""
        return not self.differences


def record_decision(decision: Decision, facts: object, ruleset: Ruleset) -> DecisionRecord:
    """The record of a decision on a facts dataclass (or mapping)."""
    values = ruleset.policy.schema.values_of(facts)
    return DecisionRecord(decision.ruleset_id, values, dict(decision.outcome), decision.fired)


def dump_record(record: DecisionRecord) -> str:
    """The record as one line of canonical JSON."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "ruleset_id": record.ruleset_id,
        "facts": dict(record.facts),
        "outcome": dict(record.outcome),
        "fired": [
            {
                "table": row.table,
                "row": row.row,
                "outcome": dict(row.outcome),
                "reason": row.reason,
                "clause": row.clause,
            }
            for row in record.fired
        ],
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def load_record(text: str) -> DecisionRecord:
    """Read a record. Raises PolicyError where it is not one."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PolicyError(f"This is not a decision record: it is not JSON ({error}).") from error
    if not isinstance(document, dict) or set(document) != _KEYS:
        raise PolicyError(f"This is not a decision record: it must hold {', '.join(sorted(_KEYS))}.")
    if document["schema_version"] != SCHEMA_VERSION:
        raise PolicyError(
            f"The record's schema_version is {document['schema_version']!r}; known is {SCHEMA_VERSION}."
        )
    rows = document["fired"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) and set(row) == _ROW_KEYS for row in rows):
        raise PolicyError(f"In a decision record, fired rows hold {', '.join(sorted(_ROW_KEYS))}.")
    fired = tuple(
        FiredRow(
            str(row["table"]),
            str(row["row"]),
            _values(row["outcome"]),
            str(row["reason"]),
            str(row["clause"]),
        )
        for row in rows
    )
    return DecisionRecord(
        str(document["ruleset_id"]), _values(document["facts"]), _values(document["outcome"]), fired
    )


def replay(record: DecisionRecord, ruleset: Ruleset) -> Replay:
    """Decide again on the recorded facts, and compare everything."""
    decision = ruleset.decide(record.facts)
    again = DecisionRecord(decision.ruleset_id, record.facts, decision.outcome, decision.fired)
    differences: list[str] = []
    if record.ruleset_id != decision.ruleset_id:
        differences.append(f"recorded under {record.ruleset_id}, replayed under {decision.ruleset_id}")
    for name in sorted(record.outcome.keys() | decision.outcome.keys()):
        before, after = record.outcome.get(name), decision.outcome.get(name)
        if before != after or type(before) is not type(after):
            differences.append(f"{name} was {before!r}, is {after!r}")
    if record.fired != decision.fired:
        was = ", ".join(f"{row.table}.{row.row}" for row in record.fired)
        now = ", ".join(f"{row.table}.{row.row}" for row in decision.fired)
        differences.append(f"rows fired were {was}; are {now}")
    if not differences and dump_record(again) != dump_record(record):
        differences.append("the records are not the same bytes")
    return Replay(decision, tuple(differences))


def _values(raw: object) -> dict[str, Value]:
    if not isinstance(raw, dict):
        raise PolicyError("In a decision record, facts and outcomes are objects.")
    for name, value in raw.items():
        if not (value is None or isinstance(value, bool | int | str)):
            raise PolicyError(
                f"In a decision record, {name!r} is {value!r}; it must be a bool, int, word or null."
            )
    return dict(raw)
