"""The shop's records as documents for whoever asks: personal values whole for their owner, masked for others.

Pure. Money is integer minor units with the order's currency; times are ISO 8601 in UTC.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casewright.domain.shop import Customer, Order, Product, Variant
from casewright.tools.documents import show_moment


def show_order(order: Order, values: Mapping[str, str], *, is_owner: bool) -> dict[str, Any]:
    """One order. `values` holds the value of its address token, if it still has one."""
    return {
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "status": order.status.value,
        "currency": order.currency,
        "merchant": order.merchant,
        "lines": [
            {
                "line_id": line.line_id,
                "variant_id": line.variant_id,
                "product_id": line.product_id,
                "name": line.name,
                "price_minor": line.price_minor,
                "options": dict(line.options),
                "category": line.category.value,
                "is_final_sale": line.is_final_sale,
            }
            for line in order.lines
        ],
        "payments": [
            {"kind": row.kind.value, "method_id": row.method_id, "amount_minor": row.amount_minor}
            for row in order.payments
        ],
        "paid_minor": order.paid_minor,
        "refunded_minor": order.refunded_minor,
        "shipping_minor": order.shipping_minor,
        "placed_at": _moment(order.placed_at),
        "shipped_at": _moment(order.shipped_at),
        "promised_at": _moment(order.promised_at),
        "delivered_at": _moment(order.delivered_at),
        "address": _address(values.get(order.address_token or ""), is_owner=is_owner),
        "fulfilments": [
            {"tracking_ids": list(sent.tracking_ids), "line_ids": list(sent.line_ids)}
            for sent in order.fulfilments
        ],
        "is_payment_modified": order.is_payment_modified,
        "cancel_reason": order.cancel_reason,
        "returned": _returned(order),
        "exchanged": _exchanged(order),
        "version": order.version,
    }


def _returned(order: Order) -> dict[str, Any] | None:
    back = order.returned
    if back is None:
        return None
    return {"line_ids": list(back.line_ids), "method_id": back.method_id, "reason": back.reason}


def _exchanged(order: Order) -> dict[str, Any] | None:
    swap = order.exchanged
    if swap is None:
        return None
    return {
        "pairs": [{"line_id": line, "new_variant_id": variant} for line, variant in swap.pairs],
        "method_id": swap.method_id,
        "difference_minor": swap.difference_minor,
    }


def show_order_line(order: Order) -> dict[str, Any]:
    """One order in a list of orders."""
    return {
        "order_id": order.order_id,
        "status": order.status.value,
        "currency": order.currency,
        "total_minor": order.paid_minor - order.refunded_minor,
        "items": [line.name for line in order.lines],
        "placed_at": _moment(order.placed_at),
        "delivered_at": _moment(order.delivered_at),
    }


def show_customer(customer: Customer, values: Mapping[str, str], *, is_owner: bool) -> dict[str, Any]:
    """One profile."""

    def show(token: str | None) -> str | None:
        value = values.get(token or "")
        return value if value is None or is_owner else mask(value)

    return {
        "customer_id": customer.customer_id,
        "name": show(customer.name_token),
        "email": show(customer.email_token),
        "phone": show(customer.phone_token),
        "address": _address(values.get(customer.address_token or ""), is_owner=is_owner),
        "timezone": customer.timezone,
        "methods": [
            {
                "method_id": method.method_id,
                "kind": method.kind.value,
                "label": method.label,
                "balance_minor": method.balance_minor,
            }
            for method in customer.methods
        ],
    }


def show_product(product: Product) -> dict[str, Any]:
    """One product with its variants."""
    return {
        "product_id": product.product_id,
        "name": product.name,
        "category": product.category.value,
        "is_final_sale": product.is_final_sale,
        "variants": [show_variant(variant) for variant in product.variants],
    }


def show_variant(variant: Variant) -> dict[str, Any]:
    """One buyable form."""
    return {
        "variant_id": variant.variant_id,
        "price_minor": variant.price_minor,
        "is_available": variant.is_available,
        "options": dict(variant.options),
    }


def mask(value: str) -> str:
    """A value that can be recognised by who knows it, and read by nobody else."""
    return f"{value[:1]}***" if value else ""


def _address(value: str | None, *, is_owner: bool) -> dict[str, str] | str | None:
    """An address is kept as JSON with named parts; one that is not is shown as one text."""
    if value is None:
        return None
    try:
        parts = json.loads(value)
    except ValueError:
        parts = None
    if not isinstance(parts, dict):
        return value if is_owner else mask(value)
    return {str(name): str(part) if is_owner else mask(str(part)) for name, part in parts.items()}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else show_moment(moment)
