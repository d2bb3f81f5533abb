"""The shop's records as desks and tools read them: ports.shop over the business database.

Invariants: every statement names the tenant; every method is one snapshot; nothing is written. Personal
values are looked up by blind index only: the values themselves never reach a statement.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json
from casewright.adapters.store.shop_rows import (
    fold_words,
    read_customer,
    read_line,
    read_method,
    read_order,
    read_payment,
    read_product,
    read_variant,
)
from casewright.adapters.store.shop_tables import (
    CUSTOMERS,
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
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.action import RefundRecord
from casewright.domain.shop import Customer, Order, Product, Variant

MOST_CUSTOMERS = 50
MOST_WORDS = 8

_TENANT: BindParameter[str] = bindparam("tenant")
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_ORDER = select(ORDERS).where(ORDERS.c.tenant == _TENANT, ORDERS.c.order_id == bindparam("order_id"))
_ORDERS_OF = (
    select(ORDERS)
    .where(ORDERS.c.tenant == _TENANT, ORDERS.c.customer_id == bindparam("customer_id"))
    .order_by(func.coalesce(ORDERS.c.placed_at, 0).desc(), ORDERS.c.order_id.desc())
    .limit(bindparam("limit"))
)
_LINES = (
    select(ORDER_LINES)
    .where(ORDER_LINES.c.tenant == _TENANT, ORDER_LINES.c.order_id.in_(_IDS))
    .order_by(ORDER_LINES.c.order_id, ORDER_LINES.c.position)
)
_PAYMENTS = (
    select(PAYMENTS)
    .where(PAYMENTS.c.tenant == _TENANT, PAYMENTS.c.order_id.in_(_IDS))
    .order_by(PAYMENTS.c.order_id, PAYMENTS.c.position)
)
_CUSTOMER = select(CUSTOMERS).where(
    CUSTOMERS.c.tenant == _TENANT, CUSTOMERS.c.customer_id == bindparam("customer_id")
)
_BALANCE = (
    select(func.sum(GIFT_CARD_ENTRIES.c.amount_minor))
    .where(
        GIFT_CARD_ENTRIES.c.tenant == PAYMENT_METHODS.c.tenant,
        GIFT_CARD_ENTRIES.c.method_id == PAYMENT_METHODS.c.method_id,
    )
    .scalar_subquery()
    .label("balance_minor")
)
_METHODS = (
    select(PAYMENT_METHODS, _BALANCE)
    .where(PAYMENT_METHODS.c.tenant == _TENANT, PAYMENT_METHODS.c.customer_id == bindparam("customer_id"))
    .order_by(PAYMENT_METHODS.c.position)
)
_BY_EMAIL = (
    select(CUSTOMERS.c.customer_id)
    .where(CUSTOMERS.c.tenant == _TENANT, CUSTOMERS.c.email_index == bindparam("email_index"))
    .order_by(CUSTOMERS.c.customer_id)
    .limit(MOST_CUSTOMERS)
)
_BY_PHONE = (
    select(CUSTOMERS.c.customer_id)
    .where(CUSTOMERS.c.tenant == _TENANT, CUSTOMERS.c.phone_last4_index == bindparam("phone_index"))
    .order_by(CUSTOMERS.c.customer_id)
    .limit(MOST_CUSTOMERS)
)
_BY_BOTH = (
    select(CUSTOMERS.c.customer_id)
    .where(
        CUSTOMERS.c.tenant == _TENANT,
        CUSTOMERS.c.email_index == bindparam("email_index"),
        CUSTOMERS.c.phone_last4_index == bindparam("phone_index"),
    )
    .order_by(CUSTOMERS.c.customer_id)
    .limit(MOST_CUSTOMERS)
)
_VARIANTS = select(VARIANTS).where(VARIANTS.c.tenant == _TENANT, VARIANTS.c.variant_id.in_(_IDS))
_VARIANTS_OF = (
    select(VARIANTS)
    .where(VARIANTS.c.tenant == _TENANT, VARIANTS.c.product_id.in_(_IDS))
    .order_by(VARIANTS.c.product_id, VARIANTS.c.position)
)
_PRODUCT = select(PRODUCTS).where(
    PRODUCTS.c.tenant == _TENANT, PRODUCTS.c.product_id == bindparam("product_id")
)
_PRODUCTS = (
    select(PRODUCTS).where(PRODUCTS.c.tenant == _TENANT).order_by(PRODUCTS.c.name, PRODUCTS.c.product_id)
)
_REFUNDS_SINCE = (
    select(func.count())
    .select_from(REFUNDS)
    .where(
        REFUNDS.c.tenant == _TENANT,
        REFUNDS.c.customer_id == bindparam("customer_id"),
        REFUNDS.c.at >= bindparam("since"),
    )
)
_REFUNDS_OF_ORDER = (
    select(REFUNDS)
    .where(REFUNDS.c.tenant == _TENANT, REFUNDS.c.order_id == bindparam("order_id"))
    .order_by(REFUNDS.c.at, REFUNDS.c.refund_id)
)
_LABEL_OF_ORDER = (
    select(LABELS.c.label_id)
    .where(LABELS.c.tenant == _TENANT, LABELS.c.order_id == bindparam("order_id"))
    .limit(1)
)
_LAST_REPLACEMENT = select(func.max(REPLACEMENTS.c.at)).where(
    REPLACEMENTS.c.tenant == _TENANT, REPLACEMENTS.c.customer_id == bindparam("customer_id")
)

BlindIndex = Callable[[str, str], str]
"""From a kind (`email`, `phone_last4`) and a value to the keyed hash that finds rows: Vault.index."""


def fold_email(address: str) -> str:
    """A mail address as it is indexed."""
    return address.strip().casefold()


class StoredShop:
    """One tenant's records."""

    def __init__(self, database: Database, tenant: str, blind_index: BlindIndex) -> None:
        self._database = database
        self._tenant = tenant
        self._blind_index = blind_index

    def order(self, order_id: str) -> Order | None:
        """One order with its lines and payments."""
        return self._database.read(lambda connection: read_whole_order(connection, self._tenant, order_id))

    def orders_of(self, customer_id: str, *, limit: int = 50) -> tuple[Order, ...]:
        """A customer's orders, newest first; those without a date last."""
        wanted = {"tenant": self._tenant, "customer_id": customer_id, "limit": limit}
        return self._database.read(
            lambda connection: tuple(
                read_orders(connection, self._tenant, connection.execute(_ORDERS_OF, wanted).all())
            )
        )

    def customer(self, customer_id: str) -> Customer | None:
        """One customer with the ways to pay and the gift cards' balances."""
        wanted = {"tenant": self._tenant, "customer_id": customer_id}

        def work(connection: Connection) -> Customer | None:
            row = connection.execute(_CUSTOMER, wanted).first()
            if row is None:
                return None
            return read_customer(row, map(read_method, connection.execute(_METHODS, wanted)))

        return self._database.read(work)

    def find_customers(self, *, email: str | None = None, phone_last4: str | None = None) -> tuple[str, ...]:
        """Ids of the customers with this mail address, with these last digits, or with both; 50 at most."""
        wanted = {"tenant": self._tenant}
        if email is not None:
            wanted["email_index"] = self._blind_index("email", fold_email(email))
        if phone_last4 is not None:
            wanted["phone_index"] = self._blind_index("phone_last4", phone_last4.strip())
        if email is None and phone_last4 is None:
            return ()
        statement = _BY_BOTH if len(wanted) == 3 else _BY_PHONE if email is None else _BY_EMAIL
        return self._database.read(lambda connection: tuple(connection.execute(statement, wanted).scalars()))

    def variants(self, variant_ids: Sequence[str]) -> Mapping[str, Variant]:
        """Those of the variants that exist, by id."""
        wanted = {"tenant": self._tenant, "ids": sorted(set(variant_ids))}
        rows = self._database.read(lambda connection: connection.execute(_VARIANTS, wanted).all())
        return {row.variant_id: read_variant(row) for row in rows}

    def product(self, product_id: str) -> Product | None:
        """One product with its variants."""
        wanted = {"tenant": self._tenant, "product_id": product_id}
        found = self._database.read(
            lambda connection: _read_products(
                connection, self._tenant, connection.execute(_PRODUCT, wanted).all()
            )
        )
        return found[0] if found else None

    def find_products(self, words: str, *, limit: int = 20) -> tuple[Product, ...]:
        """Products whose name has a word that begins with each of the words, by name."""
        folded = fold_words(words)[:MOST_WORDS]
        if not folded:
            return ()
        statement = _PRODUCTS.where(
            *(PRODUCTS.c.name_words.contains(f" {word}", autoescape=True) for word in folded)
        ).limit(limit)
        return self._database.read(
            lambda connection: tuple(
                _read_products(
                    connection, self._tenant, connection.execute(statement, {"tenant": self._tenant}).all()
                )
            )
        )

    def refunds_since(self, customer_id: str, since: datetime) -> int:
        """How many refunds the customer has had since then, that moment included."""
        wanted = {"tenant": self._tenant, "customer_id": customer_id, "since": to_micros(since)}
        return self._database.read(lambda connection: connection.execute(_REFUNDS_SINCE, wanted).scalar_one())

    def refunds_of_order(self, order_id: str) -> tuple[RefundRecord, ...]:
        """The refunds of one order, oldest first."""
        wanted = {"tenant": self._tenant, "order_id": order_id}
        rows = self._database.read(lambda connection: connection.execute(_REFUNDS_OF_ORDER, wanted).all())
        return tuple(
            RefundRecord(
                row.refund_id,
                row.order_id,
                row.customer_id,
                row.amount_minor,
                row.reason,
                tuple(read_json(row.line_ids)),
                row.shipping_minor,
            )
            for row in rows
        )

    def has_label(self, order_id: str) -> bool:
        """Whether a label has been made for the order."""
        wanted = {"tenant": self._tenant, "order_id": order_id}
        return self._database.read(
            lambda connection: connection.execute(_LABEL_OF_ORDER, wanted).first() is not None
        )

    def last_replacement(self, customer_id: str) -> datetime | None:
        """When something was last sent again to the customer."""
        wanted = {"tenant": self._tenant, "customer_id": customer_id}
        return from_micros(
            self._database.read(lambda connection: connection.execute(_LAST_REPLACEMENT, wanted).scalar())
        )


