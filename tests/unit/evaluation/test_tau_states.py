"""States: ours put as the benchmark puts it, and every difference with its place."""

from casewright.evaluation.tau_states import find_differences, normalise_user, read_order, read_user

SHOWN = {
    "order_id": "#1",
    "customer_id": "ann",
    "status": "pending_items_modified",
    "address": {"city": "Exampleton"},
    "lines": [
        {
            "line_id": "1",
            "variant_id": "i1",
            "product_id": "p",
            "name": "Mug",
            "price_minor": 1010,
            "options": {},
        }
    ],
    "payments": [{"kind": "payment", "method_id": "card", "amount_minor": 1010}],
    "fulfilments": [{"tracking_ids": ["T"], "line_ids": ["1"]}],
    "cancel_reason": None,
    "returned": None,
    "exchanged": {
        "pairs": [{"line_id": "1", "new_variant_id": "i2"}],
        "method_id": "card",
        "difference_minor": -5,
    },
}


def test_order_is_put_as_the_benchmark_puts_it() -> None:
    order = read_order(SHOWN)
    assert order["status"] == "pending (item modified)"
    assert order["items"] == [
        {"name": "Mug", "product_id": "p", "item_id": "i1", "price": 1010, "options": {}}
    ]
    assert order["payment_history"] == [
        {"transaction_type": "payment", "amount": 1010, "payment_method_id": "card"}
    ]
    assert order["fulfillments"] == [{"tracking_id": ["T"], "item_ids": ["i1"]}]
    assert (order["exchange_items"], order["exchange_new_items"]) == (["i1"], ["i2"])
    assert order["exchange_price_difference"] == -5
    assert order["return_items"] is None


def test_profile_of_both_sides_compares() -> None:
    theirs = {
        "user_id": "ann",
        "name": {"first_name": "Ann", "last_name": "Example"},
        "email": "ann@example.com",
        "address": {"city": "Exampleton"},
        "payment_methods": {
            "c": {"source": "credit_card", "brand": "visa", "last_four": "0001"},
            "p": {"source": "paypal"},
            "g": {"source": "gift_card", "balance": 1404},
        },
        "orders": ["#2", "#1"],
    }
    ours = {
        "customer_id": "ann",
        "name": "Ann Example",
        "email": "ann@example.com",
        "address": {"city": "Exampleton"},
        "methods": [
            {"method_id": "c", "kind": "card", "label": "visa ending 0001", "balance_minor": None},
            {"method_id": "p", "kind": "wallet", "label": "PayPal", "balance_minor": None},
            {"method_id": "g", "kind": "gift_card", "label": "gift card", "balance_minor": 1404},
        ],
    }
    orders = {"orders": [{"order_id": "#1"}, {"order_id": "#2"}]}
    assert read_user(ours, orders) == normalise_user(theirs)


def test_every_difference_is_told_with_its_place_and_both_values() -> None:
    expected = {"a": {"b": [1, {"c": 2}]}, "d": 1}
    found = {"a": {"b": [1, {"c": 3}]}, "e": 1}
    assert list(find_differences(expected, found)) == [
        "a.b[1].c: expected 2, found 3",
        "d: expected 1, found None",
        "e: expected None, found 1",
    ]
    assert list(find_differences([1], [1, 2])) == [": expected [1], found [1, 2]"]
    assert list(find_differences(expected, expected)) == []
