"""Bulk inserts of an import, inside the caller's one transaction: all of it, or nothing.

Invariant: rows keep what they were given; a gift card's balance becomes the first entry of its ledger, under
the action id `import`. It validates nothing: the importer has done so, and what is already there raises
IntegrityError. Orders are inserted by `shop_writes.insert_orders`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select

from casewright.adapters.store.shop_rows import (
    write_customer,
    write_method,
    write_product,
    write_variant,
)
from casewright.adapters.store.shop_tables import (
    CUSTOMERS,
    ESCALATIONS,
    EVIDENCE,
    EVIDENCE_REUSES,
    GIFT_CARD_ENTRIES,
    LABELS,
    ORDER_LINES,
    ORDERS,
    PAYMENT_METHODS,
    PAYMENTS,
    PRODUCTS,
    REFUNDS,
    REPLACEMENTS,
    VARIANTS,
)
from casewright.adapters.store.times import to_micros
from casewright.domain.shop import Customer, Product

IMPORT_ACTION = "import"
CHILDREN_FIRST = (
    EVIDENCE_REUSES,
    EVIDENCE,
    ESCALATIONS,
    LABELS,
    REPLACEMENTS,
    REFUNDS,
    PAYMENTS,
    ORDER_LINES,
    ORDERS,
    VARIANTS,
    PRODUCTS,
    GIFT_CARD_ENTRIES,
    PAYMENT_METHODS,
    CUSTOMERS,
)
"""Every table of business rows, in an order in which they can be emptied."""
_DELETES = tuple(delete(table).where(table.c.tenant == bindparam("of_tenant")) for table in CHILDREN_FIRST)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer to insert. The indexes are Vault.index of the folded mail address and of the last 4 digits.

    Kinds of the index: `email` (see shop_reads.fold_email) and `phone_last4`.
    """

    customer: Customer
    email_index: str | None = None
    phone_last4_index: str | None = None


def insert_customers(
    connection: Connection, tenant: str, rows: Iterable[CustomerRow], *, at: datetime
) -> int:
    """Customers with their ways to pay and the opening balances of gift cards; how many customers."""
    customers: list[dict[str, Any]] = []
    methods: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    for row in rows:
        customer = row.customer
        customers.append(write_customer(tenant, customer, row.email_index, row.phone_last4_index))
        for place, method in enumerate(customer.methods):
            methods.append(write_method(tenant, customer.customer_id, place, method))
            if method.balance_minor:
                entries.append(_open_balance(tenant, method.method_id, method.balance_minor, to_micros(at)))
    _insert_all(connection, insert(CUSTOMERS), customers)
    _insert_all(connection, insert(PAYMENT_METHODS), methods)
    _insert_all(connection, insert(GIFT_CARD_ENTRIES), entries)
    return len(customers)


def insert_products(connection: Connection, tenant: str, products: Iterable[Product]) -> int:
    """Products with their variants; how many products."""
    rows: list[dict[str, Any]] = []
    variants: list[dict[str, Any]] = []
    for product in products:
        rows.append(write_product(tenant, product))
        variants += [write_variant(tenant, place, variant) for place, variant in enumerate(product.variants)]
    _insert_all(connection, insert(PRODUCTS), rows)
    _insert_all(connection, insert(VARIANTS), variants)
    return len(rows)


def is_empty(connection: Connection, tenant: str) -> bool:
    """Whether the tenant has no customer, no product and no order yet."""
    return all(
        connection.execute(select(table.c.tenant).where(table.c.tenant == tenant).limit(1)).first() is None
        for table in (CUSTOMERS, PRODUCTS, ORDERS)
    )


def delete_shop(connection: Connection, tenant: str) -> None:
    """Take every business row of a tenant away, as before an import that replaces it."""
    for statement in _DELETES:
        connection.execute(statement, {"of_tenant": tenant})


def _open_balance(tenant: str, method_id: str, amount_minor: int, at: int) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "method_id": method_id,
        "number": 1,
        "amount_minor": amount_minor,
        "balance_after_minor": amount_minor,
        "action_id": IMPORT_ACTION,
        "part": 0,
        "at": at,
    }


def _insert_all(connection: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)
