"""Landing: a whole imported shop goes into the database, personal values into the vault, or nothing does.

Invariant: one transaction for everything, the vault's values too. It is rolled back when the process is
killed or interrupted, and when any row does not go in. A tenant that has a shop keeps it unless the caller
says that it may be replaced, and always if anything was ever done in it: the journal speaks of those records.
"""

import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.exc import IntegrityError

from casewright.adapters.importers.shop import ImportedCustomer, ImportedOrder, ImportedShop, Person
from casewright.adapters.journal.tables import ACTIONS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_imports import (
    IMPORT_ACTION,
    CustomerRow,
    delete_shop,
    insert_customers,
    insert_products,
    is_empty,
)
from casewright.adapters.store.shop_reads import fold_email
from casewright.adapters.store.shop_tables import CUSTOMERS
from casewright.adapters.store.shop_writes import apply_change, insert_orders
from casewright.adapters.vault import PersonalValue
from casewright.domain.action import Change
from casewright.domain.errors import Conflict, MalformedRequest
from casewright.domain.shop import Order

T = TypeVar("T")
PORTION = 500
PHONE_ENDING = 4
Report = Callable[[str, int, int], None]
"""Called with what is written, how many are done, and of how many; maybe from another thread."""
_ACTED_IN = select(ACTIONS.c.action_id).where(ACTIONS.c.tenant == bindparam("of_tenant")).limit(1)
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")


class ImportVault(Protocol):
    """What an import needs of one tenant's vault."""

    def put_many_in(self, connection: Connection, values: Sequence[PersonalValue]) -> tuple[str, ...]:
        """Store values in the caller's transaction: their tokens, in the same order."""
        ...

    def erase_in(self, connection: Connection, customer_id: str, *, requested_by: str) -> int:
        """Destroy a customer's values in the caller's transaction."""
        ...

    def index(self, kind: str, value: str) -> str:
        """The blind index of a value."""
        ...


@dataclass(frozen=True, slots=True)
class Landed:
    """How much went in."""

    customers: int
    products: int
    orders: int


class _Stopped(Exception):
    """The caller was interrupted: the transaction must not commit."""


def land_shop(
    database: Database,
    vault: ImportVault,
    tenant: str,
    shop: ImportedShop,
    *,
    at: datetime,
    may_replace: bool = False,
    report: Report = lambda *_: None,
) -> Landed:
    """Write the shop as the tenant's. `vault` is that tenant's; `at` dates the opening balances.

    Raises Conflict where the tenant has a shop that stays, MalformedRequest where two rows claim one id.
    """
    stop = threading.Event()

    def work(connection: Connection) -> Landed:
        return _Landing(connection, vault, tenant, at, report, stop).land(shop, may_replace=may_replace)

    try:
        return database.write(work)
    except KeyboardInterrupt:
        stop.set()  # the work may run on another thread, and must not end well now
        raise
    except IntegrityError:
        raise MalformedRequest(
            "two rows of the import claim one id, or one names what is not there; nothing was imported"
        ) from None


