"""The published verdict: exactly the twelve fields of the contract, in its spellings."""

from casewright.desks.disputes.confidence import compute_confidence
from casewright.desks.disputes.facts import DisputeFacts
from casewright.desks.disputes.replies import AGENT_SUMMARY, CUSTOMER_REPLY, NEXT_ACTION
from casewright.domain.case import Case
from casewright.domain.decision import Decision
from casewright.domain.reply import Reply
from casewright.investigation.matching import Match
from casewright.policy.ruleset import Ruleset

SCORED_FIELDS = (
    "relevant_transaction_id",
    "evidence_verdict",
    "case_type",
    "severity",
    "department",
    "human_review_required",
)
_INTERNAL_REASONS = frozenset({"type_read"})


def build_response(
    case: Case,
    facts: DisputeFacts,
    match: Match,
    decision: Decision,
    reply: Reply,
    annotations: tuple[str, ...],
    ruleset: Ruleset,
) -> dict[str, object]:
    """The answer to one ticket. A row is named exactly when the evidence says something about it."""
    outcome = decision.outcome
    verdict = outcome["evidence_verdict"]
    has_row = match.record is not None and verdict != "insufficient_data"
    reasons = [reason for reason in decision.reasons if reason not in _INTERNAL_REASONS]
    reasons.extend(f"{annotation}_annotated" for annotation in annotations)
    reasons.extend(case.problems)
    return {
        "ticket_id": case.case_id,
        "relevant_transaction_id": match.record.record_id if has_row and match.record else None,
        "evidence_verdict": verdict,
        "case_type": outcome["case_type"],
        "severity": outcome["severity"],
        "department": outcome["department"],
        "agent_summary": reply.fields[AGENT_SUMMARY],
        "recommended_next_action": reply.fields[NEXT_ACTION],
        "customer_reply": reply.fields[CUSTOMER_REPLY],
        "human_review_required": outcome["human_review_required"],
        "confidence": compute_confidence(facts, match, decision, ruleset),
        "reason_codes": list(dict.fromkeys(reasons)),
    }
