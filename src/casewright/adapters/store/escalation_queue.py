"""The queue of escalations in the business database: ports.escalations for one tenant.

Invariants: every statement names the tenant; a closed case is never opened, given away or closed again. Cases
get in by the journal alone (`shop_writes`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_tables import ESCALATIONS
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.action import EscalationRecord
from casewright.ports.escalations import QueuedEscalation


class StoredEscalations:
    """One tenant's queue."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def find(self, escalation_id: str) -> QueuedEscalation | None:
        """One case by its id, closed or not."""
        wanted = select(ESCALATIONS).where(
            ESCALATIONS.c.tenant == self._tenant, ESCALATIONS.c.escalation_id == escalation_id
        )
        row = self._database.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else _read(row)

    def waiting(
        self, *, queue: str | None = None, owner: str | None = None, limit: int = 100
    ) -> tuple[QueuedEscalation, ...]:
        """Open cases, the one that is due first in front."""
        wanted = select(ESCALATIONS).where(
            ESCALATIONS.c.tenant == self._tenant, ESCALATIONS.c.closed_at.is_(None)
        )
        if queue is not None:
            wanted = wanted.where(ESCALATIONS.c.queue == queue)
        if owner is not None:
            wanted = wanted.where(ESCALATIONS.c.owner == owner)
        ordered = wanted.order_by(ESCALATIONS.c.due_at, ESCALATIONS.c.escalation_id).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(ordered).all())
        return tuple(map(_read, rows))

    def is_with_person(self, case_id: str) -> bool:
        """Whether any escalation of the case is open."""
        wanted = (
            select(ESCALATIONS.c.escalation_id)
            .where(
                ESCALATIONS.c.tenant == self._tenant,
                ESCALATIONS.c.case_id == case_id,
                ESCALATIONS.c.closed_at.is_(None),
            )
            .limit(1)
        )
        return self._database.read(lambda connection: connection.execute(wanted).first() is not None)

    def assign(self, escalation_id: str, owner: str) -> bool:
        """Give an open case to a person."""
        return self._change(escalation_id, {"owner": owner})

    def resolve(self, escalation_id: str, resolution: str, at: datetime) -> bool:
        """Close an open case."""
        return self._change(escalation_id, {"resolution": resolution, "closed_at": to_micros(at)})

    def _change(self, escalation_id: str, values: dict[str, Any]) -> bool:
        changed = (
            update(ESCALATIONS)
            .where(
                ESCALATIONS.c.tenant == self._tenant,
                ESCALATIONS.c.escalation_id == escalation_id,
                ESCALATIONS.c.closed_at.is_(None),
            )
            .values(**values)
        )
        return self._database.write(lambda connection: connection.execute(changed).rowcount == 1)


def _read(row: Row[Any]) -> QueuedEscalation:
    record = EscalationRecord(
        escalation_id=row.escalation_id,
        case_id=row.case_id,
        queue=row.queue,
        reason=row.reason,
        summary=row.summary,
        due_at=from_micros(row.due_at),
        owner=row.owner,
        order_id=row.order_id,
        customer_id=row.customer_id,
    )
    return QueuedEscalation(record, from_micros(row.at), from_micros(row.closed_at), row.resolution)
