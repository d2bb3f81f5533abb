"""Whatever a source holds, an importer ends with a shop and problems, or with one of our own errors."""

import copy
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.adapters.importers.olist import COLUMNS, MORE_COLUMNS, read_olist
from casewright.adapters.importers.shop import ImportedShop
from casewright.adapters.importers.tau_retail import read_tau_retail
from casewright.domain.errors import ConfigurationError, MalformedRequest

ADDRESS = {"address1": "1 Sample Road", "city": "Exampleton", "country": "USA", "state": "CA", "zip": "00001"}
SHOP: dict[str, Any] = {
    "products": {
        "p1": {
            "name": "Mug",
            "product_id": "p1",
            "variants": {"i1": {"item_id": "i1", "options": {"a": "b"}, "available": True, "price": 4.5}},
        }
    },
    "users": {
        "u1": {
            "user_id": "u1",
            "name": {"first_name": "Ada", "last_name": "Example"},
            "address": ADDRESS,
            "email": "ada@example.com",
            "payment_methods": {"g1": {"source": "gift_card", "balance": 62, "id": "g1"}},
        }
    },
    "orders": {
        "o1": {
            "order_id": "o1",
            "user_id": "u1",
            "address": ADDRESS,
            "items": [
                {"name": "Mug", "product_id": "p1", "item_id": "i1", "price": 4.5, "options": {"a": "b"}}
            ],
            "status": "delivered",
            "fulfillments": [{"tracking_id": ["1"], "item_ids": ["i1"]}],
            "payment_history": [{"transaction_type": "payment", "amount": 4.5, "payment_method_id": "g1"}],
            "return_items": ["i1"],
            "return_payment_method_id": "g1",
            "exchange_items": ["i1"],
            "exchange_new_items": ["i1"],
            "exchange_payment_method_id": "g1",
            "exchange_price_difference": 0.5,
            "cancel_reason": "no longer needed",
        }
    },
}
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    own = [path] if path else []
    return own + [found for name, item in inner for found in paths_of(item, (*path, name))]


def put(document: Any, path: tuple[Any, ...], value: object) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def check_whole(shop: ImportedShop) -> None:
    """Every order's customer, items and methods are in the shop; no personal value is in a record."""
    customers = {item.customer.customer_id: item.customer for item in shop.customers}
    variants = {variant.variant_id for product in shop.products for variant in product.variants}
    for item in shop.orders:
        owner = customers[item.order.customer_id]
        assert item.order.lines
        assert all(line.variant_id in variants for line in item.order.lines)
        assert all(owner.find_method(row.method_id) for row in item.order.payments)
        assert 0 <= item.order.refunded_minor <= item.order.paid_minor


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(paths_of(SHOP)), JSON_VALUES)
def test_any_value_anywhere_in_a_retail_database_is_a_shop_or_a_problem(
    path: tuple[Any, ...], value: object
) -> None:
    document = copy.deepcopy(SHOP)
    document["orders"]["o1"]["address"] = dict(ADDRESS)
    put(document, path, value)
    try:
        shop, problems = read_tau_retail(json.dumps(document))
    except MalformedRequest:
        assert path in {("products",), ("users",), ("orders",)}
        return
    check_whole(shop)
    assert len(shop.orders) + len(problems) >= 1 or path[0] == "orders"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_no_retail_database_and_says_so(text: str) -> None:
    with pytest.raises(MalformedRequest, match=r"db\.json"):
        read_tau_retail(text)


ROWS = {
    "orders": "o1,c1,delivered,2018-05-01 10:00:00,2018-05-06 17:30:00,2018-05-02 08:00:00,2018-05-20 00:00:00",
    "order_items": "o1,1,p1,10.00,2.50",
    "customers": "c1,u1,01001,Exampleton,SP,Ada Example,ada@example.com,+12025550101",
    "order_payments": "o1,1,credit_card,12.50",
    "products": "p1,perfumaria",
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(ROWS)),
    st.lists(st.binary(max_size=60) | st.text(max_size=60), max_size=4),
    st.booleans(),
)
def test_any_lines_in_an_olist_file_are_rows_or_problems(
    name: str, lines: list[bytes | str], replaces: bool
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        for other, row in ROWS.items():
            header = ",".join((*COLUMNS[other], *MORE_COLUMNS.get(other, ())))
            kept = [header, row] if other != name or not replaces else [header]
            content = [line.encode("utf-8") for line in kept]
            if other == name:
                content += [
                    line if isinstance(line, bytes) else line.encode("utf-8", "replace") for line in lines
                ]
            (folder / f"{other}.csv").write_bytes(b"\n".join(content) + b"\n")
        try:
            shop, _ = read_olist(folder)
        except ConfigurationError:
            raise AssertionError("the headers were good") from None
    check_whole(shop)
    if not replaces and name in {"products", "customers"}:
        assert [item.order.order_id for item in shop.orders] == ["o1"]
