"""The shop database of τ²-bench retail (`db.json`): products with items, users, orders.

    credit_card → card    paypal → wallet    gift_card → gift card, its balance kept as a ledger
    items of an order → lines `1`, `2`, …, since one order may hold the same item twice
    "pending (item modified)" → pending_items_modified, "return requested" → return_requested, …

Numbers are read as decimals, never as floats. A user or order that does not fit is refused whole, and so is
an order whose user or items are not there. It reads no file and writes nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from casewright.adapters.importers.shop import (
    ADDRESS_FIELDS,
    ImportedCustomer,
    ImportedOrder,
    ImportedShop,
    Person,
    Problem,
    write_address,
)
from casewright.adapters.importers.values import BadValue, read_id, read_minor, read_text
from casewright.domain.errors import MalformedRequest
from casewright.domain.shop import (
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

CURRENCY = "USD"
STATUSES = {
    "pending": OrderStatus.PENDING,
    "pending (item modified)": OrderStatus.PENDING_ITEMS_MODIFIED,
    "pending (items modified)": OrderStatus.PENDING_ITEMS_MODIFIED,
    "pending (item modifed)": OrderStatus.PENDING_ITEMS_MODIFIED,  # as the first edition spells it
    "processed": OrderStatus.PROCESSED,
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
    "cancelled": OrderStatus.CANCELLED,
    "return requested": OrderStatus.RETURN_REQUESTED,
    "exchange requested": OrderStatus.EXCHANGE_REQUESTED,
}
METHOD_KINDS = {
    "credit_card": MethodKind.CARD,
    "paypal": MethodKind.WALLET,
    "gift_card": MethodKind.GIFT_CARD,
}
Document = Mapping[str, Any]
Report = Callable[[str, int, int], None]
"""Called with what is read, how many are done, and of how many."""


def read_tau_retail(
    text: str, source: str = "db.json", *, report: Report = lambda *_: None
) -> tuple[ImportedShop, tuple[Problem, ...]]:
    """The shop in a `db.json`, and the rows that were refused. Raises MalformedRequest where it is none."""
    document = _parse(text, source)
    reading = _Reading(text, source, report)
    products = tuple(reading.each(document["products"], "product", lambda key, row: _read_product(key, row)))
    variants = {variant.variant_id: product for product in products for variant in product.variants}
    customers = tuple(reading.each(document["users"], "user", _read_customer))
    methods = {item.customer.customer_id: item.customer for item in customers}

    def read(key: str, row: Document) -> ImportedOrder:
        return _read_order(key, row, methods, variants)

    orders = tuple(reading.each(document["orders"], "order", read))
    return ImportedShop(customers, products, orders), tuple(reading.problems)


class _Reading:
    """Goes through the rows of one kind after the other, and notes those that are refused."""

    def __init__(self, text: str, source: str, report: Report) -> None:
        self._text = text
        self._source = source
        self._report = report
        self.problems: list[Problem] = []

    def each(self, rows: Document, kind: str, read: Callable[[str, Document], Any]) -> Iterator[Any]:
        seen: set[str] = set()
        for done, (key, row) in enumerate(rows.items(), start=1):
            try:
                read_id(key, f"{kind} id")
                if not isinstance(row, Mapping):
                    raise BadValue("is not an object")
                item = read(key, row)
                for name in _ids_of(item):
                    if name in seen:
                        raise BadValue(f"{name} belongs to two rows")
                seen.update(_ids_of(item))
                yield item
            except BadValue as error:
                line = self._text.count("\n", 0, max(0, self._text.find(f"{json.dumps(key)}:"))) + 1
                shown = key if len(key) <= 64 and key.isprintable() else "with a strange id"
                self.problems.append(Problem(self._source, line, f"{kind} {shown}", str(error)))
            self._report(kind, done, len(rows))


def _ids_of(item: object) -> list[str]:
    """Ids that must be unique in the whole shop, besides the row's own."""
    if isinstance(item, Product):
        return [f"item {variant.variant_id}" for variant in item.variants]
    if isinstance(item, ImportedCustomer):
        return [f"payment method {method.method_id}" for method in item.customer.methods]
    return []


