"""Customers of the retention desk, imported: facts and a model's columns under an id.

Invariant: who has unsubscribed stays so, whatever a later import says of them. It reads no file.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text

from casewright.adapters.retention.tables import RETENTION_CUSTOMERS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import write_json
from casewright.adapters.store.times import to_micros

BATCH = 1000
SCHEMA_VERSION = 1
_PUT = text(
    f"INSERT INTO {RETENTION_CUSTOMERS.name} (tenant, customer_id, document, opted_out_at, changed_at)"  # noqa: S608 - a name of ours
    " VALUES (:tenant, :customer_id, :document, NULL, :at)"
    " ON CONFLICT (tenant, customer_id) DO UPDATE SET document = excluded.document,"
    " changed_at = excluded.changed_at"
).bindparams(bindparam("tenant"))


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
