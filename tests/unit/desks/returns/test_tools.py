"""The returns desk's tools on the sample shop: checks load the order themselves, plans are carried out whole."""

from typing import Any

import pytest

from casewright.desks.returns.desk import DESK
from casewright.desks.returns.tools import RETURN_TOOLS
from casewright.domain.principal import Role
from casewright.domain.shop import OrderStatus
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.arguments import InvalidArguments

RETURN = {"order_id": "ORD-1002", "item_ids": ["1"], "reason": "changed_mind"}


def call(world: Any, who: Any, tool: str, key: str | None = "k1", **arguments: Any) -> ToolAnswer:
    answer: ToolAnswer = world.shop.tools.call(who, tool, arguments, key=key)
    return answer


def carry_out(world: Any, who: Any, tool: str, key: str = "k1", **arguments: Any) -> ToolAnswer:
    proposed = call(world, who, tool, key, **arguments)
    assert proposed.status is AnswerStatus.PROPOSED, proposed.reason_codes
    assert proposed.proposal is not None
    done: ToolAnswer = world.shop.proposals.commit(who, proposed.proposal.proposal_id, proposed.confirmation)
    assert done.status is AnswerStatus.DONE, done.reason_codes
    return done


def test_tools_are_those_that_the_desk_declares() -> None:
    assert {tool.name for tool in RETURN_TOOLS} == set(DESK.tools)


def test_check_and_computation_answer_alike_and_change_nothing(shop_world: Any) -> None:
    before = shop_world.order("ORD-1002")
    asker = shop_world.customer(1)
    checked = call(shop_world, asker, "check_eligibility", None, **RETURN)
    computed = call(shop_world, asker, "compute_refund", None, **RETURN)
    assert checked.result == computed.result
    assert (checked.result["outcome"], checked.result["amount_minor"]) == ("approve_return_and_refund", 8900)
    assert shop_world.order("ORD-1002") == before


def test_check_of_what_is_too_late_names_the_reason_and_its_clause(shop_world: Any) -> None:
    late = call(
        shop_world,
        shop_world.customer(2),
        "check_eligibility",
        None,
        order_id="ORD-1004",
        item_ids=["1"],
        reason="changed_mind",
    )
    assert (late.result["outcome"], late.result["reasons"]) == ("deny", ["outside_return_window"])
    assert late.result["amount_minor"] == 0
    assert "RET-2.1" in late.clauses


def test_denial_is_not_walked_round(shop_world: Any) -> None:
    asker = shop_world.customer(2)
    line = shop_world.order("ORD-1004").lines[0]
    product = shop_world.shop.records("main").product(line.product_id)
    other = next(
        each for each in product.variants if each.variant_id != line.variant_id and each.is_available
    )
    tries: list[tuple[str, dict[str, Any]]] = [
        ("create_return", {}),
        ("create_return", {"method_id": "gift-1002"}),
        ("issue_refund", {}),
        ("create_exchange", {"new_variant_ids": [other.variant_id]}),
    ]
    for number, (tool, extra) in enumerate(tries):
        wanted = {"order_id": "ORD-1004", "item_ids": ["1"], "reason": "changed_mind", **extra}
        answer = call(shop_world, asker, tool, f"k{number}", **wanted)
        assert answer.status is AnswerStatus.REFUSED
        assert "outside_return_window" in answer.reason_codes


def test_return_is_requested_labelled_and_refunded(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    carry_out(shop_world, asker, "create_return", **RETURN)
    assert shop_world.order("ORD-1002").status is OrderStatus.RETURN_REQUESTED
    carry_out(shop_world, asker, "create_label", "k2", order_id="ORD-1002")
    done = carry_out(shop_world, asker, "issue_refund", "k3", order_id="ORD-1002")
    assert [effect.amount_minor for effect in done.effects if effect.kind == "refund"] == [8900]
    assert shop_world.order("ORD-1002").refunded_minor == 8900
    again = call(shop_world, asker, "issue_refund", "k4", order_id="ORD-1002")
    assert again.status is AnswerStatus.REFUSED
    assert "already_done" in again.reason_codes


def test_second_label_of_an_order_is_refused_at_once_and_at_the_commit(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    carry_out(shop_world, asker, "create_return", **RETURN)
    early = call(shop_world, asker, "create_label", "k2", order_id="ORD-1002")
    carry_out(shop_world, asker, "create_label", "k3", order_id="ORD-1002")
    second = call(shop_world, asker, "create_label", "k4", order_id="ORD-1002")
    assert second.status is AnswerStatus.REFUSED
    assert (second.proposal, second.reason_codes, second.clauses) == (None, ("already_done",), ("RET-1.7",))
    late = shop_world.shop.proposals.commit(asker, early.proposal.proposal_id, early.confirmation)
    assert late.status is AnswerStatus.REFUSED
    assert "already_done" in late.reason_codes


def test_new_key_cannot_refund_twice_even_when_both_were_proposed(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    carry_out(shop_world, asker, "create_return", **RETURN)
    first = call(shop_world, asker, "issue_refund", "k2", order_id="ORD-1002")
    second = call(shop_world, asker, "issue_refund", "k3", order_id="ORD-1002")
    assert first.proposal is not None
    assert second.proposal is not None
    done = shop_world.shop.proposals.commit(asker, first.proposal.proposal_id, first.confirmation)
    late = shop_world.shop.proposals.commit(asker, second.proposal.proposal_id, second.confirmation)
    assert done.status is AnswerStatus.DONE
    assert late.reason_codes[0] == "confirmation_stale"
    assert shop_world.order("ORD-1002").refunded_minor == 8900


def test_exchange_keeps_the_pairs_and_the_difference(shop_world: Any) -> None:
    asker = shop_world.customer(5)
    first, second = shop_world.order("ORD-1009").lines
    product = shop_world.shop.records("main").product(first.product_id)
    new = next(each for each in product.variants if each.variant_id != first.variant_id and each.is_available)
    carry_out(
        shop_world,
        asker,
        "create_exchange",
        order_id="ORD-1009",
        item_ids=[first.variant_id],
        new_variant_ids=[new.variant_id],
        method_id="card-1005",
    )
    exchanged = shop_world.order("ORD-1009").exchanged
    assert exchanged is not None
    assert exchanged.pairs in (
        ((first.line_id, new.variant_id),),
        ((second.line_id, new.variant_id),),
    )


def test_staff_may_ask_for_any_customers_order(shop_world: Any) -> None:
    carry_out(shop_world, shop_world.staff(Role.AGENT), "create_return", **RETURN)
    assert shop_world.order("ORD-1002").status is OrderStatus.RETURN_REQUESTED


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("create_return", {"order_id": "ORD-1002"}),
        ("create_return", {**RETURN, "reason": "because I say so"}),
        ("create_return", {**RETURN, "policy": {"window_days": 900}}),
        ("check_eligibility", {**RETURN, "order": {"status": "delivered"}}),
        ("create_label", {"order_id": ["ORD-1002"]}),
        ("store_evidence", {"order_id": "ORD-1002", "content": "not base64"}),
        ("store_evidence", {"order_id": "ORD-1002", "content": ""}),
        ("store_evidence", {"order_id": "ORD-1002", "content": "AAAA", "name": "photo.jpg"}),
    ],
)
def test_arguments_that_do_not_fit_are_refused(shop_world: Any, tool: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments):
        call(shop_world, shop_world.customer(1), tool, **arguments)
