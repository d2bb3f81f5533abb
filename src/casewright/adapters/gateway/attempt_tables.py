"""Table of the ledger of attempts: one row per call to a provider of text.

Invariant: numbers and codes only. No text of a prompt or an answer, and nobody's name, ever stands in it.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from casewright.adapters.store.metadata import METADATA

TEXT_ATTEMPTS = Table(
    "text_attempts",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("attempt_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("cost_micros", BigInteger, nullable=False),
    Column("took_ms", Integer, nullable=False),
    PrimaryKeyConstraint("tenant", "attempt_id"),
    Index(None, "tenant", "at"),
)
