"""The returns desk, declared: it acts on requests, and reads no cases of its own."""

from casewright.desk import Desk
from casewright.desks.returns.facts import ReturnReason, ReturnsFacts
from casewright.desks.returns.planning import (
    plan_create_exchange,
    plan_create_label,
    plan_create_return,
    plan_issue_refund,
)
from casewright.desks.returns.reasons import REASONS

DESK = Desk(
    name="returns",
    case_types=tuple(ReturnReason),
    needs=("orders", "customers", "variants", "refunds", "evidence"),
    facts_type=ReturnsFacts,
    ruleset="casewright.desks.returns.policy",
    reasons=REASONS,
    outcome_fields=("outcome", "human_review_required"),
    moves_money={
        "outcome": frozenset({"approve_refund", "approve_return_and_refund", "approve_exchange"}),
    },
    plans={
        "create_return": plan_create_return,
        "create_exchange": plan_create_exchange,
        "issue_refund": plan_issue_refund,
        "create_label": plan_create_label,
    },
    tools=(
        "check_eligibility",
        "compute_refund",
        "create_return",
        "create_exchange",
        "issue_refund",
        "create_label",
        "store_evidence",
    ),
)
