"""What our service says of an order or a customer, put as the benchmark puts it, and where two states differ.

Pure. Money is cents on both sides; a difference names the field, never only the object.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.evaluation.tau_set import Document, normalise_order

_STATUSES = {
    "pending_items_modified": "pending (item modified)",
    "return_requested": "return requested",
    "exchange_requested": "exchange requested",
    "replacement_requested": "replacement requested",
}
_SOURCES = {"card": "credit_card", "wallet": "paypal", "gift_card": "gift_card"}


def read_order(shown: Document) -> dict[str, Any]:
    """An order as `lookup_order` shows it to its owner."""
    variants = {line["line_id"]: line["variant_id"] for line in shown["lines"]}
    returned, exchanged = shown["returned"] or {}, shown["exchanged"] or {}
    pairs = exchanged.get("pairs", ())
    return normalise_order(
        {
            "order_id": shown["order_id"],
            "user_id": shown["customer_id"],
            "address": shown["address"],
            "items": [
                {
                    "name": line["name"],
                    "product_id": line["product_id"],
                    "item_id": line["variant_id"],
                    "price": line["price_minor"],
                    "options": line["options"],
                }
                for line in shown["lines"]
            ],
            "status": _STATUSES.get(shown["status"], shown["status"]),
            "fulfillments": [
                {
                    "tracking_id": sent["tracking_ids"],
                    "item_ids": [variants[line] for line in sent["line_ids"]],
                }
                for sent in shown["fulfilments"]
            ],
            "payment_history": [
                {
                    "transaction_type": row["kind"],
                    "amount": row["amount_minor"],
                    "payment_method_id": row["method_id"],
                }
                for row in shown["payments"]
            ],
            "cancel_reason": shown["cancel_reason"],
            "exchange_items": [variants[pair["line_id"]] for pair in pairs] if exchanged else None,
            "exchange_new_items": [pair["new_variant_id"] for pair in pairs] if exchanged else None,
            "exchange_payment_method_id": exchanged.get("method_id"),
            "exchange_price_difference": exchanged.get("difference_minor"),
            "return_items": [variants[line] for line in returned["line_ids"]] if returned else None,
            "return_payment_method_id": returned.get("method_id"),
        }
    )


def read_user(shown: Document, orders: Document) -> dict[str, Any]:
    """A customer as `get_customer` and `list_orders` show them to themselves."""
    return {
        "user_id": shown["customer_id"],
        "name": shown["name"],
        "email": shown["email"],
        "address": shown["address"],
        "payment_methods": {
            method["method_id"]: [_SOURCES[method["kind"]], method["label"], method["balance_minor"]]
            for method in shown["methods"]
        },
        "orders": sorted(order["order_id"] for order in orders["orders"]),
    }


def normalise_user(user: Document) -> dict[str, Any]:
    """The benchmark's customer in the same form."""
    return {
        "user_id": user["user_id"],
        "name": f"{user['name']['first_name']} {user['name']['last_name']}",
        "email": user["email"],
        "address": user["address"],
        "payment_methods": {
            key: [method["source"], _label(method), method.get("balance")]
            for key, method in user["payment_methods"].items()
        },
        "orders": sorted(user["orders"]),
    }


def _label(method: Mapping[str, Any]) -> str:
    """What a customer reads of a method: as our import writes it."""
    if method["source"] == "credit_card":
        return f"{method['brand']} ending {method['last_four']}"
    return "PayPal" if method["source"] == "paypal" else "gift card"


def find_differences(expected: Any, found: Any, place: str = "") -> Iterator[str]:
    """Every place where two states differ, with both values."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name in sorted(expected.keys() | found.keys()):
            yield from find_differences(expected.get(name), found.get(name), f"{place}.{name}".lstrip("."))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from find_differences(one, other, f"{place}[{number}]")
    elif expected != found:
        yield f"{place}: expected {expected!r}, found {found!r}"
