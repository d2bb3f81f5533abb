"""The retail development set as a shop in memory, for replays of a desk's plans; absent data skip the test."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casewright.domain.shop import (
    Customer,
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
from casewright.evaluation.shop_copy import ShopCopy

SHARED = Path(
    os.environ.get("CASEWRIGHT_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)
RETAIL = SHARED / "tau_retail"
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
KINDS = {"credit_card": MethodKind.CARD, "paypal": MethodKind.WALLET, "gift_card": MethodKind.GIFT_CARD}
STATUSES = {"pending (item modified)": "pending_items_modified"}

needs_retail = pytest.mark.skipif(
    not RETAIL.is_dir(),
    reason="no development data: set CASEWRIGHT_SHARED_DATA to a folder that holds tau_retail/db.json",
)


def minor(amount: object) -> int:
    return int(Decimal(str(amount)) * 100)


def read_address(raw: Mapping[str, Any]) -> str:
    return json.dumps(
        {name: raw.get(name) for name in ("address1", "address2", "city", "state", "country", "zip")}
    )


def read_customer(raw: Mapping[str, Any]) -> Customer:
    methods = tuple(
        PaymentMethod(
            method["id"],
            KINDS[method["source"]],
            balance_minor=minor(method["balance"]) if "balance" in method else None,
        )
        for method in raw["payment_methods"].values()
    )
    return Customer(raw["user_id"], methods, address_token=read_address(raw["address"]))


def read_product(raw: Mapping[str, Any]) -> Product:
    variants = tuple(
        Variant(one["item_id"], raw["product_id"], minor(one["price"]), one["available"], one["options"])
        for one in raw["variants"].values()
    )
    return Product(raw["product_id"], raw["name"], variants=variants)


def read_order(raw: Mapping[str, Any]) -> Order:
    lines = tuple(
        OrderLine(
            f"line {number}",
            one["item_id"],
            one["product_id"],
            one["name"],
            minor(one["price"]),
            one["options"],
        )
        for number, one in enumerate(raw["items"])
    )
    payments = tuple(
        PaymentRow(PaymentKind(row["transaction_type"]), row["payment_method_id"], minor(row["amount"]))
        for row in raw["payment_history"]
    )
    status = OrderStatus(STATUSES.get(raw["status"], raw["status"].replace(" ", "_")))
    return Order(
        raw["order_id"], raw["user_id"], status, lines, payments, address_token=read_address(raw["address"])
    )


def read_shop() -> ShopCopy:
    raw = json.loads((RETAIL / "db.json").read_text("utf-8"), parse_float=Decimal)
    return ShopCopy(
        map(read_customer, raw["users"].values()),
        map(read_product, raw["products"].values()),
        map(read_order, raw["orders"].values()),
    )
