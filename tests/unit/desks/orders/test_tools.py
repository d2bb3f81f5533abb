"""The orders desk's tools on the sample shop: what each gathers is enough for its plan to be carried out."""

from typing import Any

import pytest

from casewright.desks.orders.desk import DESK
from casewright.desks.orders.tools import ORDER_TOOLS
from casewright.domain.principal import Role
from casewright.domain.shop import OrderStatus
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.arguments import InvalidArguments

ADDRESS = {"address1": "1 New Road", "city": "Exampleton", "country": "USA"}


def call(world: Any, who: Any, tool: str, key: str = "k1", **arguments: Any) -> ToolAnswer:
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
    assert {tool.name for tool in ORDER_TOOLS} == set(DESK.plans)
    assert {tool.name for tool in ORDER_TOOLS if not tool.is_two_step} == {
        "modify_customer_address",
        "create_escalation",
    }


def test_order_is_cancelled_and_each_method_is_refunded(shop_world: Any) -> None:
    balance = "gift-1004"
    before = shop_world.shop.records("main").customer("CUS-1004").find_method(balance).balance_minor
    carry_out(
        shop_world, shop_world.customer(4), "cancel_order", order_id="ORD-1008", reason="ordered by mistake"
    )
    order = shop_world.order("ORD-1008")
    assert order.status is OrderStatus.CANCELLED
    assert set(order.net_by_method().values()) == {0}
    after = shop_world.shop.records("main").customer("CUS-1004").find_method(balance).balance_minor
    assert after - before == 10_000


