"""A folder of CSV files as the public Olist data set has them: orders, items, customers, payments.

    olist_orders_dataset.csv       one order a line; customer_id leads to a customer
    olist_order_items_dataset.csv  lines `1`, `2`, …; freight adds up to the order's shipping
    olist_customers_dataset.csv    customer_unique_id is the customer; zip prefix, city and state the address
    olist_order_payments_dataset.csv
    olist_products_dataset.csv     optional: the category, mapped by data/olist.yaml

A short name without `olist_` and `_dataset` is taken too. An order with a bad line, item or payment is
refused whole, so that no order is half there. The set names no payment method: a customer gets one a kind.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from casewright.adapters.importers.csv_rows import CsvFile, Report, Row
from casewright.adapters.importers.shop import (
    ImportedCustomer,
    ImportedOrder,
    ImportedShop,
    Person,
    Problem,
    write_address,
)
from casewright.adapters.importers.values import BadValue, read_id, read_minor, read_text, read_time
from casewright.domain.errors import ConfigurationError
from casewright.domain.shop import (
    Category,
    Customer,
    Fulfilment,
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

ORDER_COLUMNS = (
    "order_id",
    "customer_id",
    "order_status",
    "order_purchase_timestamp",
    "order_delivered_customer_date",
)
MORE_ORDER_COLUMNS = ("order_delivered_carrier_date", "order_estimated_delivery_date")
ITEM_COLUMNS = ("order_id", "order_item_id", "product_id", "price", "freight_value")
CUSTOMER_COLUMNS = (
    "customer_id",
    "customer_unique_id",
    "customer_zip_code_prefix",
    "customer_city",
    "customer_state",
)
MORE_CUSTOMER_COLUMNS = ("customer_name", "customer_email", "customer_phone")
"""Not in the public set, and taken where a shop has them."""
PAYMENT_COLUMNS = ("order_id", "payment_sequential", "payment_type", "payment_value")
PRODUCT_COLUMNS = ("product_id", "product_category_name")
COLUMNS = {
    "products": PRODUCT_COLUMNS,
    "customers": CUSTOMER_COLUMNS,
    "order_items": ITEM_COLUMNS,
    "order_payments": PAYMENT_COLUMNS,
    "orders": ORDER_COLUMNS,
}
MORE_COLUMNS = {"customers": MORE_CUSTOMER_COLUMNS, "orders": MORE_ORDER_COLUMNS}
_LABELS = {MethodKind.CARD: "card", MethodKind.WALLET: "bank slip", MethodKind.GIFT_CARD: "voucher"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How words of the set are read: data/olist.yaml."""

    currency: str
    country: str
    utc_offset_minutes: int
    statuses: Mapping[str, OrderStatus]
    payment_types: Mapping[str, MethodKind]
    categories: Mapping[str, Category]
    """By the set's own name."""


