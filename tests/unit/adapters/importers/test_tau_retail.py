"""A retail db.json: what becomes of it, and what happens to bad rows."""

import copy
import json
import os
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from casewright.adapters.importers.shop import ImportedShop, Person, Problem
from casewright.adapters.importers.tau_retail import read_tau_retail
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
    ReturnRequest,
    Variant,
)

SHARED = Path(
    os.environ.get("CASEWRIGHT_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared" / "data")
)
ADDRESS = {
    "address1": "1 Sample Road",
    "address2": "",
    "city": "Exampleton",
    "country": "USA",
    "state": "CA",
    "zip": "00001",
}
ADDRESS_VALUE = '{"address1":"1 Sample Road","address2":"","city":"Exampleton","state":"CA","country":"USA","zip":"00001"}'
DOCUMENT: dict[str, Any] = {
    "products": {
        "p1": {
            "name": "Mug",
            "product_id": "p1",
            "variants": {
                "i1": {"item_id": "i1", "options": {"colour": "blue"}, "available": True, "price": 47.84},
                "i2": {"item_id": "i2", "options": {"colour": "red"}, "available": False, "price": 50},
            },
        }
    },
    "users": {
        "u1": {
            "user_id": "u1",
            "name": {"first_name": "Ada", "last_name": "Example"},
            "address": ADDRESS,
            "email": "ada@example.com",
            "payment_methods": {
                "gift_card_1": {"source": "gift_card", "balance": 62, "id": "gift_card_1"},
                "paypal_1": {"source": "paypal", "id": "paypal_1"},
                "credit_card_1": {"source": "credit_card", "id": "credit_card_1", "brand": "visa", "last_four": "0042"},
            },
            "orders": ["#W1"],
        }
    },
    "orders": {
        "#W1": {
            "order_id": "#W1",
            "user_id": "u1",
            "address": dict(ADDRESS),
            "items": [
                {"name": "Mug", "product_id": "p1", "item_id": "i1", "price": 47.84, "options": {"colour": "blue"}},
                {"name": "Mug", "product_id": "p1", "item_id": "i1", "price": 47.84, "options": {"colour": "blue"}},
            ],
            "status": "delivered",
            "fulfillments": [{"tracking_id": ["357"], "item_ids": ["i1", "i1"]}],
            "payment_history": [
                {"transaction_type": "payment", "amount": 95.68, "payment_method_id": "credit_card_1"}
            ],
        }
    },
}  # fmt: skip


def changed(path: str, value: object) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    *steps, last = path.split("/")
    place: Any = document
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return document


def read(document: object) -> tuple[ImportedShop, tuple[Problem, ...]]:
    return read_tau_retail(json.dumps(document, indent=1))


def test_everything_of_a_good_shop_is_read() -> None:
    shop, problems = read(DOCUMENT)
    assert problems == ()
    (customer,) = shop.customers
    assert customer.customer == Customer(
        "u1",
        (
            PaymentMethod("gift_card_1", MethodKind.GIFT_CARD, "gift card", 6200),
            PaymentMethod("paypal_1", MethodKind.WALLET, "PayPal"),
            PaymentMethod("credit_card_1", MethodKind.CARD, "visa ending 0042"),
        ),
    )
    assert customer.person == Person("Ada Example", "ada@example.com", None, ADDRESS_VALUE)
    (product,) = shop.products
    assert product.variants == (
        Variant("i1", "p1", 4784, is_available=True, options={"colour": "blue"}),
        Variant("i2", "p1", 5000, is_available=False, options={"colour": "red"}),
    )
    (item,) = shop.orders
    assert item.address == ADDRESS_VALUE
    assert item.order == Order(
        "#W1",
        "u1",
        OrderStatus.DELIVERED,
        (
            OrderLine("1", "i1", "p1", "Mug", 4784, {"colour": "blue"}),
            OrderLine("2", "i1", "p1", "Mug", 4784, {"colour": "blue"}),
        ),
        (PaymentRow(PaymentKind.PAYMENT, "credit_card_1", 9568),),
        fulfilments=(Fulfilment(("357",), ("1", "2")),),
    )


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("pending (item modified)", OrderStatus.PENDING_ITEMS_MODIFIED),
        ("return requested", OrderStatus.RETURN_REQUESTED),
        ("exchange requested", OrderStatus.EXCHANGE_REQUESTED),
        ("processed", OrderStatus.PROCESSED),
    ],
)
def test_statuses_are_read_as_ours(written: str, status: OrderStatus) -> None:
    shop, _ = read(changed("orders/#W1/status", written))
    assert shop.orders[0].order.status is status


def test_what_was_asked_for_an_order_is_read_with_one_line_for_each_item() -> None:
    order = DOCUMENT["orders"]["#W1"] | {
        "return_items": ["i1", "i1"],
        "return_payment_method_id": "credit_card_1",
        "exchange_items": ["i1"],
        "exchange_new_items": ["i2"],
        "exchange_payment_method_id": "gift_card_1",
        "exchange_price_difference": 2.1599999999999966,
        "cancel_reason": "no longer needed",
    }
    shop, problems = read(changed("orders/#W1", order))
    assert problems == ()
    read_order = shop.orders[0].order
    assert read_order.returned == ReturnRequest(("1", "2"), "credit_card_1")
    assert read_order.exchanged == ExchangeRequest((("1", "i2"),), "gift_card_1", 216)
    assert read_order.cancel_reason == "no longer needed"


