"""A shop in memory: whole plans applied to copies of records, for replays, simulations and property tests.

Invariants: a gift card never falls below zero, and no order pays back more than it was paid; either raises
ImpossibleChange and keeps nothing. No journal, no keys, no outside service: who needs exactly-once takes the
real store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from casewright.domain.action import Change, GiftCardEntry
from casewright.domain.shop import Customer, MethodKind, Order, Product, Variant


class ImpossibleChange(AssertionError):
    """The change would break what must always hold."""


class ShopCopy:
    """Records by id. Reading gives frozen values; only `apply` changes what is read."""

    def __init__(
        self, customers: Iterable[Customer], products: Iterable[Product], orders: Iterable[Order]
    ) -> None:
        self.customers = {customer.customer_id: customer for customer in customers}
        self.products = {product.product_id: product for product in products}
        self.variants: dict[str, Variant] = {
            variant.variant_id: variant for product in self.products.values() for variant in product.variants
        }
        self.orders = {order.order_id: order for order in orders}
        self.replaced_at: dict[str, datetime] = {}
        self.refunded_at: dict[str, list[datetime]] = {}

    def snapshot(self) -> tuple[Mapping[str, Customer], Mapping[str, Order]]:
        """Customers and orders as they are now; later changes do not show in it."""
        return dict(self.customers), dict(self.orders)

    def apply(self, change: Change, at: datetime) -> None:
        """The whole change. Raises ImpossibleChange, and then keeps nothing of it."""
        customers = self._with_entries(change.gift_cards)
        orders = dict(self.orders)
        for order in (change.order, change.new_order):
            if order is None:
                continue
            rows = change.payments if order is change.order or change.order is None else ()
            version = order.version + (1 if order is change.order else 0)
            after = replace(order, payments=(*order.payments, *rows), version=version)
            if after.refunded_minor > after.paid_minor:
                raise ImpossibleChange(f"{after.order_id}: more goes back than was paid")
            if order is change.order and self.orders[order.order_id].version != order.version:
                raise ImpossibleChange(f"{order.order_id}: planned on another version")
            orders[after.order_id] = after
        if change.customer is not None:
            held = customers[change.customer.customer_id]
            customers[held.customer_id] = replace(change.customer, methods=held.methods)
        self.customers, self.orders = customers, orders
        if change.replacement is not None:
            self.replaced_at[change.replacement.customer_id] = at
        if change.refund is not None:
            self.refunded_at.setdefault(change.refund.customer_id, []).append(at)

    def _with_entries(self, entries: Iterable[GiftCardEntry]) -> dict[str, Customer]:
        customers = dict(self.customers)
        for entry in entries:
            [owner] = [one for one in customers.values() if one.find_method(entry.method_id)]
            methods = []
            for method in owner.methods:
                if method.method_id == entry.method_id:
                    balance = (method.balance_minor or 0) + entry.amount_minor
                    if method.kind is not MethodKind.GIFT_CARD or balance < 0:
                        raise ImpossibleChange(f"{method.method_id} cannot hold {balance}")
                    methods.append(replace(method, balance_minor=balance))
                else:
                    methods.append(method)
            customers[owner.customer_id] = replace(owner, methods=tuple(methods))
        return customers
