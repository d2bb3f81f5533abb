"""PostgreSQL's way to keep an outreach decision in one round trip.

A round trip costs more than the statements in it. Invariant: it does exactly what the single ones do: without
an open slice no contact, without the contact no decision, and a key that is taken keeps nothing.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Integer, Table, text

from casewright.adapters.retention.tables import RETENTION_CONTACTS, RETENTION_DECISIONS
from casewright.ports.outreach import Keeping

_NAMES = {BigInteger: "BIGINT", Integer: "INTEGER", Boolean: "BOOLEAN"}


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _values(table: Table, prefix: str) -> str:
    kinds = {column.name: _NAMES.get(type(column.type), "TEXT") for column in table.columns}
    return ", ".join(f"CAST(:{prefix}{name} AS {kind})" for name, kind in kinds.items())


_INTO_DECISIONS = " ".join(
    (
        "INSERT INTO retention_decisions",
        f"({_columns(RETENTION_DECISIONS)})",
        "SELECT",
        _values(RETENTION_DECISIONS, "d_"),
    )
)
_AT_ONCE = "set_config('synchronous_commit', CAST(:commit AS TEXT), true)"
_WITHOUT_CONTACT = text(
    " ".join(
        (
            "WITH kept AS (",
            _INTO_DECISIONS,
            "ON CONFLICT DO NOTHING RETURNING 1)",
            "SELECT (SELECT count(*) FROM kept) AS kept,",
            _AT_ONCE,
        )
    )
)
_WITH_CONTACT = text(
    " ".join(
        (
            "WITH fence AS MATERIALIZED (SELECT 1 FROM retention_slices WHERE tenant = :d_tenant"
            " AND slice_id = :d_slice_id AND is_open FOR SHARE),",
            "made AS (INSERT INTO retention_contacts",
            f"({_columns(RETENTION_CONTACTS)})",
            "SELECT",
            _values(RETENTION_CONTACTS, "c_"),
            "WHERE CAST(:before AS BIGINT) = 0"
            " AND (EXISTS (SELECT 1 FROM fence) OR CAST(:d_slice_id AS TEXT) IS NULL)",
            "ON CONFLICT DO NOTHING RETURNING 1),",
            "moved AS (UPDATE retention_contacts SET version = CAST(:c_version AS BIGINT),"
            " contacted_at = :c_contacted_at, decision_id = :c_decision_id,"
            " last_offer = CAST(:c_last_offer AS INTEGER), was_accepted = NULL"
            " WHERE tenant = :c_tenant AND customer_id = :c_customer_id AND version = CAST(:before AS BIGINT)"
            " AND CAST(:before AS BIGINT) > 0"
            " AND (EXISTS (SELECT 1 FROM fence) OR CAST(:d_slice_id AS TEXT) IS NULL) RETURNING 1),",
            "kept AS (",
            _INTO_DECISIONS,
            "WHERE EXISTS (SELECT 1 FROM made) OR EXISTS (SELECT 1 FROM moved)",
            "ON CONFLICT DO NOTHING RETURNING 1)",
            "SELECT (SELECT count(*) FROM fence) AS fence, (SELECT count(*) FROM made) +"
            " (SELECT count(*) FROM moved) AS contacts, (SELECT count(*) FROM kept) AS kept,",
            _AT_ONCE,
        )
    )
)


def keep_at_once(
    connection: Connection,
    decision: Mapping[str, Any],
    contact: Mapping[str, Any] | None,
    before: int,
    *,
    waits_for_disk: bool,
) -> Keeping:
    """Keep rows of a decision and of its contact, which stood at version `before`.

    Where it is not KEPT, the caller rolls back.
    """
    values = {f"d_{name}": value for name, value in decision.items()}
    values["commit"] = "on" if waits_for_disk else "off"
    if contact is None:
        return Keeping.KEPT if connection.execute(_WITHOUT_CONTACT, values).one().kept else Keeping.KEY_TAKEN
    values |= {f"c_{name}": value for name, value in contact.items()} | {"before": before}
    done = connection.execute(_WITH_CONTACT, values).one()
    if decision["slice_id"] is not None and not done.fence:
        return Keeping.RECALLED
    if not done.contacts:
        return Keeping.COLLIDED
    return Keeping.KEPT if done.kept else Keeping.KEY_TAKEN
