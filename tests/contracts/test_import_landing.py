"""An import lands whole or not at all, on SQLite and on PostgreSQL, whatever happens in between."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from casewright.adapters.importers.landing import Landed, land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.journal.tables import ACTIONS
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.shop_imports import is_empty
from casewright.adapters.store.shop_reads import StoredShop
from casewright.adapters.store.shop_tables import CUSTOMERS, GIFT_CARD_ENTRIES, ORDERS
from casewright.adapters.vault import SealedVault
from casewright.adapters.vault_tables import VAULT_VALUES
from casewright.domain.errors import Conflict, MalformedRequest

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
KEY = bytes.fromhex("3f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f70a")
SHOP = build_sample_shop(NOON)
PERSONAL = tuple(
    value
    for item in SHOP.customers
    for value in (item.person.name, item.person.email, item.person.phone, item.person.address)
    if value is not None
)


def vault_of(database: Database, tenant: str = "main") -> SealedVault:
    return SealedVault(database, tenant, KEY, now=lambda: NOON)


def land(database: Database, tenant: str = "main", *, may_replace: bool = False, seed: int = 7) -> Landed:
    shop = build_sample_shop(NOON, seed=seed)
    return land_shop(database, vault_of(database, tenant), tenant, shop, at=NOON, may_replace=may_replace)


def count_values(database: Database, tenant: str = "main") -> int:
    statement = select(func.count()).select_from(VAULT_VALUES).where(VAULT_VALUES.c.tenant == tenant)
    return int(database.read(lambda connection: connection.execute(statement).scalar_one()))


def is_bare(database: Database, tenant: str = "main") -> bool:
    return database.read(lambda connection: is_empty(connection, tenant)) and not count_values(
        database, tenant
    )


def test_everything_that_was_imported_is_read_again(database: Database) -> None:
    assert land(database) == Landed(60, 16, len(SHOP.orders))
    vault = vault_of(database)
    shop = StoredShop(database, "main", vault.index)
    for item in SHOP.orders:
        found = shop.order(item.order.order_id)
        assert found is not None
        assert found.address_token is not None
        assert replace(found, address_token=None) == item.order
        assert vault.resolve([found.address_token]) == {found.address_token: item.address}
    for imported in SHOP.customers:
        customer = shop.customer(imported.customer.customer_id)
        assert customer is not None
        assert customer.methods == imported.customer.methods
        tokens = (customer.name_token, customer.email_token, customer.phone_token, customer.address_token)
        values = vault.resolve([token for token in tokens if token])
        person = imported.person
        assert [values[str(token)] for token in tokens] == [
            person.name,
            person.email,
            person.phone,
            person.address,
        ]
    assert shop.product("PRD-201") == next(item for item in SHOP.products if item.product_id == "PRD-201")
    assert shop.refunds_since("CUS-1008", NOON - timedelta(days=30)) == 2
    assert shop.last_replacement("CUS-1007") == NOON - timedelta(days=1)


def test_customers_are_found_by_mail_address_and_by_the_end_of_the_phone(database: Database) -> None:
    land(database)
    shop = StoredShop(database, "main", vault_of(database).index)
    person = SHOP.customers[0].person
    assert person.email is not None
    assert shop.find_customers(email=person.email.upper()) == ("CUS-1001",)
    assert shop.find_customers(phone_last4="0101") == ("CUS-1001",)


def test_no_personal_value_stands_in_the_database(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    land(database)
    database.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"ORD-1001" in content
    assert [value for value in PERSONAL if value.encode() in content] == []


def test_orders_carry_their_tenant_as_merchant_and_tenants_keep_apart(database: Database) -> None:
    land(database)
    land(database, "second", seed=8)
    first = StoredShop(database, "main", vault_of(database).index)
    second = StoredShop(database, "second", vault_of(database, "second").index)
    ours, theirs = first.order("ORD-1001"), second.order("ORD-1001")
    assert ours is not None
    assert theirs is not None
    assert (ours.merchant, theirs.merchant) == ("main", "second")
    assert first.customer("CUS-1001") != second.customer("CUS-1001")


def test_a_second_import_is_refused_and_changes_nothing(database: Database) -> None:
    land(database)
    before = database.read(lambda connection: connection.execute(select(ORDERS)).all())
    with pytest.raises(Conflict, match="already has a shop"):
        land(database, seed=8)
    assert database.read(lambda connection: connection.execute(select(ORDERS)).all()) == before


def test_a_replaced_shop_is_gone_with_the_values_of_those_who_are_gone(database: Database) -> None:
    wide = build_sample_shop(NOON, customers=80)
    land_shop(database, vault_of(database), "main", wide, at=NOON)
    assert vault_of(database).export("CUS-1080")
    assert land(database, may_replace=True) == Landed(60, 16, len(SHOP.orders))
    assert vault_of(database).export("CUS-1080") == {}
    assert vault_of(database).export("CUS-1001")
    count = select(func.count()).select_from(CUSTOMERS)
    assert database.read(lambda connection: connection.execute(count).scalar_one()) == 60


def test_the_same_import_again_leaves_the_same_tokens_and_balances(database: Database) -> None:
    land(database)
    shop = StoredShop(database, "main", vault_of(database).index)
    before = shop.customer("CUS-1001")
    land(database, may_replace=True)
    assert shop.customer("CUS-1001") == before
    cards = sum(1 for item in SHOP.customers for method in item.customer.methods if method.balance_minor)
    count = select(func.count()).select_from(GIFT_CARD_ENTRIES)
    assert database.read(lambda connection: connection.execute(count).scalar_one()) == cards


def test_a_shop_in_which_something_was_done_is_never_replaced(database: Database) -> None:
    land(database)
    action = {
        "tenant": "main",
        "action_id": "act_1",
        "subject_id": "s",
        "key": "k",
        "digest": "d",
        "case_id": "c",
        "tool": "cancel_order",
        "state": "done",
        "transfers": "{}",
        "result": "{}",
        "fence": 1,
        "tries": 1,
        "claimed_at": 0,
    }
    database.write(lambda connection: connection.execute(insert(ACTIONS), action).rowcount)
    with pytest.raises(Conflict, match="journal"):
        land(database, may_replace=True)
    assert StoredShop(database, "main", vault_of(database).index).order("ORD-1001") is not None


def test_two_rows_with_one_id_import_nothing(database: Database) -> None:
    doubled = replace(SHOP, orders=(*SHOP.orders, SHOP.orders[0]))
    with pytest.raises(MalformedRequest, match="nothing was imported"):
        land_shop(database, vault_of(database), "main", doubled, at=NOON)
    assert is_bare(database)


@pytest.mark.parametrize("at", ["products", "customers", "orders"])
def test_an_import_that_is_interrupted_leaves_nothing(database: Database, at: str) -> None:
    def report(name: str, done: int, total: int) -> None:
        if name == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        land_shop(database, vault_of(database), "main", SHOP, at=NOON, report=report)
    assert is_bare(database)
    land(database)


KILLING = """
import os, signal, sys
from datetime import datetime, UTC
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.store.engine import open_database
from casewright.adapters.vault import SealedVault

url, key, where = sys.argv[1:]
noon = datetime(2026, 7, 1, 12, tzinfo=UTC)

def report(name, done, total):
    if name == where:
        os.kill(os.getpid(), signal.SIGKILL)

database = open_database(url)
vault = SealedVault(database, "main", bytes.fromhex(key))
land_shop(database, vault, "main", build_sample_shop(noon), at=noon, report=report)
"""


@pytest.mark.parametrize("where", ["customers", "orders"])
def test_an_import_that_is_killed_leaves_nothing_and_can_be_run_again(database_url: str, where: str) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLING, database_url, KEY.hex(), where],
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    database = open_database(database_url)
    assert is_bare(database)
    assert land(database).customers == 60
    database.close()
