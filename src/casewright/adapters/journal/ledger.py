"""The ledger: what was done in each case, appended in the transaction that does it, sealed in a chain.

Invariant: an entry commits with what it tells of, or not at all; a chain has no branches, because its head is
locked while an entry is added. Entries hold ids, codes, amounts and vault tokens: no text from a customer and
no personal value. It hands committed heads on to the checkpoints; it checks nothing: `verification` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, Text, bindparam, insert, select, tuple_, update

from casewright.adapters.journal.chain import GENESIS, Entry, Head, seal, write_body
from casewright.adapters.journal.checkpoints import CheckpointWriter
from casewright.adapters.journal.round_trips import SealedEntry, enter_at_once
from casewright.adapters.journal.statements import Statement
from casewright.adapters.journal.tables import LEDGER_ENTRIES, LEDGER_HEADS, insert_once
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.domain.audit import AuditName

_LOCK_HEAD = (
    select(LEDGER_HEADS.c.entries, LEDGER_HEADS.c.mac)
    .where(LEDGER_HEADS.c.tenant == bindparam("of_tenant"), LEDGER_HEADS.c.case_id == bindparam("of_case"))
    .with_for_update()
)
_NEW_HEAD = Statement(insert_once(LEDGER_HEADS))
_MOVE_HEAD = Statement(
    update(LEDGER_HEADS)
    .where(LEDGER_HEADS.c.tenant == bindparam("of_tenant"), LEDGER_HEADS.c.case_id == bindparam("of_case"))
    .where(LEDGER_HEADS.c.mac == bindparam("prev")),
    "entries",
    "mac",
)
_ENTRY = Statement(insert(LEDGER_ENTRIES), *LEDGER_ENTRIES.columns.keys())
_ENTRIES_OF = (
    select(LEDGER_ENTRIES)
    .where(
        LEDGER_ENTRIES.c.tenant == bindparam("of_tenant"), LEDGER_ENTRIES.c.case_id == bindparam("of_case")
    )
    .order_by(LEDGER_ENTRIES.c.seq)
)
_BATCH = 5000
_MOST_TIPS = 20_000
_FIELDS = tuple(column.name for column in LEDGER_ENTRIES.columns)
_ENTRIES_AFTER = (
    select(LEDGER_ENTRIES)
    .where(LEDGER_ENTRIES.c.tenant == bindparam("of_tenant"))
    .where(
        tuple_(LEDGER_ENTRIES.c.case_id, LEDGER_ENTRIES.c.seq)
        > tuple_(bindparam("of_case", type_=Text), bindparam("of_seq", type_=Integer))
    )
    .where((bindparam("only", type_=Text).is_(None)) | (LEDGER_ENTRIES.c.case_id == bindparam("only")))
    .order_by(LEDGER_ENTRIES.c.case_id, LEDGER_ENTRIES.c.seq)
    .limit(_BATCH)
)
_HEADS_AFTER = (
    select(LEDGER_HEADS)
    .where(
        tuple_(LEDGER_HEADS.c.tenant, LEDGER_HEADS.c.case_id)
        > tuple_(bindparam("of_tenant", type_=Text), bindparam("of_case", type_=Text))
    )
    .order_by(LEDGER_HEADS.c.tenant, LEDGER_HEADS.c.case_id)
    .limit(_BATCH)
)


class Ledger:
    """Appends to the chains of all cases; safe to use from many threads."""

    def __init__(self, key: bytes, checkpoints: CheckpointWriter) -> None:
        self._key = key
        self._checkpoints = checkpoints
        self._tips: dict[tuple[str, str], Head] = {}

    def append(
        self,
        connection: Connection,
        tenant: str,
        case_id: str,
        name: AuditName,
        document: Mapping[str, Any],
        *,
        at: datetime,
        after: Head | None = None,
    ) -> Head:
        """Add one entry in the caller's transaction; its head goes to `note` after the commit.

        `after` is where the chain most likely stands. Raises TypeError for a document that holds a float.
        """
        sealed = self.seal(after or self.guess(tenant, case_id), name, document, at=at)
        if _enter(connection, sealed):
            return sealed.entry.head
        row = connection.execute(_LOCK_HEAD, {"of_tenant": tenant, "of_case": case_id}).first()
        entries, mac = (row.entries, row.mac) if row is not None else (0, GENESIS)
        sealed = self.seal(Head(tenant, case_id, entries, mac), name, document, at=at)
        if not _enter(connection, sealed):
            raise AssertionError("the head of a chain has moved while it was locked")
        return sealed.entry.head

    def seal(self, after: Head, name: AuditName, document: Mapping[str, Any], *, at: datetime) -> SealedEntry:
        """The entry that follows a head. Raises TypeError for a document that holds a float."""
        return SealedEntry(seal(self._key, after, to_micros(at), name.value, write_body(document)), after)

    def guess(self, tenant: str, case_id: str) -> Head:
        """Where a chain most likely stands: where this process has left it, or at its beginning."""
        return self._tips.get((tenant, case_id)) or Head(tenant, case_id, 0, GENESIS)

    def note(self, *heads: Head) -> None:
        """Have committed heads written to the checkpoints."""
        self._checkpoints.note(heads)
        if len(self._tips) >= _MOST_TIPS:
            self._tips = {}
        self._tips |= {(head.tenant, head.case_id): head for head in heads}

    def record(
        self,
        database: Database,
        tenant: str,
        case_id: str,
        name: AuditName,
        document: Mapping[str, Any],
        *,
        at: datetime,
    ) -> None:
        """Add one entry in a transaction of its own. Raises Unavailable."""
        self.note(database.write(lambda each: self.append(each, tenant, case_id, name, document, at=at)))

    def close(self) -> None:
        """Write the checkpoints that wait."""
        self._checkpoints.close()


def read_entries(connection: Connection, tenant: str, case_id: str) -> tuple[Entry, ...]:
    """One case's entries in order; none for a case that has none."""
    rows = connection.execute(_ENTRIES_OF, {"of_tenant": tenant, "of_case": case_id})
    return tuple(Entry(*row) for row in rows)


