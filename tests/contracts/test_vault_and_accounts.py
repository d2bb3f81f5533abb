"""The contracts of Vault and Accounts, on SQLite and on PostgreSQL, where two databases could differ."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from casewright.adapters.accounts.account_store import AccountStore
from casewright.adapters.accounts.tables import SIGN_IN_ATTEMPTS
from casewright.adapters.store.engine import Database
from casewright.adapters.vault import PersonalValue, SealedVault
from casewright.adapters.vault_tables import VAULT_VALUES
from casewright.domain.principal import Role, Scope
from casewright.ports.accounts import Accounts, ApiKey, Session, User
from casewright.ports.vault import Vault

KEY = bytes.fromhex("9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708")
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
USER = User("usr_1", "main", Role.AGENT, "", "hash", AT)
SESSION = Session("ses_1", "main", "usr_1", AT, AT, AT + timedelta(hours=12))
API_KEY = ApiKey("key_1", "main", "bot", Role.AGENT, frozenset({Scope.PROPOSE}), AT, AT + timedelta(days=9))


def make_vault(database: Database, tenant: str = "main") -> SealedVault:
    return SealedVault(database, tenant, KEY, now=lambda: AT)


def make_accounts(database: Database) -> AccountStore:
    return AccountStore(database, lambda tenant: make_vault(database, tenant))


def test_value_of_any_script_comes_back_and_is_gone_after_an_erasure(database: Database) -> None:
    vault: Vault = make_vault(database)
    values = {"name": "আনা 😀 O'Neil", "address": '{"zip": "00148"}\n\x00', "email": "", "phone": "\ud800"}
    tokens = {vault.put("c1", kind, value): value for kind, value in values.items()}
    assert dict(vault.resolve([*tokens, "name_absent"])) == tokens
    assert vault.export("c1") == {kind: [value] for kind, value in values.items()}
    assert vault.erase("c1") == 4
    assert vault.resolve(list(tokens)) == {}
    assert vault.erase("c1") == 0


def test_same_value_put_by_many_at_once_is_one_row_with_one_token(database: Database) -> None:
    vault = make_vault(database)
    values = [PersonalValue("c1", "name", f"Name {number}") for number in range(50)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(vault.put_many, [values, values[::-1]] * 8))
    assert {tuple(sorted(tokens)) for tokens in answers} == {tuple(sorted(answers[0]))}
    count = database.read(
        lambda connection: connection.execute(select(func.count()).select_from(VAULT_VALUES)).scalar()
    )
    assert count == 50


def test_values_put_in_a_transaction_that_fails_are_not_there(database: Database) -> None:
    vault = make_vault(database)

    class Change(Exception):
        pass

    def work(connection: object) -> None:
        vault.put_many_in(connection, [PersonalValue("c1", "name", "Ana")])  # type: ignore[arg-type]
        raise Change

    with pytest.raises(Change):
        database.write(work)
    assert vault.export("c1") == {}


def test_many_who_take_one_login_at_once_leave_one_account(database: Database) -> None:
    accounts: Accounts = make_accounts(database)
    users = [replace(USER, user_id=f"usr_{number}") for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda user: accounts.add_user(user, "ana@example.com"), users))
    assert len([user for user in added if user is not None]) == 1
    assert len(accounts.users("main")) == 1


def test_guesses_in_parallel_get_no_further_than_the_limit(database: Database) -> None:
    accounts = make_accounts(database)

    def guess(number: int) -> int:
        subjects = {"pair": 5, "account": 50, f"address {number}": 50}
        return accounts.count_attempts("main", subjects, AT, 900)

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(guess, range(40)))
    assert sorted(waits) == [0] * 5 + [900] * 35
    counts = database.read(
        lambda connection: (
            connection.execute(
                select(SIGN_IN_ATTEMPTS.c.attempt_count).order_by(SIGN_IN_ATTEMPTS.c.attempt_count.desc())
            )
            .scalars()
            .all()[:2]
        )
    )
    assert counts == [5, 5]


def test_session_and_key_are_found_by_digest_until_they_end(database: Database) -> None:
    accounts = make_accounts(database)
    user = accounts.add_user(USER, "ana")
    accounts.start_session(SESSION, "digest")
    assert accounts.find_session("main", "digest") == (SESSION, user)
    accounts.change_user("main", "usr_1", is_disabled=True)
    assert accounts.find_session("main", "digest") is None
    accounts.add_key(API_KEY, "key-digest")
    assert accounts.find_key("main", "key-digest") == API_KEY
    assert accounts.revoke_key("main", "key_1", AT) == replace(API_KEY, revoked_at=AT)
