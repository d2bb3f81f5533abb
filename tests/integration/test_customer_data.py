"""Everything of one customer of the sample shop: exported whole, erased for good; and no row that names anybody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from casewright.adapters.accounts.account_store import AccountStore
from casewright.adapters.customer_data import CustomerData, chain_of
from casewright.adapters.evidence import StoredEvidenceFiles
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.journal.ledger import Ledger, read_entries
from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.store.conversations import StoredConversations
from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_reads import StoredShop
from casewright.adapters.vault import SealedVault
from casewright.domain.conversation import Conversation, Side, Turn, owner_of
from casewright.domain.principal import Role, Scope
from casewright.ports.accounts import ApiKey, Session, User

KEY = bytes.fromhex("9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708")
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
ANA, BEN = "CUS-1001", "CUS-1002"
LOGIN = "ana.signs.in@example.com"
SHORTEST_TELLING_VALUE = 4


@pytest.fixture
def vault(database: Database) -> SealedVault:
    return SealedVault(database, "main", KEY, now=lambda: AT)


@pytest.fixture
def accounts(database: Database, vault: SealedVault) -> AccountStore:
    accounts = AccountStore(database, lambda _: vault)
    accounts.add_user(User("usr_1", "main", Role.CUSTOMER, "", "hash", AT, customer_id=ANA), LOGIN)
    accounts.start_session(Session("ses_1", "main", "usr_1", AT, AT, datetime(2027, 1, 1, tzinfo=UTC)), "d")
    scopes = frozenset({Scope.READ})
    key = ApiKey("key_1", "main", "bot", Role.CUSTOMER, scopes, AT, datetime(2027, 1, 1, tzinfo=UTC), ANA)
    accounts.add_key(key, "k")
    accounts.count_attempts("main", {f"pair 203.0.113.9 {LOGIN}": 5}, AT, 900)
    return accounts


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = open_ledger(tmp_path, KEY)
    yield ledger
    ledger.close()


@pytest.fixture
def data(
    database: Database, vault: SealedVault, accounts: AccountStore, ledger: Ledger, tmp_path: Path
) -> CustomerData:
    shop = build_sample_shop(AT, customers=12)
    land_shop(database, vault, "main", shop, at=AT)
    talk = Conversation("cnv_1", owner_of(ANA, "usr_1"), "case-1", AT, AT, customer_id=ANA)
    StoredConversations(database, "main").save(talk, [Turn(1, Side.CUSTOMER, AT, "Where is my mug?")])
    evidence = StoredEvidenceFiles(database, tmp_path, "main")
    return CustomerData(database, "main", vault, evidence, ledger, now=lambda: AT)


def dump(database: Database) -> list[tuple[str, str, Any]]:
    """Every cell of every table that is really there: table, column, value."""
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)

    def read(connection: Any) -> list[tuple[str, str, Any]]:
        return [
            (table.name, name, value)
            for table in tables.sorted_tables
            for row in connection.execute(select(table))
            for name, value in row._mapping.items()
        ]

    return database.read(read)


def test_export_holds_values_orders_conversations_and_account(data: CustomerData) -> None:
    document = data.export(ANA, requested_by="usr_9")
    assert document is not None
    assert document["schema_version"] == 1
    assert document["customer"]["name"] in document["personal"]["name"]
    assert document["customer"]["email"] in document["personal"]["email"]
    assert {order["customer_id"] for order in document["orders"]} == {ANA}
    assert "ORD-1001" in {order["order_id"] for order in document["orders"]}
    assert document["personal"]["login"] == [LOGIN]
    assert [turn["text"] for turn in document["conversations"][0]["turns"]] == ["Where is my mug?"]
    assert [user["user_id"] for user in document["account"]] == ["usr_1"]
    assert "hash" not in str(document["account"])
    assert data.export("CUS-absent", requested_by="usr_9") is None


def test_erasure_leaves_the_trade_and_nothing_that_says_who_it_was(
    data: CustomerData, database: Database, vault: SealedVault, accounts: AccountStore
) -> None:
    before = vault.export(ANA)
    shop = StoredShop(database, "main", vault.index)
    orders = shop.orders_of(ANA)
    kept = vault.export(BEN)
    assert shop.find_customers(email=before["email"][0]) == (ANA,)

    erased = data.erase(ANA, requested_by="usr_9")

    assert (erased.values, erased.conversations, erased.accounts) == (sum(map(len, before.values())), 1, 1)
    assert vault.export(ANA) == {}
    assert vault.export(BEN) == kept
    assert shop.orders_of(ANA) == orders
    assert shop.find_customers(email=before["email"][0]) == ()
    assert shop.find_customers(phone_last4=before["phone"][0][-4:]) == ()
    assert accounts.find_user("main", LOGIN) is None
    assert accounts.find_session("main", "d") is None
    assert accounts.find_key("main", "k") is None
    user = accounts.user("main", "usr_1")
    assert user is not None
    assert (user.is_disabled, user.password_hash) == (True, "")
    document = data.export(ANA, requested_by="usr_9")
    assert document is not None
    assert (document["personal"], document["conversations"]) == ({}, [])
    assert document["customer"]["name"] is None
    assert {order["address"] for order in document["orders"]} == {None}


def test_erasure_is_on_the_record_and_a_second_one_changes_nothing(
    data: CustomerData, database: Database
) -> None:
    data.erase(ANA, requested_by="usr_9")
    again = data.erase(ANA, requested_by="usr_9")
    assert (again.values, again.conversations, again.files) == (0, 0, 0)
    entries = database.read(lambda connection: read_entries(connection, "main", chain_of(ANA)))
    assert [entry.name for entry in entries] == ["customer:data:erased"] * 2
    assert '"requested_by":"usr_9"' in entries[0].body
    rows = [
        value for table, name, value in dump(database) if (table, name) == ("vault_erasures", "customer_id")
    ]
    assert rows == [ANA, ANA]


def test_no_row_of_any_table_holds_a_personal_value(
    data: CustomerData, database: Database, vault: SealedVault
) -> None:
    cells = dump(database)
    tokens = {value for _, name, value in cells if name.endswith("token") and value}
    values = set(vault.resolve(sorted(tokens)).values())
    assert LOGIN in values
    assert len(values) > 40
    telling = {value.casefold() for value in values if len(value) >= SHORTEST_TELLING_VALUE}
    telling |= {"203.0.113.9", "paper boat street"}
    found = [
        (table, name)
        for table, name, value in cells
        for one in telling
        if one in (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).casefold()
    ]
    assert found == []
