"""Proposals: what the digest covers, how long they live, and when two of them show the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casewright.domain.action import Change, Effect, Plan
from casewright.domain.decision import Decision, FiredRow
from casewright.domain.principal import Role
from casewright.domain.proposal import Approval, Proposal, ProposalState
from casewright.domain.shop import Order, OrderStatus
from casewright.tools.equipment import Lifetimes
from casewright.tools.proposing import Asked, Planned, build_proposal, find_needed_role, is_same, may_approve
from casewright.tools.spec import ApprovalRule

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORDER = Order("O-1", "CUS-1", OrderStatus.CANCELLED, (), (), version=3)
DECISION = Decision(
    "orders@2026-01-01+sha256:0",
    {"outcome": "allow"},
    (
        FiredRow("outcome", "cancel", {}, "cancellation_allowed", "ORD-2.3"),
        FiredRow("x", "y", {}, "", "ORD-2.3"),
    ),
)
PLAN = Plan(
    DECISION,
    "allow",
    change=Change(order=ORDER),
    effects=(Effect("refund", "Refund 10.00 USD", 1000, "USD", "card-1"),),
    amount_minor=1000,
)
PLANNED = Planned("cancel_order", {"order_id": "O-1"}, "order:O-1", PLAN)


def build(planned: Planned = PLANNED) -> Proposal:
    asked = Asked("main", "k1", "usr_1", "CUS-1")
    return build_proposal(asked, planned, proposal_id="prp_1", nonce="n", at=AT, lifetimes=Lifetimes())


def test_proposal_shows_order_version_effects_and_clauses_once() -> None:
    proposal = build()
    assert (proposal.order_id, proposal.order_version) == ("O-1", 3)
    assert proposal.clauses == ("ORD-2.3",)
    assert proposal.effects == PLAN.effects
    assert proposal.state is ProposalState.OPEN
    assert proposal.expires_at == AT + timedelta(minutes=15)


def test_proposal_that_needs_an_approval_waits_for_it_longer() -> None:
    proposal = build(replace(PLANNED, needed_role=Role.SUPERVISOR))
    assert proposal.state is ProposalState.AWAITING_APPROVAL
    assert proposal.approval == Approval(Role.SUPERVISOR)
    assert proposal.expires_at == AT + timedelta(days=3)


@pytest.mark.parametrize(
    "change",
    [
        {"tool": "create_label"},
        {"arguments": {"order_id": "O-2"}},
        {"escalated_for": ("fraud_signal",)},
        {"plan": replace(PLAN, amount_minor=1001)},
        {"plan": replace(PLAN, effects=(replace(PLAN.effects[0], amount_minor=1001),))},
        {"plan": replace(PLAN, effects=(replace(PLAN.effects[0], target="card-2"),))},
        {"plan": replace(PLAN, change=Change(order=replace(ORDER, version=4)))},
        {"plan": replace(PLAN, change=Change())},
    ],
)
def test_anything_that_was_shown_and_differs_makes_another_proposal(change: dict[str, Any]) -> None:
    assert not is_same(build(), replace(PLANNED, **change))


def test_another_ruleset_that_comes_to_the_same_shows_the_same() -> None:
    other = replace(PLAN, decision=replace(DECISION, ruleset_id="orders@2026-07-01+sha256:1"))
    assert is_same(build(), replace(PLANNED, plan=other))


def test_higher_approval_than_was_given_makes_another_proposal() -> None:
    approved = build(replace(PLANNED, needed_role=Role.AGENT))
    assert is_same(approved, replace(PLANNED, needed_role=Role.AGENT))
    assert not is_same(approved, replace(PLANNED, needed_role=Role.SUPERVISOR))
    assert not is_same(build(), replace(PLANNED, needed_role=Role.AGENT))


def test_escalated_plan_needs_somebody_whatever_the_amount() -> None:
    rule, limits = ApprovalRule("automatic", "agents"), {"automatic": 50_000, "agents": 200_000}
    assert find_needed_role(PLAN, rule, limits, is_escalated=False) is None
    assert find_needed_role(PLAN, rule, limits, is_escalated=True) is Role.AGENT


@pytest.mark.parametrize(
    ("role", "needed", "may"),
    [
        (Role.AGENT, Role.AGENT, True),
        (Role.SUPERVISOR, Role.AGENT, True),
        (Role.ADMIN, Role.SUPERVISOR, True),
        (Role.AGENT, Role.SUPERVISOR, False),
        (Role.CUSTOMER, Role.AGENT, False),
    ],
)
def test_band_of_a_role_covers_those_below(role: Role, needed: Role, may: bool) -> None:
    assert may_approve(role, needed) is may