def read_whole_order(connection: Connection, tenant: str, order_id: str) -> Order | None:
    """One order inside a caller's own transaction."""
    row = connection.execute(_ORDER, {"tenant": tenant, "order_id": order_id}).first()
    return None if row is None else read_orders(connection, tenant, [row])[0]


def read_orders(connection: Connection, tenant: str, rows: Sequence[Row[tuple[object, ...]]]) -> list[Order]:
    """Whole orders of their rows, in the order of the rows."""
    if not rows:
        return []
    wanted = {"tenant": tenant, "ids": [row.order_id for row in rows]}
    lines = _group(connection.execute(_LINES, wanted), "order_id")
    payments = _group(connection.execute(_PAYMENTS, wanted), "order_id")
    return [
        read_order(row, map(read_line, lines[row.order_id]), map(read_payment, payments[row.order_id]))
        for row in rows
    ]


def _read_products(
    connection: Connection, tenant: str, rows: Sequence[Row[tuple[object, ...]]]
) -> list[Product]:
    if not rows:
        return []
    wanted = {"tenant": tenant, "ids": [row.product_id for row in rows]}
    variants = _group(connection.execute(_VARIANTS_OF, wanted), "product_id")
    return [read_product(row, map(read_variant, variants[row.product_id])) for row in rows]


def _group(rows: Iterable[Row[tuple[object, ...]]], column: str) -> dict[str, list[Row[tuple[object, ...]]]]:
    groups: dict[str, list[Row[tuple[object, ...]]]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups
