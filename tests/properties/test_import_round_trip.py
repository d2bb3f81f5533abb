"""Import of an exported sample shop gives that shop again, and its money adds up, whatever the seed."""

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.adapters.importers.olist import read_olist
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.importers.shop import ImportedOrder, ImportedShop, write_address
from casewright.adapters.importers.tau_retail import read_tau_retail
from casewright.domain.shop import Category, MethodKind, Order, OrderStatus, PaymentMethod

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SEEDS, SIZES = st.integers(0, 2**32), st.integers(9, 40)
TAU_STATUSES = {
    OrderStatus.PENDING: "pending",
    OrderStatus.PENDING_ITEMS_MODIFIED: "pending (item modified)",
    OrderStatus.PROCESSED: "processed",
    OrderStatus.SHIPPED: "shipped",
    OrderStatus.DELIVERED: "delivered",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.RETURN_REQUESTED: "return requested",
    OrderStatus.EXCHANGE_REQUESTED: "exchange requested",
}
TAU_SOURCES = {MethodKind.CARD: "credit_card", MethodKind.WALLET: "paypal", MethodKind.GIFT_CARD: "gift_card"}
OLIST_STATUSES = {
    OrderStatus.PENDING: "approved",
    OrderStatus.PROCESSED: "processing",
    OrderStatus.SHIPPED: "shipped",
    OrderStatus.DELIVERED: "delivered",
}
OLIST_TYPES = {"card": "credit_card", "gift": "voucher"}
OLIST_CATEGORIES = {
    Category.GENERAL: "brinquedos",
    Category.ELECTRONICS: "telefonia",
    Category.PERISHABLE: "alimentos",
    Category.PERSONAL_CARE: "perfumaria",
}


@settings(max_examples=20, deadline=None)
@given(SEEDS, SIZES)
def test_the_sample_shops_money_adds_up(seed: int, size: int) -> None:
    shop = build_sample_shop(NOON, seed=seed, customers=size)
    methods = {item.customer.customer_id: item.customer for item in shop.customers}
    assert len({method.method_id for item in methods.values() for method in item.methods}) == 3 * len(methods)
    for item in shop.orders:
        order = item.order
        assert order.paid_minor == sum(line.price_minor for line in order.lines) + order.shipping_minor
        assert 0 <= order.refunded_minor <= order.paid_minor
        assert all(amount >= 0 for amount in order.net_by_method().values())
        assert all(methods[order.customer_id].find_method(row.method_id) for row in order.payments)
        if order.status is OrderStatus.CANCELLED:
            assert order.refunded_minor == order.paid_minor
        moments = [order.placed_at, order.shipped_at, order.delivered_at, NOON]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert (order.delivered_at is None) or order.status not in {OrderStatus.PENDING, OrderStatus.SHIPPED}
    balances = [method.balance_minor for item in methods.values() for method in item.methods]
    assert all(balance >= 0 for balance in balances if balance is not None)


@settings(max_examples=15, deadline=None)
@given(SEEDS, SIZES)
def test_a_shop_written_as_a_retail_database_is_read_again_to_the_cent(seed: int, size: int) -> None:
    shop = build_sample_shop(NOON, seed=seed, customers=size)
    kept = [item for item in shop.orders if item.order.status in TAU_STATUSES]
    text = json.dumps(write_tau(shop, kept))
    again, problems = read_tau_retail(text)
    assert problems == ()
    assert [described(item) for item in again.orders] == [described(item) for item in kept]
    assert [item.person.address for item in again.customers] == [
        item.person.address for item in shop.customers
    ]
    assert [[plain(method) for method in item.customer.methods] for item in again.customers] == [
        [plain(method) for method in item.customer.methods] for item in shop.customers
    ]
    assert [product.variants for product in again.products] == [product.variants for product in shop.products]


@settings(max_examples=15, deadline=None)
@given(SEEDS, SIZES)
def test_a_shop_written_as_olist_files_is_read_again_to_the_cent(seed: int, size: int) -> None:
    shop = build_sample_shop(NOON, seed=seed, customers=size)
    kept = [
        item for item in shop.orders if item.order.status in OLIST_STATUSES and not item.order.refunded_minor
    ]
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_olist(folder, shop, kept)
        again, problems = read_olist(folder)
    assert problems == ()
    assert len(again.orders) == len(kept)
    for read, item in zip(again.orders, kept, strict=True):
        order, source = read.order, item.order
        assert (order.order_id, order.customer_id, order.status) == (
            source.order_id,
            source.customer_id,
            source.status,
        )
        assert (order.placed_at, order.delivered_at) == (source.placed_at, source.delivered_at)
        assert (order.promised_at, order.shipped_at) == (source.promised_at, source.shipped_at)
        assert [(line.product_id, line.price_minor, line.category) for line in order.lines] == [
            (line.variant_id, line.price_minor, line.category) for line in source.lines
        ]
        assert (order.shipping_minor, order.paid_minor) == (source.shipping_minor, source.paid_minor)
        assert read.address == rough(item.address)
    people = {item.customer.customer_id: item.person for item in shop.customers}
    buyers = {item.order.customer_id for item in kept}
    assert {item.customer.customer_id for item in again.customers} == buyers
    for customer in again.customers:
        person = people[customer.customer.customer_id]
        assert customer.person == replace(person, address=rough(person.address))


def rough(address: str | None) -> str:
    """What Olist files can say of an address."""
    whole = json.loads(str(address))
    return write_address({name: whole[name] for name in ("city", "state", "zip")} | {"country": "BR"})


