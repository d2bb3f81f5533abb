"""Evidence: what customers send to show what happened, judged by content and kept apart from everything else.

A file is never known by its name. The same picture again, for another order or by another customer, is found
by its content. Every object of EvidenceFiles belongs to one tenant.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """One file that was accepted."""

    evidence_id: str
    customer_id: str
    order_id: str
    sha256: str
    media_type: str
    size_bytes: int
    at: datetime
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """What became of a file: kept, or refused with reason codes."""

    evidence: StoredEvidence | None = None
    reasons: tuple[str, ...] = field(default=())


class EvidenceFiles(Protocol):
    """The evidence of one tenant."""

    def keep(self, customer_id: str, order_id: str, content: bytes, *, at: datetime) -> KeptEvidence:
        """Judge a file and keep it. The same file again, for the same order, is the one that is there."""
        ...

    def has_accepted(self, customer_id: str, order_id: str) -> bool:
        """Whether an accepted file belongs to this order of this customer."""
        ...

    def was_reused(self, customer_id: str, order_id: str) -> bool:
        """Whether somebody tried a file for this order that stood for something else already."""
        ...
