"""The outbox: messages that wait for delivery, claimed by lease, and what became of them.

Invariants: a message is on its way with one worker at a time, and only the newest holder writes its end; it
ends `delivered` or `dead` and stays visible; every end is on the ledger. It calls no connector.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.tables import OUTBOX
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.shop_tables import LABELS
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.audit import AuditName

SCHEMA_VERSION = 1
_TOLD = ("tracking_id", "reference")
"""What of a connector's answer goes on the ledger: ids, never what was sent."""

_DUE = (
    select(OUTBOX)
    .where(OUTBOX.c.due_at <= bindparam("now"))
    .order_by(OUTBOX.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_THIS = (OUTBOX.c.tenant == bindparam("of_tenant")) & (OUTBOX.c.outbox_id == bindparam("of_id"))
_TAKE = (
    update(OUTBOX)
    .where(_THIS)
    .values(fence=OUTBOX.c.fence + 1, tries=OUTBOX.c.tries + 1, due_at=bindparam("until"))
)
_WRITE = update(OUTBOX).where(_THIS, OUTBOX.c.fence == bindparam("of_fence"), OUTBOX.c.due_at.is_not(None))
_DEAD = (
    select(OUTBOX)
    .where(OUTBOX.c.state == "dead")
    .order_by(OUTBOX.c.finished_at.desc())
    .limit(bindparam("most"))
)
_REVIVE = (
    update(OUTBOX)
    .where(OUTBOX.c.outbox_id == bindparam("of_id"), OUTBOX.c.state == "dead")
    .values(state="queued", due_at=bindparam("now"), tries=0, trouble=None, finished_at=None)
)
_COUNT = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
_TRACKING = (
    update(LABELS)
    .where(LABELS.c.tenant == bindparam("of_tenant"), LABELS.c.label_id == bindparam("of_id"))
    .values(tracking_id=bindparam("tracking"))
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and the right to say what became of it."""

    tenant: str
    outbox_id: str
    case_id: str
    action_id: str
    connector: str
    kind: str
    payload: Mapping[str, Any]
    fence: int
    tries: int
    """This one counted."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that will not be tried again by itself."""

    tenant: str
    outbox_id: str
    connector: str
    kind: str
    tries: int
    trouble: str
    died_at: datetime


def take_messages(connection: Connection, now: datetime, until: datetime, most: int) -> list[Message]:
    """Lease up to `most` messages that are due, those of lapsed leases among them."""
    rows = connection.execute(_DUE, {"now": to_micros(now), "most": most}).all()
    if rows:
        moment = to_micros(until)
        keys = [{"of_tenant": row.tenant, "of_id": row.outbox_id, "until": moment} for row in rows]
        connection.execute(_TAKE, keys)
    return [_read(row) for row in rows]


def mark_delivered(
    connection: Connection, message: Message, answer: Mapping[str, Any], ledger: Ledger, now: datetime
) -> Head | None:
    """The message has arrived. None, and nothing written, where another holder has it."""
    stored = write_json({"schema_version": SCHEMA_VERSION, **answer})
    values = {"state": "delivered", "answer": stored, "trouble": None}
    if not _write(connection, message, due_at=None, finished_at=to_micros(now), **values):
        return None
    tracking, label = answer.get("tracking_id"), message.payload.get("label_id")
    if isinstance(tracking, str) and isinstance(label, str):
        place = {"of_tenant": message.tenant, "of_id": label}
        connection.execute(_TRACKING, place | {"tracking": tracking})
    told = {name: answer[name] for name in _TOLD if isinstance(answer.get(name), str)}
    return _record(connection, message, ledger, AuditName.DELIVERY_DONE, now, told)


def put_off(connection: Connection, message: Message, trouble: str, due_at: datetime) -> None:
    """Try again then; nothing is written where another holder has it."""
    _write(connection, message, due_at=to_micros(due_at), trouble=trouble)


def bury(
    connection: Connection, message: Message, trouble: str, ledger: Ledger, now: datetime
) -> Head | None:
    """Trying again cannot help. None, and nothing written, where another holder has it."""
    moment = to_micros(now)
    if not _write(connection, message, state="dead", trouble=trouble, due_at=None, finished_at=moment):
        return None
    return _record(connection, message, ledger, AuditName.DELIVERY_DEAD, now, {"trouble": trouble})


def list_dead_letters(connection: Connection, most: int = 1000) -> list[DeadLetter]:
    """The dead letters, newest first."""
    return [
        DeadLetter(
            row.tenant,
            row.outbox_id,
            row.connector,
            row.kind,
            row.tries,
            row.trouble,
            from_micros(row.finished_at),
        )
        for row in connection.execute(_DEAD, {"most": most})
    ]


def revive(connection: Connection, outbox_id: str, now: datetime) -> bool:
    """Queue a dead letter again, under the key that it always had; whether there was one."""
    return connection.execute(_REVIVE, {"of_id": outbox_id, "now": to_micros(now)}).rowcount > 0


def count_messages(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    return dict(connection.execute(_COUNT).tuples().all())


def _read(row: Row[Any]) -> Message:
    return Message(
        row.tenant,
        row.outbox_id,
        row.case_id,
        row.action_id,
        row.connector,
        row.kind,
        read_json(row.payload),
        fence=row.fence + 1,
        tries=row.tries + 1,
    )


def _write(connection: Connection, message: Message, **values: Any) -> bool:
    key = {"of_tenant": message.tenant, "of_id": message.outbox_id, "of_fence": message.fence}
    return connection.execute(_WRITE, key | values).rowcount == 1


def _record(
    connection: Connection,
    message: Message,
    ledger: Ledger,
    name: AuditName,
    now: datetime,
    more: Mapping[str, str],
) -> Head:
    document = {
        "schema_version": SCHEMA_VERSION,
        "action_id": message.action_id,
        "outbox_id": message.outbox_id,
        "connector": message.connector,
        "kind": message.kind,
        "tries": message.tries,
        **more,
    }
    return ledger.append(connection, message.tenant, message.case_id, name, document, at=now)
