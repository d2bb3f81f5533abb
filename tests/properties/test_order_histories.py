"""Generated histories of orders: whatever is asked, in whatever order, money is conserved and a no changes nothing.

A seeded tenth of 10,000 histories by default, all of them with CASEWRIGHT_FULL=1.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from casewright.bootstrap import read_ruleset_source
from casewright.desks.orders.desk import DESK
from casewright.desks.orders.facts import OrderAction, OrderFacts
from casewright.desks.orders.requests import (
    Asker,
    CancelOrder,
    CreateOrder,
    CreateReplacement,
    Found,
    ModifyAddress,
    ModifyCustomerAddress,
    ModifyItems,
    ModifyPayment,
    ReplacementReason,
    Request,
)
from casewright.domain.action import Change, GatewayOperation, Plan
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    Variant,
)
from casewright.evaluation.shop_copy import ShopCopy
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset

HISTORIES = 10_000 if os.environ.get("CASEWRIGHT_FULL") else 1_000
PARTS = 4
STEPS = 10
START = datetime(2026, 6, 1, tzinfo=UTC)
TENANTS = (None, "tau2")
WRITABLE = (OrderStatus.PENDING, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


@pytest.fixture(scope="module")
def rulesets() -> dict[str | None, Ruleset]:
    schema = FactSchema.from_dataclass(OrderFacts)
    source = read_ruleset_source("orders")
    return {
        tenant: compile_ruleset(source, schema, as_of=date(2026, 6, 1), tenant=tenant) for tenant in TENANTS
    }


def make_products(random: Random) -> list[Product]:
    return [
        Product(
            f"P{number}",
            f"product {number}",
            variants=tuple(
                Variant(
                    f"P{number}V{which}",
                    f"P{number}",
                    random.choice([0, 500, 500, 999, 2000, 70_000]),
                    random.random() < 0.8,
                )
                for which in range(3)
            ),
        )
        for number in range(3)
    ]


def make_customer(random: Random, name: str) -> Customer:
    kinds = [MethodKind.CARD, MethodKind.WALLET, MethodKind.GIFT_CARD, MethodKind.GIFT_CARD]
    methods = tuple(
        PaymentMethod(
            f"{name}-{kind.value}-{number}",
            kind,
            balance_minor=random.choice([0, 400, 1500, 90_000]) if kind is MethodKind.GIFT_CARD else None,
        )
        for number, kind in enumerate(kinds)
    )
    return Customer(name, methods, address_token=f"address_{name}")


def make_order(random: Random, number: int, owner: Customer, products: list[Product]) -> Order:
    variants = [random.choice(random.choice(products).variants) for _ in range(random.randint(1, 4))]
    lines = tuple(
        OrderLine(f"L{place}", one.variant_id, one.product_id, one.product_id, one.price_minor)
        for place, one in enumerate(variants)
    )
    total = sum(line.price_minor for line in lines)
    first = total if random.random() < 0.7 else random.randint(0, total)
    payers = random.sample(owner.methods, 2)
    payments = tuple(
        PaymentRow(PaymentKind.PAYMENT, payer.method_id, amount)
        for payer, amount in zip(payers, (first, total - first), strict=True)
        if amount
    )
    status = random.choice([*[OrderStatus.PENDING] * 8, *[OrderStatus.DELIVERED] * 2, *OrderStatus])
    sent = START - timedelta(days=random.randint(0, 30))
    return Order(
        f"#{number}",
        owner.customer_id,
        status,
        lines,
        payments,
        shipped_at=sent if status in WRITABLE else None,
        delivered_at=sent if status is OrderStatus.DELIVERED else None,
        address_token="address_0",
    )


def make_shop(random: Random) -> ShopCopy:
    products = make_products(random)
    customers = [make_customer(random, name) for name in ("ana", "ben")]
    orders = [make_order(random, number, random.choice(customers), products) for number in range(4)]
    return ShopCopy(customers, products, orders)


def draw_request(random: Random, shop: ShopCopy, step: int) -> Request:
    """Mostly sensible, sometimes anything."""
    order = random.choice(list(shop.orders.values()))
    asker = Asker(order.customer_id)
    if random.random() < 0.15:
        asker = random.choice([Asker(), Asker("ana"), Asker("ben"), Asker(is_staff=True)])
    owner = shop.customers[order.customer_id if random.random() < 0.9 else random.choice(["ana", "ben"])]
    method = random.choice(owner.methods).method_id
    lines = random.sample(order.lines, random.randint(0 if random.random() < 0.1 else 1, len(order.lines)))
    item_ids = tuple(random.choice([line.line_id, line.variant_id]) for line in lines)
    new_ids = tuple(
        random.choice(shop.products[line.product_id].variants).variant_id
        if random.random() < 0.95
        else random.choice(sorted(shop.variants))
        for line in lines
    )
    if random.random() < 0.05:
        new_ids = (*new_ids, "P0V0")
    makers: list[Callable[[], Request]] = [
        lambda: CancelOrder(asker, order.order_id, random.choice(["no longer needed"] * 4 + ["just so"])),
        lambda: ModifyAddress(asker, order.order_id, f"address_{step}"),
        lambda: ModifyPayment(asker, order.order_id, method),
        lambda: ModifyPayment(asker, order.order_id, method),
        lambda: ModifyItems(asker, order.order_id, item_ids, new_ids, method),
        lambda: ModifyItems(asker, order.order_id, item_ids, new_ids, method),
        lambda: CreateReplacement(
            asker,
            order.order_id,
            item_ids[0] if item_ids else "none",
            random.choice([*ReplacementReason, None]),
            f"R{step}",
        ),
        lambda: CreateOrder(asker, owner.customer_id, new_ids, method, f"#new-{step}"),
        lambda: ModifyCustomerAddress(asker, owner.customer_id, f"address_{step}"),
    ]
    return random.choice(makers)()


TOOLS = {
    CancelOrder: OrderAction.CANCEL_ORDER,
    ModifyAddress: OrderAction.MODIFY_ADDRESS,
    ModifyPayment: OrderAction.MODIFY_PAYMENT,
    ModifyItems: OrderAction.MODIFY_ITEMS,
    CreateReplacement: OrderAction.CREATE_REPLACEMENT,
    CreateOrder: OrderAction.CREATE_ORDER,
    ModifyCustomerAddress: OrderAction.MODIFY_CUSTOMER_ADDRESS,
}


def plan(random: Random, shop: ShopCopy, request: Request, ruleset: Ruleset, at: datetime) -> Plan:
    order = shop.orders.get(getattr(request, "order_id", ""))
    owner = order.customer_id if order else getattr(request, "customer_id", "")
    found = Found(
        order,
        shop.customers.get(owner),
        shop.variants,
        shop.products,
        last_replacement=shop.replaced_at.get(owner),
        refunds_in_window=random.choice([0, 0, 0, 2]),
        has_evidence=random.random() < 0.7,
        has_fraud_signal=random.random() < 0.05,
        is_approved=random.random() < 0.1,
    )
    return DESK.plans[TOOLS[type(request)]](request, found, ruleset, at)


def check_money_of_plan(made: Plan, shop: ShopCopy) -> None:
    """Every row has its gateway call or its gift card entry, of the same amount, and nothing else moves."""
    order = made.change.order or made.change.new_order
    rows = made.change.payments or (made.change.new_order.payments if made.change.new_order else ())
    moved: Counter[str] = Counter()
    for row in rows:
        assert row.amount_minor > 0
        moved[row.method_id] += row.amount_minor if row.kind is PaymentKind.REFUND else -row.amount_minor
    for call in made.calls:
        sign = 1 if call.operation is GatewayOperation.REFUND else -1
        moved[call.method_id] -= sign * call.amount_minor
    for entry in made.change.gift_cards:
        moved[entry.method_id] -= entry.amount_minor
    assert not any(moved.values())
    assert len({call.part for call in made.calls}) == len(made.calls)
    if order is not None:
        owned = {method.method_id: method.kind for method in shop.customers[order.customer_id].methods}
        assert all(owned[call.method_id] is not MethodKind.GIFT_CARD for call in made.calls)
        assert all(owned[entry.method_id] is MethodKind.GIFT_CARD for entry in made.change.gift_cards)


def check_order(order: Order, *, is_by_method: bool) -> None:
    """What must always hold: never more back than paid, and what is paid is what the lines cost."""
    net = order.net_by_method()
    assert sum(net.values()) >= 0
    if is_by_method:
        assert all(amount >= 0 for amount in net.values()), net
    if order.status is OrderStatus.CANCELLED:
        return
    assert sum(net.values()) == sum(line.price_minor for line in order.lines) + order.shipping_minor


def run_history(seed: int, rulesets: dict[str | None, Ruleset], seen: Counter[str]) -> None:
    random = Random(seed)
    shop, tenant = make_shop(random), TENANTS[seed // PARTS % len(TENANTS)]
    was_cancelled = {one.order_id for one in shop.orders.values() if one.status is OrderStatus.CANCELLED}
    at = START
    for step in range(STEPS):
        at += timedelta(days=random.choice([0, 0, 1, 9]))
        request = draw_request(random, shop, step)
        made = plan(random, shop, request, rulesets[tenant], at)
        seen[f"{TOOLS[type(request)]} {made.outcome}"] += 1
        before = shop.snapshot()
        shop.apply(made.change, at)
        if not made.is_allowed:
            assert made.reasons
            assert made.change == Change()
            assert (made.calls, made.outbox, made.effects, made.business_keys) == ((), (), (), ())
            assert shop.snapshot() == before
            continue
        check_money_of_plan(made, shop)
        changed = made.change.order
        for order in shop.orders.values():
            if changed is None or order.order_id != changed.order_id:
                assert order == before[1].get(order.order_id, order)
            check_order(order, is_by_method=tenant is None)
            if order.status is OrderStatus.CANCELLED and order.order_id not in was_cancelled:
                assert not any(order.net_by_method().values())
        for customer in shop.customers.values():
            assert all((method.balance_minor or 0) >= 0 for method in customer.methods)


@pytest.mark.parametrize("part", range(PARTS))
def test_money_is_conserved_and_a_no_changes_nothing(part: int, rulesets: dict[str | None, Ruleset]) -> None:
    seen: Counter[str] = Counter()
    for seed in range(part, HISTORIES, PARTS):
        run_history(seed, rulesets, seen)
    least = HISTORIES // 1_000
    for tool in TOOLS.values():
        assert seen[f"{tool} allow"] >= least, seen
        assert seen[f"{tool} refuse"] >= least, seen
