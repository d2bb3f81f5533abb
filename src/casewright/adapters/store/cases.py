"""Stored cases in the business database: ports.cases for one tenant.

Invariants: every statement names the tenant; a look-up reads one row by its key, however many there are; a
case that is saved again keeps the moment at which it was opened.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from casewright.adapters.store.case_tables import CASES
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.shop_rows import Fields
from casewright.adapters.store.times import from_micros, to_micros
from casewright.ports.cases import CaseState, StoredCase

DECISION_VERSION = 1
_TENANT: BindParameter[str] = bindparam("of_tenant")
_CASE_ID: BindParameter[str] = bindparam("of_case")
_FIND = select(CASES).where(CASES.c.tenant == _TENANT, CASES.c.case_id == _CASE_ID)
_OF_CUSTOMER = (
    select(CASES)
    .where(CASES.c.tenant == _TENANT, CASES.c.customer_id == bindparam("of_customer"))
    .order_by(CASES.c.changed_at.desc(), CASES.c.case_id)
    .limit(bindparam("most"))
)
_PAGE = 1_000
_OF_DESK = (
    select(CASES)
    .where(
        CASES.c.tenant == _TENANT,
        CASES.c.case_id > bindparam("after"),
        CASES.c.desk == bindparam("of_desk"),
        CASES.c.changed_at >= bindparam("since"),
    )
    .order_by(CASES.c.case_id)
    .limit(_PAGE)
)
_INSERT = insert(CASES)
_CHANGED = [column.name for column in CASES.c if column.name not in {"tenant", "case_id", "opened_at"}]
_UPSERTS = {
    name: statement.on_conflict_do_update(
        index_elements=["tenant", "case_id"],
        set_={column: statement.excluded[column] for column in _CHANGED},
    )
    for name, statement in (("sqlite", sqlite.insert(CASES)), ("postgresql", postgresql.insert(CASES)))
}


class StoredCases:
    """One tenant's cases."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def find(self, case_id: str) -> StoredCase | None:
        """One case by its id."""
        return self._database.read(lambda connection: find_case(connection, self._tenant, case_id))

    def of_customer(self, customer_id: str, *, limit: int = 50) -> tuple[StoredCase, ...]:
        """A customer's cases, last changed first."""
        wanted = {"of_tenant": self._tenant, "of_customer": customer_id, "most": limit}
        rows = self._database.read(lambda connection: connection.execute(_OF_CUSTOMER, wanted).all())
        return tuple(map(_read_case, rows))

    def of_desk(self, desk: str, *, since: datetime | None = None) -> Iterator[StoredCase]:
        """A desk's cases by their id, those changed since then; read in pages, so that any number will do."""
        last = ""
        wanted = {"of_tenant": self._tenant, "of_desk": desk, "since": to_micros(since) if since else 0}
        while True:
            rows = self._read_page({**wanted, "after": last})
            yield from map(_read_case, rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1].case_id

    def _read_page(self, page: Mapping[str, object]) -> Sequence[Row[Any]]:
        return self._database.read(lambda connection: connection.execute(_OF_DESK, page).all())

    def save(self, case: StoredCase) -> None:
        """Keep a case, new or changed; durable when this returns."""
        self._database.write(lambda connection: write_case(connection, self._tenant, case))


def find_case(connection: Connection, tenant: str, case_id: str) -> StoredCase | None:
    """One case inside a caller's own transaction."""
    row = connection.execute(_FIND, {"of_tenant": tenant, "of_case": case_id}).first()
    return None if row is None else _read_case(row)


def write_case(connection: Connection, tenant: str, case: StoredCase) -> None:
    """Keep a case inside a caller's own transaction."""
    connection.execute(_UPSERTS[connection.dialect.name], _write_case(tenant, case))


def insert_cases(connection: Connection, tenant: str, cases: Iterable[StoredCase]) -> int:
    """Insert new cases in bulk; how many."""
    rows = [_write_case(tenant, case) for case in cases]
    if rows:
        connection.execute(_INSERT, rows)
    return len(rows)


def _write_case(tenant: str, case: StoredCase) -> dict[str, Any]:
    decision = case.decision
    if decision is not None:
        decision = {"schema_version": DECISION_VERSION, **decision}
    return {
        "tenant": tenant,
        "case_id": case.case_id,
        "desk": case.desk,
        "customer_id": case.customer_id,
        "subject": case.subject,
        "state": case.state.value,
        "decision": None if decision is None else write_json(decision),
        "opened_at": to_micros(case.opened_at),
        "changed_at": to_micros(case.changed_at),
    }


def _read_case(row: Fields) -> StoredCase:
    return StoredCase(
        case_id=row.case_id,
        desk=row.desk,
        subject=row.subject,
        state=CaseState(row.state),
        opened_at=from_micros(row.opened_at),
        changed_at=from_micros(row.changed_at),
        customer_id=row.customer_id,
        decision=None if row.decision is None else read_json(row.decision),
    )