def _parse(text: str, source: str) -> dict[str, Document]:
    try:
        document = json.loads(
            text.removeprefix("\ufeff"), parse_float=Decimal, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedRequest(f"{source} is not JSON: {where}: {error.msg}") from None
    except (ValueError, RecursionError):
        raise MalformedRequest(
            f"{source} is not JSON that can be read: a number or its nesting is absurd"
        ) from None
    names = ("products", "users", "orders")
    if not isinstance(document, dict) or not all(isinstance(document.get(name), dict) for name in names):
        raise MalformedRequest(
            f"{source} is no retail db.json: it needs the objects products, users and orders"
        )
    return {name: document[name] for name in names}


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _read_product(key: str, row: Document) -> Product:
    if read_id(row.get("product_id"), "product_id") != key:
        raise BadValue("product_id is not the key it stands under")
    variants = _mapping(row, "variants")
    return Product(
        key,
        read_text(row.get("name"), "name"),
        variants=tuple(
            _read_variant(key, item_id, _as_mapping(item, "a variant")) for item_id, item in variants.items()
        ),
    )


def _read_variant(product_id: str, key: str, row: Document) -> Variant:
    if read_id(row.get("item_id"), "item_id") != key:
        raise BadValue("item_id is not the key it stands under")
    is_available = row.get("available")
    if not isinstance(is_available, bool):
        raise BadValue(f"item {key}: available is neither true nor false")
    return Variant(
        key, product_id, read_minor(row.get("price"), f"item {key}: price"), is_available, _options(row)
    )


def _read_customer(key: str, row: Document) -> ImportedCustomer:
    if read_id(row.get("user_id"), "user_id") != key:
        raise BadValue("user_id is not the key it stands under")
    name = _mapping(row, "name")
    whole = " ".join(read_text(name.get(part), part) for part in ("first_name", "last_name"))
    methods = tuple(
        _read_method(method_id, _as_mapping(method, "a payment method"))
        for method_id, method in _mapping(row, "payment_methods").items()
    )
    person = Person(whole, read_text(row.get("email"), "email"), None, _read_address(row))
    return ImportedCustomer(Customer(key, methods), person)


def _read_method(key: str, row: Document) -> PaymentMethod:
    if read_id(row.get("id"), "payment method id") != key:
        raise BadValue("a payment method's id is not the key it stands under")
    kind = METHOD_KINDS.get(str(row.get("source")))
    if kind is None:
        raise BadValue(f"payment method {key}: source is none of {', '.join(METHOD_KINDS)}")
    if kind is MethodKind.CARD:
        last_four = read_text(row.get("last_four"), f"payment method {key}: last_four")
        if not (len(last_four) == 4 and last_four.isascii() and last_four.isdigit()):
            raise BadValue(f"payment method {key}: last_four is not four digits")
        brand = read_text(row.get("brand"), f"payment method {key}: brand")
        return PaymentMethod(key, kind, f"{brand} ending {last_four}")
    if kind is MethodKind.WALLET:
        return PaymentMethod(key, kind, "PayPal")
    balance = read_minor(row.get("balance"), f"payment method {key}: balance")
    return PaymentMethod(key, kind, "gift card", balance)


def _read_order(
    key: str, row: Document, customers: Mapping[str, Customer], variants: Mapping[str, Product]
) -> ImportedOrder:
    if read_id(row.get("order_id"), "order_id") != key:
        raise BadValue("order_id is not the key it stands under")
    customer = customers.get(read_id(row.get("user_id"), "user_id"))
    if customer is None:
        raise BadValue("its user is not there, or was refused")
    status = STATUSES.get(str(row.get("status")))
    if status is None:
        raise BadValue(f"status is none of {', '.join(STATUSES)}")
    lines = tuple(
        _read_line(str(number), _as_mapping(item, "an item"), variants)
        for number, item in enumerate(_sequence(row, "items"), start=1)
    )
    if not lines:
        raise BadValue("it has no items")
    payments = tuple(
        _read_payment(_as_mapping(payment, "a payment"), customer)
        for payment in _sequence(row, "payment_history")
    )
    reason = row.get("cancel_reason")
    order = Order(
        order_id=key,
        customer_id=customer.customer_id,
        status=status,
        lines=lines,
        payments=payments,
        currency=CURRENCY,
        fulfilments=tuple(
            _read_fulfilment(_as_mapping(item, "a fulfilment"), lines)
            for item in _sequence(row, "fulfillments")
        ),
        is_payment_modified=sum(payment.kind is PaymentKind.PAYMENT for payment in payments) > 1
        and status is OrderStatus.PENDING,
        cancel_reason=None if reason is None else read_text(reason, "cancel_reason"),
        returned=_read_return(row, lines, customer),
        exchanged=_read_exchange(row, lines, customer, variants),
    )
    if order.refunded_minor > order.paid_minor:
        raise BadValue("more went back than was paid")
    return ImportedOrder(order, _read_address(row))


def _read_line(line_id: str, row: Document, variants: Mapping[str, Product]) -> OrderLine:
    item_id = read_id(row.get("item_id"), "item_id")
    product = variants.get(item_id)
    if product is None or product.product_id != row.get("product_id"):
        raise BadValue(f"item {item_id} is no item of its product")
    name = read_text(row.get("name"), f"item {item_id}: name")
    price = read_minor(row.get("price"), f"item {item_id}: price")
    return OrderLine(line_id, item_id, product.product_id, name, price, _options(row))


def _read_payment(row: Document, customer: Customer) -> PaymentRow:
    kind = row.get("transaction_type")
    if kind not in tuple(PaymentKind):
        raise BadValue("transaction_type is neither payment nor refund")
    method_id = _own_method(row.get("payment_method_id"), customer)
    return PaymentRow(PaymentKind(kind), method_id, read_minor(row.get("amount"), "amount"))


def _read_fulfilment(row: Document, lines: tuple[OrderLine, ...]) -> Fulfilment:
    tracking = tuple(read_id(item, "tracking_id") for item in _sequence(row, "tracking_id"))
    return Fulfilment(tracking, _line_ids(_sequence(row, "item_ids"), lines))


def _read_return(row: Document, lines: tuple[OrderLine, ...], customer: Customer) -> ReturnRequest | None:
    if row.get("return_items") is None:
        return None
    line_ids = _line_ids(_sequence(row, "return_items"), lines)
    return ReturnRequest(line_ids, _own_method(row.get("return_payment_method_id"), customer))


def _read_exchange(
    row: Document, lines: tuple[OrderLine, ...], customer: Customer, variants: Mapping[str, Product]
) -> ExchangeRequest | None:
    if row.get("exchange_items") is None:
        return None
    old = _line_ids(_sequence(row, "exchange_items"), lines)
    new = [read_id(item, "exchange_new_items") for item in _sequence(row, "exchange_new_items")]
    if len(old) != len(new) or not all(item in variants for item in new):
        raise BadValue("exchange_new_items are not one known item for each of exchange_items")
    difference = read_minor(
        row.get("exchange_price_difference"), "exchange_price_difference", may_be_negative=True
    )
    method_id = _own_method(row.get("exchange_payment_method_id"), customer)
    return ExchangeRequest(tuple(zip(old, new, strict=True)), method_id, difference)


def _line_ids(item_ids: Sequence[object], lines: tuple[OrderLine, ...]) -> tuple[str, ...]:
    """One line for each item, in order; an item named twice takes two lines."""
    free = list(lines)
    taken: list[str] = []
    for item_id in item_ids:
        line = next((line for line in free if line.variant_id == item_id), None)
        if line is None:
            raise BadValue("it names an item that is not in the order, or too often")
        free.remove(line)
        taken.append(line.line_id)
    return tuple(taken)


def _own_method(value: object, customer: Customer) -> str:
    method_id = read_id(value, "payment_method_id")
    if customer.find_method(method_id) is None:
        raise BadValue(f"payment method {method_id} is not its user's")
    return method_id


def _read_address(row: Document) -> str:
    address = _mapping(row, "address")
    return write_address(
        {name: read_text(address.get(name), f"address: {name}", is_required=False) for name in ADDRESS_FIELDS}
    )


def _options(row: Document) -> dict[str, str]:
    options = _mapping(row, "options")
    return {
        read_text(name, "an option"): read_text(value, f"option {name}") for name, value in options.items()
    }


def _mapping(row: Document, name: str) -> Document:
    return _as_mapping(row.get(name), name)


def _as_mapping(value: object, name: str) -> Document:
    if not isinstance(value, Mapping):
        raise BadValue(f"{name} is not an object")
    return value


def _sequence(row: Document, name: str) -> Sequence[Any]:
    value = row.get(name)
    if not isinstance(value, list):
        raise BadValue(f"{name} is not a list")
    return value
