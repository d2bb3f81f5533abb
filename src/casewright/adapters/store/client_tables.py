"""Tables of the sales desk: clients, what account managers asked about them, and rows for training.

Invariants: `tenant` leads every key; `generation` grows with every change of a tenant's clients, in the
transaction of the change, so that whoever holds an old one knows; questions and answers are redacted before
they come here; a training row is quarantined until a person releases it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from casewright.adapters.store.metadata import METADATA

CLIENTS = Table(
    "clients",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("industry", Text),
    Column("spend_minor", BigInteger),
    Column("currency", Text),
    Column("last_meeting", Text),  # a day, as 2026-03-05
    Column("account_manager", Text),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "client_id"),
    CheckConstraint("spend_minor >= 0", name="spend_not_negative"),
    CheckConstraint("(spend_minor IS NULL) = (currency IS NULL)", name="spend_has_currency"),
)

CLIENT_GENERATIONS = Table(
    "client_generations",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant"),
)

LOOKUP_MARKS = Table(
    "lookup_marks",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("mark", Text, nullable=False),  # drawn once: tells this database's entries in a shared cache
    PrimaryKeyConstraint("tenant"),
)

COPILOT_CONVERSATIONS = Table(
    "copilot_conversations",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("memory", Text, nullable=False),  # canonical JSON with schema_version
    Column("turns", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "conversation_id"),
    Index(None, "tenant", "owner", "changed_at"),
)

COPILOT_TURNS = Table(
    "copilot_turns",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),  # canonical JSON with schema_version
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "conversation_id", "number"),
    ForeignKeyConstraint(
        ["tenant", "conversation_id"],
        ["copilot_conversations.tenant", "copilot_conversations.conversation_id"],
    ),
)

REVIEWED_ANSWERS = Table(
    "reviewed_answers",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("row_id", Text, nullable=False),  # digest of the content: the same row twice is one row
    Column("state", Text, nullable=False),
    Column("document", Text, nullable=False),  # canonical JSON with schema_version
    Column("is_correct", Boolean),
    Column("source", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("imported_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "row_id"),
    Index(None, "tenant", "state", "imported_at"),
)
