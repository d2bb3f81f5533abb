"""Tables of the journal: actions and what they hold, the outbox, and the ledger.

Invariants: an idempotency key is taken once and for good; a business key and a resource belong to one action
at a time; an open action, and a message not yet delivered, have a `due_at`, and settled ones have none. The
ledger's rows are inserted and never updated; only the head of a chain moves.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

from casewright.adapters.store.metadata import METADATA

_IS_OPEN = text("due_at IS NOT NULL")
ByteOrdered = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its code points, as SQLite and Python order it: chains are walked by ranges."""

ACTIONS = Table(
    "actions",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("action_id", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of tool and arguments: tells one request from another
    Column("case_id", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("document", Text),  # JSON: what carries the action to its end; none when it has ended
    Column("transfers", Text, nullable=False),  # JSON: what the gateway has said, part by part
    Column("result", Text, nullable=False),  # JSON: the stored answer
    Column("fence", Integer, nullable=False),  # counts the leases: only the newest holder may write
    Column("due_at", BigInteger),  # while leased, its end; else the time of the next try; none when settled
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),  # a code: why it is not settled yet
    Column("claimed_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    PrimaryKeyConstraint("tenant", "action_id"),
    UniqueConstraint("tenant", "subject_id", "key"),
    Index("ix_actions_due_at", "due_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    CheckConstraint("fence >= 0", name="fence"),
)

BUSINESS_KEYS = Table(
    "business_keys",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    Column("action_id", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "business_key"),
)

RESERVATIONS = Table(
    "reservations",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("resource", Text, nullable=False),  # order:<id>, customer:<id>, gift_card:<method id>
    Column("action_id", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "resource"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("outbox_id", Text, nullable=False),  # the key of the delivery, the same on every try
    Column("case_id", Text, nullable=False),
    Column("action_id", Text, nullable=False),
    Column("connector", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),  # JSON: ids, codes, amounts, vault tokens
    Column("state", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("due_at", BigInteger),
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),
    Column("answer", Text),  # JSON: what the connector said
    Column("queued_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    PrimaryKeyConstraint("tenant", "outbox_id"),
    Index("ix_outbox_due_at", "due_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    Index("ix_outbox_tenant_action_id", "tenant", "action_id"),
    CheckConstraint("state IN ('queued', 'delivered', 'dead')", name="state"),
)

LEDGER_ENTRIES = Table(
    "ledger_entries",
    METADATA,
    Column("tenant", ByteOrdered, nullable=False),
    Column("case_id", ByteOrdered, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("mac", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "case_id", "seq"),
    sqlite_with_rowid=False,
)

LEDGER_HEADS = Table(
    "ledger_heads",
    METADATA,
    Column("tenant", ByteOrdered, nullable=False),
    Column("case_id", ByteOrdered, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("mac", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "case_id"),
    sqlite_with_rowid=False,
)


def insert_once(table: Table) -> TextClause:
    """Insert a row unless its key is there; `rowcount` tells. For both databases, compiled once.

    The dialects' own form of it is compiled anew for every row.
    """
    names = [column.name for column in table.columns]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    parts = (
        "INSERT INTO",
        f'"{table.name}"',
        f"({columns})",
        "VALUES",
        f"({marks})",
        "ON CONFLICT DO NOTHING",
    )
    return text(" ".join(parts)).execution_options(preserve_rowcount=True)
