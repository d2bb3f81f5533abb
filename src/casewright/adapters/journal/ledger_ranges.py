"""Check one range of cases straight from the database's driver: what a verifying process runs.

Invariant: entries and heads of a range come from one snapshot, and nothing is written. It imports neither
SQLAlchemy nor the journal, so that a process starts at once; an address may hold a password and is not shown.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from casewright.adapters.journal.chain import ChainCheck, Fault

Place = tuple[str, str]
"""Tenant and case."""
_ENTRIES = "SELECT tenant, case_id, seq, at, name, body, mac FROM ledger_entries"
_HEADS = "SELECT tenant, case_id, entries, mac FROM ledger_heads"
_ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """Where the ledger is: the path of an SQLite file, or an address for the PostgreSQL driver."""

    dialect: str
    address: str


@dataclass(frozen=True, slots=True)
class CaseRange:
    """Cases from `start` on and before `end`, in the order of tenant and case; None: no bound."""

    start: Place | None
    end: Place | None
    marks: Mapping[Place, tuple[int, str]]
    """Checkpoints of the cases in the range."""


@dataclass(frozen=True, slots=True)
class RangeFindings:
    """What a range holds, and what is wrong in it."""

    entries: int
    cases: int
    faults: tuple[Fault, ...]


def check_range(source: LedgerSource, key: bytes, cases: CaseRange) -> RangeFindings:
    """Walk the chains of a range, and compare their ends with heads and checkpoints."""
    check = ChainCheck(key, cases.marks)
    with _open(source) as reader:
        check.walk(reader.rows(_ENTRIES, cases, "tenant, case_id, seq"))
        check.close(reader.rows(_HEADS, cases, "tenant, case_id"))
    return RangeFindings(check.entries, len(check.tips), tuple(check.faults))


class _Reader:
    """Rows of one snapshot."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def rows(self, query: str, cases: CaseRange, order: str) -> Iterator[Any]:
        conditions: list[str] = []
        values: list[str] = []
        for bound, sign in ((cases.start, ">="), (cases.end, "<")):
            if bound is not None:
                conditions.append(f"(tenant, case_id) {sign} ({self._mark}, {self._mark})")
                values += bound
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return self._run(f"{query}{where} ORDER BY {order}", values)

    def _run(self, query: str, values: list[str]) -> Iterator[Any]:
        if self._mark == "?":
            yield from self._connection.execute(query, values)
            return
        with self._connection.cursor(name="casewright_ledger") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(query, values, binary=True)
            yield from cursor


@contextmanager
def _open(source: LedgerSource) -> Iterator[_Reader]:
    if source.dialect == "sqlite":
        with closing(sqlite3.connect(source.address, isolation_level=None, timeout=15)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield _Reader(connection, "?")
        return
    import psycopg

    with psycopg.connect(source.address, autocommit=False) as server:
        server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        server.read_only = True
        yield _Reader(server, "%s")


def split_marks(
    marks: Mapping[Place, tuple[int, str]], bounds: Iterable[Place]
) -> list[dict[Place, tuple[int, str]]]:
    """The checkpoints of each range between the bounds, in order."""
    edges = list(bounds)
    parts: list[dict[Place, tuple[int, str]]] = [{} for _ in range(len(edges) + 1)]
    number = 0
    for place in sorted(marks):
        while number < len(edges) and place >= edges[number]:
            number += 1
        parts[number][place] = marks[place]
    return parts
