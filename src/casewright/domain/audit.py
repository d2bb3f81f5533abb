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
    STEPS_TAKEN = "case:steps:taken"
    REPLY_WRITTEN = "case:reply:written"
    REPLY_BLOCKED = "case:reply:blocked"
    APPROVAL_GRANTED = "case:approval:granted"
    APPROVAL_REJECTED = "case:approval:rejected"
    ACTION_STARTED = "case:action:started"
    ACTION_DONE = "case:action:done"
    ACTION_REFUSED = "case:action:refused"
    ACTION_FAILED = "case:action:failed"
    ACTION_UNKNOWN = "case:action:unknown"
    DELIVERY_DONE = "case:delivery:done"
    DELIVERY_DEAD = "case:delivery:dead"
    CUSTOMER_EXPORTED = "customer:data:exported"
    CUSTOMER_ERASED = "customer:data:erased"
    KNOWLEDGE_ADDED = "knowledge:document:added"
    KNOWLEDGE_REPLACED = "knowledge:document:replaced"
    KNOWLEDGE_RETIRED = "knowledge:document:retired"
    OUTCOME_REPORTED = "case:outcome:reported"
    RETENTION_SWITCHED = "retention:switch:turned"
    RETENTION_BUDGET_SET = "retention:budget:set"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """`data` holds facts and codes only: no customer text, no secret."""

    name: AuditName
    case_id: str
    data: Mapping[str, object]
    took_us: int = 0
