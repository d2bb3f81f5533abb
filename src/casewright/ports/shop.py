"""The shop's records, as the desks and tools read them. Writing is the journal's alone.

Every method of ShopRecords belongs to one tenant: the object is made for it (`Store.shop(tenant)`), so no
call can forget it. A method that finds nothing returns None or nothing; another tenant's row is not found.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from casewright.domain.action import RefundRecord
from casewright.domain.shop import Customer, Order, Product, Variant


class ShopRecords(Protocol):
    """Reads of one tenant's shop; each is one snapshot."""

    def order(self, order_id: str) -> Order | None: ...

    def orders_of(self, customer_id: str, *, limit: int = 50) -> tuple[Order, ...]:
        """Newest first."""
        ...

    def customer(self, customer_id: str) -> Customer | None: ...

    def find_customers(self, *, email: str | None = None, phone_last4: str | None = None) -> tuple[str, ...]:
        """Customer ids by exact mail address or by the last four digits of the phone (blind indexes)."""
        ...

    def variants(self, variant_ids: Sequence[str]) -> Mapping[str, Variant]: ...

    def product(self, product_id: str) -> Product | None: ...

    def find_products(self, words: str, *, limit: int = 20) -> tuple[Product, ...]:
        """By words of the name, every one of them."""
        ...

    def refunds_since(self, customer_id: str, since: datetime) -> int:
        """How many refunds the customer has had since then, over all orders; cancellations do not count."""
        ...

    def refunds_of_order(self, order_id: str) -> tuple[RefundRecord, ...]:
        """The refunds of one order, oldest first: what has gone back for which lines."""
        ...

    def has_label(self, order_id: str) -> bool:
        """Whether a label has been made for the order."""
        ...

    def last_replacement(self, customer_id: str) -> datetime | None: ...
