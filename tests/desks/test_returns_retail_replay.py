"""The returns desk on the development set: intended writes end in the expected state, forbidden calls are refused."""

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
    read_shop,
)

from casewright.bootstrap import read_ruleset_source
from casewright.desks.returns.facts import ReturnsFacts
from casewright.desks.returns.planning import plan_create_exchange, plan_create_return
from casewright.desks.returns.requests import CreateExchange, CreateReturn, ReturnFound
from casewright.domain.action import Plan
from casewright.domain.shop import (
    Order,
)
from casewright.evaluation.shop_copy import ShopCopy
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset

pytestmark = needs_retail


@pytest.fixture(scope="module")
def shop() -> ShopCopy:
    return read_shop()


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    schema = FactSchema.from_dataclass(ReturnsFacts)
    return compile_ruleset(read_ruleset_source("returns"), schema, as_of=date(2026, 6, 1), tenant="tau2")


def _plan(shop: ShopCopy, ruleset: Ruleset, user: object, name: str, raw: Mapping[str, Any]) -> Plan | None:
    """The plan of one call; None for a call of another desk. Where no one user is named, the order's owner asks."""
    order = shop.orders.get(raw.get("order_id", ""))
    asker = user if isinstance(user, str) else order.customer_id if order else ""
    found = ReturnFound(order, shop.customers.get(asker), variants=shop.variants)
    if name == "return_delivered_order_items":
        wanted = CreateReturn(raw["order_id"], tuple(raw["item_ids"]), None, raw["payment_method_id"])
        return plan_create_return(wanted, found, ruleset, AS_OF)
    if name == "exchange_delivered_order_items":
        swap = CreateExchange(
            raw["order_id"], tuple(raw["item_ids"]), tuple(raw["new_item_ids"]), raw["payment_method_id"]
        )
        return plan_create_exchange(swap, found, ruleset, AS_OF)
    return None


def _tasks() -> Iterator[Mapping[str, Any]]:
    yield from json.loads((RETAIL / "gold_writes_train.json").read_text("utf-8"))["tasks"]


def _variants_of(order: Order, line_ids: tuple[str, ...]) -> list[str]:
    lines = [order.find_line(line_id) for line_id in line_ids]
    return sorted(line.variant_id for line in lines if line is not None)


def _shown(order: Order) -> dict[str, object]:
    returned, exchanged = order.returned, order.exchanged
    pairs = exchanged.pairs if exchanged else ()
    return {
        "status": order.status.value,
        "items": [(one.variant_id, one.price_minor) for one in order.lines],
        "payments": [(row.kind.value, row.method_id, row.amount_minor) for row in order.payments],
        "return_items": _variants_of(order, returned.line_ids) if returned else None,
        "return_payment_method_id": returned.method_id if returned else None,
        "exchange_items": _variants_of(order, tuple(line for line, _ in pairs)) if exchanged else None,
        "exchange_new_items": sorted(new for _, new in pairs) if exchanged else None,
        "exchange_payment_method_id": exchanged.method_id if exchanged else None,
        "exchange_price_difference": exchanged.difference_minor if exchanged else None,
    }


def _expected(raw: Mapping[str, Any]) -> dict[str, object]:
    names = (
        "return_items",
        "return_payment_method_id",
        "exchange_items",
        "exchange_new_items",
        "exchange_payment_method_id",
        "exchange_price_difference",
    )
    return {
        "status": STATUSES.get(raw["status"], raw["status"].replace(" ", "_")),
        "items": [(one["item_id"], one["price"]) for one in raw["items"]],
        "payments": [
            (row["transaction_type"], row["payment_method_id"], row["amount"])
            for row in raw["payment_history"]
        ],
        **{name: raw.get(name) for name in names},
    }


def test_intended_writes_end_in_the_expected_state_to_the_cent(shop: ShopCopy, ruleset: Ruleset) -> None:
    wrong: list[object] = []
    compared = 0
    for task in _tasks():
        copy = ShopCopy(shop.customers.values(), shop.products.values(), shop.orders.values())
        ours: set[str] = set()
        theirs: set[str] = set()
        for write in task["writes"]:
            plan = _plan(copy, ruleset, task["session_user"], write["name"], write["arguments"])
            if plan is None:
                theirs.add(write["arguments"].get("order_id", ""))
                continue
            ours.add(write["arguments"]["order_id"])
            if plan.is_allowed is not write["ok"] or (not write["ok"] and write["code"] not in plan.reasons):
                wrong.append((task["id"], write["name"], plan.outcome, plan.reasons))
            copy.apply(plan.change, AS_OF)
        for order_id, raw in task["final"]["fixed"].get("orders", {}).items():
            if order_id in ours - theirs:
                compared += 1
                if _shown(copy.orders[order_id]) != _expected(raw):
                    wrong.append((task["id"], order_id, _shown(copy.orders[order_id]), _expected(raw)))
    assert wrong == []
    assert compared >= 50


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
    assert counted["allow"] >= 20
    assert counted["refuse"] >= 120
