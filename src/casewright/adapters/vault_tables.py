"""Tables of the vault: sealed values, the mark of the key that sealed them, and the record of erasures.

Invariant: no column holds a personal value that is not sealed; a digest is keyed. It writes nothing.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from casewright.adapters.store.metadata import METADATA

VAULT_VALUES = Table(
    "vault_values",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "token"),
    UniqueConstraint("tenant", "digest"),
    Index(None, "tenant", "customer_id"),
)
"""`digest` is the keyed hash of customer, kind and value: how the same value gets the same token."""

VAULT_KEY_MARKS = Table(
    "vault_key_marks",
    METADATA,
    Column("tenant", Text, primary_key=True),
    Column("mark", Text, nullable=False),
)
"""A keyed hash of nothing secret, which tells at start-up whether this is still the same key."""

VAULT_ERASURES = Table(
    "vault_erasures",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("erasure_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("erased_at", BigInteger, nullable=False),
    Column("value_count", BigInteger, nullable=False),
    Column("requested_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "erasure_id"),
)
