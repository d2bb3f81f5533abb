"""The shared reads: each loads what it shows, shows it to whom it belongs, and changes nothing."""

from typing import Any

import pytest

from casewright.domain.principal import Role
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.arguments import InvalidArguments


def call(world: Any, who: Any, tool: str, **arguments: Any) -> ToolAnswer:
    answer: ToolAnswer = world.shop.tools.call(who, tool, arguments)
    return answer


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"order_id": None},
        {"order_id": "ORD-1001", "phone_last4": "0001"},
        {"email": "not a mail"},
        {"email": "a@b@c"},
        {"email": "ä@example.com"},
        {"phone_last4": "12345"},
        {"phone_last4": "12a4"},
        {"phone_last4": "১২৩৪"},
    ],
)
def test_order_is_looked_up_by_exactly_one_well_formed_thing(shop_world: Any, arguments: Any) -> None:
    with pytest.raises(InvalidArguments):
        call(shop_world, shop_world.customer(1), "lookup_order", **arguments)


def test_mail_address_in_another_writing_finds_the_same_orders(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    email = call(shop_world, asker, "get_customer").result["email"]
    found = call(shop_world, asker, "lookup_order", email=email.upper()).result["orders"]
    assert {"ORD-1001", "ORD-1002"} <= {order["order_id"] for order in found}
    assert {order["customer_id"] for order in found} == {"CUS-1001"}


def test_customer_lists_the_own_orders_newest_first_and_by_status(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    listed = call(shop_world, asker, "list_orders").result["orders"]
    placed = [order["placed_at"] for order in listed]
    assert placed == sorted(placed, reverse=True)
    pending = call(shop_world, asker, "list_orders", status="pending", limit=1).result["orders"]
    assert [order["order_id"] for order in pending] == ["ORD-1001"]


def test_staff_name_the_customer_and_customers_only_themselves(shop_world: Any) -> None:
    agent = shop_world.staff(Role.AGENT)
    assert call(shop_world, agent, "list_orders", customer_id="CUS-1001").status is AnswerStatus.DONE
    assert call(shop_world, agent, "list_orders").reason_codes == ("customer_not_found",)
    for customer_id in ("CUS-1002", "CUS-9999"):
        answer = call(shop_world, shop_world.customer(1), "get_customer", customer_id=customer_id)
        assert answer.reason_codes == ("customer_not_found",)
        assert answer.result == {}


def test_products_are_found_by_every_word(shop_world: Any) -> None:
    found = call(shop_world, shop_world.customer(1), "find_products", words="slim lap").result["products"]
    assert [product["product_id"] for product in found] == ["PRD-201"]
    assert call(shop_world, shop_world.customer(1), "find_products", words="slim shoe").result == {
        "products": []
    }


def test_policy_in_force_is_read_by_desk_and_clause(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    whole = call(shop_world, asker, "get_policy", desk="returns")
    assert whole.result["ruleset_id"].startswith("returns@2016-01-01+sha256:")
    one = call(shop_world, asker, "get_policy", desk="orders", clause="ORD-2.2")
    assert [clause["id"] for clause in one.result["clauses"]] == ["ORD-2.2"]
    assert call(shop_world, asker, "get_policy", desk="orders", clause="X-1").reason_codes == (
        "clause_not_found",
    )


def test_knowledge_is_found_in_the_clauses(shop_world: Any) -> None:
    found = call(shop_world, shop_world.customer(1), "search_knowledge", words="electronics window")
    assert found.clauses[0] == "RET-2.2"
    assert (
        len(call(shop_world, shop_world.customer(1), "search_knowledge", words="the", limit=2).clauses) == 2
    )


def test_case_is_shown_to_its_customer_and_to_staff(shop_world: Any) -> None:
    from casewright.adapters.store.cases import StoredCases
    from casewright.ports.cases import CaseState, StoredCase

    StoredCases(shop_world.shop.database, "main").save(
        StoredCase(
            "CASE-1", "orders", "cancel_order", CaseState.OPEN, shop_world.at, shop_world.at, "CUS-1001"
        )
    )
    own = call(shop_world, shop_world.customer(1), "get_case_status", case_id="CASE-1")
    assert (own.result["state"], own.result["subject"]) == ("open", "cancel_order")
    agent = shop_world.staff(Role.AGENT)
    assert call(shop_world, agent, "get_case_status", case_id="CASE-1").status is AnswerStatus.DONE
    others = call(shop_world, shop_world.customer(2), "get_case_status", case_id="CASE-1")
    absent = call(shop_world, shop_world.customer(2), "get_case_status", case_id="CASE-9")
    assert others == absent
    assert others.reason_codes == ("case_not_found",)
