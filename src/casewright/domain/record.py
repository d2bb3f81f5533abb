"""Record: one row of what our own systems say happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casewright.domain.money import Money


class RecordKind(StrEnum):
    TRANSFER = "transfer"
    PAYMENT = "payment"
    CASH_IN = "cash_in"
    CASH_OUT = "cash_out"
    SETTLEMENT = "settlement"
    REFUND = "refund"


class RecordStatus(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    PENDING = "pending"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Record:
    """A ledger row. What the source left out or garbled is None; the row still counts."""

    record_id: str
    kind: RecordKind | None = None
    status: RecordStatus | None = None
    amount: Money | None = None
    counterparty: str | None = None
    occurred_at: datetime | None = None
    """Aware; read at face value (a time without a zone is taken as UTC)."""
