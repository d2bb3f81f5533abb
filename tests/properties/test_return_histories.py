"""Generated histories of returns, exchanges and refunds: money is conserved, and a no changes nothing.

A seeded tenth of 10,000 histories by default, all of them with CASEWRIGHT_FULL=1.
"""

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from casewright.bootstrap import read_ruleset_source
from casewright.desks.returns.desk import DESK
from casewright.desks.returns.facts import ReturnReason, ReturnsFacts
from casewright.desks.returns.planning import check_eligibility, refund_count_since
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.action import Change, GatewayOperation, Plan, RefundRecord
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
    Product,
    Variant,
)
from casewright.evaluation.shop_copy import ShopCopy
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset

HISTORIES = 10_000 if os.environ.get("CASEWRIGHT_FULL") else 1_000
PARTS = 4
STEPS = 12
START = datetime(2026, 6, 1, tzinfo=UTC)
TENANTS = (None, "tau2")
MOST_REFUNDS = 2
AUTOMATIC_LIMIT = 50_000
TOOLS = {
    CreateReturn: "create_return",
    CreateExchange: "create_exchange",
    IssueRefund: "issue_refund",
    CreateLabel: "create_label",
}
Request = CreateReturn | CreateExchange | IssueRefund | CreateLabel


@dataclass
class History:
    """A shop, its refunds, and everything that was done once."""

    shop: ShopCopy
    refunds: list[tuple[datetime, RefundRecord]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)

    def found(
        self, request: Request, asker: str, ruleset: Ruleset, at: datetime, random: Random
    ) -> ReturnFound:
        since = refund_count_since(ruleset, at)
        return ReturnFound(
            self.shop.orders.get(request.order_id),
            self.shop.customers[asker],
            variants=self.shop.variants,
            refunds_in_window=sum(
                when >= since and record.customer_id == asker for when, record in self.refunds
            ),
            refunds_of_order=tuple(one for _, one in self.refunds if one.order_id == request.order_id),
            has_evidence=random.random() < 0.7,
            has_fraud_signal=random.random() < 0.03,
        )


@pytest.fixture(scope="module")
def rulesets() -> dict[str | None, Ruleset]:
    schema = FactSchema.from_dataclass(ReturnsFacts)
    source = read_ruleset_source("returns")
    return {
        tenant: compile_ruleset(source, schema, as_of=date(2026, 6, 1), tenant=tenant) for tenant in TENANTS
    }


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
    return Customer(name, methods, email_token=f"email_{name}")


def make_order(random: Random, number: int, owner: Customer, products: list[Product]) -> Order:
    sold = [random.choice(products) for _ in range(random.randint(1, 4))]
    lines = []
    for place, product in enumerate(sold):
        variant = random.choice(product.variants)
        lines.append(
            OrderLine(
                f"L{place}",
                variant.variant_id,
                product.product_id,
                product.name,
                variant.price_minor,
                category=product.category,
                is_final_sale=random.random() < 0.1,
            )
        )
    shipping = random.choice([0, 300, 1250])
    total = sum(line.price_minor for line in lines) + shipping
    paid = total if random.random() < 0.85 else random.randint(0, total)
    first = paid if random.random() < 0.6 else random.randint(0, paid)
    payments = [
        PaymentRow(PaymentKind.PAYMENT, payer.method_id, amount)
        for payer, amount in zip(random.sample(owner.methods, 2), (first, paid - first), strict=True)
        if amount
    ]
    if payments and random.random() < 0.2:
        back = random.choice(payments)
        payments.append(PaymentRow(PaymentKind.REFUND, back.method_id, random.randint(0, back.amount_minor)))
    status = random.choice([*[OrderStatus.DELIVERED] * 8, *[OrderStatus.SHIPPED] * 2, *OrderStatus])
    arrived = START - timedelta(days=random.randint(-3, 20))
    return Order(
        f"#{number}",
        owner.customer_id,
        status,
        tuple(lines),
        tuple(payments),
        shipping_minor=shipping,
        promised_at=random.choice([None, arrived - timedelta(days=2), arrived + timedelta(days=4)]),
        delivered_at=arrived if status is OrderStatus.DELIVERED and random.random() < 0.95 else None,
        address_token="address_0",
    )