@dataclass(slots=True)
class _Parts:
    """What the other files say of each order, and of whom they cannot say it."""

    owners: dict[str, str] = field(default_factory=dict)
    """customer_id of an order → customer_unique_id."""
    people: dict[str, Person] = field(default_factory=dict)
    """The same → personal values."""
    items: defaultdict[str, list[tuple[int, str, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """order → (number, product, price, freight)."""
    payments: defaultdict[str, list[tuple[int, MethodKind, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    categories: dict[str, str] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)
    """Orders of which an item or a payment was refused."""


def load_vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    text = files("casewright.adapters.importers.data").joinpath("olist.yaml").read_text("utf-8")
    written: dict[str, Any] = yaml.safe_load(text)
    return Vocabulary(
        currency=written["currency"],
        country=written["country"],
        utc_offset_minutes=written["utc_offset_minutes"],
        statuses={name: OrderStatus(status) for name, status in written["statuses"].items()},
        payment_types={name: MethodKind(kind) for name, kind in written["payment_types"].items()},
        categories={
            name: Category(category) for category, names in written["categories"].items() for name in names
        },
    )


def read_olist(folder: Path, *, report: Report = lambda *_: None) -> tuple[ImportedShop, tuple[Problem, ...]]:
    """The shop in a folder, and the rows that were refused. Raises ConfigurationError where it is none."""
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder; name the one with the CSV files of the shop")
    words = load_vocabulary()
    problems: list[Problem] = []
    parts = _Parts()
    found = {name: _find_file(folder, name) for name in COLUMNS}
    missing = [name for name, path in found.items() if path is None and name != "products"]
    if missing:
        wanted = ", ".join(f"olist_{name}_dataset.csv" for name in missing)
        raise ConfigurationError(f"{folder} lacks {wanted}")
    tables = {
        name: CsvFile(path, COLUMNS[name], MORE_COLUMNS.get(name, ()), problems, report)
        for name, path in found.items()
        if path is not None
    }
    if "products" in tables:
        _read_products(tables["products"], parts)
    _read_customers(tables["customers"], parts, words)
    _read_items(tables["order_items"], parts)
    _read_payments(tables["order_payments"], parts, words)
    orders, people = _read_orders(tables["orders"], parts, words)
    return _build_shop(orders, people), tuple(problems)


def _find_file(folder: Path, name: str) -> Path | None:
    for written in (f"olist_{name}_dataset.csv", f"{name}.csv"):
        if (folder / written).is_file():
            return folder / written
    return None


def _read_products(table: CsvFile, parts: _Parts) -> None:
    for line, row in table.rows():
        try:
            product_id = read_id(row["product_id"], "product_id")
            parts.categories[product_id] = read_text(
                row["product_category_name"], "product_category_name", is_required=False
            )
        except BadValue as error:
            table.refuse(line, "product", error)


def _read_customers(table: CsvFile, parts: _Parts, words: Vocabulary) -> None:
    for line, row in table.rows():
        try:
            customer_id = read_id(row["customer_id"], "customer_id")
            if customer_id in parts.owners:
                raise BadValue("customer_id stands in an earlier line too")
            address = {
                "city": read_text(row["customer_city"], "customer_city", is_required=False),
                "state": read_text(row["customer_state"], "customer_state", is_required=False),
                "country": words.country,
                "zip": read_text(
                    row["customer_zip_code_prefix"], "customer_zip_code_prefix", is_required=False
                ),
            }
            parts.owners[customer_id] = read_id(row["customer_unique_id"], "customer_unique_id")
            name, email, phone = (
                read_text(row[column], column, is_required=False) or None for column in MORE_CUSTOMER_COLUMNS
            )
            parts.people[customer_id] = Person(name, email, phone, write_address(address))
        except BadValue as error:
            table.refuse(line, "customer", error)


def _read_items(table: CsvFile, parts: _Parts) -> None:
    for line, row in table.rows():
        try:
            number = _read_number(row["order_item_id"], "order_item_id")
            product_id = read_id(row["product_id"], "product_id")
            price, freight = (read_minor(row[name], name) for name in ("price", "freight_value"))
            items = parts.items[read_id(row["order_id"], "order_id")]
            if any(number == item[0] for item in items):
                raise BadValue("order_item_id stands in an earlier line of this order too")
            items.append((number, product_id, price, freight))
        except BadValue as error:
            _spoil(table, parts, line, row, "item", error)


def _read_payments(table: CsvFile, parts: _Parts, words: Vocabulary) -> None:
    for line, row in table.rows():
        try:
            number = _read_number(row["payment_sequential"], "payment_sequential")
            amount = read_minor(row["payment_value"], "payment_value")
            kind = words.payment_types.get(row["payment_type"])
            if kind is None and amount:
                raise BadValue(f"payment_type is none of {', '.join(words.payment_types)}")
            if kind is not None and amount:
                parts.payments[read_id(row["order_id"], "order_id")].append((number, kind, amount))
        except BadValue as error:
            _spoil(table, parts, line, row, "payment", error)


def _spoil(table: CsvFile, parts: _Parts, line: int, row: Row, kind: str, error: BadValue) -> None:
    parts.spoilt.add(row["order_id"])
    table.refuse(line, f"{kind} of order {_shown(row['order_id'])}", error)


def _read_orders(
    table: CsvFile, parts: _Parts, words: Vocabulary
) -> tuple[dict[str, ImportedOrder], dict[str, Person]]:
    """Good orders, and who each was for, by order."""
    orders: dict[str, ImportedOrder] = {}
    people: dict[str, Person] = {}
    for line, row in table.rows():
        try:
            order = _read_order(row, parts, words)
            order_id = order.order.order_id
            if order_id in orders:
                raise BadValue("order_id stands in an earlier line too")
            orders[order_id], people[order_id] = order, parts.people[row["customer_id"]]
        except BadValue as error:
            table.refuse(line, f"order {_shown(row['order_id'])}", error)
    return orders, people


def _read_order(row: Row, parts: _Parts, words: Vocabulary) -> ImportedOrder:
    order_id = read_id(row["order_id"], "order_id")
    if order_id in parts.spoilt:
        raise BadValue("one of its items or payments was refused")
    owner = parts.owners.get(row["customer_id"])
    if owner is None:
        raise BadValue("its customer is not there, or was refused")
    status = words.statuses.get(row["order_status"])
    if status is None:
        raise BadValue(f"order_status is none of {', '.join(words.statuses)}")
    items = sorted(parts.items.get(order_id, ()))
    if not items:
        raise BadValue("it has no items")
    lines = tuple(
        _build_line(number, product_id, price, parts, words) for number, product_id, price, _ in items
    )
    shipped_at = _read_moment(row, "order_delivered_carrier_date", words)
    delivered_at = _read_moment(row, "order_delivered_customer_date", words)
    order = Order(
        order_id=order_id,
        customer_id=owner,
        status=status,
        lines=lines,
        payments=tuple(
            PaymentRow(PaymentKind.PAYMENT, _name_method(kind, owner), amount)
            for _, kind, amount in sorted(parts.payments.get(order_id, ()), key=lambda payment: payment[0])
        ),
        currency=words.currency,
        shipping_minor=sum(freight for *_, freight in items),
        placed_at=_read_moment(row, "order_purchase_timestamp", words),
        shipped_at=shipped_at,
        promised_at=_read_moment(row, "order_estimated_delivery_date", words),
        delivered_at=delivered_at,
        fulfilments=(Fulfilment((), tuple(line.line_id for line in lines)),) if shipped_at else (),
    )
    return ImportedOrder(order, parts.people[row["customer_id"]].address)


def _read_moment(row: Row, name: str, words: Vocabulary) -> datetime | None:
    return read_time(row[name], name, utc_offset_minutes=words.utc_offset_minutes)


def _build_line(number: int, product_id: str, price: int, parts: _Parts, words: Vocabulary) -> OrderLine:
    category = words.categories.get(parts.categories.get(product_id, ""), Category.GENERAL)
    return OrderLine(
        str(number), product_id, product_id, _name_product(product_id, parts), price, category=category
    )


def _name_product(product_id: str, parts: _Parts) -> str:
    """The set has no names: the category's, and the start of the id."""
    category = parts.categories.get(product_id) or "product"
    return f"{category.replace('_', ' ')} {product_id[:8]}"


def _name_method(kind: MethodKind, owner: str) -> str:
    return f"{kind.value}_{owner}"


def _build_shop(orders: Mapping[str, ImportedOrder], people: Mapping[str, Person]) -> ImportedShop:
    """Customers of the good orders, with the methods they paid with, and every product that was sold."""
    kinds: dict[str, dict[str, MethodKind]] = {}
    latest: dict[str, ImportedOrder] = {}
    lines: dict[str, OrderLine] = {}
    for item in orders.values():
        order = item.order
        known = kinds.setdefault(order.customer_id, {})
        for payment in order.payments:
            known[payment.method_id] = MethodKind(payment.method_id.removesuffix(f"_{order.customer_id}"))
        before = latest.get(order.customer_id)
        if before is None or _is_later(order, before.order):
            latest[order.customer_id] = item
        for line in order.lines:
            lines[line.product_id] = line
    customers = tuple(
        ImportedCustomer(
            Customer(customer_id, tuple(_build_method(method_id, kind) for method_id, kind in known.items())),
            people[latest[customer_id].order.order_id],
        )
        for customer_id, known in kinds.items()
    )
    products = tuple(
        Product(
            product_id,
            line.name,
            line.category,
            variants=(Variant(product_id, product_id, line.price_minor),),
        )
        for product_id, line in lines.items()
    )
    return ImportedShop(customers, products, tuple(orders.values()))


def _is_later(order: Order, other: Order) -> bool:
    return order.placed_at is not None and (other.placed_at is None or order.placed_at >= other.placed_at)


def _build_method(method_id: str, kind: MethodKind) -> PaymentMethod:
    return PaymentMethod(method_id, kind, _LABELS[kind], 0 if kind is MethodKind.GIFT_CARD else None)


def _read_number(value: str, name: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise BadValue(f"{name} is no whole number")
    return int(value)


def _shown(order_id: str) -> str:
    return order_id if order_id and len(order_id) <= 64 and order_id.isprintable() else "with a strange id"
