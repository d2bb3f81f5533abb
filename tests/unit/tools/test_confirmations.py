"""Confirmations are bound to the proposal, its digest, the order's version, the tenant and the session."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from casewright.domain.proposal import Proposal
from casewright.tools.confirmations import confirmation_of, is_confirmed

AT = datetime(2026, 6, 1, tzinfo=UTC)
PROPOSAL = Proposal(
    proposal_id="prp_1",
    tenant="main",
    tool="cancel_order",
    key="k1",
    subject_id="usr_1",
    customer_id="CUS-1",
    case_id="order:O-1",
    arguments={},
    digest="d1",
    outcome="allow",
    reasons=(),
    effects=(),
    clauses=(),
    amount_minor=0,
    order_id="O-1",
    order_version=3,
    ruleset_id="r",
    nonce="n1",
    created_at=AT,
    expires_at=AT,
)


def test_confirmation_is_the_same_each_time_it_is_shown() -> None:
    shown = confirmation_of(PROPOSAL, "ses_1")
    assert shown == confirmation_of(PROPOSAL, "ses_1")
    assert len(shown) == 64
    assert is_confirmed(PROPOSAL, "ses_1", shown)


@pytest.mark.parametrize(
    "change",
    [
        {"proposal_id": "prp_2"},
        {"tenant": "other"},
        {"digest": "d2"},
        {"order_version": 4},
        {"order_version": None},
        {"nonce": "n2"},
    ],
)
def test_confirmation_is_good_for_nothing_else(change: dict[str, Any]) -> None:
    assert not is_confirmed(replace(PROPOSAL, **change), "ses_1", confirmation_of(PROPOSAL, "ses_1"))


@pytest.mark.parametrize("presented", ["", "0" * 64, "\ud800", "é"])
def test_what_is_no_confirmation_is_refused_without_an_error(presented: str) -> None:
    assert not is_confirmed(PROPOSAL, "ses_1", presented)


def test_confirmation_is_good_in_its_session_only() -> None:
    assert not is_confirmed(PROPOSAL, "ses_2", confirmation_of(PROPOSAL, "ses_1"))
