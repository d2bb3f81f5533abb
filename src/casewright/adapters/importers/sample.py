"""Our own sample shop, made from a seed and a day: plainly invented people, every status, every category.

The same seed and day give the same shop, to the letter. Customers 1 to 9 and orders ORD-1001 to ORD-1018
stand in every one of them (data/sample_shop.yaml), so that a demo can name them; the rest is drawn. What was
paid for an order is always its lines and its shipping; gift cards hold what is left on them.
"""

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml

from casewright.adapters.importers.shop import (
    ImportedCustomer,
    ImportedOrder,
    ImportedShop,
    PastRefund,
    PastReplacement,
    Person,
    write_address,
)
from casewright.domain.action import RefundRecord, ReplacementRecord
from casewright.domain.shop import (
    Category,
    Customer,
    ExchangeRequest,
    Fulfilment,
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

DEFAULT_SEED = 7
DEFAULT_CUSTOMERS = 60
SHOWCASE_CUSTOMERS = 9
SHIPPING_MINOR = 499
PROMISED_DAYS = 7
_SENT = frozenset(
    {
        OrderStatus.SHIPPED,
        OrderStatus.DELIVERED,
        OrderStatus.RETURN_REQUESTED,
        OrderStatus.EXCHANGE_REQUESTED,
        OrderStatus.REPLACEMENT_REQUESTED,
    }
)
_ARRIVED = _SENT - {OrderStatus.SHIPPED}
_DRAWN_STATUSES = (*OrderStatus, *(3 * (OrderStatus.DELIVERED,)), *(2 * (OrderStatus.PENDING,)))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One order to make; days are before the shop's day."""

    order_id: str
    customer: int
    status: OrderStatus
    lines: tuple[tuple[str, int], ...]
    placed: int
    delivered: int | None = None
    promised: int | None = None
    gift_card_minor: int = 0
    refunded: tuple[int, ...] = ()
    """Lines that were refunded before, from 1."""


def build_sample_shop(
    as_of: datetime, *, seed: int = DEFAULT_SEED, customers: int = DEFAULT_CUSTOMERS
) -> ImportedShop:
    """The shop as it stands at `as_of` (aware). `customers`: at least the nine of the showcase."""
    words = _load_words()
    draw = random.Random(seed)  # noqa: S311  a sample, no secret
    count = max(customers, SHOWCASE_CUSTOMERS)
    products = tuple(_build_product(row, draw) for row in words["products"])
    people = tuple(_build_customer(number, words, draw) for number in range(1, count + 1))
    wanted = [_read_wanted(row) for row in words["showcase"]]
    wanted += _draw_orders(range(SHOWCASE_CUSTOMERS + 1, count + 1), products, draw)
    shop = {product.product_id: product for product in products}
    orders = tuple(_build_order(order, people[order.customer - 1], shop, as_of) for order in wanted)
    refunds = tuple(
        refund
        for order, made in zip(wanted, orders, strict=True)
        for refund in _build_refunds(order, made.order, as_of)
    )
    replacements = tuple(
        PastReplacement(
            ReplacementRecord(f"RPL-{order.order_id}", order.order_id, order.customer_id, "1"),
            as_of - timedelta(days=1),
        )
        for order in (made.order for made in orders)
        if order.status is OrderStatus.REPLACEMENT_REQUESTED
    )
    return ImportedShop(people, products, orders, refunds, replacements)


def _load_words() -> dict[str, Any]:
    text = files("casewright.adapters.importers.data").joinpath("sample_shop.yaml").read_text("utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def _read_wanted(row: Mapping[str, Any]) -> _Wanted:
    lines = tuple((product_id, variant) for product_id, variant in row["lines"])
    return _Wanted(
        row["id"],
        row["customer"],
        OrderStatus(row["status"]),
        lines,
        row["placed"],
        row.get("delivered"),
        row.get("promised"),
        row.get("gift_card_minor", 0),
        tuple(row.get("refunded", ())),
    )


def _build_product(row: Mapping[str, Any], draw: random.Random) -> Product:
    """Every combination of the options; the first two are always in stock, of the others most."""
    names = list(row["options"])
    variants = tuple(
        Variant(
            f"{row['id']}-{number}",
            row["id"],
            row["price"] + 250 * (number - 1),
            number <= 2 or draw.random() < 0.75,
            dict(zip(names, chosen, strict=True)),
        )
        for number, chosen in enumerate(itertools.product(*row["options"].values()), start=1)
    )
    return Product(
        row["id"], row["name"], Category(row["category"]), row.get("is_final_sale", False), variants
    )


def _build_customer(number: int, words: Mapping[str, Any], draw: random.Random) -> ImportedCustomer:
    first, last = draw.choice(words["first_names"]), draw.choice(words["last_names"])
    town, state = draw.choice(words["towns"])
    address = {
        "address1": f"{draw.randint(1, 240)} {draw.choice(words['streets'])}",
        "address2": draw.choice(("", f"Flat {draw.randint(1, 40)}")),
        "city": town,
        "state": state,
        "country": "USA",
        "zip": f"{draw.randint(1, 999):05d}",
    }
    person = Person(
        f"{first} {last}",
        f"{first}.{last}.{number}@example.com".lower(),
        f"+120255501{number % 100:02d}",
        write_address(address),
    )
    ending = f"{draw.randint(0, 9999):04d}"
    methods = (
        PaymentMethod(f"card-{1000 + number}", MethodKind.CARD, f"card ending {ending}"),
        PaymentMethod(f"wallet-{1000 + number}", MethodKind.WALLET, "wallet"),
        PaymentMethod(f"gift-{1000 + number}", MethodKind.GIFT_CARD, "gift card", 100 * draw.randint(0, 250)),
    )
    return ImportedCustomer(Customer(f"CUS-{1000 + number}", methods), person)


def _draw_orders(customers: Sequence[int], products: Sequence[Product], draw: random.Random) -> list[_Wanted]:
    wanted: list[_Wanted] = []
    numbers = itertools.count(2001)
    for customer in customers:
        for _ in range(draw.randint(1, 3)):
            chosen = draw.choices(products, k=draw.randint(1, 4))
            status = draw.choice(_DRAWN_STATUSES)
            age = draw.randint(0, 3) if status.startswith("pending") else draw.randint(4, 90)
            wanted.append(
                _Wanted(
                    f"ORD-{next(numbers)}",
                    customer,
                    status,
                    tuple((item.product_id, draw.randint(1, len(item.variants))) for item in chosen),
                    age,
                    draw.randint(0, max(0, age - 3)) if status in _ARRIVED else None,
                    gift_card_minor=draw.choice((0, 0, 1000, 2500)),
                )
            )
    return wanted


def _build_order(
    wanted: _Wanted, owner: ImportedCustomer, products: Mapping[str, Product], as_of: datetime
) -> ImportedOrder:
    lines = tuple(
        _build_line(str(number), products[product_id], variant)
        for number, (product_id, variant) in enumerate(wanted.lines, start=1)
    )
    placed_at = as_of - timedelta(days=wanted.placed, hours=2)
    is_sent, is_arrived = wanted.status in _SENT, wanted.status in _ARRIVED
    total = sum(line.price_minor for line in lines) + SHIPPING_MINOR
    promised_at = (
        placed_at + timedelta(days=PROMISED_DAYS)
        if wanted.promised is None
        else as_of - timedelta(days=wanted.promised)
    )
    methods = owner.customer.methods
    order = Order(
        order_id=wanted.order_id,
        customer_id=owner.customer.customer_id,
        status=wanted.status,
        lines=lines,
        payments=_build_payments(wanted, methods, total, lines),
        shipping_minor=SHIPPING_MINOR,
        placed_at=placed_at,
        shipped_at=placed_at + timedelta(days=1) if is_sent else None,
        promised_at=promised_at,
        delivered_at=as_of - timedelta(days=wanted.delivered or 0, hours=1) if is_arrived else None,
        fulfilments=(Fulfilment((f"TRK-{wanted.order_id}",), tuple(line.line_id for line in lines)),)
        if is_sent
        else (),
        cancel_reason="no longer needed" if wanted.status is OrderStatus.CANCELLED else None,
        returned=ReturnRequest(("1",), methods[0].method_id, "changed_mind")
        if wanted.status is OrderStatus.RETURN_REQUESTED
        else None,
        exchanged=_build_exchange(lines[0], products, methods[0].method_id)
        if wanted.status is OrderStatus.EXCHANGE_REQUESTED
        else None,
    )
    return ImportedOrder(order, owner.person.address)


def _build_line(line_id: str, product: Product, number: int) -> OrderLine:
    variant = product.variants[number - 1]
    return OrderLine(
        line_id,
        variant.variant_id,
        product.product_id,
        product.name,
        variant.price_minor,
        variant.options,
        product.category,
        product.is_final_sale,
    )


def _build_payments(
    wanted: _Wanted, methods: Sequence[PaymentMethod], total: int, lines: Sequence[OrderLine]
) -> tuple[PaymentRow, ...]:
    """The gift card first, as far as wanted; the rest by card; for a cancelled order all of it back."""
    card, gift_card = methods[0].method_id, methods[2].method_id
    by_gift_card = min(wanted.gift_card_minor, total)
    parts = [(gift_card, by_gift_card), (card, total - by_gift_card)]
    paid = [PaymentRow(PaymentKind.PAYMENT, method_id, amount) for method_id, amount in parts if amount]
    if wanted.status is OrderStatus.CANCELLED:
        paid += [PaymentRow(PaymentKind.REFUND, row.method_id, row.amount_minor) for row in paid]
    paid += [
        PaymentRow(PaymentKind.REFUND, card, lines[number - 1].price_minor) for number in wanted.refunded
    ]
    return tuple(paid)


def _build_exchange(line: OrderLine, products: Mapping[str, Product], method_id: str) -> ExchangeRequest:
    """The line for the first other variant in stock."""
    variants = products[line.product_id].variants
    other = next(item for item in variants if item.is_available and item.variant_id != line.variant_id)
    difference = other.price_minor - line.price_minor
    return ExchangeRequest(((line.line_id, other.variant_id),), method_id, difference)


def _build_refunds(wanted: _Wanted, order: Order, as_of: datetime) -> list[PastRefund]:
    return [
        PastRefund(
            RefundRecord(
                f"RFD-{order.order_id}-{number}",
                order.order_id,
                order.customer_id,
                order.lines[number - 1].price_minor,
                "damaged",
                (str(number),),
            ),
            as_of - timedelta(days=10 + number),
        )
        for number in wanted.refunded
    ]
