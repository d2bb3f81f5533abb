"""Customers of the retention desk: imported facts under an id; and all that is held of one, shown or erased.

Invariants: who has unsubscribed stays so, whatever a later import says of them. An erasure leaves the id on
the list of those whom nobody contacts, and decisions that name nobody. It reads no file.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from casewright.adapters.retention.tables import (
    RETENTION_CONTACTS,
    RETENTION_CUSTOMERS,
    RETENTION_DECISIONS,
)
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import from_micros, to_micros

BATCH = 1000
SCHEMA_VERSION = 1
ERASED = "erased"
"""Whose decision it was that names nobody any more."""
_PUT = text(
    "INSERT INTO retention_customers (tenant, customer_id, document, opted_out_at, changed_at)"
    " VALUES (:tenant, :customer_id, :document, NULL, :at)"
    " ON CONFLICT (tenant, customer_id) DO UPDATE SET document = excluded.document,"
    " changed_at = excluded.changed_at"
)


def put_customers(
    database: Database,
    tenant: str,
    customers: Iterable[tuple[str, Mapping[str, Any], Mapping[str, float | str]]],
    *,
    at: datetime,
) -> int:
    """Keep these customers (id, facts, features), new or changed; how many."""
    rows = [
        {
            "tenant": tenant,
            "customer_id": customer_id,
            "document": write_json(
                {"schema_version": SCHEMA_VERSION, "facts": dict(facts), "features": dict(features)}
            ),
            "at": to_micros(at),
        }
        for customer_id, facts, features in customers
    ]
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]

        def work(connection: Connection, part: list[dict[str, Any]] = part) -> None:
            connection.execute(_PUT, part)

        database.write(work)
    return len(rows)


def export_outreach_in(connection: Connection, tenant: str, customer_id: str) -> dict[str, Any]:
    """What is held of a customer: facts, whether they opted out, and every decision as it was answered."""
    customers, decisions = RETENTION_CUSTOMERS.c, RETENTION_DECISIONS.c
    row = connection.execute(
        select(customers.document, customers.opted_out_at).where(
            customers.tenant == tenant, customers.customer_id == customer_id
        )
    ).one_or_none()
    answers = connection.execute(
        select(decisions.decided_at, decisions.answer)
        .where(decisions.tenant == tenant, decisions.customer_id == customer_id)
        .order_by(decisions.decision_id)
    ).all()
    if row is None and not answers:
        return {}
    return {
        "facts": {} if row is None else read_json(row.document),
        "opted_out_at": None if row is None else from_micros(row.opted_out_at),
        "decisions": [
            {"decided_at": from_micros(each.decided_at), **read_json(each.answer)} for each in answers
        ],
    }


def erase_outreach_in(connection: Connection, tenant: str, customer_id: str, *, at: datetime) -> int:
    """Erase it: how many rows told of the customer. Nobody contacts that id any more."""
    customers, decisions = RETENTION_CUSTOMERS.c, RETENTION_DECISIONS.c
    held = export_outreach_in(connection, tenant, customer_id)
    if not held:
        return 0
    of_decisions = decisions.tenant == tenant, decisions.customer_id == customer_id
    rows = connection.execute(select(decisions.decision_id, decisions.answer).where(*of_decisions)).all()
    for row in rows:
        answer = {**read_json(row.answer), "customer_id": ERASED}
        connection.execute(
            update(RETENTION_DECISIONS)
            .where(decisions.tenant == tenant, decisions.decision_id == row.decision_id)
            .values(customer_id=ERASED, answer=write_json(answer))
        )
    connection.execute(
        delete(RETENTION_CONTACTS).where(
            RETENTION_CONTACTS.c.tenant == tenant, RETENTION_CONTACTS.c.customer_id == customer_id
        )
    )
    bare = {"tenant": tenant, "customer_id": customer_id, "at": to_micros(at)}
    connection.execute(_PUT, {**bare, "document": write_json({"schema_version": SCHEMA_VERSION})})
    connection.execute(
        update(RETENTION_CUSTOMERS)
        .where(
            customers.tenant == tenant, customers.customer_id == customer_id, customers.opted_out_at.is_(None)
        )
        .values(opted_out_at=to_micros(at))
    )
    return len(rows) + (len(held["facts"]) > 1)
