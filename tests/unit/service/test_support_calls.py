"""Calls of a turn: keyed by the turn and what is asked, and traced without anything personal."""

import pytest
from support_house import SupportHouse

from casewright.domain.errors import CasewrightError
from casewright.service.support_calls import CallStatus, TurnTools


def tools_of(house: SupportHouse, turn_key: str = "c:1") -> TurnTools:
    return TurnTools(house.shop.tools, house.shop.proposals, house.customer(1, "u-1"), "case-1", turn_key)


def test_the_same_turn_asks_once_and_another_turn_anew(support_house: SupportHouse) -> None:
    arguments = {"order_id": "ORD-1001", "reason": "no longer needed"}
    first = tools_of(support_house).call("cancel_order", arguments)
    again = tools_of(support_house).call("cancel_order", arguments)
    other = tools_of(support_house, "c:2").call("cancel_order", arguments)
    assert first.proposal is not None
    assert again.proposal is not None
    assert other.proposal is not None
    assert first.proposal.proposal_id == again.proposal.proposal_id != other.proposal.proposal_id


def test_a_trace_names_codes_and_ids_and_hides_what_is_personal(support_house: SupportHouse) -> None:
    tools = tools_of(support_house)
    tools.call("lookup_order", {"email": "aldra.x@example.com"})
    tools.call("lookup_order", {"order_id": "ORD-1001"})
    tools.skip("create_label", "later")
    hidden, shown, skipped = tools.trace
    assert hidden.request == {"email": "[email]"}
    assert shown.response["orders"] == [{"order_id": "ORD-1001", "status": "pending"}]
    assert "address" not in repr(shown)
    assert (skipped.status, skipped.note) == (CallStatus.SKIPPED, "later")


def test_a_call_that_fails_is_on_the_trace_too(support_house: SupportHouse) -> None:
    tools = tools_of(support_house)
    with pytest.raises(CasewrightError):
        tools.call("cancel_order", {"order_id": "ORD-1001"})
    assert tools.trace[0].status is CallStatus.ERROR
    assert tools.trace[0].response == {"code": "invalid_arguments"}


def test_a_commit_is_remembered_as_one(support_house: SupportHouse) -> None:
    tools = tools_of(support_house)
    proposed = tools.call("cancel_order", {"order_id": "ORD-1001", "reason": "no longer needed"})
    assert proposed.proposal is not None
    assert not tools.has_committed
    assert tools.commit(proposed.proposal.proposal_id).status.value == "done"
    assert tools.has_committed
