"""Proposing: from a plan to the proposal that shows it, and whether two of them show the same. Pure.

What must not change between what was shown and what is carried out is the digest: tool, arguments, order and
its version, outcome, reasons, effects and amount. The ruleset may change, as long as it comes to the same.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from casewright.domain.action import Plan
from casewright.domain.principal import Role
from casewright.domain.proposal import Approval, Proposal, ProposalState
from casewright.tools.arguments import Document, digest_of
from casewright.tools.equipment import Lifetimes
from casewright.tools.spec import RANK, ApprovalRule


@dataclass(frozen=True, slots=True)
class Planned:
    """One request with what policy made of it."""

    tool: str
    arguments: Document
    case_id: str
    plan: Plan
    needed_role: Role | None = None
    """Whose approval it waits for; None: nobody's."""
    escalated_for: tuple[str, ...] = ()
    """Why policy leaves it to a person, where the plan stands on that person's approval."""

    @property
    def order_id(self) -> str | None:
        return self.plan.change.order.order_id if self.plan.change.order else None

    @property
    def order_version(self) -> int | None:
        return self.plan.change.order.version if self.plan.change.order else None

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that the decision cites, each once."""
        return tuple(dict.fromkeys(row.clause for row in self.plan.decision.fired if row.clause))

    @property
    def digest(self) -> str:
        """Of everything that a confirmation confirms."""
        return digest_of(
            self.tool,
            dict(self.arguments),
            self.order_id,
            self.order_version,
            self.plan.outcome,
            list(self.escalated_for),
            [asdict(effect) for effect in self.plan.effects],
            self.plan.amount_minor,
        )


def find_needed_role(
    plan: Plan, rule: ApprovalRule, parameters: Mapping[str, Any], *, is_escalated: bool
) -> Role | None:
    """Who must approve; where policy left it to a person, somebody must, whatever the amount.

    KeyError where the rule names a limit that the policy does not hold.
    """
    if is_escalated:
        return rule.least_role(plan.amount_minor, parameters)
    return rule.needed_role(plan.amount_minor, parameters)


def may_approve(role: Role, needed: Role) -> bool:
    """Whether the role's band covers what is needed."""
    return RANK[role] >= RANK[needed]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, under which key."""

    tenant: str
    key: str
    subject_id: str
    customer_id: str | None


def build_proposal(
    asked: Asked, planned: Planned, *, proposal_id: str, nonce: str, at: datetime, lifetimes: Lifetimes
) -> Proposal:
    """The proposal of a plan that may be carried out."""
    waits = planned.needed_role is not None
    return Proposal(
        proposal_id=proposal_id,
        tenant=asked.tenant,
        tool=planned.tool,
        key=asked.key,
        subject_id=asked.subject_id,
        customer_id=asked.customer_id,
        case_id=planned.case_id,
        arguments=dict(planned.arguments),
        digest=planned.digest,
        outcome=planned.plan.outcome,
        reasons=planned.escalated_for,
        effects=planned.plan.effects,
        clauses=planned.clauses,
        amount_minor=planned.plan.amount_minor,
        order_id=planned.order_id,
        order_version=planned.order_version,
        ruleset_id=planned.plan.decision.ruleset_id,
        nonce=nonce,
        created_at=at,
        expires_at=at + (lifetimes.to_approve if waits else lifetimes.to_confirm),
        state=ProposalState.AWAITING_APPROVAL if waits else ProposalState.OPEN,
        approval=Approval(planned.needed_role) if planned.needed_role is not None else None,
    )


def is_same(proposal: Proposal, planned: Planned) -> bool:
    """Whether carrying out the plan does what the proposal showed, under no higher approval."""
    if proposal.digest != planned.digest:
        return False
    if planned.needed_role is None:
        return True
    return proposal.approval is not None and may_approve(proposal.approval.needed, planned.needed_role)
