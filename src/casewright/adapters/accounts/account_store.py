"""Users, sessions, API keys and attempts in the business database: the port `Accounts`.

Invariant: a login name stands in the vault only; here are its blind index and its token. Ending an account's
sessions happens in the transaction that changes the account, so no session outlives the password, role or
permission it began with. It decides nothing: limits and lifetimes are the caller's.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Executable, Row, Select, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from casewright.adapters.accounts.tables import API_KEYS, SESSIONS, SIGN_IN_ATTEMPTS, USERS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import from_micros, to_micros
from casewright.adapters.vault import PersonalValue, SealedVault
from casewright.domain.principal import Role, Scope
from casewright.ports.accounts import ApiKey, Session, User

LOGIN_KIND = "login"
_USER = select(USERS).where(USERS.c.tenant == bindparam("tenant"), USERS.c.user_id == bindparam("user_id"))
_USER_BY_LOGIN = select(USERS).where(
    USERS.c.tenant == bindparam("tenant"), USERS.c.login_index == bindparam("login_index")
)
_SESSION = select(SESSIONS).where(
    SESSIONS.c.tenant == bindparam("tenant"), SESSIONS.c.digest == bindparam("digest")
)
_KEY = select(API_KEYS).where(
    API_KEYS.c.tenant == bindparam("tenant"), API_KEYS.c.digest == bindparam("digest")
)


class AccountStore:
    """`vault_of` gives the vault of a tenant, where login names are kept."""

    def __init__(self, database: Database, vault_of: Callable[[str], SealedVault]) -> None:
        self._database = database
        self._vault_of = vault_of

    def add_user(self, user: User, login: str) -> User | None:
        """Add an account; None where the login is taken."""
        vault = self._vault_of(user.tenant)

        def work(connection: Connection) -> User:
            owner = user.customer_id or user.user_id
            token = vault.put_many_in(connection, (PersonalValue(owner, LOGIN_KIND, login),))[0]
            row = {
                "tenant": user.tenant,
                "user_id": user.user_id,
                "login_index": vault.index(LOGIN_KIND, login),
                "login_token": token,
                "role": user.role,
                "customer_id": user.customer_id,
                "password_hash": user.password_hash,
                "is_disabled": user.is_disabled,
                "created_at": to_micros(user.created_at),
            }
            connection.execute(insert(USERS), row)
            return _read_user(connection.execute(_USER, row).one())

        try:
            return self._database.write(work)
        except IntegrityError:
            return None

    def find_user(self, tenant: str, login: str) -> User | None:
        """The account of that login name."""
        wanted = {"tenant": tenant, "login_index": self._vault_of(tenant).index(LOGIN_KIND, login)}
        return self._database.read(lambda connection: _find_user(connection, _USER_BY_LOGIN, wanted))

    def users(self, tenant: str) -> Sequence[tuple[User, str]]:
        """Every account with its login name, oldest first."""
        statement = (
            select(USERS).where(USERS.c.tenant == tenant).order_by(USERS.c.created_at, USERS.c.user_id)
        )
        vault = self._vault_of(tenant)

        def work(connection: Connection) -> list[tuple[User, str]]:
            found = [_read_user(row) for row in connection.execute(statement)]
            logins = vault.resolve_in(connection, [user.login_token for user in found])
            return [(user, logins.get(user.login_token, "")) for user in found]

        return self._database.read(work)

    def user(self, tenant: str, user_id: str) -> User | None:
        """One account by its id."""
        wanted = {"tenant": tenant, "user_id": user_id}
        return self._database.read(lambda connection: _find_user(connection, _USER, wanted))

    def change_user(
        self,
        tenant: str,
        user_id: str,
        *,
        role: Role | None = None,
        is_disabled: bool | None = None,
        password_hash: str | None = None,
    ) -> User | None:
        """Change an account and end its sessions; None where there is none."""
        given = {"role": role, "is_disabled": is_disabled, "password_hash": password_hash}
        changes = {name: value for name, value in given.items() if value is not None}
        wanted = {"tenant": tenant, "user_id": user_id}

        def work(connection: Connection) -> User | None:
            if changes:
                connection.execute(
                    update(USERS)
                    .where(USERS.c.tenant == tenant, USERS.c.user_id == user_id)
                    .values(**changes)
                )
                connection.execute(
                    delete(SESSIONS).where(SESSIONS.c.tenant == tenant, SESSIONS.c.user_id == user_id)
                )
            return _find_user(connection, _USER, wanted)

        return self._database.write(work)

    def start_session(self, session: Session, digest: str, *, replaces: str | None = None) -> None:
        """Keep a new session, end the one it replaces, and sweep those of the tenant that have expired."""
        row = {
            "tenant": session.tenant,
            "session_id": session.session_id,
            "digest": digest,
            "user_id": session.user_id,
            "created_at": to_micros(session.created_at),
            "last_seen_at": to_micros(session.last_seen_at),
            "expires_at": to_micros(session.expires_at),
        }

        def work(connection: Connection) -> None:
            connection.execute(
                delete(SESSIONS).where(
                    SESSIONS.c.tenant == session.tenant, SESSIONS.c.expires_at <= row["created_at"]
                )
            )
            if replaces is not None:
                connection.execute(_end_session(session.tenant, replaces))
            connection.execute(insert(SESSIONS), row)

        self._database.write(work)

    def find_session(self, tenant: str, digest: str) -> tuple[Session, User] | None:
        """A session and whose it is, whatever their state."""

        def work(connection: Connection) -> tuple[Session, User] | None:
            row = connection.execute(_SESSION, {"tenant": tenant, "digest": digest}).one_or_none()
            if row is None:
                return None
            user = connection.execute(_USER, {"tenant": tenant, "user_id": row.user_id}).one()
            return _read_session(row), _read_user(user)

        return self._database.read(work)

    def touch_session(self, tenant: str, digest: str, at: datetime) -> None:
        """Note that a session is in use."""
        statement = (
            update(SESSIONS)
            .where(SESSIONS.c.tenant == tenant, SESSIONS.c.digest == digest)
            .values(last_seen_at=to_micros(at))
        )
        self._database.write(lambda connection: _run(connection, statement))

    def end_session(self, tenant: str, digest: str) -> None:
        """End a session; one that is not there stays so."""
        self._database.write(lambda connection: _run(connection, _end_session(tenant, digest)))

    def add_key(self, key: ApiKey, digest: str) -> None:
        """Keep a key's digest and what it may do."""
        row = {
            "tenant": key.tenant,
            "key_id": key.key_id,
            "digest": digest,
            "label": key.label,
            "role": key.role,
            "scopes": " ".join(sorted(key.scopes)),
            "customer_id": key.customer_id,
            "created_at": to_micros(key.created_at),
            "expires_at": to_micros(key.expires_at),
            "revoked_at": to_micros(key.revoked_at),
        }
        self._database.write(lambda connection: _run(connection, insert(API_KEYS).values(row)))

    def find_key(self, tenant: str, digest: str) -> ApiKey | None:
        """The key of that digest, whatever its state."""
        wanted = {"tenant": tenant, "digest": digest}
        row = self._database.read(lambda connection: connection.execute(_KEY, wanted).one_or_none())
        return None if row is None else _read_key(row)

    def keys(self, tenant: str) -> Sequence[ApiKey]:
        """Every key, oldest first."""
        statement = (
            select(API_KEYS)
            .where(API_KEYS.c.tenant == tenant)
            .order_by(API_KEYS.c.created_at, API_KEYS.c.key_id)
        )
        return self._database.read(
            lambda connection: [_read_key(row) for row in connection.execute(statement)]
        )

    def revoke_key(self, tenant: str, key_id: str, at: datetime) -> ApiKey | None:
        """Revoke a key; None where there is none."""
        which = (API_KEYS.c.tenant == tenant, API_KEYS.c.key_id == key_id)

        def work(connection: Connection) -> ApiKey | None:
            connection.execute(
                update(API_KEYS)
                .where(*which, API_KEYS.c.revoked_at.is_(None))
                .values(revoked_at=to_micros(at))
            )
            row = connection.execute(select(API_KEYS).where(*which)).one_or_none()
            return None if row is None else _read_key(row)

        return self._database.write(work)

    def count_attempts(self, tenant: str, subjects: Mapping[str, int], at: datetime, window_s: int) -> int:
        """Count one attempt for each subject, all or none; the seconds to wait where one is full."""
        now = to_micros(at)
        window = window_s * 1_000_000
        vault = self._vault_of(tenant)
        limits = {vault.index("attempt", subject): most for subject, most in subjects.items()}

        def work(connection: Connection) -> int:
            connection.execute(delete(SIGN_IN_ATTEMPTS).where(SIGN_IN_ATTEMPTS.c.started_at <= now - window))
            waits = []
            for hidden in sorted(limits):
                row = _count_one(connection, tenant, hidden, now)
                if row.attempt_count > limits[hidden]:
                    waits.append(math.ceil((row.started_at + window - now) / 1_000_000))
            if waits:
                connection.execute(
                    update(SIGN_IN_ATTEMPTS)
                    .where(SIGN_IN_ATTEMPTS.c.tenant == tenant, SIGN_IN_ATTEMPTS.c.subject.in_(limits))
                    .values(attempt_count=SIGN_IN_ATTEMPTS.c.attempt_count - 1)
                )
            return max(waits, default=0)

        return self._database.write(work)

    def forget_attempts(self, tenant: str, subjects: Sequence[str]) -> None:
        """Start counting afresh for these subjects."""
        vault = self._vault_of(tenant)
        hidden = [vault.index("attempt", subject) for subject in subjects]
        statement = delete(SIGN_IN_ATTEMPTS).where(
            SIGN_IN_ATTEMPTS.c.tenant == tenant, SIGN_IN_ATTEMPTS.c.subject.in_(hidden)
        )
        self._database.write(lambda connection: _run(connection, statement))


