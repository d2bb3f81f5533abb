"""The golden and adversarial cases of the orders desk: every outcome, reason, row and amount as written by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_shop import read_customers, read_products

from casewright.bootstrap import load_desk, read_ruleset_source
from casewright.desks.orders.facts import OrderAction, OrderFacts
from casewright.desks.orders.planning import cited_clauses
from casewright.desks.orders.requests import (
    Asker,
    CancelOrder,
    CreateEscalation,
    CreateOrder,
    CreateReplacement,
    EscalationReason,
    Found,
    ModifyAddress,
    ModifyCustomerAddress,
    ModifyItems,
    ModifyPayment,
    ReplacementReason,
    Request,
)
from casewright.domain.action import Change, Plan
from casewright.domain.shop import (
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentRow,
    Product,
)
from casewright.evaluation.shop_copy import ShopCopy
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset

CASES = Path(__file__).parents[2] / "src" / "casewright" / "desks" / "orders" / "cases"
AS_OF = "2026-06-10T12:00:00Z"


def read(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


GOLDEN, ADVERSARIAL = read("golden"), read("adversarial")
EVERY = [*GOLDEN, *ADVERSARIAL]


@cache
def ruleset(tenant: str | None) -> Ruleset:
    schema = FactSchema.from_dataclass(OrderFacts)
    return compile_ruleset(read_ruleset_source("orders"), schema, as_of=date(2026, 6, 10), tenant=tenant)


def at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def moment_of(case: Mapping[str, Any]) -> datetime:
    moment = at(case.get("as_of", AS_OF))
    assert moment is not None
    return moment


def read_shop() -> ShopCopy:
    raw = read("shop")
    customers, products = read_customers(raw), read_products(raw)
    by_variant = {variant.variant_id: product for product in products for variant in product.variants}
    orders = [read_order(order_id, one, by_variant) for order_id, one in raw["orders"].items()]
    return ShopCopy(customers, products, orders)


def read_order(order_id: str, raw: Mapping[str, Any], products: Mapping[str, Product]) -> Order:
    lines = tuple(
        OrderLine(
            line_id,
            variant,
            products[variant].product_id,
            products[variant].name,
            price,
            {"name": variant},
            products[variant].category,
            products[variant].is_final_sale,
        )
        for line_id, variant, price in raw["lines"]
    )
    return Order(
        order_id,
        raw["of"],
        OrderStatus(raw["status"]),
        lines,
        tuple(PaymentRow(PaymentKind(kind), method, amount) for kind, method, amount in raw["payments"]),
        shipped_at=at(raw.get("shipped_at")),
        delivered_at=at(raw.get("delivered_at")),
        address_token=raw.get("address"),
        is_payment_modified=raw.get("is_payment_modified", False),
    )


def read_asker(by: str) -> Asker:
    if by == "nobody":
        return Asker()
    if by.startswith("staff"):
        return Asker(by.removeprefix("staff").removeprefix(" for ") or None, is_staff=True)
    return Asker(by)


def read_request(case: Mapping[str, Any], by: str) -> Request:
    asker, given, order = read_asker(by), dict(case["with"]), case.get("order", "")
    for name, value in given.items():
        given[name] = tuple(value) if isinstance(value, list) else value
    match OrderAction(case["tool"]):
        case OrderAction.CANCEL_ORDER:
            return CancelOrder(asker, order, **given)
        case OrderAction.MODIFY_ADDRESS:
            return ModifyAddress(asker, order, **given)
        case OrderAction.MODIFY_PAYMENT:
            return ModifyPayment(asker, order, **given)
        case OrderAction.MODIFY_ITEMS:
            return ModifyItems(asker, order, **given)
        case OrderAction.CREATE_REPLACEMENT:
            reason = ReplacementReason(given["reason"]) if given["reason"] else None
            return CreateReplacement(asker, order, given["item_id"], reason, "R1")
        case OrderAction.CREATE_ORDER:
            return CreateOrder(asker, case["customer"], order_id=f"#new-{len(given)}", **given)
        case OrderAction.MODIFY_CUSTOMER_ADDRESS:
            return ModifyCustomerAddress(asker, case["customer"], **given)
        case OrderAction.CREATE_ESCALATION:
            given["reason"] = EscalationReason(given["reason"])
            return CreateEscalation(asker, escalation_id="E1", order_id=case.get("order"), **given)


def plan(shop: ShopCopy, case: Mapping[str, Any], by: str) -> Plan:
    order = shop.orders.get(case.get("handed", case.get("order")))
    owner = case.get("handed_customer", order.customer_id if order else case.get("customer"))
    extra = dict(case.get("found", {}))
    extra["last_replacement"] = at(extra.get("last_replacement")) or shop.replaced_at.get(owner or "")
    found = Found(order, shop.customers.get(owner), shop.variants, shop.products, **extra)
    planner = load_desk("orders").plans[case["tool"]]
    return planner(read_request(case, by), found, ruleset(case.get("tenant")), moment_of(case))


def lines_of(order: Order) -> list[list[object]]:
    return [[line.line_id, line.variant_id, line.price_minor] for line in order.lines]


def rows_of(rows: tuple[PaymentRow, ...]) -> list[list[object]]:
    return [[row.kind.value, row.method_id, row.amount_minor] for row in rows]


@pytest.mark.parametrize("case", EVERY, ids=[case["id"] for case in EVERY])
def test_case(case: Mapping[str, Any]) -> None:
    shop = read_shop()
    for earlier in case.get("after", ()):
        done = plan(shop, {**earlier, "tenant": case.get("tenant")}, case["by"])
        assert done.is_allowed, done.reasons
        shop.apply(done.change, moment_of(case))
    before = shop.orders.get(case.get("order"))
    made, expected = plan(shop, case, case["by"]), case["expected"]

    assert made.outcome == expected["outcome"], made.reasons
    assert list(made.reasons) == expected.get("reasons", [])
    if "clauses" in expected:
        assert list(cited_clauses(made)) == expected["clauses"]
    if "queue" in expected:
        assert made.decision.outcome["queue"] == expected["queue"]
    if "minutes" in expected:
        assert made.decision.outcome["service_level_minutes"] == expected["minutes"]
    if expected["outcome"] != "allow":
        assert made.change == Change()
        assert (made.calls, made.outbox, made.effects, made.business_keys, made.amount_minor) == (
            (),
            (),
            (),
            (),
            0,
        )
        return
    check_change(made, before, expected)


def check_change(made: Plan, before: Order | None, expected: Mapping[str, Any]) -> None:
    change = made.change
    assert rows_of(change.payments) == expected.get("payments", [])
    assert [[one.method_id, one.amount_minor] for one in change.gift_cards] == expected.get("gift_cards", [])
    assert [
        [call.operation.value, call.method_id, call.amount_minor, call.part] for call in made.calls
    ] == expected.get("calls", [])
    assert made.amount_minor == expected.get("amount", 0)
    assert made.effects
    if change.order is not None:
        assert before is not None
        assert change.order.status.value == expected.get("status", before.status.value)
        assert lines_of(change.order) == expected.get("lines", lines_of(before))
        assert change.order.address_token == expected.get("address", before.address_token)
        assert change.order.cancel_reason == expected.get("cancel_reason")
        untouched = replace(
            change.order,
            status=before.status,
            lines=before.lines,
            address_token=before.address_token,
            cancel_reason=before.cancel_reason,
            is_payment_modified=before.is_payment_modified,
        )
        assert untouched == before
    assert (change.replacement.line_id if change.replacement else None) == expected.get("replacement")
    assert (change.customer.address_token if change.customer else None) == expected.get("customer_address")
    new = change.new_order
    assert (
        {"lines": lines_of(new), "payments": rows_of(new.payments), "address": new.address_token}
        if new
        else None
    ) == expected.get("new_order")
    record = change.escalation
    shown = expected.get("escalation")
    assert (record is None) is (shown is None)
    if record is not None and shown is not None:
        assert (record.queue, record.customer_id, record.order_id) == (
            shown["queue"],
            shown["customer"],
            shown["order"],
        )
        assert record.due_at == at(shown["due_at"])
        assert record.owner is None


def test_every_clause_that_a_rule_cites_has_a_case() -> None:
    named = {case["rule"] for case in EVERY}
    cited = {row.clause for table in ruleset(None).policy.parsed.tables for row in table.rows}
    assert cited - named == set()


def test_every_reason_of_a_broken_rule_has_a_case() -> None:
    [rules] = [table for table in ruleset(None).policy.parsed.tables if table.name == "rules"]
    seen = {reason for case in EVERY for reason in case["expected"].get("reasons", ())}
    assert {row.reason for row in rules.rows} - seen == set()


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in EVERY]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "tool", ["cancel_order", "modify_address", "modify_payment", "modify_items", "create_replacement"]
)
def test_anothers_order_and_an_absent_one_are_answered_identically(tool: str) -> None:
    given = {
        "cancel_order": {"reason": "no longer needed"},
        "modify_address": {"address_token": "address_x"},
        "modify_payment": {"method_id": "card-9"},
        "modify_items": {"item_ids": ["a"], "new_variant_ids": ["SHIRT-BLUE-M"], "method_id": "card-9"},
        "create_replacement": {"item_id": "a", "reason": "damaged"},
    }[tool]
    shop = read_shop()
    others = plan(shop, {"tool": tool, "order": "#1001", "with": given}, "ben")
    absent = plan(shop, {"tool": tool, "order": "#9999", "with": given}, "ben")
    assert others == absent
