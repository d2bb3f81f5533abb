"""A denial cannot be walked round: what the returns desk denies, no other resolution gives."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.orders.planning import plan_create_replacement
from casewright.desks.orders.requests import Asker, CreateReplacement, Found, ReplacementReason
from casewright.desks.returns.facts import ReturnReason
from casewright.desks.returns.planning import (
    check_eligibility,
    plan_create_exchange,
    plan_create_return,
    plan_issue_refund,
)
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.shop import (
    Category,
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Variant,
)

AS_OF = datetime(2026, 6, 30, 15, 0, tzinfo=UTC)
CUSTOMER = Customer(
    "ada",
    (
        PaymentMethod("card-1", MethodKind.CARD),
        PaymentMethod("gift-1", MethodKind.GIFT_CARD, balance_minor=9000),
    ),
)
VARIANTS = {"v-1": Variant("v-1", "p-1", 4000), "v-2": Variant("v-2", "p-1", 3500)}


def _cells() -> list[tuple[ReturnReason, Category, bool, int | None, bool]]:
    with (Path(__file__).parent / "returns_table.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                ReturnReason(row["reason"]),
                Category(row["category"]),
                row["evidence"] == "yes",
                None if column == "not delivered" else int(column.removeprefix("day ")),
                is_final_sale,
            )
            for row in csv.DictReader(file)
            for column in list(row)[3:]
            for is_final_sale in (False, True)
        ]


def _order(category: Category, day: int | None, *, is_final_sale: bool) -> Order:
    line = OrderLine("1", "v-1", "p-1", "Thing", 4000, category=category, is_final_sale=is_final_sale)
    return Order(
        "o-1",
        "ada",
        OrderStatus.SHIPPED if day is None else OrderStatus.DELIVERED,
        (line,),
        (PaymentRow(PaymentKind.PAYMENT, "card-1", 4000),),
        shipped_at=AS_OF - timedelta(days=2 if day is None else day + 2),
        promised_at=AS_OF - timedelta(days=40),
        delivered_at=None if day is None else AS_OF - timedelta(days=day),
        address_token="address_1",
    )


@pytest.mark.parametrize("others_reason", list(ReturnReason))
def test_what_is_denied_is_not_given_under_another_name(others_reason: ReturnReason) -> None:
    """For the same reason: no return, store credit, exchange or replacement.

    What is still on its way may be sent again by the order's own life (ORD-5.1), whatever a return would meet.
    """
    returns, orders = load_ruleset("returns", date(2026, 6, 30)), load_ruleset("orders", date(2026, 6, 30))
    given, denied = [], 0
    for reason, category, has_evidence, day, is_final_sale in _cells():
        if reason is not others_reason:
            continue
        order = _order(category, day, is_final_sale=is_final_sale)
        found = ReturnFound(order, CUSTOMER, variants=VARIANTS, has_evidence=has_evidence)
        if (
            check_eligibility(CheckEligibility("o-1", ("1",), reason), found, returns, AS_OF).outcome
            != "deny"
        ):
            continue
        denied += 1
        replacement = CreateReplacement(Asker("ada"), "o-1", "1", ReplacementReason(reason.value), "r-1")
        records = Found(order, CUSTOMER, VARIANTS, has_evidence=has_evidence)
        plans = {
            "return": plan_create_return(CreateReturn("o-1", ("1",), reason), found, returns, AS_OF),
            "store credit": plan_issue_refund(
                IssueRefund("o-1", ("1",), reason, "gift-1"), found, returns, AS_OF
            ),
            "exchange": plan_create_exchange(
                CreateExchange("o-1", ("1",), ("v-2",), "card-1", reason), found, returns, AS_OF
            ),
            "replacement": plan_create_replacement(replacement, records, orders, AS_OF),
        }
        if day is None:
            del plans["replacement"]
        case = (reason.value, category.value, has_evidence, day, is_final_sale)
        given += [(name, *case) for name, plan in plans.items() if plan.is_allowed]
    assert given == []
    assert denied > 0


def test_money_back_and_the_goods_again_are_not_both_to_be_had() -> None:
    """A missing item that was refunded is not replaced; one that is being replaced is not refunded."""
    returns, orders = load_ruleset("returns", date(2026, 6, 30)), load_ruleset("orders", date(2026, 6, 30))
    order = _order(Category.GENERAL, 3, is_final_sale=False)
    wanted = CreateReplacement(Asker("ada"), "o-1", "1", ReplacementReason.MISSING_ITEM, "r-1")
    asked = IssueRefund("o-1", ("1",), ReturnReason.MISSING_ITEM)
    replaced = plan_create_replacement(wanted, Found(order, CUSTOMER, VARIANTS), orders, AS_OF)
    refunded = plan_issue_refund(asked, ReturnFound(order, CUSTOMER), returns, AS_OF)
    assert replaced.is_allowed
    assert refunded.is_allowed
    assert refunded.change.refund is not None

    gone_back = Found(order, CUSTOMER, VARIANTS, refunded_line_ids=frozenset(refunded.change.refund.line_ids))
    assert plan_create_replacement(wanted, gone_back, orders, AS_OF).reasons == ("already_done",)
    sent_again = ReturnFound(replaced.change.order, CUSTOMER)
    assert plan_issue_refund(asked, sent_again, returns, AS_OF).outcome == "refuse"