def _read_batch(database: Database, statement: Select[Any], query: dict[str, Any]) -> Sequence[Row[Any]]:
    return database.read(lambda each: each.execute(statement, query).all())


def each_entry(database: Database, tenant: str, case_id: str | None = None) -> Iterator[Entry]:
    """Every entry of a tenant, or of one of its cases, in order; read in batches, each one snapshot."""
    place = ("", 0) if case_id is None else (case_id, 0)
    while True:
        query = {"of_tenant": tenant, "of_case": place[0], "of_seq": place[1], "only": case_id}
        rows = _read_batch(database, _ENTRIES_AFTER, query)
        if not rows:
            return
        for row in rows:
            yield Entry(*row)
        place = (rows[-1].case_id, rows[-1].seq)


def each_head(database: Database) -> Iterator[Head]:
    """Every head of every tenant, read in batches."""
    place = ("", "")
    while True:
        query = {"of_tenant": place[0], "of_case": place[1]}
        rows = _read_batch(database, _HEADS_AFTER, query)
        if not rows:
            return
        for row in rows:
            yield Head(*row)
        place = (rows[-1].tenant, rows[-1].case_id)


def has_entries(connection: Connection) -> bool:
    """Whether anything was ever recorded."""
    return connection.execute(select(LEDGER_ENTRIES.c.seq).limit(1)).first() is not None


def _enter(connection: Connection, sealed: SealedEntry) -> bool:
    """Move the head and insert the entry; nothing is written where the chain stands elsewhere."""
    if connection.dialect.name == "postgresql":
        return enter_at_once(connection, sealed)
    entry, after = sealed.entry, sealed.after
    head = {"tenant": entry.tenant, "case_id": entry.case_id, "entries": entry.seq, "mac": entry.mac}
    if after.entries == 0:
        has_moved = _NEW_HEAD.change(connection, head) == 1
    else:
        place = {"of_tenant": entry.tenant, "of_case": entry.case_id, "prev": after.mac}
        has_moved = _MOVE_HEAD.change(connection, head | place) == 1
    if has_moved:
        _ENTRY.change(connection, {name: getattr(entry, name) for name in _FIELDS})
    return has_moved
