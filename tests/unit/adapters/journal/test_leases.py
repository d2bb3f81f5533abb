from dataclasses import replace

from casewright.adapters.journal.leases import Claim, digest_request, list_resources
from casewright.domain.action import Change, GiftCardEntry, RefundRecord, ReplacementRecord
from casewright.evaluation.action_subject import AT, make_order, make_request, plan_cancel, plan_refusal


def test_a_digest_tells_tools_and_arguments_apart_and_not_their_order() -> None:
    one = digest_request("cancel_order", {"order_id": "o1", "reason": "x"})
    assert one == digest_request("cancel_order", {"reason": "x", "order_id": "o1"})
    assert one != digest_request("cancel_order", {"order_id": "o1"})
    assert one != digest_request("create_return", {"order_id": "o1", "reason": "x"})


def test_a_plan_holds_its_order_its_customers_limits_and_the_gift_cards_it_charges() -> None:
    change = Change(
        order=make_order(1),
        gift_cards=(GiftCardEntry("g1", -5), GiftCardEntry("g2", 5)),
        refund=RefundRecord("r", "o1", "c1", 5, "damaged"),
        replacement=ReplacementRecord("rp", "o1", "c1", "l1"),
    )
    plan = replace(plan_cancel(make_order(1)), change=change)
    assert list_resources(plan) == ("customer:c1", "gift_card:g1", "order:o1")


def test_a_refusal_holds_nothing() -> None:
    assert list_resources(plan_refusal(make_order(1))) == ()


def test_the_gateways_key_is_the_action_and_the_part() -> None:
    request = make_request(plan_cancel(make_order(1)), 1)
    lease = Claim(request, "act_1", "digest", AT, AT).lease()
    assert lease.gateway_key("2") == "act_1:2"
    assert (lease.fence, lease.is_takeover, lease.plan) == (1, False, request.plan)