def make_history(random: Random) -> History:
    products = [
        Product(
            f"P{number}",
            f"product {number}",
            random.choice([*[Category.GENERAL] * 3, *Category]),
            variants=tuple(
                Variant(
                    f"P{number}V{which}",
                    f"P{number}",
                    random.choice([0, 500, 500, 999, 2000, 60_000]),
                    random.random() < 0.8,
                )
                for which in range(3)
            ),
        )
        for number in range(3)
    ]
    customers = [make_customer(random, name) for name in ("ana", "ben")]
    orders = [make_order(random, number, random.choice(customers), products) for number in range(5)]
    return History(ShopCopy(customers, products, orders))


def draw_request(random: Random, shop: ShopCopy) -> tuple[Request, str]:
    """Mostly sensible, sometimes anything; and who asks."""
    order = random.choice(list(shop.orders.values()))
    asker = order.customer_id if random.random() < 0.9 else random.choice(["ana", "ben"])
    order_id = order.order_id if random.random() < 0.97 else "#absent"
    lines = random.sample(order.lines, random.randint(1, len(order.lines)))
    if random.random() < 0.05:
        lines = [*lines, random.choice(order.lines)]
    if random.random() < 0.03:
        lines = []
    items = tuple(random.choice([line.line_id, line.variant_id]) for line in lines)
    reason = random.choice([*ReturnReason, *ReturnReason, None])
    owner = shop.customers[order.customer_id if random.random() < 0.95 else random.choice(["ana", "ben"])]
    method = random.choice([None, random.choice(owner.methods).method_id])
    kind = random.random()
    if kind < 0.35:
        return CreateReturn(order_id, items, reason, method), asker
    if kind < 0.5:
        new = tuple(random.choice(shop.products[line.product_id].variants).variant_id for line in lines)
        return CreateExchange(order_id, items, new, method, reason), asker
    if kind < 0.9:
        is_whole = order.status is OrderStatus.RETURN_REQUESTED and random.random() < 0.7
        late = random.choice([ReturnReason.MISSING_ITEM, ReturnReason.LATE_DELIVERY, reason])
        return IssueRefund(order_id, () if is_whole else items, late, method), asker
    return CreateLabel(order_id), asker


def check_refused(plan: Plan) -> None:
    assert plan.reasons
    assert plan.change == Change()
    assert (plan.calls, plan.outbox, plan.effects, plan.business_keys) == ((), (), (), ())


def check_money(plan: Plan, before: Order, shop: ShopCopy) -> None:
    """What goes back goes back once, in full, and from what was paid."""
    rows = plan.change.payments
    total = sum(row.amount_minor for row in rows)
    assert all(row.kind is PaymentKind.REFUND and row.amount_minor > 0 for row in rows)
    assert all(call.operation is GatewayOperation.REFUND and call.amount_minor > 0 for call in plan.calls)
    assert total == sum(call.amount_minor for call in plan.calls) + sum(
        entry.amount_minor for entry in plan.change.gift_cards
    )
    refund = plan.change.refund
    assert total == (refund.amount_minor if refund else 0)
    if refund is None:
        return
    named = [before.find_line(line_id) for line_id in refund.line_ids]
    assert len(set(refund.line_ids)) == len(refund.line_ids) > 0
    price = sum(line.price_minor for line in named if line is not None)
    assert 0 < total <= price + refund.shipping_minor
    assert len({call.part for call in plan.calls}) == len(plan.calls)
    owner = shop.customers[before.customer_id]
    for call in plan.calls:
        method = owner.find_method(call.method_id)
        assert method is not None
        assert method.kind is not MethodKind.GIFT_CARD
    for entry in plan.change.gift_cards:
        card = owner.find_method(entry.method_id)
        assert card is not None
        assert card.kind is MethodKind.GIFT_CARD


def check_shop(history: History) -> None:
    """What must hold after every step."""
    for order in history.shop.orders.values():
        paid: Counter[str] = Counter()
        for row in order.payments:
            paid[row.method_id] += row.amount_minor if row.kind is PaymentKind.PAYMENT else -row.amount_minor
        assert all(amount >= 0 for amount in paid.values())
        of_order = [record for _, record in history.refunds if record.order_id == order.order_id]
        lines = [line_id for record in of_order for line_id in record.line_ids]
        assert len(lines) == len(set(lines))
        assert sum(record.shipping_minor for record in of_order) <= order.shipping_minor
    for customer in history.shop.customers.values():
        assert all((method.balance_minor or 0) >= 0 for method in customer.methods)


