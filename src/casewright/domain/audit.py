"""AuditEvent: one step on the record, named `noun:noun:verb` from a closed vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AuditName(StrEnum):
    REQUEST_READ = "case:request:read"
    CLAIM_READ = "case:claim:read"
    RECORD_MATCHED = "case:record:matched"
    DECISION_MADE = "case:decision:made"
    PROPOSAL_TAKEN = "case:proposal:taken"
    REPLY_WRITTEN = "case:reply:written"
    REPLY_BLOCKED = "case:reply:blocked"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """`data` holds facts and codes only: no customer text, no secret."""

    name: AuditName
    case_id: str
    data: Mapping[str, object]
    took_us: int = 0
