"""The orders desk on the development set: intended writes end in the expected state, forbidden calls are refused."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from retail_copy import (
    AS_OF,
    RETAIL,
    STATUSES,
    needs_retail,
    read_address,
    read_shop,
)

from casewright.bootstrap import read_ruleset_source
from casewright.desks.orders.facts import OrderFacts
from casewright.desks.orders.planning import (
    plan_cancel,
    plan_modify_address,
    plan_modify_customer_address,
    plan_modify_items,
    plan_modify_payment,
)
from casewright.desks.orders.requests import (
    Asker,
    CancelOrder,
    Found,
    ModifyAddress,
    ModifyCustomerAddress,
    ModifyItems,
    ModifyPayment,
)
from casewright.domain.action import Plan
from casewright.domain.shop import (
    Order,
)
from casewright.evaluation.shop_copy import ShopCopy
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset

pytestmark = needs_retail


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    source = read_ruleset_source("orders")
    return compile_ruleset(
        source, FactSchema.from_dataclass(OrderFacts), as_of=date(2026, 6, 1), tenant="tau2"
    )


@pytest.fixture(scope="module")
def shop() -> ShopCopy:
    return read_shop()


def _plan(shop: ShopCopy, ruleset: Ruleset, user: str, name: str, raw: Mapping[str, Any]) -> Plan | None:
    """The plan of one call; None for a call of another desk."""
    asker = Asker(user)
    order = shop.orders.get(raw.get("order_id", ""))
    customer = shop.customers.get(order.customer_id) if order else None
    found = Found(order, customer, shop.variants)
    if name == "cancel_pending_order":
        return plan_cancel(CancelOrder(asker, raw["order_id"], raw["reason"]), found, ruleset, AS_OF)
    if name == "modify_pending_order_address":
        address = ModifyAddress(asker, raw["order_id"], read_address(raw))
        return plan_modify_address(address, found, ruleset, AS_OF)
    if name == "modify_pending_order_payment":
        payment = ModifyPayment(asker, raw["order_id"], raw["payment_method_id"])
        return plan_modify_payment(payment, found, ruleset, AS_OF)
    if name == "modify_pending_order_items":
        items = ModifyItems(
            asker,
            raw["order_id"],
            tuple(raw["item_ids"]),
            tuple(raw["new_item_ids"]),
            raw["payment_method_id"],
        )
        return plan_modify_items(items, found, ruleset, AS_OF)
    if name == "modify_user_address":
        profile = ModifyCustomerAddress(asker, raw["user_id"], read_address(raw))
        found = Found(customer=shop.customers.get(raw["user_id"]))
        return plan_modify_customer_address(profile, found, ruleset, AS_OF)
    return None


def _tasks() -> Iterator[Mapping[str, Any]]:
    yield from json.loads((RETAIL / "gold_writes_train.json").read_text("utf-8"))["tasks"]


def _shown(order: Order) -> dict[str, object]:
    return {
        "status": order.status.value,
        "items": [(one.variant_id, one.price_minor, dict(one.options)) for one in order.lines],
        "payments": [(row.kind.value, row.method_id, row.amount_minor) for row in order.payments],
        "address": order.address_token,
        "cancel_reason": order.cancel_reason,
    }


def _expected(raw: Mapping[str, Any]) -> dict[str, object]:
    return {
        "status": STATUSES.get(raw["status"], raw["status"].replace(" ", "_")),
        "items": [(one["item_id"], one["price"], one["options"]) for one in raw["items"]],
        "payments": [
            (row["transaction_type"], row["payment_method_id"], row["amount"])
            for row in raw["payment_history"]
        ],
        "address": read_address(raw["address"]),
        "cancel_reason": raw.get("cancel_reason"),
    }


def test_intended_writes_end_in_the_expected_state_to_the_cent(shop: ShopCopy, ruleset: Ruleset) -> None:
    wrong: list[object] = []
    compared = 0
    for task in _tasks():
        copy = ShopCopy(shop.customers.values(), shop.products.values(), shop.orders.values())
        theirs: set[str] = set()
        for write in task["writes"]:
            plan = _plan(copy, ruleset, task["session_user"], write["name"], write["arguments"])
            if plan is None:
                theirs.add(write["arguments"]["order_id"])
                continue
            if plan.is_allowed is not write["ok"]:
                wrong.append((task["id"], write["name"], plan.reasons))
            copy.apply(plan.change, AS_OF)
        for order_id, raw in task["final"]["fixed"].get("orders", {}).items():
            if order_id not in theirs:
                compared += 1
                if _shown(copy.orders[order_id]) != _expected(raw):
                    wrong.append((task["id"], order_id, _shown(copy.orders[order_id]), _expected(raw)))
        for customer_id, raw in task["final"]["fixed"].get("users", {}).items():
            compared += 1
            customer = copy.customers[customer_id]
            balances = {one.method_id: one.balance_minor for one in customer.methods}
            expected = {one["id"]: one.get("balance") for one in raw["payment_methods"].values()}
            if (customer.address_token, balances) != (read_address(raw["address"]), expected):
                wrong.append((task["id"], customer_id, balances, expected))
    assert wrong == []
    assert compared >= 60


def test_forbidden_calls_are_refused_and_permitted_ones_are_not(shop: ShopCopy, ruleset: Ruleset) -> None:
    wrong: list[object] = []
    counted = {"allow": 0, "refuse": 0}
    for case in json.loads((RETAIL / "refusals_dev.json").read_text("utf-8"))["cases"]:
        copy = ShopCopy(shop.customers.values(), shop.products.values(), shop.orders.values())
        for call in case["setup"]:
            plan = _plan(copy, ruleset, case["session_user"], call["name"], call["arguments"])
            if plan is not None:
                assert plan.is_allowed, (case["id"], plan.reasons)
                copy.apply(plan.change, AS_OF)
        before = copy.snapshot()
        plan = _plan(copy, ruleset, case["session_user"], case["call"]["name"], case["call"]["arguments"])
        if plan is None:
            continue
        counted[case["expect"]] += 1
        copy.apply(plan.change, AS_OF)
        if (plan.outcome, copy.snapshot() == before) != (case["expect"], case["expect"] == "refuse"):
            wrong.append((case["id"], plan.outcome, plan.reasons))
    assert wrong == []
    assert counted["allow"] >= 30
    assert counted["refuse"] >= 150
