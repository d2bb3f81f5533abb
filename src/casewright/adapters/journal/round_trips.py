"""PostgreSQL's way to do in one round trip what SQLite does statement by statement.

A round trip costs more than the statements in it. Invariant: each of these statements does exactly what the
single ones do, in the same order of locks (reservations, order, head of the chain), so that nobody waits in
a circle.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from casewright.adapters.journal.chain import GENESIS, Entry, Head
from casewright.adapters.journal.tables import ACTIONS, insert_once

_CLAIM = text(
    "WITH action AS ("  # noqa: S608  names of our own tables
    + insert_once(ACTIONS).text
    + """ RETURNING action_id),
    keys AS (
      INSERT INTO business_keys (tenant, business_key, action_id)
      SELECT :tenant, wanted.name, action.action_id
      FROM action, unnest(CAST(:business_keys AS TEXT[])) WITH ORDINALITY AS wanted (name, place)
      ORDER BY wanted.place
      ON CONFLICT DO NOTHING RETURNING business_key
    ),
    held AS (
      INSERT INTO reservations (tenant, resource, action_id)
      SELECT :tenant, wanted.name, action.action_id
      FROM action, unnest(CAST(:resources AS TEXT[])) WITH ORDINALITY AS wanted (name, place)
      WHERE (SELECT count(*) FROM keys) >= 0
      ORDER BY wanted.place
      ON CONFLICT DO NOTHING RETURNING resource
    ),
    locked AS MATERIALIZED (
      SELECT version FROM orders
      WHERE tenant = :tenant AND order_id = :order_id AND (SELECT count(*) FROM held) >= 0
      FOR UPDATE
    ),
    head AS (
      INSERT INTO ledger_heads (tenant, case_id, entries, mac)
      SELECT :tenant, :case_id, 0, :genesis FROM action
      WHERE (SELECT count(*) FROM locked) >= 0
      ON CONFLICT (tenant, case_id) DO UPDATE SET entries = ledger_heads.entries RETURNING entries, mac
    )
    SELECT (SELECT count(*) FROM action) AS actions,
      ARRAY(SELECT business_key FROM keys) AS keys_taken,
      ARRAY(SELECT resource FROM held) AS resources_taken,
      (SELECT version FROM locked) AS version,
      (SELECT entries FROM head) AS entries,
      (SELECT mac FROM head) AS mac"""
)
_MOVE_AND_ENTER = """
    WITH moved AS (
      UPDATE ledger_heads SET entries = :seq, mac = :mac
      WHERE tenant = :tenant AND case_id = :case_id AND mac = :prev RETURNING 1
    ),
    entered AS (
      INSERT INTO ledger_entries (tenant, case_id, seq, at, name, body, mac)
      SELECT :tenant, :case_id, CAST(:seq AS INTEGER), CAST(:at AS BIGINT), :name, :body, :mac FROM moved
    )"""
_ENTER = text(_MOVE_AND_ENTER + " SELECT count(*) FROM moved")  # noqa: S608  our own text
_FINISH = text(
    _MOVE_AND_ENTER  # noqa: S608  our own text
    + """,
    freed AS (
      DELETE FROM reservations
      WHERE tenant = :tenant AND resource = ANY(CAST(:resources AS TEXT[])) AND action_id = :action_id
    ),
    queued AS (
      INSERT INTO outbox (tenant, outbox_id, case_id, action_id, connector, kind, payload, state, fence,
        due_at, tries, queued_at)
      SELECT :tenant, message.outbox_id, :case_id, :action_id, message.connector, message.kind,
        message.payload, 'queued', 0, CAST(:at AS BIGINT), 0, CAST(:at AS BIGINT)
      FROM unnest(CAST(:outbox_ids AS TEXT[]), CAST(:connectors AS TEXT[]), CAST(:kinds AS TEXT[]),
        CAST(:payloads AS TEXT[])) AS message (outbox_id, connector, kind, payload)
    )
    SELECT count(*) FROM moved
    """
)


def claim_at_once(
    connection: Connection,
    values: Mapping[str, Any],
    *,
    business_keys: Sequence[str],
    resources: Sequence[str],
    order_id: str | None,
) -> Row[Any]:
    """Insert the action; if it is the first of its key, take all else, lock the order and the chain's head.

    Gives how many `actions` were inserted, what was taken, the order's `version`, and the head.
    """
    more = {
        "business_keys": list(business_keys),
        "resources": list(resources),
        "order_id": order_id,
        "genesis": GENESIS,
    }
    return connection.execute(_CLAIM, {**values, **more}).one()


def finish_at_once(
    connection: Connection,
    entry: Entry,
    after: Head,
    action_id: str,
    *,
    resources: Sequence[str],
    messages: Sequence[Mapping[str, Any]],
) -> bool:
    """Free the resources, queue the messages, and enter the entry; whether the chain stood at `after`."""
    values = _values_of(entry, after) | {
        "action_id": action_id,
        "resources": list(resources),
        "outbox_ids": [each["outbox_id"] for each in messages],
        "connectors": [each["connector"] for each in messages],
        "kinds": [each["kind"] for each in messages],
        "payloads": [each["payload"] for each in messages],
    }
    return bool(connection.execute(_FINISH, values).scalar_one() == 1)


def enter_at_once(connection: Connection, entry: Entry, after: Head) -> bool:
    """Move the head and enter the entry; nothing is written, and False, where the chain stands elsewhere."""
    return bool(connection.execute(_ENTER, _values_of(entry, after)).scalar_one() == 1)


def _values_of(entry: Entry, after: Head) -> dict[str, Any]:
    return {
        "tenant": entry.tenant,
        "case_id": entry.case_id,
        "seq": entry.seq,
        "at": entry.at,
        "name": entry.name,
        "body": entry.body,
        "mac": entry.mac,
        "prev": after.mac,
    }
