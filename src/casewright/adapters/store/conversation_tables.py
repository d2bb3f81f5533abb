"""Tables of conversations and their turns.

Invariants: the number of a turn is unique in its conversation, so that two writers cannot take one place;
texts are redacted before they come here; slots and details are JSON with a `schema_version`.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from casewright.adapters.store.metadata import METADATA

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("customer_id", Text),
    Column("case_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("slots", Text, nullable=False),
    Column("failed_turns", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "conversation_id"),
    Index(None, "tenant", "owner", "changed_at"),
)

TURNS = Table(
    "turns",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "conversation_id", "number"),
    ForeignKeyConstraint(
        ["tenant", "conversation_id"], ["conversations.tenant", "conversations.conversation_id"]
    ),
)
