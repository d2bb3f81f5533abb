"""Case keeping: after a write has been answered, the case says where it stands, for whoever looks it up.

The ledger is the record; this is the look-up. It is written after the action, in a transaction of its own, so
a process that dies between the two leaves the case as it stood before, until the next word on it.
"""

from datetime import datetime

from casewright.domain.action import Plan
from casewright.ports.cases import CaseRecords, CaseState, StoredCase
from casewright.tools.answers import AnswerStatus, ToolAnswer

ESCALATION = "create_escalation"
_STATES = {
    AnswerStatus.DONE: CaseState.RESOLVED,
    AnswerStatus.PROPOSED: CaseState.WAITING,
    AnswerStatus.NEEDS_INFO: CaseState.WAITING,
    AnswerStatus.REFUSED: CaseState.CLOSED,
    AnswerStatus.ESCALATED: CaseState.ESCALATED,
    AnswerStatus.UNDER_WAY: CaseState.OPEN,
    AnswerStatus.FAILED: CaseState.OPEN,
}


def keep_case(
    cases: CaseRecords,
    answer: ToolAnswer,
    plan: Plan,
    *,
    case_id: str,
    customer_id: str | None,
    at: datetime,
) -> None:
    """Keep where a case stands after an answer. `customer_id`: whom the request concerns, if that is known.

    A case that is another customer's stays as it is.
    """
    whose = customer_id or _customer_of(plan)
    known = cases.find(case_id)
    if known is not None and known.customer_id not in (None, whose):
        return
    is_handed_over = answer.tool == ESCALATION and answer.status is AnswerStatus.DONE
    decision = plan.decision
    cases.save(
        StoredCase(
            case_id=case_id,
            desk=decision.ruleset_id.partition("@")[0],
            subject=answer.tool,
            state=CaseState.ESCALATED if is_handed_over else _STATES[answer.status],
            opened_at=at,
            changed_at=at,
            customer_id=whose,
            decision={
                "ruleset_id": decision.ruleset_id,
                "outcome": plan.outcome,
                "reasons": list(plan.reasons),
                "fired": [f"{row.table}/{row.row}" for row in decision.fired],
                "decision": dict(decision.outcome),
                "facts": dict(decision.facts),
                "amount_minor": plan.amount_minor,
            },
        )
    )


def _customer_of(plan: Plan) -> str | None:
    """The customer whose records the plan changes."""
    change = plan.change
    if change.escalation is not None:
        return change.escalation.customer_id
    changed = change.order or change.new_order or change.customer
    return None if changed is None else changed.customer_id