def run_step(history: History, ruleset: Ruleset, tenant: str | None, at: datetime, random: Random) -> None:
    shop = history.shop
    request, asker = draw_request(random, shop)
    found = history.found(request, asker, ruleset, at, random)
    plan = DESK.plans[TOOLS[type(request)]](request, found, ruleset, at)
    history.counted[f"{type(request).__name__}:{plan.outcome}"] += 1
    assert plan == DESK.plans[TOOLS[type(request)]](request, found, ruleset, at)
    order = shop.orders.get(request.order_id)
    if order is None or order.customer_id != asker:
        assert plan.reasons == ("order_not_found",)
        absent = DESK.plans[TOOLS[type(request)]](request, replace(found, order=None), ruleset, at)
        assert plan == absent
    if plan.outcome in ("refuse", "deny", "request_info"):
        check_refused(plan)
        before = shop.snapshot()
        shop.apply(plan.change, at)
        assert shop.snapshot() == before
        return
    if plan.outcome == "escalate":
        assert tenant is None
        assert plan.reasons
        if not plan.effects or random.random() < 0.5:
            return
    else:
        assert plan.is_allowed
        assert plan.reasons == ()
        if tenant is None and isinstance(request, IssueRefund | CreateReturn):
            assert plan.amount_minor <= AUTOMATIC_LIMIT
            assert not plan.amount_minor or found.refunds_in_window < MOST_REFUNDS
            assert not found.has_fraud_signal
    assert order is not None
    check_money(plan, order, shop)
    assert not history.keys & set(plan.business_keys) or isinstance(request, CreateLabel)
    history.keys |= set(plan.business_keys)
    shop.apply(plan.change, at)
    if plan.change.refund is not None:
        history.refunds.append((at, plan.change.refund))


@pytest.mark.parametrize("tenant", TENANTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_generated_histories_conserve_money(
    rulesets: dict[str | None, Ruleset], tenant: str | None, part: int
) -> None:
    counted: Counter[str] = Counter()
    for number in range(HISTORIES // (PARTS * len(TENANTS))):
        random = Random(f"returns {tenant} {part} {number}")
        history = make_history(random)
        at = START
        for _ in range(STEPS):
            at += timedelta(hours=random.choice([0, 1, 20, 100]))
            run_step(history, rulesets[tenant], tenant, at, random)
            check_shop(history)
        counted += history.counted
    for request in ("CreateReturn", "CreateExchange", "IssueRefund", "CreateLabel"):
        assert counted[f"{request}:allow"] > 0, counted
        assert counted[f"{request}:refuse"] > 0, counted


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_order_in_which_items_are_named_changes_nothing(
    rulesets: dict[str | None, Ruleset], tenant: str | None
) -> None:
    seen = 0
    for number in range(HISTORIES // 4):
        random = Random(f"permuted {tenant} {number}")
        history = make_history(random)
        request, asker = draw_request(random, history.shop)
        if isinstance(request, CreateLabel | CreateExchange):
            continue
        found = history.found(request, asker, rulesets[tenant], START, random)
        shuffled = replace(request, items=tuple(random.sample(request.items, len(request.items))))
        plan = DESK.plans[TOOLS[type(request)]]
        assert plan(request, found, rulesets[tenant], START) == plan(shuffled, found, rulesets[tenant], START)
        seen += len(request.items) > 1
    assert seen > 20


def test_a_check_says_what_the_tools_then_do(rulesets: dict[str | None, Ruleset]) -> None:
    """What a check approves, one of the tools allows for the same amount; what it denies, none allows."""
    ruleset = rulesets[None]
    counted: Counter[str] = Counter()
    for number in range(HISTORIES):
        random = Random(f"checked {number}")
        history = make_history(random)
        request, asker = draw_request(random, history.shop)
        if not isinstance(request, CreateReturn):
            continue
        found = history.found(request, asker, ruleset, START, random)
        wanted = (request.order_id, request.items, request.reason, request.method_id)
        checked = check_eligibility(CheckEligibility(*wanted), found, ruleset, START)
        returned = DESK.plans["create_return"](CreateReturn(*wanted), found, ruleset, START)
        refunded = DESK.plans["issue_refund"](IssueRefund(*wanted), found, ruleset, START)
        counted[checked.outcome] += 1
        assert returned.is_allowed == (checked.outcome == "approve_return_and_refund")
        if returned.is_allowed:
            assert returned.amount_minor == checked.amount_minor
        if checked.outcome == "approve_refund":
            assert refunded.is_allowed == (checked.amount_minor > 0)
            assert refunded.amount_minor == checked.amount_minor
        if checked.outcome in ("deny", "request_info"):
            assert not refunded.is_allowed
    assert min(counted[name] for name in ("approve_return_and_refund", "approve_refund", "deny")) > 5, counted
