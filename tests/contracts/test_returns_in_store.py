"""Plans of the returns desk carried out in the store, on SQLite and on PostgreSQL: what is written is read again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_imports import CustomerRow, insert_customers, insert_products
from casewright.adapters.store.shop_reads import StoredShop
from casewright.adapters.store.shop_writes import apply_change, insert_orders
from casewright.bootstrap import load_ruleset
from casewright.desks.returns.facts import ReturnReason
from casewright.desks.returns.planning import (
    plan_create_exchange,
    plan_create_label,
    plan_create_return,
    plan_issue_refund,
    refund_count_since,
)
from casewright.desks.returns.requests import (
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.action import Plan, RefundRecord
from casewright.domain.shop import (
    Customer,
    ExchangeRequest,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    ReturnRequest,
    Variant,
)

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
RULESET = load_ruleset("returns", date(2026, 6, 20))
ANN = Customer(
    "ann",
    (
        PaymentMethod("card_1", MethodKind.CARD),
        PaymentMethod("gift_1", MethodKind.GIFT_CARD, balance_minor=500),
        PaymentMethod("gift_2", MethodKind.GIFT_CARD, balance_minor=0),
    ),
)
SHIRT = Product("p", "Shirt", variants=(Variant("v_red", "p", 2000), Variant("v_blue", "p", 2400)))
ORDER = Order(
    "o1",
    "ann",
    OrderStatus.DELIVERED,
    (
        OrderLine("l1", "v_red", "p", "Shirt", 2000),
        OrderLine("l2", "v_red", "p", "Shirt", 2000),
        OrderLine("l3", "v_blue", "p", "Shirt", 2400),
    ),
    (
        PaymentRow(PaymentKind.PAYMENT, "gift_1", 900, "import"),
        PaymentRow(PaymentKind.PAYMENT, "card_1", 6000, "import"),
    ),
    shipping_minor=500,
    delivered_at=NOW - timedelta(days=4),
)
Do = Callable[[Callable[[ReturnFound], Plan]], Plan]


@pytest.fixture
def shop(database: Database) -> StoredShop:
    def fill(connection: object) -> None:
        insert_customers(connection, "main", [CustomerRow(ANN)], at=NOW)  # type: ignore[arg-type]
        insert_products(connection, "main", [SHIRT])  # type: ignore[arg-type]
        insert_orders(connection, "main", [ORDER], action_id="import")  # type: ignore[arg-type]

    database.write(fill)
    return StoredShop(database, "main", lambda kind, value: f"{kind}:{value}")


@pytest.fixture
def do(shop: StoredShop, database: Database) -> Do:
    """Plan on the stored records, carry the change out, and return the plan."""
    done: list[Plan] = []

    def carry_out(planner: Callable[[ReturnFound], Plan]) -> Plan:
        found = ReturnFound(
            shop.order("o1"),
            shop.customer("ann"),
            variants=shop.variants(["v_red", "v_blue"]),
            refunds_in_window=shop.refunds_since("ann", refund_count_since(RULESET, NOW)),
            refunds_of_order=shop.refunds_of_order("o1"),
            has_evidence=True,
        )
        plan = planner(found)
        assert plan.is_allowed, plan.reasons
        done.append(plan)
        name = f"a{len(done)}"
        database.write(
            lambda connection: apply_change(connection, "main", plan.change, action_id=name, at=NOW)
        )
        return plan

    return carry_out


def read(shop: StoredShop) -> Order:
    order = shop.order("o1")
    assert order is not None
    return order


def balance(shop: StoredShop, method_id: str) -> int | None:
    customer = shop.customer("ann")
    assert customer is not None
    method = customer.find_method(method_id)
    assert method is not None
    return method.balance_minor


def test_a_return_is_requested_and_then_refunded_item_by_item(shop: StoredShop, do: Do) -> None:
    wanted = CreateReturn("o1", ("v_red", "v_red"), ReturnReason.DAMAGED)
    do(lambda found: plan_create_return(wanted, found, RULESET, NOW))
    order = read(shop)
    assert (order.status, order.version) == (OrderStatus.RETURN_REQUESTED, 2)
    assert order.returned == ReturnRequest(("l1", "l2"), "card_1", "damaged")
    assert order.payments == ORDER.payments

    do(lambda found: plan_create_label(CreateLabel("o1"), found, RULESET, NOW))
    do(lambda found: plan_issue_refund(IssueRefund("o1", ("l2",)), found, RULESET, NOW))
    do(lambda found: plan_issue_refund(IssueRefund("o1", ("l1",)), found, RULESET, NOW))
    order = read(shop)
    assert order.version == 5
    assert [(row.method_id, row.amount_minor) for row in order.payments[2:]] == [
        ("card_1", 2500),
        ("card_1", 2000),
    ]
    assert shop.refunds_of_order("o1") == (
        RefundRecord("refund-o1-3", "o1", "ann", 2500, "damaged", ("l2",), 500),
        RefundRecord("refund-o1-4", "o1", "ann", 2000, "damaged", ("l1",), 0),
    )
    assert shop.refunds_since("ann", NOW - timedelta(days=30)) == 2


def test_a_refund_lands_on_the_gift_card_and_counts_against_the_payments(shop: StoredShop, do: Do) -> None:
    wanted = IssueRefund("o1", ("l3",), ReturnReason.MISSING_ITEM, "gift_2")
    do(lambda found: plan_issue_refund(wanted, found, RULESET, NOW))
    assert read(shop).net_by_method() == {"gift_1": 0, "card_1": 4500}
    assert (balance(shop, "gift_1"), balance(shop, "gift_2")) == (500, 2400)


def test_by_default_each_method_gets_its_own_part(shop: StoredShop, do: Do) -> None:
    wanted = IssueRefund("o1", ("l1",), ReturnReason.MISSING_ITEM)
    plan = do(lambda found: plan_issue_refund(wanted, found, RULESET, NOW))
    assert [(call.method_id, call.amount_minor) for call in plan.calls] == [("card_1", 1100)]
    assert read(shop).net_by_method() == {"gift_1": 0, "card_1": 4900}
    assert balance(shop, "gift_1") == 1400


def test_an_exchange_is_recorded_and_moves_no_money(shop: StoredShop, do: Do) -> None:
    wanted = CreateExchange("o1", ("v_red",), ("v_blue",), "gift_1")
    do(lambda found: plan_create_exchange(wanted, found, RULESET, NOW))
    order = read(shop)
    assert order.status is OrderStatus.EXCHANGE_REQUESTED
    assert order.exchanged == ExchangeRequest((("l1", "v_blue"),), "gift_1", 400)
    assert (order.payments, balance(shop, "gift_1")) == (ORDER.payments, 500)
    assert shop.refunds_of_order("o1") == ()
    assert shop.refunds_of_order("o2") == ()