def _count_one(connection: Connection, tenant: str, subject: str, now: int) -> Row[Any]:
    row = {"tenant": tenant, "subject": subject, "started_at": now, "attempt_count": 1}
    more = {"attempt_count": SIGN_IN_ATTEMPTS.c.attempt_count + 1}
    columns = (SIGN_IN_ATTEMPTS.c.started_at, SIGN_IN_ATTEMPTS.c.attempt_count)
    unique = ["tenant", "subject"]
    if connection.dialect.name == "postgresql":
        return connection.execute(
            postgresql.insert(SIGN_IN_ATTEMPTS)
            .values(row)
            .on_conflict_do_update(index_elements=unique, set_=more)
            .returning(*columns)
        ).one()
    return connection.execute(
        sqlite.insert(SIGN_IN_ATTEMPTS)
        .values(row)
        .on_conflict_do_update(index_elements=unique, set_=more)
        .returning(*columns)
    ).one()


def _run(connection: Connection, statement: Executable) -> None:
    connection.execute(statement)


def _end_session(tenant: str, digest: str) -> Delete:
    return delete(SESSIONS).where(SESSIONS.c.tenant == tenant, SESSIONS.c.digest == digest)


def _find_user(connection: Connection, statement: Select[Any], wanted: Mapping[str, str]) -> User | None:
    row = connection.execute(statement, wanted).one_or_none()
    return None if row is None else _read_user(row)


def _read_user(row: Row[Any]) -> User:
    return User(
        user_id=row.user_id,
        tenant=row.tenant,
        role=Role(row.role),
        login_token=row.login_token,
        password_hash=row.password_hash,
        created_at=from_micros(row.created_at),
        customer_id=row.customer_id,
        is_disabled=row.is_disabled,
    )


def _read_session(row: Row[Any]) -> Session:
    return Session(
        session_id=row.session_id,
        tenant=row.tenant,
        user_id=row.user_id,
        created_at=from_micros(row.created_at),
        last_seen_at=from_micros(row.last_seen_at),
        expires_at=from_micros(row.expires_at),
    )


def _read_key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        tenant=row.tenant,
        label=row.label,
        role=Role(row.role),
        scopes=frozenset(Scope(name) for name in row.scopes.split()),
        created_at=from_micros(row.created_at),
        expires_at=from_micros(row.expires_at),
        customer_id=row.customer_id,
        revoked_at=from_micros(row.revoked_at),
    )
