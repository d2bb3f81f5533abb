"""What an importer makes of a source: a shop's records, the personal values apart, and the rows it refused.

Invariant: no personal value stands in a record, a problem or a `repr`; `landing` puts the values into the
vault and their tokens into the records. A shop of these nouns is whole: every order's customer is in it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casewright.domain.action import RefundRecord, ReplacementRecord
from casewright.domain.shop import Customer, Order, Product

ADDRESS_FIELDS = ("address1", "address2", "city", "state", "country", "zip")


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """The personal values of one customer; None: not known. An address is one JSON text."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedCustomer:
    """A customer without tokens yet, and who that is."""

    customer: Customer
    person: Person = field(default_factory=Person)


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """An order without a token yet; `address` is the value of where it goes."""

    order: Order
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PastRefund:
    """A refund that counts towards its customer's limit."""

    record: RefundRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class PastReplacement:
    """A line that was sent again, and when."""

    record: ReplacementRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class ImportedShop:
    """Everything of one import."""

    customers: tuple[ImportedCustomer, ...] = ()
    products: tuple[Product, ...] = ()
    orders: tuple[ImportedOrder, ...] = ()
    refunds: tuple[PastRefund, ...] = ()
    replacements: tuple[PastReplacement, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that was refused: where it stands, and why, in a sentence without personal values."""

    source: str
    """File name."""
    line: int
    """From 1."""
    row: str
    """What kind of row and, where it could be read, which: `order A-1`, `item`."""
    reason: str


def write_address(fields: Mapping[str, str]) -> str:
    """The address as it is kept: JSON with exactly the six fields, always in one order."""
    return json.dumps(
        {name: fields.get(name, "") for name in ADDRESS_FIELDS}, ensure_ascii=False, separators=(",", ":")
    )
