"""The published verdict: exactly the twelve fields of the contract, in its spellings."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casewright.pipeline import CaseResult

RESPONSE_FIELDS = (
    "ticket_id",
    "relevant_transaction_id",
    "evidence_verdict",
    "case_type",
    "severity",
    "department",
    "agent_summary",
    "recommended_next_action",
    "customer_reply",
    "human_review_required",
    "confidence",
    "reason_codes",
)
SCORED_FIELDS = (
    "relevant_transaction_id",
    "evidence_verdict",
    "case_type",
    "severity",
    "department",
    "human_review_required",
)
