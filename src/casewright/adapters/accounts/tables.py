"""Tables of the accounts: users, sessions, API keys, attempts to sign in.

Invariant: no password, session id or key stands here, only what checks one; no login name or address, only
keyed hashes and vault tokens. It writes nothing.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from casewright.adapters.store.metadata import METADATA

USERS = Table(
    "users",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("login_index", Text, nullable=False),
    Column("login_token", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("customer_id", Text),
    Column("password_hash", Text, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "user_id"),
    UniqueConstraint("tenant", "login_index"),
    Index(None, "tenant", "customer_id"),
)
"""`login_index` is the login's blind index; after an erasure, the user's id."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "session_id"),
    UniqueConstraint("tenant", "digest"),
    ForeignKeyConstraint(["tenant", "user_id"], ["users.tenant", "users.user_id"]),
    Index(None, "tenant", "user_id"),
    Index(None, "tenant", "expires_at"),
)
"""`digest` is SHA-256 of the secret in the cookie. A session that has ended is not here."""

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("customer_id", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    PrimaryKeyConstraint("tenant", "key_id"),
    UniqueConstraint("tenant", "digest"),
)
"""`scopes`: their names, sorted, with blanks between them."""

SIGN_IN_ATTEMPTS = Table(
    "sign_in_attempts",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("attempt_count", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "subject"),
    Index(None, "started_at"),
)
"""`subject` is a keyed hash of an account, an address, or both."""
