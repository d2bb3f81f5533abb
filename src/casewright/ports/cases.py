"""Stored cases: what a customer's matter was, where it stands, and the decision that can be replayed.

Every method belongs to one tenant; another tenant's case is not found. The subject holds no personal data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    WAITING = "waiting"
    """For the customer: a confirmation, a photo, an answer."""
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StoredCase:
    """One case as it is kept. Times are aware."""

    case_id: str
    desk: str
    subject: str
    """A few redacted words, or a code: `cancel_order`."""
    state: CaseState
    opened_at: datetime
    changed_at: datetime
    customer_id: str | None = None
    decision: Mapping[str, Any] | None = None
    """Facts, ruleset, outcome, reasons: a document with `schema_version`; integers, never floats."""


class CaseRecords(Protocol):
    """The cases of one tenant."""

    def find(self, case_id: str) -> StoredCase | None: ...

    def of_customer(self, customer_id: str, *, limit: int = 50) -> tuple[StoredCase, ...]:
        """Last changed first."""
        ...

    def save(self, case: StoredCase) -> None:
        """Keep a case, new or changed; `opened_at` of one that is there stays as it was."""
        ...