def test_a_payment_moved_to_another_method_counts_as_the_one_change_of_payment() -> None:
    history = [
        {"transaction_type": "payment", "amount": 95.68, "payment_method_id": "credit_card_1"},
        {"transaction_type": "payment", "amount": 95.68, "payment_method_id": "paypal_1"},
        {"transaction_type": "refund", "amount": 95.68, "payment_method_id": "credit_card_1"},
    ]
    document = changed("orders/#W1/payment_history", history)
    document["orders"]["#W1"]["status"] = "pending"
    shop, _ = read(document)
    assert shop.orders[0].order.is_payment_modified


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("orders/#W1/user_id", "nobody", "its user is not there, or was refused"),
        ("orders/#W1/status", "lost", "status is none of"),
        ("orders/#W1/items", [], "it has no items"),
        ("orders/#W1/items", None, "items is not a list"),
        ("orders/#W1/items/0/item_id", "i9", "item i9 is no item of its product"),
        ("orders/#W1/items/0/price", "cheap", "item i1: price is not an amount"),
        ("orders/#W1/items/0/price", -1, "item i1: price is negative"),
        ("orders/#W1/items/0/options", {"colour": 1}, "option colour is missing"),
        ("orders/#W1/payment_history/0/amount", 1.001, "amount has more than two decimals"),
        (
            "orders/#W1/payment_history/0/payment_method_id",
            "card_9",
            "payment method card_9 is not its user's",
        ),
        ("orders/#W1/payment_history/0/transaction_type", "gift", "transaction_type is neither"),
        ("orders/#W1/payment_history/0/transaction_type", ["refund"], "transaction_type is neither"),
        ("orders/#W1/payment_history/0/payment_method_id", {}, "payment_method_id is missing"),
        ("orders/#W1/status", {}, "status is none of"),
        ("orders/#W1/user_id", [], "user_id is missing"),
        ("orders/#W1/fulfillments/0/item_ids", [[]], "it names an item that is not in the order"),
        ("orders/#W1/payment_history/0/transaction_type", "refund", "more went back than was paid"),
        (
            "orders/#W1/fulfillments/0/item_ids",
            ["i1", "i1", "i1"],
            "it names an item that is not in the order",
        ),
        ("orders/#W1/address/city", "a\nb", "address: city has characters"),
        ("orders/#W1/order_id", "#W2", "order_id is not the key"),
        ("orders/#W1", [], "is not an object"),
        ("orders/#W1/return_items", ["i2"], "it names an item that is not in the order"),
    ],
)
def test_a_bad_order_is_refused_with_its_reason(path: str, value: object, reason: str) -> None:
    text = json.dumps(changed(path, value), indent=1)
    shop, problems = read_tau_retail(text)
    assert shop.orders == ()
    assert len(shop.customers) == 1
    (problem,) = problems
    assert (problem.source, problem.row) == ("db.json", "order #W1")
    assert problem.reason.startswith(reason)
    assert text.splitlines()[problem.line - 1].strip().startswith('"#W1":')


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("users/u1/payment_methods/paypal_1/source", "cash", "payment method paypal_1: source is none of"),
        (
            "users/u1/payment_methods/credit_card_1/last_four",
            "12345",
            "payment method credit_card_1: last_four",
        ),
        (
            "users/u1/payment_methods/gift_card_1/balance",
            -1,
            "payment method gift_card_1: balance is negative",
        ),
        ("users/u1/email", None, "email is missing"),
        ("users/u1/name", "Ada", "name is not an object"),
        ("users/u1/address", None, "address is not an object"),
    ],
)
def test_a_bad_user_takes_its_orders_along(path: str, value: object, reason: str) -> None:
    shop, problems = read(changed(path, value))
    assert (shop.customers, shop.orders) == ((), ())
    assert [problem.row for problem in problems] == ["user u1", "order #W1"]
    assert problems[0].reason.startswith(reason)
    assert "Ada" not in " ".join(problem.reason for problem in problems)


def test_an_id_of_two_rows_is_refused_the_second_time() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["users"]["u2"] = {**document["users"]["u1"], "user_id": "u2"}
    document["products"]["p2"] = {**document["products"]["p1"], "product_id": "p2"}
    _, problems = read(document)
    assert [(problem.row, problem.reason) for problem in problems] == [
        ("product p2", "item i1 belongs to two rows"),
        ("user u2", "payment method gift_card_1 belongs to two rows"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"products": {}, "users": {}}',
        '{"products": NaN, "users": {}, "orders": {}}',
        "[" * 100_000,
        "1" * 5000,
    ],
)
def test_what_is_no_shop_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(MalformedRequest, match=r"db\.json"):
        read_tau_retail(text)


@pytest.mark.skipif(
    not (SHARED / "tau_retail" / "db.json").is_file(),
    reason="no development data: set CASEWRIGHT_SHARED_DATA to a folder that holds tau_retail/db.json",
)
def test_the_development_shop_is_read_whole_and_without_a_float() -> None:
    shop, problems = read_tau_retail((SHARED / "tau_retail" / "db.json").read_text("utf-8"))
    assert problems == ()
    assert (len(shop.products), len(shop.customers), len(shop.orders)) == (50, 500, 1000)
    assert not has_float(shop)


def has_float(value: object) -> bool:
    if is_dataclass(value):
        return any(has_float(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    if isinstance(value, tuple | list):
        return any(map(has_float, value))
    return isinstance(value, float)
