"""Customers and products of a desk's `cases/shop.yaml`."""

from collections.abc import Mapping
from typing import Any

from casewright.domain.shop import Category, Customer, MethodKind, PaymentMethod, Product, Variant


def read_customers(raw: Mapping[str, Any]) -> list[Customer]:
    """A method's kind is a word, or the balance of a gift card."""
    return [
        Customer(
            name,
            tuple(
                PaymentMethod(method, MethodKind.GIFT_CARD, balance_minor=kind)
                if isinstance(kind, int)
                else PaymentMethod(method, MethodKind(kind))
                for method, kind in one["methods"].items()
            ),
            email_token=one.get("email"),
            address_token=one.get("address"),
        )
        for name, one in raw["customers"].items()
    ]


def read_products(raw: Mapping[str, Any]) -> list[Product]:
    """Variants with their prices; those named as `gone` are out of stock."""
    return [
        Product(
            name,
            name.lower(),
            Category(one["category"]),
            one.get("is_final_sale", False),
            tuple(
                Variant(variant, name, price, variant not in one.get("gone", ()), {"name": variant})
                for variant, price in one["variants"].items()
            ),
        )
        for name, one in raw["products"].items()
    ]