def described(item: ImportedOrder) -> tuple[object, ...]:
    """What a retail database can say of an order."""
    order = item.order
    returned = order.returned and (order.returned.line_ids, order.returned.method_id)
    lines = [
        (line.line_id, line.variant_id, line.name, line.price_minor, line.options) for line in order.lines
    ]
    owner = (order.order_id, order.customer_id, order.status, item.address, order.cancel_reason)
    return (*owner, lines, order.payments, order.fulfilments, returned, order.exchanged)


def plain(method: PaymentMethod) -> tuple[object, ...]:
    return method.method_id, method.kind, method.balance_minor


def write_tau(shop: ImportedShop, orders: Iterable[ImportedOrder]) -> dict[str, Any]:
    products = {
        product.product_id: {
            "name": product.name,
            "product_id": product.product_id,
            "variants": {
                item.variant_id: {
                    "item_id": item.variant_id,
                    "options": dict(item.options),
                    "available": item.is_available,
                    "price": item.price_minor / 100,
                }
                for item in product.variants
            },
        }
        for product in shop.products
    }
    users = {}
    for customer in shop.customers:
        first, _, last = str(customer.person.name).partition(" ")
        users[customer.customer.customer_id] = {
            "user_id": customer.customer.customer_id,
            "name": {"first_name": first, "last_name": last},
            "email": customer.person.email,
            "address": json.loads(str(customer.person.address)),
            "payment_methods": {
                method.method_id: {
                    "id": method.method_id,
                    "source": TAU_SOURCES[method.kind],
                    "brand": "card",
                    "last_four": "0000",
                    "balance": (method.balance_minor or 0) / 100,
                }
                for method in customer.customer.methods
            },
        }
    return {
        "products": products,
        "users": users,
        "orders": {item.order.order_id: write_tau_order(item.order, item.address) for item in orders},
    }


def write_tau_order(order: Order, address: str | None) -> dict[str, Any]:
    items = {line.line_id: line.variant_id for line in order.lines}
    document: dict[str, Any] = {
        "order_id": order.order_id,
        "user_id": order.customer_id,
        "address": json.loads(str(address)),
        "status": TAU_STATUSES[order.status],
        "cancel_reason": order.cancel_reason,
        "items": [
            {
                "name": line.name,
                "product_id": line.product_id,
                "item_id": line.variant_id,
                "price": line.price_minor / 100,
                "options": dict(line.options),
            }
            for line in order.lines
        ],
        "fulfillments": [
            {
                "tracking_id": list(part.tracking_ids),
                "item_ids": [items[line_id] for line_id in part.line_ids],
            }
            for part in order.fulfilments
        ],
        "payment_history": [
            {
                "transaction_type": row.kind.value,
                "amount": row.amount_minor / 100,
                "payment_method_id": row.method_id,
            }
            for row in order.payments
        ],
    }
    if order.returned is not None:
        document["return_items"] = [items[line_id] for line_id in order.returned.line_ids]
        document["return_payment_method_id"] = order.returned.method_id
    if order.exchanged is not None:
        document["exchange_items"] = [items[line_id] for line_id, _ in order.exchanged.pairs]
        document["exchange_new_items"] = [variant_id for _, variant_id in order.exchanged.pairs]
        document["exchange_payment_method_id"] = order.exchanged.method_id
        document["exchange_price_difference"] = order.exchanged.difference_minor / 100
    return document


def write_olist(folder: Path, shop: ImportedShop, orders: list[ImportedOrder]) -> None:
    people = {item.customer.customer_id: item.person for item in shop.customers}
    tables: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("orders", "order_items", "customers", "order_payments", "products")
    }
    for item in orders:
        order, address = item.order, json.loads(str(item.address))
        person = people[order.customer_id]
        tables["customers"].append(
            {
                "customer_id": f"c-{order.order_id}",
                "customer_unique_id": order.customer_id,
                "customer_zip_code_prefix": address["zip"],
                "customer_city": address["city"],
                "customer_state": address["state"],
                "customer_name": person.name,
                "customer_email": person.email,
                "customer_phone": person.phone,
            }
        )
        tables["orders"].append(
            {
                "order_id": order.order_id,
                "customer_id": f"c-{order.order_id}",
                "order_status": OLIST_STATUSES[order.status],
                "order_purchase_timestamp": moment(order.placed_at),
                "order_delivered_carrier_date": moment(order.shipped_at),
                "order_delivered_customer_date": moment(order.delivered_at),
                "order_estimated_delivery_date": moment(order.promised_at),
            }
        )
        for number, line in enumerate(order.lines, start=1):
            tables["order_items"].append(
                {
                    "order_id": order.order_id,
                    "order_item_id": number,
                    "product_id": line.variant_id,
                    "price": decimal(line.price_minor),
                    "freight_value": decimal(order.shipping_minor if number == 1 else 0),
                }
            )
        for number, row in enumerate(order.payments, start=1):
            tables["order_payments"].append(
                {
                    "order_id": order.order_id,
                    "payment_sequential": number,
                    "payment_type": OLIST_TYPES[row.method_id.partition("-")[0]],
                    "payment_value": decimal(row.amount_minor),
                }
            )
    tables["products"] = [
        {"product_id": variant.variant_id, "product_category_name": OLIST_CATEGORIES[product.category]}
        for product in shop.products
        for variant in product.variants
    ]
    for name, rows in tables.items():
        with (folder / f"olist_{name}_dataset.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)


def moment(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
