"""PostgreSQL's way to do in one round trip what SQLite does statement by statement.

A round trip costs more than the statements in it. Invariant: each of these does exactly what the single ones
do: without the action nothing else is claimed, without the lease nothing is closed, and an entry is entered
only where the chain stands where its code says. Reservations are taken before the order and the chain's head
are locked, so that nobody waits in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text

from casewright.adapters.journal.chain import GENESIS, Entry, Head
from casewright.adapters.journal.tables import ACTIONS, insert_once

_CLAIM = """ RETURNING action_id),
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
    )"""
_CLOSE = """
    WITH closed AS (
      UPDATE actions SET state = :state, document = NULL, transfers = :transfers, result = :result,
        due_at = NULL, trouble = NULL, finished_at = CAST(:at AS BIGINT)
      WHERE tenant = :tenant AND action_id = :action_id AND fence = :fence AND due_at IS NOT NULL
      RETURNING 1
    )"""


_ENTER_IF = """
    moved AS (
      INSERT INTO ledger_heads (tenant, case_id, entries, mac)
      SELECT :tenant, :case_id, CAST(:seq AS INTEGER), :mac
      WHERE (:prev = :genesis OR EXISTS (
        SELECT 1 FROM ledger_heads AS old WHERE old.tenant = :tenant AND old.case_id = :case_id
      )) AND """
_ENTER_THEN = """
      ON CONFLICT (tenant, case_id) DO UPDATE SET entries = EXCLUDED.entries, mac = EXCLUDED.mac
      WHERE ledger_heads.mac = :prev
      RETURNING 1
    ),
    entered AS (
      INSERT INTO ledger_entries (tenant, case_id, seq, at, name, body, mac)
      SELECT :tenant, :case_id, CAST(:seq AS INTEGER), CAST(:at AS BIGINT), :name, :body, :mac FROM moved
    )"""
_FREE_IF = """,
    freed AS (
      DELETE FROM reservations
      WHERE tenant = :tenant AND resource = ANY(CAST(:resources AS TEXT[])) AND action_id = :action_id AND """
_QUEUE_IF = """
    ),
    queued AS (
      INSERT INTO outbox (tenant, outbox_id, case_id, action_id, connector, kind, payload, state, fence,
        due_at, tries, queued_at)
      SELECT :tenant, message.outbox_id, :case_id, :action_id, message.connector, message.kind,
        message.payload, 'queued', 0, CAST(:at AS BIGINT), 0, CAST(:at AS BIGINT)
      FROM unnest(CAST(:outbox_ids AS TEXT[]), CAST(:connectors AS TEXT[]), CAST(:kinds AS TEXT[]),
        CAST(:payloads AS TEXT[])) AS message (outbox_id, connector, kind, payload)
      WHERE """


def _enter(condition: str) -> str:
    """Move the head of the chain, make it for a first entry, and enter the entry; or neither."""
    return "".join((_ENTER_IF, condition, _ENTER_THEN))


def _settle(condition: str) -> str:
    """Free what is reserved, and queue the messages."""
    return "".join((_FREE_IF, condition, _QUEUE_IF, condition, ")"))


_WHAT_WAS_TAKEN = """
    SELECT (SELECT count(*) FROM action) AS actions,
      ARRAY(SELECT business_key FROM keys) AS keys_taken,
      ARRAY(SELECT resource FROM held) AS resources_taken,
      (SELECT version FROM locked) AS version"""
_AFTER_THE_LOCK = "(SELECT count(*) FROM locked) >= 0 AND EXISTS (SELECT 1 FROM action)"
_IF_CLOSED = "EXISTS (SELECT 1 FROM closed)"
_ALWAYS = "true"
_HAS_MOVED = " SELECT count(*) FROM moved"


def _join(*parts: str) -> TextClause:
    return text("".join(parts))


_INSERT_ACTION = insert_once(ACTIONS).text
_CLAIM_ONLY = _join("WITH action AS (", _INSERT_ACTION, _CLAIM, _WHAT_WAS_TAKEN, ", 0 AS moved")
_CLAIM_AND_ENTER = _join(
    *("WITH action AS (", _INSERT_ACTION, _CLAIM, ",", _enter(_AFTER_THE_LOCK), _WHAT_WAS_TAKEN),
    ", (SELECT count(*) FROM moved) AS moved",
)
_CLOSE_AND_FINISH = _join(
    *(_CLOSE, ",", _enter(_IF_CLOSED), _settle(_IF_CLOSED)),
    " SELECT (SELECT count(*) FROM closed) AS closed, (SELECT count(*) FROM moved) AS moved",
)
_FINISH = _join("WITH ", _enter(_ALWAYS), _settle(_ALWAYS), _HAS_MOVED)
_ENTER = _join("WITH ", _enter(_ALWAYS), _HAS_MOVED)


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry, and where the chain must stand for it."""

    entry: Entry
    after: Head

    def values(self) -> dict[str, Any]:
        """As parameters."""
        entry = self.entry
        return {
            "tenant": entry.tenant,
            "case_id": entry.case_id,
            "seq": entry.seq,
            "at": entry.at,
            "name": entry.name,
            "body": entry.body,
            "mac": entry.mac,
            "prev": self.after.mac,
            "genesis": GENESIS,
        }


@dataclass(frozen=True, slots=True)
class Ending:
    """What an action leaves behind when it ends."""

    action_id: str
    resources: Sequence[str]
    messages: Sequence[Mapping[str, Any]]

    def values(self) -> dict[str, Any]:
        """As parameters."""
        return {
            "action_id": self.action_id,
            "resources": list(self.resources),
            "outbox_ids": [each["outbox_id"] for each in self.messages],
            "connectors": [each["connector"] for each in self.messages],
            "kinds": [each["kind"] for each in self.messages],
            "payloads": [each["payload"] for each in self.messages],
        }


def claim_at_once(
    connection: Connection,
    action: Mapping[str, Any],
    *,
    business_keys: Sequence[str],
    resources: Sequence[str],
    order_id: str | None,
    sealed: SealedEntry | None,
) -> Row[Any]:
    """Insert the action; if it is the first of its key, take all else, lock the order, and enter the entry.

    Gives how many `actions` were inserted, what was taken, the order's `version`, and whether the chain
    `moved`.
    """
    wanted = {"business_keys": list(business_keys), "resources": list(resources), "order_id": order_id}
    if sealed is None:
        return connection.execute(_CLAIM_ONLY, {**action, **wanted}).one()
    return connection.execute(_CLAIM_AND_ENTER, {**sealed.values(), **action, **wanted}).one()


def close_at_once(
    connection: Connection, closing: Mapping[str, Any], sealed: SealedEntry, ending: Ending
) -> tuple[bool, bool]:
    """Store the answer if the lease still holds, and then all that `finish_at_once` does.

    Whether it held, and whether the chain stood where the entry needs it.
    """
    row = connection.execute(_CLOSE_AND_FINISH, {**sealed.values(), **ending.values(), **closing}).one()
    return row.closed == 1, row.moved == 1


def finish_at_once(connection: Connection, sealed: SealedEntry, ending: Ending) -> bool:
    """Free the resources, queue the messages, enter the entry; whether the chain stood where it must."""
    values = {**sealed.values(), **ending.values()}
    return bool(connection.execute(_FINISH, values).scalar_one() == 1)


def enter_at_once(connection: Connection, sealed: SealedEntry) -> bool:
    """Enter the entry; nothing is written, and False, where the chain stands elsewhere."""
    return bool(connection.execute(_ENTER, sealed.values()).scalar_one() == 1)
