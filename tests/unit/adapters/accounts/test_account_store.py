"""The account store: what it keeps of a login, a session, a key; whose it is; how attempts are counted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from casewright.adapters.accounts.account_store import AccountStore
from casewright.adapters.accounts.tables import API_KEYS, SESSIONS, SIGN_IN_ATTEMPTS, USERS
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.metadata import METADATA
from casewright.adapters.vault import SealedVault
from casewright.domain.principal import Role, Scope
from casewright.ports.accounts import ApiKey, Session, User

KEY = bytes.fromhex("9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708")
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
USER = User("usr_1", "main", Role.AGENT, "", "hash-1", AT)
SESSION = Session("ses_1", "main", "usr_1", AT, AT, AT + timedelta(hours=12))
API_KEY = ApiKey("key_1", "main", "bot", Role.AGENT, frozenset({Scope.PROPOSE}), AT, AT + timedelta(days=90))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('accounts')}/accounts.db")
    database.write(METADATA.create_all)
    yield database
    database.close()


@pytest.fixture
def accounts(database: Database) -> AccountStore:
    for table in (SESSIONS, USERS, API_KEYS, SIGN_IN_ATTEMPTS):
        database.write(lambda connection, table=table: connection.execute(table.delete()))
    return AccountStore(database, lambda tenant: SealedVault(database, tenant, KEY, now=lambda: AT))


def test_login_is_found_however_it_is_written_and_stands_in_no_row(
    database: Database, accounts: AccountStore
) -> None:
    added = accounts.add_user(USER, "Ana@Example.com")
    assert added == replace(USER, login_token=added.login_token if added else "")
    assert accounts.find_user("main", " ana@example.COM ") == added
    assert accounts.find_user("main", "ben@example.com") is None
    assert accounts.users("main") == [(added, "Ana@Example.com")]
    rows = database.read(lambda connection: connection.execute(select(USERS)).all())
    assert "ana" not in repr(rows).lower()
    assert "hash-1" not in repr(added)


def test_login_is_taken_once_per_tenant(accounts: AccountStore) -> None:
    assert accounts.add_user(USER, "ana") is not None
    assert accounts.add_user(replace(USER, user_id="usr_2"), "ANA") is None
    assert accounts.add_user(replace(USER, tenant="other"), "ana") is not None


def test_nothing_of_another_tenant_is_found(accounts: AccountStore) -> None:
    accounts.add_user(USER, "ana")
    accounts.start_session(SESSION, "digest")
    accounts.add_key(API_KEY, "key-digest")
    assert accounts.find_user("other", "ana") is None
    assert accounts.user("other", "usr_1") is None
    assert accounts.users("other") == []
    assert accounts.change_user("other", "usr_1", is_disabled=True) is None
    assert accounts.find_session("other", "digest") is None
    assert accounts.find_key("other", "key-digest") is None
    assert accounts.keys("other") == []
    assert accounts.revoke_key("other", "key_1", AT) is None
    accounts.end_session("other", "digest")
    assert accounts.find_session("main", "digest") is not None


def test_session_comes_back_with_its_user_until_it_ends(accounts: AccountStore) -> None:
    user = accounts.add_user(USER, "ana")
    accounts.start_session(SESSION, "digest")
    assert accounts.find_session("main", "digest") == (SESSION, user)
    later = AT + timedelta(minutes=5)
    accounts.touch_session("main", "digest", later)
    assert accounts.find_session("main", "digest") == (replace(SESSION, last_seen_at=later), user)
    accounts.end_session("main", "digest")
    accounts.end_session("main", "digest")
    assert accounts.find_session("main", "digest") is None


def test_new_session_ends_the_one_it_replaces_and_sweeps_expired_ones(accounts: AccountStore) -> None:
    accounts.add_user(USER, "ana")
    accounts.start_session(SESSION, "first")
    accounts.start_session(replace(SESSION, session_id="ses_2"), "second", replaces="first")
    assert accounts.find_session("main", "first") is None
    assert accounts.find_session("main", "second") is not None
    next_day = replace(SESSION, session_id="ses_3", created_at=AT + timedelta(days=1))
    accounts.start_session(next_day, "third")
    assert accounts.find_session("main", "second") is None


def test_change_of_an_account_ends_its_sessions(accounts: AccountStore) -> None:
    accounts.add_user(USER, "ana")
    for number, changes in enumerate(
        ({"role": Role.ADMIN}, {"is_disabled": True}, {"password_hash": "hash-2"})
    ):
        accounts.start_session(replace(SESSION, session_id=f"ses_{number}"), f"digest-{number}")
        assert accounts.change_user("main", "usr_1", **changes) is not None  # type: ignore[arg-type]
        assert accounts.find_session("main", f"digest-{number}") is None
    user = accounts.user("main", "usr_1")
    assert user is not None
    assert (user.role, user.is_disabled, user.password_hash) == (Role.ADMIN, True, "hash-2")


def test_change_of_nothing_ends_no_session(accounts: AccountStore) -> None:
    accounts.add_user(USER, "ana")
    accounts.start_session(SESSION, "digest")
    assert accounts.change_user("main", "usr_1") is not None
    assert accounts.find_session("main", "digest") is not None
    assert accounts.change_user("main", "absent", is_disabled=True) is None


def test_key_is_found_by_its_digest_and_revoked_for_good(accounts: AccountStore) -> None:
    accounts.add_key(API_KEY, "key-digest")
    assert accounts.find_key("main", "key-digest") == API_KEY
    assert accounts.find_key("main", "other-digest") is None
    revoked = replace(API_KEY, revoked_at=AT)
    assert accounts.revoke_key("main", "key_1", AT) == revoked
    assert accounts.revoke_key("main", "key_1", AT + timedelta(days=1)) == revoked
    assert accounts.keys("main") == [revoked]


def test_attempts_are_counted_within_a_window_that_starts_with_the_first(accounts: AccountStore) -> None:
    def count(seconds: int, **subjects: int) -> int:
        return accounts.count_attempts("main", subjects, AT + timedelta(seconds=seconds), 900)

    assert [count(second, pair=2) for second in (0, 100, 200)] == [0, 0, 700]
    assert count(899, pair=2) == 1
    assert count(900, pair=2) == 0


def test_attempt_that_is_refused_counts_for_no_subject(accounts: AccountStore) -> None:
    for _ in range(20):
        accounts.count_attempts("main", {"pair": 2, "account": 3}, AT, 900)
    assert accounts.count_attempts("main", {"account": 3}, AT, 900) == 0
    assert accounts.count_attempts("main", {"account": 3}, AT, 900) == 900


def test_forgotten_attempts_start_afresh_and_others_stay(accounts: AccountStore) -> None:
    accounts.count_attempts("main", {"a": 1, "b": 1}, AT, 900)
    accounts.forget_attempts("main", ["a", "never seen"])
    assert accounts.count_attempts("main", {"a": 1}, AT, 900) == 0
    assert accounts.count_attempts("main", {"b": 1}, AT, 900) == 900
    assert accounts.count_attempts("other", {"b": 1}, AT, 900) == 0


def test_attempts_name_neither_account_nor_address(database: Database, accounts: AccountStore) -> None:
    accounts.count_attempts("main", {"pair 203.0.113.9 ana@example.com": 5}, AT, 900)
    rows = database.read(lambda connection: connection.execute(select(SIGN_IN_ATTEMPTS)).all())
    assert len(rows) == 1
    assert "203.0.113.9" not in repr(rows)
    assert "ana" not in repr(rows)
