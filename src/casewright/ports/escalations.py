"""The queue of cases that wait for a person, with the service-level clock of each.

Cases come into it by an action of the journal only; here they are looked at, taken and closed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casewright.domain.action import EscalationRecord


@dataclass(frozen=True, slots=True)
class QueuedEscalation:
    """One case in the queue."""

    record: EscalationRecord
    opened_at: datetime
    closed_at: datetime | None = None
    resolution: str | None = None
    """A code or a few redacted words."""


class EscalationQueue(Protocol):
    """One tenant's queue."""

    def find(self, escalation_id: str) -> QueuedEscalation | None: ...

    def waiting(
        self, *, queue: str | None = None, owner: str | None = None, limit: int = 100
    ) -> tuple[QueuedEscalation, ...]:
        """Those not closed, the one that is due first in front."""
        ...

    def is_with_person(self, case_id: str) -> bool:
        """Whether any escalation of the case is open."""
        ...

    def assign(self, escalation_id: str, owner: str) -> bool:
        """Give an open case to a person, whoever had it; False where it is closed or absent."""
        ...

    def resolve(self, escalation_id: str, resolution: str, at: datetime) -> bool:
        """Close an open case; False where it is closed already or absent."""
        ...
