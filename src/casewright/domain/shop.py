"""The nouns of a shop: customers, products, orders, and the money paid for them.

Money is integer minor units in the order's currency. Personal data (names, mail addresses, phones, postal
addresses) stand here as vault tokens only: a value is resolved where it is sent or shown to its owner.
An order's `version` goes up with every write, and a write names the version it was planned on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class OrderStatus(StrEnum):
    """One purchase: what was ordered, what was paid, and where it stands."""

    PENDING = "pending"
    PENDING_ITEMS_MODIFIED = "pending_items_modified"
    PROCESSED = "processed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return_requested"
    EXCHANGE_REQUESTED = "exchange_requested"
    REPLACEMENT_REQUESTED = "replacement_requested"


class MethodKind(StrEnum):
    CARD = "card"
    WALLET = "wallet"
    GIFT_CARD = "gift_card"


class PaymentKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


class Category(StrEnum):
    """What the returns policy asks of a product; `general` where nothing special holds."""

    GENERAL = "general"
    ELECTRONICS = "electronics"
    PERISHABLE = "perishable"
    PERSONAL_CARE = "personal_care"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """One of a customer's ways to pay. `balance_minor` is known for gift cards only: its ledger's sum."""

    method_id: str
    kind: MethodKind
    label: str = ""
    """What a customer reads: a brand and the last four digits, never a whole number."""
    balance_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of one shop. The fields that end in `_token` are vault tokens."""

    customer_id: str
    methods: tuple[PaymentMethod, ...] = ()
    name_token: str | None = None
    email_token: str | None = None
    phone_token: str | None = None
    address_token: str | None = None
    timezone: str = "UTC"

    def find_method(self, method_id: str) -> PaymentMethod | None:
        """One of the customer's own methods."""
        return next((method for method in self.methods if method.method_id == method_id), None)


@dataclass(frozen=True, slots=True)
class Variant:
    """One buyable form of a product. `options` such as {"size": "M"}."""

    variant_id: str
    product_id: str
    price_minor: int
    is_available: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """One product and its variants."""

    product_id: str
    name: str
    category: Category = Category.GENERAL
    is_final_sale: bool = False
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One item of an order. Two of the same variant are two lines with two `line_id`s."""

    line_id: str
    variant_id: str
    product_id: str
    name: str
    price_minor: int
    options: Mapping[str, str] = field(default_factory=dict)
    category: Category = Category.GENERAL
    is_final_sale: bool = False


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that moved between a method and the shop; `amount_minor` is never negative."""

    kind: PaymentKind
    method_id: str
    amount_minor: int
    action_id: str | None = None
    """The action that moved it; None for what was imported."""


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What was sent together."""

    tracking_ids: tuple[str, ...]
    line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """Which lines come back, and where the money goes."""

    line_ids: tuple[str, ...]
    method_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """Pairs kept together. `difference_minor` is what the customer pays (negative: gets back)."""

    pairs: tuple[tuple[str, str], ...]
    """(line id, new variant id)."""
    method_id: str
    difference_minor: int


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase: what was ordered, what was paid, and where it stands."""

    order_id: str
    customer_id: str
    status: OrderStatus
    lines: tuple[OrderLine, ...]
    payments: tuple[PaymentRow, ...]
    currency: str = "USD"
    shipping_minor: int = 0
    merchant: str = "main"
    placed_at: datetime | None = None
    shipped_at: datetime | None = None
    promised_at: datetime | None = None
    """By when delivery was promised; a later one, or none past it, is late."""
    delivered_at: datetime | None = None
    address_token: str | None = None
    fulfilments: tuple[Fulfilment, ...] = ()
    is_payment_modified: bool = False
    cancel_reason: str | None = None
    returned: ReturnRequest | None = None
    exchanged: ExchangeRequest | None = None
    version: int = 1

    def find_line(self, line_id: str) -> OrderLine | None:
        """One line by its id."""
        return next((line for line in self.lines if line.line_id == line_id), None)

    @property
    def paid_minor(self) -> int:
        """Everything paid, without what went back."""
        return sum(row.amount_minor for row in self.payments if row.kind is PaymentKind.PAYMENT)

    @property
    def refunded_minor(self) -> int:
        return sum(row.amount_minor for row in self.payments if row.kind is PaymentKind.REFUND)

    def net_by_method(self) -> dict[str, int]:
        """What each method has paid less what went back to it, in the order of the first payment."""
        net: dict[str, int] = {}
        for row in self.payments:
            sign = 1 if row.kind is PaymentKind.PAYMENT else -1
            net[row.method_id] = net.get(row.method_id, 0) + sign * row.amount_minor
        return net
