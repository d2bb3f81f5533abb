"""A gatehouse over a real store, with a clock that the test moves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from casewright.adapters import ids
from casewright.adapters.accounts.account_store import AccountStore
from casewright.adapters.accounts.passwords import PasswordHasher
from casewright.adapters.accounts.tables import API_KEYS, SESSIONS, SIGN_IN_ATTEMPTS, USERS
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.vault import SealedVault
from casewright.service.gatehouse import Gatehouse, build_gatehouse

KEY = bytes.fromhex("9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708")


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: int) -> None:
        self.at += timedelta(**by)


@dataclass
class House:
    """A gatehouse, its store and its clock."""

    gatehouse: Gatehouse
    accounts: AccountStore
    clock: MovableClock
    checked: list[str | None] = field(default_factory=list)
    """What each password was checked against: None for an account that is not there."""


@pytest.fixture(scope="session")
def accounts_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('house')}/casewright.db")
    yield database
    database.close()


@pytest.fixture
def house(accounts_database: Database) -> House:
    for table in (SESSIONS, USERS, API_KEYS, SIGN_IN_ATTEMPTS):
        accounts_database.write(lambda connection, table=table: connection.execute(table.delete()))
    accounts = AccountStore(accounts_database, lambda tenant: SealedVault(accounts_database, tenant, KEY))
    clock = MovableClock()
    checked: list[str | None] = []

    class WatchedHasher(PasswordHasher):
        def verify(self, kept: str | None, password: str) -> bool:
            checked.append(kept)
            return super().verify(kept, password)

    gatehouse = build_gatehouse(
        accounts,
        WatchedHasher(),
        tenant="main",
        now=clock,
        draw_id=ids.new_id,
        draw_secret=ids.new_secret,
    )
    return House(gatehouse, accounts, clock, checked)
