"""Between rows and the nouns of a shop: one pair of functions per noun, pure.

Invariant: `read_x(write_x(x))` is x, for every value that the domain allows. It runs no statement.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import from_micros, to_micros
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

REQUESTS_VERSION = 1
Values = dict[str, Any]


class Fields(Protocol):
    """A row, by name of column."""

    def __getattr__(self, name: str) -> Any: ...


def fold_words(text: str) -> list[str]:
    """Words of a name as they are compared: runs of letters, marks and digits; case does not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split()


def write_order(tenant: str, order: Order) -> Values:
    """Columns of an order; its lines and payments have tables of their own."""
    return {
        "tenant": tenant,
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "merchant": order.merchant,
        "status": order.status.value,
        "currency": order.currency,
        "shipping_minor": order.shipping_minor,
        "placed_at": to_micros(order.placed_at),
        "shipped_at": to_micros(order.shipped_at),
        "promised_at": to_micros(order.promised_at),
        "delivered_at": to_micros(order.delivered_at),
        "address_token": order.address_token,
        "is_payment_modified": order.is_payment_modified,
        "cancel_reason": order.cancel_reason,
        "requests": _write_requests(order),
        "version": order.version,
    }


def read_order(row: Fields, lines: Iterable[OrderLine], payments: Iterable[PaymentRow]) -> Order:
    """An order of its row, its lines and its payments, both in their order."""
    requests = read_json(row.requests)
    return Order(
        order_id=row.order_id,
        customer_id=row.customer_id,
        status=OrderStatus(row.status),
        lines=tuple(lines),
        payments=tuple(payments),
        currency=row.currency,
        shipping_minor=row.shipping_minor,
        merchant=row.merchant,
        placed_at=from_micros(row.placed_at),
        shipped_at=from_micros(row.shipped_at),
        promised_at=from_micros(row.promised_at),
        delivered_at=from_micros(row.delivered_at),
        address_token=row.address_token,
        fulfilments=tuple(
            Fulfilment(tuple(tracking), tuple(line_ids)) for tracking, line_ids in requests["fulfilments"]
        ),
        is_payment_modified=row.is_payment_modified,
        cancel_reason=row.cancel_reason,
        returned=_read_return(requests["returned"]),
        exchanged=_read_exchange(requests["exchanged"]),
        version=row.version,
    )


def write_line(tenant: str, order_id: str, position: int, line: OrderLine) -> Values:
    """Columns of one line; `position` counts from 0."""
    return {
        "tenant": tenant,
        "order_id": order_id,
        "line_id": line.line_id,
        "position": position,
        "variant_id": line.variant_id,
        "product_id": line.product_id,
        "name": line.name,
        "price_minor": line.price_minor,
        "options": write_json(line.options),
        "category": line.category.value,
        "is_final_sale": line.is_final_sale,
    }


def read_line(row: Fields) -> OrderLine:
    """One line of its row."""
    return OrderLine(
        line_id=row.line_id,
        variant_id=row.variant_id,
        product_id=row.product_id,
        name=row.name,
        price_minor=row.price_minor,
        options=read_json(row.options),
        category=Category(row.category),
        is_final_sale=row.is_final_sale,
    )


def write_payment(
    tenant: str, order_id: str, position: int, payment: PaymentRow, action_id: str | None
) -> Values:
    """Columns of one payment; its own action id counts before the given one."""
    return {
        "tenant": tenant,
        "order_id": order_id,
        "position": position,
        "kind": payment.kind.value,
        "method_id": payment.method_id,
        "amount_minor": payment.amount_minor,
        "action_id": payment.action_id or action_id,
    }


def read_payment(row: Fields) -> PaymentRow:
    """One payment of its row."""
    return PaymentRow(PaymentKind(row.kind), row.method_id, row.amount_minor, row.action_id)


def write_customer(
    tenant: str, customer: Customer, email_index: str | None, phone_last4_index: str | None
) -> Values:
    """Columns of a customer, with the blind indexes by which the row is found."""
    return {
        "tenant": tenant,
        "customer_id": customer.customer_id,
        "name_token": customer.name_token,
        "email_token": customer.email_token,
        "phone_token": customer.phone_token,
        "address_token": customer.address_token,
        "email_index": email_index,
        "phone_last4_index": phone_last4_index,
        "timezone": customer.timezone,
    }


def read_customer(row: Fields, methods: Iterable[PaymentMethod]) -> Customer:
    """A customer of the row and the methods."""
    return Customer(
        customer_id=row.customer_id,
        methods=tuple(methods),
        name_token=row.name_token,
        email_token=row.email_token,
        phone_token=row.phone_token,
        address_token=row.address_token,
        timezone=row.timezone,
    )


def write_method(tenant: str, customer_id: str, position: int, method: PaymentMethod) -> Values:
    """Columns of one way to pay; a gift card's balance has a ledger of its own."""
    return {
        "tenant": tenant,
        "method_id": method.method_id,
        "customer_id": customer_id,
        "position": position,
        "kind": method.kind.value,
        "label": method.label,
    }


def read_method(row: Fields) -> PaymentMethod:
    """One way to pay; `row.balance_minor` is the sum of its ledger, None without entries."""
    kind = MethodKind(row.kind)
    balance = int(row.balance_minor or 0) if kind is MethodKind.GIFT_CARD else None
    return PaymentMethod(row.method_id, kind, row.label, balance)


def write_product(tenant: str, product: Product) -> Values:
    """Columns of a product; its variants have a table of their own."""
    return {
        "tenant": tenant,
        "product_id": product.product_id,
        "name": product.name,
        "name_words": "".join(f" {word}" for word in fold_words(product.name)),
        "category": product.category.value,
        "is_final_sale": product.is_final_sale,
    }


def read_product(row: Fields, variants: Iterable[Variant]) -> Product:
    """A product of its row and its variants."""
    return Product(row.product_id, row.name, Category(row.category), row.is_final_sale, tuple(variants))


def write_variant(tenant: str, position: int, variant: Variant) -> Values:
    """Columns of one variant."""
    return {
        "tenant": tenant,
        "variant_id": variant.variant_id,
        "product_id": variant.product_id,
        "position": position,
        "price_minor": variant.price_minor,
        "is_available": variant.is_available,
        "options": write_json(variant.options),
    }


def read_variant(row: Fields) -> Variant:
    """One variant of its row."""
    return Variant(row.variant_id, row.product_id, row.price_minor, row.is_available, read_json(row.options))


def _write_requests(order: Order) -> str:
    returned, exchanged = order.returned, order.exchanged
    return write_json(
        {
            "schema_version": REQUESTS_VERSION,
            "fulfilments": [[list(sent.tracking_ids), list(sent.line_ids)] for sent in order.fulfilments],
            "returned": returned
            and {
                "line_ids": list(returned.line_ids),
                "method_id": returned.method_id,
                "reason": returned.reason,
            },
            "exchanged": exchanged
            and {
                "pairs": [list(pair) for pair in exchanged.pairs],
                "method_id": exchanged.method_id,
                "difference_minor": exchanged.difference_minor,
            },
        }
    )


def _read_return(document: Mapping[str, Any] | None) -> ReturnRequest | None:
    if document is None:
        return None
    return ReturnRequest(tuple(document["line_ids"]), document["method_id"], document["reason"])


def _read_exchange(document: Mapping[str, Any] | None) -> ExchangeRequest | None:
    if document is None:
        return None
    pairs = tuple((line_id, variant_id) for line_id, variant_id in document["pairs"])
    return ExchangeRequest(pairs, document["method_id"], document["difference_minor"])
