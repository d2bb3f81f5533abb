"""The golden and adversarial cases of the returns desk: every outcome, reason, row and amount as written by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_shop import read_customers, read_products

from casewright.bootstrap import load_desk, read_ruleset_source
from casewright.desks.returns.facts import ReturnReason, ReturnsFacts
from casewright.desks.returns.planning import RULE_TABLES, cited_clauses, refund_count_since
from casewright.desks.returns.requests import (
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.action import Change, Plan, RefundRecord
from casewright.domain.shop import (
    ExchangeRequest,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentRow,
    Product,
    ReturnRequest,
)
from casewright.evaluation.shop_copy import ShopCopy
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset

CASES = Path(__file__).parents[2] / "src" / "casewright" / "desks" / "returns" / "cases"
AS_OF = "2026-06-20T12:00:00Z"


def read(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


EVERY = [*read("golden"), *read("adversarial")]


@cache
def ruleset(tenant: str | None = None) -> Ruleset:
    schema = FactSchema.from_dataclass(ReturnsFacts)
    return compile_ruleset(read_ruleset_source("returns"), schema, as_of=date(2026, 6, 20), tenant=tenant)


def at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


@dataclass
class Shop:
    """The records of shop.yaml, and the refunds made since."""

    copy: ShopCopy
    refunds: list[tuple[datetime, RefundRecord]] = field(default_factory=list)

    def apply(self, made: Plan, when: datetime) -> None:
        self.copy.apply(made.change, when)
        if made.change.refund is not None:
            self.refunds.append((when, made.change.refund))


def read_shop() -> Shop:
    raw = read("shop")
    customers, products = read_customers(raw), read_products(raw)
    by_variant = {variant.variant_id: product for product in products for variant in product.variants}
    orders = [read_order(order_id, one, by_variant) for order_id, one in raw["orders"].items()]
    return Shop(ShopCopy(customers, products, orders))


def read_order(order_id: str, raw: Mapping[str, Any], products: Mapping[str, Product]) -> Order:
    lines = tuple(
        OrderLine(
            line_id,
            variant,
            products[variant].product_id,
            products[variant].name,
            price,
            category=products[variant].category,
            is_final_sale=products[variant].is_final_sale,
        )
        for line_id, variant, price in raw["lines"]
    )
    returned, exchanged = raw.get("returned"), raw.get("exchanged")
    return Order(
        order_id,
        raw["of"],
        OrderStatus(raw["status"]),
        lines,
        tuple(PaymentRow(PaymentKind(kind), method, amount) for kind, method, amount in raw["payments"]),
        shipping_minor=raw.get("shipping", 0),
        promised_at=at(raw.get("promised_at")),
        delivered_at=at(raw.get("delivered_at")),
        address_token=raw.get("address"),
        returned=ReturnRequest(tuple(returned["lines"]), returned["method"], returned["reason"])
        if returned
        else None,
        exchanged=ExchangeRequest(
            tuple((line, new) for line, new in exchanged["pairs"]),
            exchanged["method"],
            exchanged["difference"],
        )
        if exchanged
        else None,
    )


def read_request(case: Mapping[str, Any]) -> CreateReturn | CreateExchange | IssueRefund | CreateLabel:
    given, order_id = case["with"], case["order"]
    items, method = tuple(given.get("items", ())), given.get("method")
    reason = ReturnReason(given["reason"]) if given.get("reason") else None
    match case["tool"]:
        case "create_return":
            return CreateReturn(order_id, items, reason, method)
        case "create_exchange":
            return CreateExchange(order_id, items, tuple(given["new"]), method, reason)
        case "issue_refund":
            return IssueRefund(order_id, items, reason, method)
        case _:
            return CreateLabel(order_id)


def plan(shop: Shop, case: Mapping[str, Any], by: str) -> Plan:
    when = at(case.get("as_of", AS_OF))
    assert when is not None
    order_id, asker = case["order"], case.get("handed_customer", by)
    given = case.get("found", {})
    rules = ruleset(case.get("tenant"))
    since = refund_count_since(rules, when)
    made = sum(done >= since and one.customer_id == asker for done, one in shop.refunds)
    found = ReturnFound(
        shop.copy.orders.get(case.get("handed", order_id)),
        shop.copy.customers.get(asker),
        is_authenticated=by != "nobody",
        variants=shop.copy.variants,
        refunds_in_window=given.get("refunds", made),
        refunds_of_order=tuple(one for _, one in shop.refunds if one.order_id == order_id),
        has_label=given.get("has_label", False),
        has_evidence=given.get("has_evidence", False),
        has_fraud_signal=given.get("has_fraud_signal", False),
    )
    return load_desk("returns").plans[case["tool"]](read_request(case), found, rules, when)


def rows_of(rows: tuple[PaymentRow, ...]) -> list[list[object]]:
    return [[row.kind.value, row.method_id, row.amount_minor] for row in rows]


@pytest.mark.parametrize("case", EVERY, ids=[case["id"] for case in EVERY])
def test_case(case: Mapping[str, Any]) -> None:
    shop = read_shop()
    when = at(case.get("as_of", AS_OF))
    assert when is not None
    for earlier in case.get("after", ()):
        done = plan(shop, earlier, case["by"])
        assert done.is_allowed, done.reasons
        shop.apply(done, when)
    before = shop.copy.orders.get(case["order"])
    made, expected = plan(shop, case, case["by"]), case["expected"]

    assert (made.outcome, list(made.reasons)) == (expected["outcome"], expected.get("reasons", []))
    if "policy" in expected:
        assert made.decision.outcome["outcome"] == expected["policy"]
    if "clauses" in expected:
        assert list(cited_clauses(made.decision)) == expected["clauses"]
    if "queue" in expected:
        assert made.decision.outcome["queue"] == expected["queue"]
    if "keys" in expected:
        assert list(made.business_keys) == expected["keys"]
    assert made.amount_minor == expected.get("amount", 0) or expected["outcome"] == "escalate"
    if expected["outcome"] in ("refuse", "deny", "request_info"):
        assert made.change == Change()
        assert (made.calls, made.outbox, made.effects, made.business_keys) == ((), (), (), ())
        return
    assert made.effects
    if expected["outcome"] == "allow":
        assert before is not None
        check_change(made, before, expected)
    elif "amount" in expected:
        assert made.amount_minor == expected["amount"]


def check_change(made: Plan, before: Order, expected: Mapping[str, Any]) -> None:
    change, order = made.change, made.change.order
    assert order is not None
    assert order.status.value == expected["status"]
    assert rows_of(change.payments) == expected.get("payments", [])
    assert [[one.method_id, one.amount_minor] for one in change.gift_cards] == expected.get("gift_cards", [])
    assert [
        [call.operation.value, call.method_id, call.amount_minor, call.part] for call in made.calls
    ] == expected.get("calls", [])
    if "returned" in expected:
        line_ids, method, reason = expected["returned"]
        assert order.returned == ReturnRequest(tuple(line_ids), method, reason)
    if "exchanged" in expected:
        pairs, method, difference = expected["exchanged"]
        assert order.exchanged == ExchangeRequest(tuple(map(tuple, pairs)), method, difference)
    refund = change.refund
    shown = (
        [list(refund.line_ids), refund.reason, refund.amount_minor, refund.shipping_minor] if refund else None
    )
    assert shown == expected.get("refund")
    assert (list(change.label.line_ids) if change.label else None) == expected.get("label")
    if "outbox" in expected:
        assert [[one.connector, one.kind] for one in made.outbox] == expected["outbox"]
    untouched = replace(order, status=before.status, returned=before.returned, exchanged=before.exchanged)
    assert untouched == before
    assert (change.new_order, change.customer, change.replacement, change.escalation) == (None,) * 4


def test_every_clause_that_a_broken_rule_cites_has_a_case() -> None:
    named = {case["rule"] for case in EVERY}
    tables = ruleset().policy.parsed.tables
    cited = {row.clause for table in tables if table.name in RULE_TABLES for row in table.rows}
    assert cited - named == set()


def test_every_reason_of_a_broken_rule_has_a_case() -> None:
    seen = {reason for case in EVERY for reason in case["expected"].get("reasons", ())}
    tables = ruleset().policy.parsed.tables
    used = {row.reason for table in tables if table.name in RULE_TABLES for row in table.rows}
    assert used - seen == set()


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in EVERY]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("tool", ["create_return", "create_exchange", "issue_refund", "create_label"])
@pytest.mark.parametrize("tenant", [None, "tau2"])
def test_anothers_order_and_an_absent_one_are_answered_identically(tool: str, tenant: str | None) -> None:
    given = {"items": ["a"], "new": ["SHIRT-BLUE"], "method": "card-9", "reason": "missing_item"}
    shop = read_shop()
    case = {"tool": tool, "with": given, "tenant": tenant}
    for order_id in shop.copy.orders:
        if shop.copy.orders[order_id].customer_id == "ana":
            others = plan(shop, {**case, "order": order_id}, "ben")
            absent = plan(shop, {**case, "order": "#9999"}, "ben")
            assert others == absent
            assert others.reasons == ("order_not_found",)