def test_address_is_changed_for_the_order_alone(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    carry_out(shop_world, asker, "modify_address", order_id="ORD-1001", address=ADDRESS)
    shown = shop_world.shop.tools.call(asker, "lookup_order", {"order_id": "ORD-1001"}).result["orders"][0]
    profile = shop_world.shop.tools.call(asker, "get_customer", {}).result
    assert shown["address"]["address1"] == "1 New Road"
    assert profile["address"]["address1"] != "1 New Road"


def test_staff_change_the_address_of_anybodys_order_and_it_is_kept_as_the_customers(shop_world: Any) -> None:
    agent = shop_world.staff(Role.AGENT)
    carry_out(shop_world, agent, "modify_address", order_id="ORD-1001", address=ADDRESS)
    kept = shop_world.shop.vault("main").export("CUS-1001")["address"]
    assert any("1 New Road" in value for value in kept)


def test_payment_moves_to_another_method_once(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    carry_out(shop_world, asker, "modify_payment", order_id="ORD-1001", method_id="wallet-1001")
    order = shop_world.order("ORD-1001")
    assert order.net_by_method()["card-1001"] == 0
    again = call(shop_world, asker, "modify_payment", "k2", order_id="ORD-1001", method_id="card-1001")
    assert "payment_already_modified" in again.reason_codes


def test_item_becomes_another_variant(shop_world: Any) -> None:
    line = shop_world.order("ORD-1001").lines[0]
    product = shop_world.shop.records("main").product(line.product_id)
    new = next(each for each in product.variants if each.variant_id != line.variant_id and each.is_available)
    carry_out(
        shop_world,
        shop_world.customer(1),
        "modify_items",
        order_id="ORD-1001",
        item_ids=[line.variant_id],
        new_variant_ids=[new.variant_id],
        method_id="card-1001",
    )
    assert shop_world.order("ORD-1001").lines[0].variant_id == new.variant_id


def test_item_whose_money_went_back_is_not_swapped_for_another(shop_world: Any) -> None:
    asker, agent = shop_world.customer(1), shop_world.staff(Role.AGENT)
    line = shop_world.order("ORD-1001").lines[0]
    product = shop_world.shop.records("main").product(line.product_id)
    new = next(each for each in product.variants if each.variant_id != line.variant_id and each.is_available)
    shop_world.later(days=30)  # by now it is late, and has not left
    late = {"order_id": "ORD-1001", "item_ids": [line.line_id], "reason": "late_delivery"}
    proposed = call(shop_world, asker, "issue_refund", **late)
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=True)
    shown = shop_world.shop.proposals.show(asker, proposed.proposal.proposal_id)
    shop_world.shop.proposals.commit(asker, proposed.proposal.proposal_id, shown.confirmation)
    assert shop_world.order("ORD-1001").refunded_minor == line.price_minor
    swap = {"item_ids": [line.line_id], "new_variant_ids": [new.variant_id], "method_id": "card-1001"}
    answer = call(shop_world, asker, "modify_items", "k2", order_id="ORD-1001", **swap)
    assert (answer.status, answer.reason_codes) == (AnswerStatus.REFUSED, ("already_done",))


def test_replacement_asks_for_evidence_and_is_sent_with_it(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    wanted = {"order_id": "ORD-1002", "item_id": "2", "reason": "damaged"}
    asked = call(shop_world, asker, "create_replacement", **wanted)
    assert (asked.status, asked.reason_codes) == (AnswerStatus.NEEDS_INFO, ("evidence_missing",))
    carry_out(shop_world, asker, "create_replacement", "k2", **{**wanted, "reason": "not_as_described"})
    assert shop_world.order("ORD-1002").status is OrderStatus.REPLACEMENT_REQUESTED


def test_order_is_placed_for_the_customer_of_the_session(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    variants = shop_world.shop.records("main").find_products("mug")[0].variants
    available = next(variant for variant in variants if variant.is_available)
    done = carry_out(
        shop_world,
        asker,
        "create_order",
        variant_ids=[available.variant_id] * 2,
        method_id="card-1001",
        address=ADDRESS,
    )
    placed = next(effect.target for effect in done.effects if effect.kind == "order_placed")
    order = shop_world.order(placed)
    assert (order.customer_id, len(order.lines)) == ("CUS-1001", 2)
    other = call(
        shop_world,
        asker,
        "create_order",
        "k2",
        variant_ids=[available.variant_id],
        method_id="card-1002",
        customer_id="CUS-1002",
    )
    assert other.reason_codes == ("customer_not_found",)


def test_escalation_is_kept_redacted_in_the_case_of_its_order(shop_world: Any) -> None:
    answer = call(
        shop_world,
        shop_world.customer(1),
        "create_escalation",
        reason="person_requested",
        summary="call me on ann@example.com",
        order_id="ORD-1001",
    )
    assert answer.status is AnswerStatus.DONE
    row = shop_world.shop.database.read(
        lambda connection: connection.exec_driver_sql(
            "SELECT case_id, summary, customer_id FROM escalations"
        ).one()
    )
    assert row.case_id == "order:ORD-1001"
    assert "ann@example.com" not in row.summary
    assert row.customer_id == "CUS-1001"


def test_escalation_naming_anothers_order_is_refused_and_leaves_no_mark_on_its_case(shop_world: Any) -> None:
    answer = call(
        shop_world,
        shop_world.customer(1),
        "create_escalation",
        reason="other",
        summary="-",
        order_id="ORD-1003",
    )
    assert answer.reason_codes == ("order_not_found",)
    heads = shop_world.shop.database.read(
        lambda connection: connection.exec_driver_sql("SELECT count(*) FROM ledger_heads").scalar()
    )
    assert heads == 0


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("cancel_order", {"order_id": "ORD-1001", "reason": ""}),
        ("modify_address", {"order_id": "ORD-1001", "address": "1 New Road"}),
        ("modify_items", {"order_id": "ORD-1001", "item_ids": "1", "new_variant_ids": [], "method_id": "c"}),
        (
            "modify_items",
            {"order_id": "ORD-1001", "item_ids": ["1"] * 101, "new_variant_ids": [], "method_id": "c"},
        ),
        ("create_replacement", {"order_id": "ORD-1001", "item_id": "1", "reason": "because"}),
        ("create_escalation", {"reason": "other"}),
    ],
)
def test_arguments_that_do_not_fit_are_refused_before_any_record_is_read(
    shop_world: Any, tool: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(InvalidArguments):
        call(shop_world, shop_world.customer(1), tool, **arguments)
