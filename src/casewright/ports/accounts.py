"""Accounts: people who sign in, their sessions, API keys, and the count of attempts to guess.

Secrets (session ids, keys) reach this port as digests only, login names as they are typed: what is kept of
them is a blind index and a vault token. Every call names its tenant, and finds nothing of another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from casewright.domain.principal import Role, Scope


@dataclass(frozen=True, slots=True)
class User:
    """One account. `customer_id` names the customer whom a customer's account belongs to."""

    user_id: str
    tenant: str
    role: Role
    login_token: str
    password_hash: str = field(repr=False)
    created_at: datetime
    customer_id: str | None = None
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `session_id` is its public name, not the secret that opens it."""

    session_id: str
    tenant: str
    user_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a key may do, for whom, and until when. The key itself is not kept."""

    key_id: str
    tenant: str
    label: str
    role: Role
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    customer_id: str | None = None
    revoked_at: datetime | None = None


class Accounts(Protocol):
    """The accounts of every tenant."""

    def add_user(self, user: User, login: str) -> User | None:
        """Add an account; None where the login is taken. The stored account has its `login_token`."""
        ...

    def find_user(self, tenant: str, login: str) -> User | None: ...

    def users(self, tenant: str) -> Sequence[tuple[User, str]]:
        """Every account with its login name (blank once erased), oldest first."""
        ...

    def user(self, tenant: str, user_id: str) -> User | None: ...

    def change_user(
        self,
        tenant: str,
        user_id: str,
        *,
        role: Role | None = None,
        is_disabled: bool | None = None,
        password_hash: str | None = None,
    ) -> User | None:
        """Change an account and end its sessions, in one transaction; None where there is none."""
        ...

    def start_session(self, session: Session, digest: str, *, replaces: str | None = None) -> None:
        """Keep a new session; the one with the digest `replaces` ends in the same transaction."""
        ...

    def find_session(self, tenant: str, digest: str) -> tuple[Session, User] | None: ...

    def touch_session(self, tenant: str, digest: str, at: datetime) -> None: ...

    def end_session(self, tenant: str, digest: str) -> None: ...

    def add_key(self, key: ApiKey, digest: str) -> None: ...

    def find_key(self, tenant: str, digest: str) -> ApiKey | None: ...

    def keys(self, tenant: str) -> Sequence[ApiKey]:
        """Oldest first, revoked and expired ones too."""
        ...

    def revoke_key(self, tenant: str, key_id: str, at: datetime) -> ApiKey | None:
        """Revoke a key for good; None where there is none. A second time changes nothing."""
        ...

    def count_attempts(self, tenant: str, subjects: Mapping[str, int], at: datetime, window_s: int) -> int:
        """Count one attempt for each subject (name → most allowed within the window), all or none.

        0 where it may go on; else the seconds until the first subject that is full is free again.
        """
        ...

    def forget_attempts(self, tenant: str, subjects: Sequence[str]) -> None: ...


class Passwords(Protocol):
    """Hashes of passwords; both calls raise Unavailable when too many wait."""

    def hash(self, password: str) -> str: ...

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. None, an account that is not there, is never right, and as slow."""
        ...