class _Landing:
    """One try of one import in one transaction."""

    def __init__(
        self,
        connection: Connection,
        vault: ImportVault,
        tenant: str,
        at: datetime,
        report: Report,
        stop: threading.Event,
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._tenant = tenant
        self._at = at
        self._report = report
        self._stop = stop

    def land(self, shop: ImportedShop, *, may_replace: bool) -> Landed:
        """Everything, in the order in which rows refer to each other."""
        self._make_room(shop, may_replace=may_replace)
        for products in self._portions(shop.products, "products"):
            insert_products(self._connection, self._tenant, products)
        for customers in self._portions(shop.customers, "customers"):
            rows = self._keep_people(customers)
            insert_customers(self._connection, self._tenant, rows, at=self._at)
        for orders in self._portions(shop.orders, "orders"):
            insert_orders(self._connection, self._tenant, self._keep_addresses(orders))
        for refund in shop.refunds:
            self._append(Change(refund=refund.record), refund.at)
        for replacement in shop.replacements:
            self._append(Change(replacement=replacement.record), replacement.at)
        self._require_running()
        return Landed(len(shop.customers), len(shop.products), len(shop.orders))

    def _make_room(self, shop: ImportedShop, *, may_replace: bool) -> None:
        if self._connection.dialect.name == "postgresql":
            number = zlib.crc32(f"casewright import {self._tenant}".encode())
            self._connection.execute(_LOCK, {"number": number})
        if is_empty(self._connection, self._tenant):
            return
        if not may_replace:
            raise Conflict(
                f"tenant {self._tenant} already has a shop; import into another one with --tenant, or replace"
                " it with --replace",
                code="shop_exists",
            )
        if self._connection.execute(_ACTED_IN, {"of_tenant": self._tenant}).first() is not None:
            raise Conflict(
                f"tenant {self._tenant} has actions in its journal, and their orders must stay; import into"
                " another tenant with --tenant",
                code="shop_in_use",
            )
        before = select(CUSTOMERS.c.customer_id).where(CUSTOMERS.c.tenant == self._tenant)
        gone = set(self._connection.execute(before).scalars())
        gone -= {item.customer.customer_id for item in shop.customers}
        delete_shop(self._connection, self._tenant)
        for customer_id in sorted(gone):
            self._vault.erase_in(self._connection, customer_id, requested_by=IMPORT_ACTION)

    def _keep_people(self, customers: Sequence[ImportedCustomer]) -> list[CustomerRow]:
        values = [value for item in customers for value in _values_of(item.customer.customer_id, item.person)]
        tokens = self._put(values)
        return [self._build_row(item, tokens) for item in customers]

    def _build_row(self, item: ImportedCustomer, tokens: dict[tuple[str, str, str], str]) -> CustomerRow:
        person, customer_id = item.person, item.customer.customer_id

        def token(kind: str, value: str | None) -> str | None:
            return None if value is None else tokens[customer_id, kind, value]

        customer = replace(
            item.customer,
            name_token=token("name", person.name),
            email_token=token("email", person.email),
            phone_token=token("phone", person.phone),
            address_token=token("address", person.address),
        )
        digits = "".join(char for char in person.phone or "" if char.isascii() and char.isdigit())
        return CustomerRow(
            customer,
            self._vault.index("email", fold_email(person.email)) if person.email else None,
            self._vault.index("phone_last4", digits[-PHONE_ENDING:]) if len(digits) >= PHONE_ENDING else None,
        )

    def _keep_addresses(self, orders: Sequence[ImportedOrder]) -> list[Order]:
        tokens = self._put(
            [
                PersonalValue(item.order.customer_id, "address", item.address)
                for item in orders
                if item.address
            ]
        )
        return [
            replace(
                item.order,
                merchant=self._tenant,
                address_token=tokens[item.order.customer_id, "address", item.address]
                if item.address
                else None,
            )
            for item in orders
        ]

    def _put(self, values: Sequence[PersonalValue]) -> dict[tuple[str, str, str], str]:
        tokens = self._vault.put_many_in(self._connection, values)
        return {
            (item.customer_id, item.kind, item.value): token
            for item, token in zip(values, tokens, strict=True)
        }

    def _append(self, change: Change, at: datetime) -> None:
        apply_change(self._connection, self._tenant, change, action_id=IMPORT_ACTION, at=at)

    def _portions(self, rows: Sequence[T], name: str) -> Iterator[list[T]]:
        done = 0
        for portion in _batched(rows):
            self._require_running()
            yield portion
            done += len(portion)
            self._report(name, done, len(rows))

    def _require_running(self) -> None:
        if self._stop.is_set():
            raise _Stopped


def _values_of(customer_id: str, person: Person) -> Iterator[PersonalValue]:
    for kind in ("name", "email", "phone", "address"):
        value: str | None = getattr(person, kind)
        if value is not None:
            yield PersonalValue(customer_id, kind, value)


def _batched(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while portion := list(islice(source, PORTION)):
        yield portion
